"""Other numbers in a live table reach what runs, at once, and can be taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.execution.standing import standing
from engine.families.errors import NotLive
from engine.families.models import VersionMoveItem
from engine.families.moves import bulk_moves
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.families.moves.live_tables import Effect, effects, publish_to_all
from engine.runtime.commands import Runtime
from engine.runtime.models import AuditEvent, ProcessInstance, Timer, UserTask
from engine.runtime.reading import instance_variables
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.live_package import live_package
from tests.practice import Practice

SHORTER = ('duration("P10D")', 'duration("P7D")')


class Live:
    """Three trajectories: one that has read the table, one that handed it on, one in a hurry."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.before = live_package()
        practice.version = practice.publish_other(self.before)
        self.first, _hurried, self.second = (
            practice.do(lambda r, kind=kind: r.start_by_message("begin", {"soort": kind}))
            for kind in ("gewoon", "haast", "gewoon")
        )
        with Session(practice.database) as session:
            task = session.scalars(select(UserTask.id).where(UserTask.root_id == self.second)).one()
        practice.do(lambda r: r.complete_task(task, {}))
        self.desk = MoveDesk(practice.database, practice.clock)

    def held(self) -> dict[str, list[str]]:
        """The lengths of time that the parts hold, by process."""
        now = self.practice.clock.now()
        with Session(self.practice.database) as session:
            rows = session.execute(select(ProcessInstance.id, ProcessInstance.process_id)).all()
            found = instance_variables(session, [row.id for row in rows], now)
        held: dict[str, list[str]] = {}
        for row in rows:
            own = found[row.id]
            value = own["tijd"]["ruim"] if "tijd" in own else own["termijn"]
            held.setdefault(row.process_id, []).append(value["@p"])
        return {process: sorted(values) for process, values in held.items()}

    def publish(self, *replacements: tuple[str, str]) -> str:
        return self.practice.publish_other(live_package(*replacements))

    def to_all(self, version: str):
        now = self.practice.clock.now()
        with UnitOfWork(self.practice.database) as session:
            move = publish_to_all(
                session, self.before.version, version, reason="Korter", at=now, by=None
            )
        while self.desk.work_on():
            pass
        return move


@pytest.fixture
def live(engine_db) -> Live:
    return Live(Practice(engine_db))


def test_what_it_would_change_today_is_told_and_nothing_is_written(live: Live):
    before = live.held()
    with Session(live.practice.database) as session:
        found = effects(session, live.before, live_package(SHORTER), live.practice.clock.now())
    assert (found.running, found.looked_at, found.touched) == (3, 3, 2)
    assert found.values == [
        Effect("tijd.ruim", "P10D", "P7D", 2), Effect("termijn", "P10D", "P7D", 1)
    ]  # fmt: skip
    assert live.held() == before


def test_what_was_read_and_handed_on_follows_the_new_numbers(live: Live):
    move = live.to_all(live.publish(SHORTER))
    assert live.held() == {"hoofd": ["P2D", "P7D", "P7D"], "deel": ["P7D"]}
    items = live.practice.rows(VersionMoveItem)
    assert {item.state for item in items} == {"moved"}
    assert sum(item.foreseen.get("reread", 0) for item in items) == 3
    with Session(live.practice.database) as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.type == "reread")).all()
    assert len(told) == 3
    assert all(line.data["move"] == str(move.id) for line in told)
    assert_healthy(live.practice.database)
    (task,) = live.practice.open_tasks("werk")
    live.practice.do(lambda r: r.complete_task(task, {}))
    (timer,) = live.practice.rows(Timer)
    assert (timer.due_at - live.practice.clock.now()).days == 7


def test_a_value_that_is_not_the_tables_own_any_more_stays(live: Live):
    """Here a later step gave it another value than the table gives."""

    def correct(runtime: Runtime) -> None:
        instance = runtime.store.get(live.first)
        instance.execution.variables["tijd"] = {"kort": "P1D", "ruim": "P99D"}
        runtime.store.save(instance, standing(instance.execution))

    live.practice.do(correct)
    with Session(live.practice.database) as session:
        found = effects(session, live.before, live_package(SHORTER), live.practice.clock.now())
    assert found.touched == 1


def test_the_numbers_of_before_come_back(live: Live):
    before = live.held()
    move = live.to_all(live.publish(SHORTER))
    now = live.practice.clock.now()
    with UnitOfWork(live.practice.database) as session:
        assert bulk_moves.ask_back(session, move.id, at=now, by=None) == 3
    while live.desk.work_on():
        pass
    assert live.held() == before
    assert {item.exact for item in live.practice.rows(VersionMoveItem)} == {True}
    assert {i.package_version for i in live.practice.rows(ProcessInstance)} == {live.before.version}
    assert_healthy(live.practice.database)


def test_more_than_numbers_does_not_go_to_all_at_once(live: Live):
    with pytest.raises(NotLive):
        live.to_all(live.publish(('"haast"', '"rust"')))
    assert live.practice.rows(VersionMoveItem) == []
