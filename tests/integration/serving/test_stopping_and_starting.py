"""The product stops in order when it is told to, and comes up again when it was killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = str(Path(sys.executable).with_name("ketenspoor"))
READY = ("staat klaar", "laat timers afgaan")
STOP_SECONDS = 200


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A data folder with an embedded server of its own, which is gone at the end."""
    yield tmp_path
    if (tmp_path / "postgres" / "postmaster.pid").exists():
        with EmbeddedServer(tmp_path):
            pass  # the last one who leaves stops it


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running(var: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """The product, once it says that it is ready."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    process = subprocess.Popen(
        [PROGRAM, *command],
        cwd=ROOT,
        env={**environment, "KETENSPOOR_VAR": str(var), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        while not any(ready in "".join(said[-1:]) for ready in READY):
            line = process.stdout.readline()
            assert line, "".join(said)
            said.append(line)
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def database_runs(var: Path) -> bool:
    return (var / "postgres" / "postmaster.pid").exists()


def answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=STOP_SECONDS) as answer:
        return answer.status == 200


def test_every_way_of_running_stops_in_order_on_sigterm(var):
    for command in (["worker"], ["serve", "--port", str(free_port())],
                    ["web", "--port", str(free_port())]):  # fmt: skip
        with running(var, *command) as process:
            assert database_runs(var)
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0
            assert "Traceback" not in process.stdout.read()
        assert not database_runs(var)


def test_a_killed_server_comes_up_again_with_the_data(var):
    port = free_port()
    with running(var, "serve", "--port", str(port)) as process:
        assert answers(port)
        process.kill()
        process.wait()
    engine = open_engine(None, var)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO seen_messages VALUES ('bewaard')"))
    close_engine(engine)
    with running(var, "serve", "--port", str(port)) as process:
        assert answers(port)
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0
    engine = open_engine(None, var)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT message_id FROM seen_messages")) == "bewaard"
    close_engine(engine)


def test_two_processes_on_one_folder_and_one_that_is_told_to_stop(var):
    with running(var, "worker") as first, running(var, "worker") as second:
        first.send_signal(signal.SIGTERM)
        assert first.wait(STOP_SECONDS) == 0
        assert database_runs(var)
        second.send_signal(signal.SIGTERM)
        assert second.wait(STOP_SECONDS) == 0
    assert not database_runs(var)


def test_a_port_that_is_taken_is_told(var):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        result = subprocess.run(
            [PROGRAM, "serve", "--port", port], cwd=ROOT, text=True, capture_output=True,
            env={**environment, "KETENSPOOR_VAR": str(var)}, check=False, timeout=STOP_SECONDS,
        )  # fmt: skip
    assert (result.returncode, "port-taken" in result.stderr) == (2, True)
    assert not database_runs(var)
