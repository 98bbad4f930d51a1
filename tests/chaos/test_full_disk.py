"""PostgreSQL's disk is full for a while, in the middle of the work, and then has room again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from engine.store.embedded import EmbeddedServer
from engine.store.errors import EmbeddedServerFailed
from tests.chaos.aftermath import connected, journals, number
from tests.chaos.diagram import Pace
from tests.chaos.plan import Plan
from tests.chaos.storm import Storm
from tests.chaos.visitor import Visitor

SIZE = "224m"
ADDRESS = "/aanmeldingen/nieuw/stormproef/aanmelding"
FULL = "No space left on device"
PATIENCE_SECONDS = 200
DONE = "SELECT count(*) FROM user_tasks WHERE status = 'completed'"
PLAN = Plan(
    seconds=0,
    instances=24,
    workers=2,
    web=1,
    commanders=1,
    visitors=1,
    lasting=True,
    calm_seconds=400,
    pace=Pace(rounds=1, strike=0.5, rest=2, late=1, pause=0.5),
)


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder whose database lies on a small disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    with tempfile.TemporaryDirectory(prefix="ketenspoor-full-") as folder:
        var, disk = Path(folder) / "var", Path(folder) / "var" / "postgres"
        with EmbeddedServer(var):
            pass
        made = Path(folder) / "made"
        disk.rename(made)
        disk.mkdir()
        options = f"size={SIZE},mode=0700,uid={made.stat().st_uid},gid={made.stat().st_gid}"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            pytest.skip("mounting is not allowed here")
        try:
            subprocess.run(["cp", "-a", f"{made}/.", str(disk)], check=True)
            shutil.rmtree(made)
            with (disk / "postgresql.conf").open("a") as configuration:
                configuration.write("max_wal_size = 64MB\nmin_wal_size = 32MB\n")
            yield var
        finally:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(var: Path) -> Path:
    """Leave no room at all."""
    ballast = var / "postgres" / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            return ballast


def wait_until(come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def done(var: Path) -> int:
    with connected(var) as connection:
        return number(connection, DONE)


def complaints(var: Path) -> int:
    return (var / "postgres" / "server.log").read_text("utf-8", "replace").count(FULL)


def test_a_full_disk_stops_the_work_and_loses_nothing(var):
    with Storm(var, PLAN) as storm:
        storm.processes.start_all()
        visitor, name = storm.processes.visitor(), {"gezinsnaam": "Proefgezin vol"}
        visitor.refer("stormproef", "aanmelding", name, uuid4())
        wait_until(lambda: done(var) > 5)

        # no room for rows: commands fail one by one, the server lives
        ballast = fill(var)
        wait_until(lambda: complaints(var) > 3)
        refused = refuse(visitor)
        ballast.unlink()
        before = done(var)
        wait_until(lambda: done(var) > before + 3)

        # no room for the log that everything hangs on: the server falls and cannot rise
        ballast = fill(var)
        fall(var)
        with pytest.raises(EmbeddedServerFailed):
            wait_until(lambda: storm.attach() is not None)
        ballast.unlink()
        storm.attach()

        storm.calm()
        storm.processes.kill_all()
        storm.look("end")
        outcome = storm.summed_up()
        with connected(var) as connection:
            taken = "SELECT 1 FROM documents WHERE submission_id = %s"
            assert connection.execute(taken, [refused]).fetchone() is None
    assert outcome.wrong == []
    assert any('"resent"' in text for _, text in journals(var))


def refuse(visitor: Visitor) -> UUID:
    """Send referrals until one is refused for want of room; its submission."""
    while True:
        submission = uuid4()
        said = visitor.send_once(ADDRESS, {"gezinsnaam": "Proefgezin vol"}, submission)
        assert said is not None
        if said.status == 503:
            assert "De gegevens zijn even niet bereikbaar" in json.loads(said.text)["title"]
            return submission
        assert said.status == 200  # there was a hole somewhere


def fall(var: Path) -> None:
    """Ask for one piece of the write-ahead log after the other until there is none."""
    with suppress(psycopg.OperationalError), connected(var) as connection:
        while True:
            connection.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 100000))")
            connection.execute("SELECT pg_switch_wal()")
