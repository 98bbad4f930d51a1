"""A thousand running trajectories of the full method move to another version, and back.

    python -m bench moves

The version has a task inserted, a timer changed and an element renamed (``bench/changed_method``).
The trajectories are copies of real ones (``bench/region``), each open task with a draft. A worker
is killed on the way. Whatever is lost is an error, not a figure. Sizes, by environment: BENCH_MOVES
(1000 trajectories), BENCH_KILLED_AT (300).
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from bench import Measurement
from bench.changed_method import NEW, OLD, TIMER, changed
from bench.region.multiply import multiply, play
from bench.steps.place import ROOT, size
from engine.clock import SystemClock
from engine.definitions.published import publication
from engine.execution.migration import Plan
from engine.families.moves import bulk_moves, lines
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.families.soundness import examine_database
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade
from engine.store.unit_of_work import UnitOfWork

METHOD, PHASE = "tussen-in", "tussen-in-fase-2"
PLAN = Plan({f"{PHASE}/{OLD}": NEW}, frozenset({f"{PHASE}/{TIMER}"}))
BOUND_S = 600
"""Seconds after which a worker that does nothing is an error."""


class Lost(Exception):
    """Something is not what it was, or not what it should be."""


def measure() -> Iterator[Measurement]:
    """The figures; there is no limit on time, but nothing may be lost."""
    count = size("MOVES", 1_000)
    name = f"meting_{uuid4().hex[:8]}"
    with EmbeddedServer(ROOT / "var" / "bench") as server:
        server.create_database(name)
        engine = open_engine(server.url(name), ROOT / "var")
        try:
            upgrade(engine)
            yield from _measured(engine, server.url(name), count)
        finally:
            close_engine(engine)
            server.drop_database(name)


def _measured(engine: Engine, url: str, count: int) -> Iterator[Measurement]:
    old, new = _filled(engine, count)
    before, states = _rows(engine), _states(engine)
    yield Measurement("trajectories, of which parts run", len(states) / count, "each")
    desk = MoveDesk(engine, SystemClock())
    move_id = _command(
        engine, lambda s, **who: bulk_moves.begin(s, old, new, reason="Meting", **who).id
    )
    _command(engine, lambda s, **who: bulk_moves.settle(s, move_id, PLAN, **who))
    yield from _timed("rehearsed", desk, count)
    _require(_counts(engine, move_id) == {"can": count}, "the rehearsal found obstacles")
    _require((_rows(engine), _states(engine)) == (before, states), "the rehearsal wrote")

    _command(engine, lambda s, **who: bulk_moves.ask(s, move_id, **who))
    killed_at = _killed_on_the_way(engine, url, move_id, size("KILLED_AT", 300))
    yield Measurement("moved when the worker was killed (kill -9)", killed_at, "")
    yield from _timed("moved, by the next worker", desk, count - killed_at)
    _require(_counts(engine, move_id) == {"moved": count}, "not all of them moved")
    _kept(before, _rows(engine), count)
    yield Measurement("due times that began anew", _restarted(engine, before), "")
    _sound(engine)

    _command(engine, lambda s, **who: bulk_moves.ask_back(s, move_id, **who))
    yield from _timed("put back", desk, count)
    _require(_counts(engine, move_id) == {"back": count}, "not all of them went back")
    _require(_rows(engine) == before, "rows differ from those of before the move")
    _require(_states(engine) == states, "states differ from those of before the move")
    _sound(engine)


def _filled(engine: Engine, count: int) -> tuple[str, str]:
    now = datetime.now(UTC)
    play(engine, now)
    multiply(engine, count, 200, 5)
    with UnitOfWork(engine) as session:
        method = publication.latest(session, METHOD)
        if method is None:
            raise Lost("the method was not published")
        package = changed(publication.load_version(session, method.version))
        new = publication.publish(session, package, at=now, reason="Meting").version
        session.execute(_DRAFTS)
    return method.version, new


def _timed(what: str, desk: MoveDesk, count: int) -> Iterator[Measurement]:
    taken, begin = [], time.perf_counter()
    last = begin
    while desk.work_on():
        now = time.perf_counter()
        taken.append((now - last) * 1000)
        last = now
    whole = time.perf_counter() - begin
    yield Measurement(f"{what}: {count} trajectories", whole, "s")
    yield Measurement(f"{what}: each", whole * 1000 / count, "ms")
    if len(taken) == count:
        yield Measurement(
            f"{what}: the slowest of twenty", statistics.quantiles(taken, n=20)[-1], "ms"
        )


def _killed_on_the_way(engine: Engine, url: str, move_id: UUID, enough: int) -> int:
    """Let a worker of its own move some, and kill it; how many had moved."""
    with tempfile.TemporaryDirectory() as var:
        given = {**os.environ, "DATABASE_URL": url, "KETENSPOOR_VAR": var}
        command = [sys.executable, "-m", "webui.cli", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + BOUND_S
        while _counts(engine, move_id).get("moved", 0) < enough:
            if worker.poll() is not None or time.monotonic() > deadline:
                raise Lost("the worker did nothing")
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    return _counts(engine, move_id)["moved"]


def _command(engine: Engine, command: Callable[..., Any]) -> Any:
    with UnitOfWork(engine) as session:
        return command(session, at=SystemClock().now(), by=None)


def _counts(engine: Engine, move_id: UUID) -> Mapping[str, int]:
    with UnitOfWork(engine) as session:
        return lines.counts(session, move_id)


def _rows(engine: Engine) -> dict[str, dict[Any, tuple[Any, ...]]]:
    """What people see of what waits, by the token's id."""
    with engine.connect() as connection:
        return {
            name: {row[0]: tuple(row[1:]) for row in connection.execute(query)}
            for name, query in _SEEN.items()
        }


