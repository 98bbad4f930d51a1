"""A hand-made baseline: SpiffWorkflow with its own parser and serializer, a blob in SQLite.

One row per instance: the serialised workflow, when its next timer is due, and a revision that is
checked when it is written. No audit, no task list, no permission: what one writes in an afternoon.
The file waits for the disk at each commit (``synchronous=FULL``), as the product's server does.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench.steps.ours import Timings
from bench.steps.work import ANSWERS, KEY, TASKS, stock_bpmn

_TABLE = """
CREATE TABLE instances (
    id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, due TEXT, done INTEGER NOT NULL, state TEXT
);
CREATE INDEX due ON instances (due) WHERE due IS NOT NULL;
"""


class BlobStore:
    """Workflows in a file, each loaded and saved whole."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_TABLE}")
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(stock_bpmn()))
        self._spec = parser.get_spec(KEY)
        self._serializer = BpmnWorkflowSerializer()

    def start(self) -> int:
        """Begin an instance."""
        workflow = BpmnWorkflow(deepcopy(self._spec))
        workflow.do_engine_steps()
        made = self._db.execute(
            "INSERT INTO instances (revision, due, done, state) VALUES (0, ?, 0, ?) RETURNING id",
            (_due(workflow), self._serializer.serialize_json(workflow)),
        ).fetchone()
        return int(made[0])

    def complete(self, instance: int, task: str, answers: dict[str, Any]) -> None:
        """Complete the task that is open."""

        def work(workflow: BpmnWorkflow) -> None:
            found = workflow.get_next_task(state=TaskState.READY, spec_name=task)
            found.data = {**deepcopy(found.data), **answers}
            found.run()
            workflow.do_engine_steps()

        self._change(instance, work)

    def fire_due(self, now: datetime) -> int:
        """Fire every timer that is due, one instance a transaction; how many instances."""
        due = self._db.execute("SELECT id FROM instances WHERE due <= ?", (now.isoformat(),))
        found = [row[0] for row in due.fetchall()]
        for instance in found:
            self._change(instance, _fire)
        return len(found)

    def _change(self, instance: int, work: Callable[[BpmnWorkflow], None]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        revision, state = self._db.execute(
            "SELECT revision, state FROM instances WHERE id = ?", (instance,)
        ).fetchone()
        workflow = self._serializer.deserialize_json(state)
        work(workflow)
        done = self._db.execute(
            "UPDATE instances SET revision = ?, due = ?, done = ?, state = ? "
            "WHERE id = ? AND revision = ?",
            (
                revision + 1,
                _due(workflow),
                workflow.is_completed(),
                self._serializer.serialize_json(workflow),
                instance,
                revision,
            ),
        )
        assert done.rowcount == 1
        self._db.execute("COMMIT")


def measure(folder: Path, instances: int) -> Timings:
    """Run instances through; milliseconds by command."""
    store, timings = BlobStore(folder / "work.sqlite"), Timings()
    for number in range(instances + 1):
        begin = time.perf_counter()
        instance = store.start()
        taken = [(time.perf_counter() - begin) * 1e3]
        for task in TASKS:
            begin = time.perf_counter()
            store.complete(instance, task, ANSWERS)
            taken.append((time.perf_counter() - begin) * 1e3)
        if number > 0:
            timings.starts.append(taken[0])
            timings.completions.extend(taken[1:])
    return timings


def timers_per_second(folder: Path, instances: int) -> float:
    """How many due weekly timers a second one process fires."""
    store = BlobStore(folder / "timers.sqlite")
    for _ in range(instances):
        store.complete(store.start(), TASKS[0], ANSWERS)
    begin = time.perf_counter()
    fired = store.fire_due(datetime.now(UTC) + timedelta(days=8))
    assert fired == instances
    return fired / (time.perf_counter() - begin)


def _fire(workflow: BpmnWorkflow) -> None:
    """SpiffWorkflow compares with the wall clock: the due time is moved to before now."""
    for task in workflow.get_tasks(state=TaskState.WAITING):
        if "event_value" in task.internal_data:
            task.internal_data["event_value"] = "2020-01-01T00:00:00+00:00"
    workflow.refresh_timers()
    workflow.do_engine_steps()


def _due(workflow: BpmnWorkflow) -> str | None:
    waiting = workflow.get_tasks(state=TaskState.WAITING)
    due = [t.internal_data["event_value"] for t in waiting if "event_value" in t.internal_data]
    return min((datetime.fromisoformat(d).astimezone(UTC).isoformat() for d in due), default=None)
