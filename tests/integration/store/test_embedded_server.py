"""The embedded PostgreSQL: shared by processes, left behind by killed ones, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.errors import EmbeddedServerFailed
from engine.store.postgres_programs import server_processes

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import os, sys
from pathlib import Path
from engine.store.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.attach()
print("attached", flush=True)
sys.stdin.readline()
server.release()
"""


@pytest.fixture
def place():
    """A folder outside pytest's own, which every pytest that starts closes to other users."""
    with tempfile.TemporaryDirectory(prefix="ketenspoor-test-") as folder:
        yield Path(folder)


@pytest.fixture
def var_dir(place):
    yield place / "var"
    for pid in server_processes(place / "var" / "postgres"):
        os.kill(pid, signal.SIGQUIT)


@pytest.fixture
def other_process(var_dir):
    """Starts processes that attach to the server and leave when they get a line."""
    started = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(var_dir)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout.readline() == "attached\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def postmaster(var_dir) -> int:
    return int((var_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def remember(server, text=None):
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS memory (text text)")
        if text:
            connection.execute("INSERT INTO memory VALUES (%s)", [text])
        return [row[0] for row in connection.execute("SELECT text FROM memory").fetchall()]


def test_data_survives_the_end_and_a_new_start(var_dir):
    with EmbeddedServer(var_dir) as server:
        remember(server, "before")
    assert server_processes(var_dir / "postgres") == []
    with EmbeddedServer(var_dir) as server:
        assert remember(server) == ["before"]


def test_the_last_process_that_leaves_stops_the_server(var_dir, other_process):
    first, second = other_process(), other_process()
    for process in (first, second):
        assert server_processes(var_dir / "postgres")
        process.communicate("leave\n", timeout=200)
    assert server_processes(var_dir / "postgres") == []


def test_a_killed_owner_leaves_the_server_to_the_next(var_dir, other_process):
    owner = other_process()
    pid = postmaster(var_dir)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    with EmbeddedServer(var_dir) as server:
        assert postmaster(var_dir) == pid
        remember(server, "attached")
    assert server_processes(var_dir / "postgres") == []


def test_a_killed_server_recovers_what_was_committed(var_dir):
    with EmbeddedServer(var_dir) as server:
        remember(server, "committed")
        os.kill(postmaster(var_dir), signal.SIGKILL)
        with EmbeddedServer(var_dir) as again:
            assert remember(again) == ["committed"]


def test_a_server_that_is_killed_while_it_is_being_attached_to_is_started_again(var_dir):
    class Unlucky(EmbeddedServer):
        answered = 0

        def _answers(self) -> bool:
            answers = super()._answers()
            self.answered += answers
            if answers and self.answered == 1:
                os.kill(postmaster(var_dir), signal.SIGKILL)
            return answers

    server = Unlucky(var_dir)
    server.attach()
    with psycopg.connect(server.conninfo()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.release()


def test_a_recycled_process_number_does_not_keep_the_server_down(var_dir):
    with EmbeddedServer(var_dir):
        pass
    stale = f"{os.getpid()}\n{var_dir / 'postgres'}\n"
    (var_dir / "postgres" / "postmaster.pid").write_text(stale)
    (var_dir / "postgres" / ".s.PGSQL.5432.lock").write_text(stale)
    with EmbeddedServer(var_dir) as server:
        assert remember(server) == []


def test_a_broken_off_first_start_is_begun_anew(var_dir):
    half = var_dir / "postgres.new-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(var_dir) as server:
        assert remember(server) == []
    assert not half.exists()


def test_a_path_too_long_for_a_socket_and_closed_to_others_will_do(place):
    private = place / ("x" * 80)
    private.mkdir(mode=0o700)
    with EmbeddedServer(private / "var") as server:
        assert server.socket_dir != server.data_dir
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert remember(server) == []
    assert private.stat().st_mode & 0o044 == 0
    server.socket_dir.rmdir()


def test_data_of_another_major_version_is_left_alone(var_dir):
    (var_dir / "postgres").mkdir(parents=True)
    (var_dir / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerFailed, match="PostgreSQL 17"):
        EmbeddedServer(var_dir).attach()


def test_strangers_on_this_machine_cannot_reach_the_server(var_dir):
    with EmbeddedServer(var_dir) as server:
        assert server.data_dir.stat().st_mode & 0o077 == 0
        with psycopg.connect(server.conninfo()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_an_engine_without_an_address_runs_on_the_embedded_server(var_dir):
    engine = open_engine(None, var_dir)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
    close_engine(engine)
    deadline = time.monotonic() + 200
    while server_processes(var_dir / "postgres") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server_processes(var_dir / "postgres") == []
