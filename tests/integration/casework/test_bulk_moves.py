"""Moving many running trajectories as a piece of work: rehearsed, moved by steps, put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import SystemRole
from engine.execution.migration import Plan
from engine.families.errors import MoveNotOpen, MoveOpenAlready, PlanNotFitting, VersionNotUsable
from engine.families.file.chronology import chronology
from engine.families.mending.interventions import intervene
from engine.families.mending.mends import Resume, Suspend
from engine.families.models import Trajectory, VersionMoveItem, VersionMoveKept
from engine.families.moves import bulk_moves
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.runtime.models import AuditEvent, ProcessInstance, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.integration.casework.test_version_moves import (
    INSERTED,
    LONGER,
    RENAMED,
    findings,
    snapshot,
)

RESTART = Plan({"contactmoment": "contact-nemen"}, frozenset({"te-laat"}))


class Moving:
    """A move that the people of the office are at, with a desk that works on it."""

    def __init__(self, office, version: str) -> None:
        self.office, self.version = office, version
        self.practice = office.practice
        self.by = office.people.users["olga"]
        self.desk = MoveDesk(self.practice.database, self.practice.clock)
        self.id = self.do(
            lambda s, **who: (
                bulk_moves.begin(
                    s, self.practice.version, version, reason="Langer wachten", **who
                ).id
            )
        )

    def do(self, command, **more):
        with UnitOfWork(self.practice.database) as session:
            return command(session, at=self.practice.clock.now(), by=self.by, **more)

    def tell(self, command, **more):
        """A command on this move, and all that a desk does about it."""
        done = self.do(lambda s, **who: command(s, self.id, **who, **more))
        while self.desk.work_on():
            pass
        return done

    def items(self) -> list[VersionMoveItem]:
        return sorted(self.practice.rows(VersionMoveItem), key=lambda item: item.position)

    def states(self) -> list[str]:
        return [item.state for item in self.items()]

    def versions(self) -> set[str]:
        return {i.package_version for i in self.practice.rows(ProcessInstance)}


@pytest.fixture
def moving(halfway):
    return Moving(halfway, halfway.practice.publish_changed(LONGER, INSERTED, RENAMED))


def test_a_rehearsal_tells_what_becomes_of_everything_and_changes_nothing(moving):
    before = snapshot(moving.office)
    assert moving.tell(bulk_moves.settle, plan=Plan()) == 1
    (item,) = moving.items()
    assert (item.state, item.code) == ("cannot", "migration-refused")
    assert [(o["process_id"], o["element_id"]) for o in item.obstacles] == [
        ("ritme", "contactmoment")
    ]
    moving.tell(bulk_moves.settle, plan=RESTART)
    (item,) = moving.items()
    assert item.state == "can"
    assert item.foreseen == {
        "kept-user": 1, "kept-message": 1, "restarted-timer": 1, "kept-child": 1
    }  # fmt: skip
    assert [place["element_id"] for place in item.stands] == ["contactmoment"]
    assert snapshot(moving.office) == before
    assert moving.versions() == {moving.practice.version}


def test_what_was_asked_for_moves_with_who_asked_in_the_audit(moving):
    moving.tell(bulk_moves.settle, plan=RESTART)
    assert moving.states() == ["can"]
    assert moving.tell(bulk_moves.ask, most=10) == 1
    assert moving.states() == ["moved"]
    assert moving.versions() == {moving.version}
    with Session(moving.practice.database) as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.type == "migrated")).all()
    assert {line.actor_id for line in lines} == {moving.by}
    assert {line.data["move"] for line in lines} == {str(moving.id)}
    assert findings(moving.practice.database) == []
    assert_healthy(moving.practice.database)


def test_what_was_moved_by_mistake_goes_back_to_the_very_state_of_before(moving):
    before, timers = snapshot(moving.office), moving.practice.rows(Timer)
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)
    assert moving.practice.open_elements() == ["contact-nemen"]
    assert moving.practice.timers()[0].due_at > timers[0].due_at
    assert moving.tell(bulk_moves.ask_back) == 1
    (item,) = moving.items()
    assert (item.state, item.exact) == ("back", True)
    assert snapshot(moving.office) == before
    assert moving.practice.open_elements() == ["contactmoment"]
    assert moving.versions() == {moving.practice.version}
    assert moving.practice.rows(Trajectory)[0].package_version == moving.practice.version
    assert moving.practice.rows(VersionMoveKept) == []
    assert findings(moving.practice.database) == []
    assert_healthy(moving.practice.database)
    moving.office.complete("wilma", "contactmoment", {"soort": "kantoor"})
    assert moving.practice.open_elements() == ["afronden"]


def test_the_chronology_tells_of_another_version_why_and_of_the_way_back(moving):
    office = moving.office
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)
    moving.tell(bulk_moves.ask_back)
    trajectory_id = office.ref.trajectory_id
    with Session(moving.practice.database) as session:
        entries = chronology(
            session, office.actor("paula"), trajectory_id, now=moving.practice.clock.now()
        )
    told = [(e.subject, e.text, e.detail["back"]) for e in entries if e.kind == "version"]
    assert sorted(told) == [("1", "Langer wachten", True), ("2", "Langer wachten", False)]
    assert all(entry.by for entry in entries if entry.kind == "version")


def test_what_went_on_since_goes_back_with_what_happened(moving):
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)
    moving.office.complete("wilma", "contact-nemen", {"soort": "telefoon"})
    assert moving.tell(bulk_moves.ask_back) == 1
    (item,) = moving.items()
    assert (item.state, item.exact) == ("back", False)
    assert moving.practice.open_elements() == ["contactmoment"]
    done = [t for t in moving.practice.rows(UserTask) if t.status == "completed"]
    assert {task.element_id for task in done} == {"kennismaken", "contact-nemen"}
    assert findings(moving.practice.database) == []
    assert_healthy(moving.practice.database)


def test_after_the_window_nothing_goes_back_and_nothing_is_kept(moving):
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)
    clock = moving.practice.clock
    clock.advance_to(clock.now() + timedelta(days=bulk_moves.UNDO_DAYS.default, minutes=1))
    assert moving.tell(bulk_moves.ask_back) == 0
    moving.desk.tidy()
    assert moving.practice.rows(VersionMoveKept) == []
    assert moving.states() == ["moved"]


def test_by_steps_one_then_ten_then_all_with_a_pause_between(moving):
    for _ in range(14):
        moving.practice.start("wekelijks")
    moving.tell(bulk_moves.settle, plan=RESTART)
    assert moving.states() == ["can"] * 15
    moving.tell(bulk_moves.ask, most=1)
    assert moving.states() == ["moved"] + ["can"] * 14
    moving.tell(bulk_moves.ask, most=10)
    assert moving.states() == ["moved"] * 11 + ["can"] * 4
    moving.do(lambda s, **who: bulk_moves.ask(s, moving.id, **who))
    moving.tell(bulk_moves.pause, paused=True)
    assert moving.states() == ["moved"] * 11 + ["asked"] * 4
    moving.tell(bulk_moves.pause, paused=False)
    assert moving.states() == ["moved"] * 15
    named = moving.items()[3]
    moving.tell(bulk_moves.ask_back, item_id=named.id)
    assert moving.states() == ["moved"] * 3 + ["back"] + ["moved"] * 11
    with pytest.raises(MoveNotOpen):
        moving.do(lambda s, **who: bulk_moves.settle(s, moving.id, Plan(), **who))


def test_one_that_cannot_go_back_stays_and_says_where(moving):
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)
    third = moving.practice.publish_changed(LONGER, RENAMED, ("kennismaken", "leren-kennen"))
    from engine.families.moves.version_moves import VersionMove

    list(VersionMove(
        moving.practice.database, moving.practice.clock, "proef", third, Plan()
    ).carry_out())  # fmt: skip
    moving.tell(bulk_moves.ask_back)
    (item,) = moving.items()
    assert item.state == "stays"
    assert "andere versie" in item.message
    assert moving.versions() == {third}


def test_a_package_has_one_move_at_a_time_and_versions_must_go_together(moving):
    first, second = moving.practice.version, moving.version
    for versions, error in (
        ((first, second), MoveOpenAlready),
        ((first, first), VersionNotUsable),
        ((first, "nergens"), VersionNotUsable),
    ):
        with pytest.raises(error):
            moving.do(lambda s, v=versions, **who: bulk_moves.begin(s, *v, reason="x", **who))
    moving.tell(bulk_moves.close)
    with pytest.raises(MoveNotOpen):
        moving.tell(bulk_moves.settle, plan=RESTART)
    moving.id = moving.do(lambda s, **who: bulk_moves.begin(s, first, second, reason="x", **who).id)
    moving.tell(bulk_moves.settle, plan=RESTART)
    moving.tell(bulk_moves.ask)  # all of it has moved: the next one may begin
    moving.do(lambda s, **who: bulk_moves.begin(s, first, second, reason="y", **who))


def test_two_desks_share_the_work_and_no_trajectory_is_moved_twice(moving):
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(30):
        moving.practice.start("wekelijks")
    moving.do(lambda s, **who: bulk_moves.settle(s, moving.id, RESTART, **who))

    def work(_: int) -> None:
        desk = MoveDesk(moving.practice.database, moving.practice.clock)
        while desk.work_on():
            pass

    for command in (None, bulk_moves.ask, bulk_moves.ask_back):
        if command is not None:
            moving.do(lambda s, c=command, **who: c(s, moving.id, **who))
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(3)))
        work(0)
    assert moving.states() == ["back"] * 31
    with Session(moving.practice.database) as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.type == "migrated")).all()
    assert len(lines) == 2 * 32
    assert_healthy(moving.practice.database)


def test_an_element_can_be_named_with_its_process_where_two_have_the_same_id(moving):
    """``te-laat`` of another process is another timer."""
    elsewhere = Plan({"ritme/contactmoment": "contact-nemen"}, frozenset({"alleen/week"}))
    moving.tell(bulk_moves.settle, plan=elsewhere)
    (item,) = moving.items()
    assert (item.state, item.foreseen["kept-timer"]) == ("can", 1)
    here = Plan({"ritme/contactmoment": "contact-nemen"}, frozenset({"ritme/te-laat"}))
    moving.tell(bulk_moves.settle, plan=here)
    (item,) = moving.items()
    assert item.foreseen["restarted-timer"] == 1
    for wrong in (Plan({"alleen/werk": "contact-nemen"}), Plan({}, frozenset({"ouder/te-laat"}))):
        with pytest.raises(PlanNotFitting):
            moving.tell(bulk_moves.settle, plan=wrong)
    moving.tell(bulk_moves.ask)
    moving.office.complete("wilma", "contact-nemen", {"soort": "telefoon"})
    moving.tell(bulk_moves.ask_back)
    assert moving.practice.open_elements() == ["contactmoment"]


def test_what_was_put_aside_moves_and_goes_back_and_stays_aside(moving):
    office, clock = moving.office, moving.practice.clock
    aside = Suspend((clock.now() + timedelta(days=20)).date())
    who = (office.actor("paula"), office.ref.trajectory_id)
    intervene(moving.practice.database, clock, *who, aside, "Het gezin is weg.")
    moving.tell(bulk_moves.settle, plan=RESTART)
    (item,) = moving.items()
    assert (item.state, item.foreseen["kept-user"]) == ("can", 1)
    moving.tell(bulk_moves.ask)
    assert moving.versions() == {moving.version}
    assert moving.practice.open_elements() == []
    assert findings(moving.practice.database) == []
    moving.tell(bulk_moves.ask_back)
    assert moving.items()[0].exact
    moving.tell(bulk_moves.rehearse_again)
    moving.tell(bulk_moves.ask)
    intervene(moving.practice.database, clock, *who, Resume(later=True), "Weer thuis.")
    assert moving.practice.open_elements() == ["contact-nemen"]
    moving.tell(bulk_moves.ask_back)
    assert moving.practice.open_elements() == ["contactmoment"]
    assert findings(moving.practice.database) == []
    assert_healthy(moving.practice.database)


def test_nobody_moves_the_trajectories_of_another_region(moving):
    moving.office.people.add_person("otto", SystemRole.PROCESS_OWNER, "verte")
    moving.office.people.session.commit()
    own, moving.by = moving.by, moving.office.people.users["otto"]
    assert moving.tell(bulk_moves.settle, plan=RESTART) == 0
    assert moving.items() == []
    moving.by = own
    assert moving.tell(bulk_moves.settle, plan=RESTART) == 1
    moving.by = moving.office.people.users["otto"]
    assert moving.tell(bulk_moves.ask) == 0
    moving.by = own
    assert moving.tell(bulk_moves.ask) == 1
    moving.by = moving.office.people.users["otto"]
    assert moving.tell(bulk_moves.ask_back) == 0


def test_processes_of_another_name_move_and_go_back(halfway):
    renamed = ('"traject"', '"hoofdtraject"'), ('"ritme"', '"contactritme"')
    moving = Moving(halfway, halfway.practice.publish_changed(*renamed))
    moving.tell(bulk_moves.settle, plan=Plan())
    (item,) = moving.items()
    assert item.state == "cannot"
    assert {one["process_id"] for one in item.obstacles} == {"traject", "ritme"}
    both = {"traject": "hoofdtraject", "ritme": "hoofdtraject"}
    with pytest.raises(PlanNotFitting, match="allebei"):
        moving.tell(bulk_moves.settle, plan=Plan(processes=both))
    before = snapshot(halfway)
    plan = Plan(processes={"traject": "hoofdtraject", "ritme": "contactritme"})
    moving.tell(bulk_moves.settle, plan=plan)
    moving.tell(bulk_moves.ask)
    assert moving.states() == ["moved"]
    running = {i.process_id for i in halfway.practice.rows(ProcessInstance)}
    assert running == {"hoofdtraject", "contactritme"}
    assert snapshot(halfway) == before
    assert {t.process_id for t in halfway.practice.rows(UserTask) if t.status == "open"} == {
        "contactritme"
    }
    assert findings(halfway.practice.database) == []
    moving.tell(bulk_moves.ask_back)
    assert [(one.state, one.exact) for one in moving.items()] == [("back", True)]
    assert {i.process_id for i in halfway.practice.rows(ProcessInstance)} == {"traject", "ritme"}
    moving.tell(bulk_moves.rehearse_again)
    moving.tell(bulk_moves.ask)
    halfway.complete("wilma", "contactmoment", {"soort": "kantoor"})
    assert halfway.practice.open_elements() == ["afronden"]
    moving.tell(bulk_moves.ask_back)
    assert [(one.state, one.exact) for one in moving.items()] == [("back", False)]
    assert findings(halfway.practice.database) == []
    assert_healthy(halfway.practice.database)