def _states(engine: Engine) -> dict[Any, bytes]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT id, state FROM process_instances WHERE status = 'active'")
        )
        return {row.id: zlib.decompress(row.state) for row in rows}


def _kept(before: Mapping[str, Any], after: Mapping[str, Any], count: int) -> None:
    """Nothing is lost, and nothing but the restarted timers is different."""
    for name, rows in before.items():
        if name == "timers":
            _require(rows.keys() == after[name].keys(), "timers came or went")
            moved = [key for key, row in rows.items() if row != after[name][key]]
            _require(all(rows[key][0] == TIMER for key in moved), "another timer was changed")
        elif name == "tasks":
            _require(rows.keys() == after[name].keys(), "tasks came or went")
            for key, row in rows.items():
                same = (NEW if row[0] == OLD else row[0], *row[1:])
                _require(same == after[name][key], "a task lost something")
        elif name != "versions":
            _require(rows == after[name], f"{name} are different")
    _require(len(after["versions"]) == count, "trajectories came or went")


def _restarted(engine: Engine, before: Mapping[str, Any]) -> int:
    after = _rows(engine)["timers"]
    return sum(row != after[key] for key, row in before["timers"].items())


def _sound(engine: Engine) -> None:
    with UnitOfWork(engine) as session:
        found = [one.as_dict() for one in examine_database(session, SystemClock())]
    _require(not found, f"the doctor found {found[:3]}")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Lost(what)


_SEEN = {
    "tasks": text(
        "SELECT id, element_id, status, assignee_id, claimed_at, due_at, follow_up_at, created_at"
        " FROM user_tasks WHERE status = 'open'"
    ),
    "timers": text("SELECT token_id, element_id, due_at FROM timers"),
    "subscriptions": text("SELECT token_id, kind, name, key FROM subscriptions"),
    "drafts": text("SELECT task_id, user_id, answers FROM document_drafts"),
    "incidents": text("SELECT id, token_id, resolved_at FROM incidents"),
    "outward work": text("SELECT token_id, element_id FROM outward_work"),
    "versions": text("SELECT id, package_version FROM trajectories WHERE status <> 'closed'"),
}
_DRAFTS = text("""
INSERT INTO document_drafts (task_id, user_id, trajectory_id, answers, updated_at)
SELECT t.id, (SELECT id FROM users LIMIT 1), CAST(t.business_key AS uuid),
       '{"soort": "telefoon"}', now()
FROM user_tasks t WHERE t.status = 'open' AND t.business_key IS NOT NULL
""")
