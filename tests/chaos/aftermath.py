"""What is looked at when nobody writes: the checker, the doctor, and a backup put back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from engine.store.backup import make_backup
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.restore import restore_backup
from tests.chaos.checker import check
from tests.chaos.diagram import Pace
from tests.chaos.processes import MAILBOX

ROOT = Path(__file__).resolve().parents[2]
COPY = "ketenspoor_copy"
UNDER_WAY = "SELECT count(*) FROM process_instances WHERE status = 'active'"
OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
COUNTED = {
    "instances": "SELECT count(*) FROM process_instances",
    "audit lines": "SELECT count(*) FROM audit_events",
    "timers fired": "SELECT count(*) FROM audit_events WHERE type = 'triggered' OR "
    "(type = 'completed' AND element_id IN ('rust', 'pauze'))",
    "tasks completed": "SELECT count(*) FROM user_tasks WHERE status = 'completed'",
    "tasks withdrawn": "SELECT count(*) FROM user_tasks WHERE status = 'cancelled'",
    "mends": "SELECT count(*) FROM mends",
}


@contextmanager
def connected(var: Path, database: str | None = None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the storm's database, or to the copy beside it."""
    server = EmbeddedServer(var)
    info = server.conninfo(database) if database else server.conninfo()
    with psycopg.connect(info, autocommit=True) as connection:
        yield connection


def number(connection: psycopg.Connection[Any], query: str) -> int:
    """The one number that a query gives."""
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def look(var: Path, pace: Pace) -> list[str]:
    """What the checker and the doctor find; every process has been killed before."""
    with connected(var) as connection:
        # a killed client's last commit may still be under way in the server
        deadline = time.monotonic() + 200
        while number(connection, OTHERS) and time.monotonic() < deadline:
            time.sleep(0.05)
        mails = (var / MAILBOX).read_text("utf-8").splitlines() if pace.mails else None
        found = check(connection, pace, [text for _name, text in journals(var)], mails)
    return found + _doctor(var)


def _doctor(var: Path) -> list[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "webui.cli", "doctor", "--json"],
        cwd=ROOT, env=environment | {"KETENSPOOR_VAR": str(var)}, timeout=1800,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return []
    return [f"the doctor: {(done.stdout or done.stderr)[-1500:]}"]


def keep(var: Path, file: Path) -> None:
    """Make a backup, whatever goes on."""
    engine = open_engine(None, var)
    try:
        make_backup(engine, file, datetime.now(UTC))
    finally:
        close_engine(engine)


def put_back(var: Path, file: Path, pace: Pace) -> list[str]:
    """What the checker finds in a backup that was made in the middle of it all."""
    server = EmbeddedServer(var)
    server.create_database(COPY)
    engine = open_engine(server.url(COPY), var)
    try:
        restore_backup(engine, file)
    finally:
        close_engine(engine)
    with connected(var, COPY) as connection:
        found = check(connection, pace, [])
    return [f"backup: {line}" for line in found]


def counts(var: Path) -> tuple[dict[str, int], list[str]]:
    """How much there was of everything, and what commands met that no person should meet."""
    with connected(var) as connection:
        numbers = {name: number(connection, query) for name, query in COUNTED.items()}
    said: Counter[str] = Counter()
    if (var / MAILBOX).exists():
        mails = Counter((var / MAILBOX).read_text("utf-8").splitlines())
        said["mails"], said["mails that came again"] = len(mails), mails.total() - len(mails)
    problems = []
    for name, text in journals(var):
        for line in text.splitlines():
            entry = json.loads(line) if line.endswith("}") else {"what": "cut off"}
            said[f"{name.partition('-')[0]}s: {entry['what']}"] += 1
            said["sent again for want of an answer"] += int(entry.get("resent", 0))
            if entry["what"] == "problem":
                problems.append(f"{name}: {line}")
    return numbers | said, problems


def journals(var: Path) -> list[tuple[str, str]]:
    """What was confirmed to whom, by the name of the file."""
    return [(p.name, p.read_text("utf-8")) for p in sorted((var / "logs").glob("*.journal"))]
