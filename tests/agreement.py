"""Whether a database agrees with itself; used at the end of many tests."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, aliased

from engine.runtime.doctor import examine
from engine.runtime.models import AuditEvent, Incident, UserTask

_BACK = aliased(AuditEvent)
HOLDS = ~(
    select(_BACK.id)
    .where(
        _BACK.instance_id == AuditEvent.instance_id,
        _BACK.type == "undone",
        _BACK.id > AuditEvent.id,
        _BACK.data["back_to"].as_integer() < AuditEvent.id,
    )
    .exists()
)
"""Lines of the audit of what was not undone afterwards."""


def assert_no_findings(database: Engine) -> None:
    """The doctor finds nothing."""
    with Session(database) as session:
        assert [finding.as_dict() for finding in examine(session)] == []


def assert_healthy(database: Engine) -> None:
    """The doctor finds nothing, and the audit tells the same story as the tasks."""
    assert_no_findings(database)
    with Session(database) as session:
        begun, ended = Counter(), Counter()
        events = select(AuditEvent.token_id, AuditEvent.type, AuditEvent.element_kind).where(HOLDS)
        for token_id, kind, element_kind in session.execute(events):
            if element_kind == "userTask" and kind == "activated":
                begun[token_id] += 1
            if element_kind == "userTask" and kind in ("completed", "cancelled"):
                ended[token_id] += 1
        drawn = UserTask.element_id != UserTask.process_id  # but for: look again at what is aside
        tasks = {task.id: task for task in session.scalars(select(UserTask).where(drawn))}
        stopped = set(
            session.scalars(select(Incident.token_id).where(Incident.resolved_at.is_(None)))
        )
    waiting = ("open", "suspended")
    still_open = {task_id for task_id, task in tasks.items() if task.status in waiting}
    undone = {t for t, task in tasks.items() if t not in begun and task.status == "cancelled"}
    assert set(begun) == set(tasks) - undone, "every task that was begun has a row, and no other"
    assert set(begun.values()) <= {1}
    assert set(ended.values()) <= {1}
    assert still_open == set(begun) - set(ended) - stopped
