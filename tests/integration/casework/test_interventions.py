"""Mending a running trajectory: who may, with a reason, what is told, and that it stays sound."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.models import SystemRole
from engine.execution.errors import MendRefused, NotWaiting, Suspended
from engine.execution.standing import REVIEW
from engine.families.chain import chain_overview
from engine.families.chain_order import Bounds
from engine.families.errors import (
    MendOfSafety,
    NotCorrectable,
    NothingRuns,
    ReasonMissing,
    ReviewNotFitting,
    UndoNotPossible,
    ValueChangedMeanwhile,
)
from engine.families.file.answers import local_day
from engine.families.file.chronology import chronology
from engine.families.mending import interventions
from engine.families.mending.interventions import intervene, rehearse
from engine.families.mending.mends import (
    Correct,
    End,
    Move,
    Postpone,
    Repeat,
    Resume,
    Skip,
    Suspend,
    Undo,
)
from engine.families.mending.running import running_of_owner
from engine.families.mending.undoing import tidy_mends
from engine.families.models import Mend, MendKept, Trajectory
from engine.families.soundness import examine_database
from engine.families.tasks.lists import my_tasks
from engine.runtime.errors import TaskNotOpen
from engine.runtime.models import AuditEvent, ProcessInstance, UserTask
from tests.agreement import assert_healthy
from tests.integration.casework.test_permission_and_log import new_lines
from tests.integration.casework.test_starting_beside import start as begin_beside
from tests.safety_package import safety

DAY = timedelta(days=1)
WHY = "Het gezin is drie weken naar oma."


def sound(office) -> None:
    assert_healthy(office.practice.database)
    with Session(office.practice.database) as session:
        assert list(examine_database(session, office.practice.clock)) == []


def do(office, name, command, reason=WHY) -> None:
    office.people.session.commit()
    actor, clock = office.actor(name), office.practice.clock
    intervene(office.practice.database, clock, actor, office.ref.trajectory_id, command, reason)


def at(office, element_id):
    (found,) = [
        t for t in office.practice.rows(UserTask)
        if t.element_id == element_id and t.status == "open"
    ]  # fmt: skip
    return found.instance_id, found.id


def day(office, days):
    return local_day(office.practice.clock.now() + days * DAY)


def told(office):
    office.people.session.expire_all()
    entries = chronology(
        office.people.session, office.actor("paula"), office.ref.trajectory_id,
        now=office.practice.clock.now(),
    )  # fmt: skip
    return [entry for entry in entries if entry.kind == "mend"]


@pytest.mark.parametrize(("name", "role"), [("paula", "project_leader"), ("olga", "process_owner")])
def test_a_leader_and_a_process_owner_skip_a_step_and_the_chronology_tells_why(office, name, role):
    before = len(office.log())
    do(office, name, Skip(*at(office, "kennismaken"), {"keuze": "ja"}))
    assert new_lines(office, before) == [("trajectory.mend", "allowed")]
    assert office.practice.open_elements() == ["contactmoment"]
    (entry,) = told(office)
    assert (entry.subject, entry.text, entry.detail) == (
        "kennismaken", WHY, {"kind": "skipped", "role": role, "values": [["keuze", None, "ja"]]}
    )  # fmt: skip
    with Session(office.practice.database) as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.type == "cancelled")).one()
        assert line.actor_id == office.people.users[name]
        assert "oma" not in str(line.data)
    sound(office)


@pytest.mark.parametrize("name", ["wilma", "cora", "hanna", "harm", "adam"])
def test_others_are_refused_and_logged_once(office, name):
    before = len(office.log())
    with pytest.raises(AccessDenied):
        do(office, name, Suspend(day(office, 5)))
    assert new_lines(office, before) == [("trajectory.mend", "refused")]
    assert office.practice.rows(Mend) == []


def test_a_step_is_repeated_and_moved(office):
    do(office, "paula", Repeat(*at(office, "kennismaken")))
    office.practice.clock.advance_to(office.practice.clock.now() + timedelta(minutes=1))
    do(office, "paula", Move(*at(office, "kennismaken"), "afronden"))
    assert office.practice.open_elements() == ["afronden"]
    office.practice.clock.advance_to(office.practice.clock.now() + timedelta(minutes=1))
    do(office, "olga", Move(*at(office, "afronden"), "kennismaken"))
    assert office.practice.open_elements() == ["kennismaken"]
    assert [(e.subject, e.detail["kind"], e.detail.get("to")) for e in told(office)] == [
        ("afronden", "moved", "kennismaken"),
        ("kennismaken", "moved", "afronden"),
        ("kennismaken", "repeated", None),
    ]
    sound(office)


def test_a_rehearsal_tells_what_begins_and_stops_and_leaves_no_trace(office):
    before, lines = len(office.log()), office.count(AuditEvent)
    office.people.session.commit()
    found = rehearse(
        office.practice.database, office.practice.clock, office.actor("paula"),
        office.ref.trajectory_id, Skip(*at(office, "kennismaken")),
    )  # fmt: skip
    begins = [(one.process_id, one.one.kind, one.one.element_id) for one in found.begins]
    assert ("ritme", "user", "contactmoment") in begins
    assert [one.one.element_id for one in found.stops] == ["kennismaken"]
    assert (len(office.log()), office.count(AuditEvent)) == (before, lines)
    assert office.practice.open_elements() == ["kennismaken"]
    assert office.practice.rows(Mend) == []


def test_a_rehearsal_that_loses_a_race_is_done_again(office, monkeypatch):
    rehearsed, tries = interventions._rehearsed, []

    def lose_once(session, *more):
        tries.append(session)
        if len(tries) == 1:
            session.execute(text("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$"))
        return rehearsed(session, *more)

    monkeypatch.setattr(interventions, "_rehearsed", lose_once)
    command = Skip(*at(office, "kennismaken"))
    where = office.practice.database, office.practice.clock
    found = rehearse(*where, office.actor("paula"), office.ref.trajectory_id, command)
    assert (len(tries), [one.one.element_id for one in found.stops]) == (2, ["kennismaken"])


def test_a_variable_is_corrected_where_the_process_holds_it(office):
    office.until_contact()
    (main,) = [r for r in office.practice.rows(ProcessInstance) if r.is_main]
    do(office, "paula", Correct(main.id, {"keuze": "nee"}, {"keuze": "ja"}))
    with pytest.raises(ValueChangedMeanwhile):
        do(office, "paula", Correct(main.id, {"keuze": "ja"}, {"keuze": "ja"}))
    with pytest.raises(NotCorrectable):
        do(office, "paula", Correct(main.id, {"trajectId": "x"}))
    (entry,) = told(office)
    assert entry.detail["values"] == [["keuze", "ja", "nee"]]
    sound(office)


def test_a_trajectory_put_aside_comes_back_as_a_task_of_the_leader(office):
    office.until_contact()
    do(office, "paula", Suspend(day(office, 20)))
    assert office.practice.open_elements() == []
    (facts,) = office.practice.rows(Trajectory)
    assert facts.suspended_since == office.practice.clock.now()
    sound(office)
    office.practice.clock.advance_to(facts.review_at)
    assert office.sweep() == 1
    with Session(office.practice.database) as session:
        page = my_tasks(session, office.actor("paula"), office.practice.clock.now())
        assert [item.name for item in page.items] == [REVIEW]
        session.commit()
    sound(office)
    do(office, "paula", Postpone(day(office, 10)), "Nog niet terug.")
    assert office.practice.open_elements() == []
    sound(office)
    do(office, "paula", Resume(later=True), "Weer thuis.")
    assert office.practice.open_elements() == ["contactmoment"]
    (facts,) = office.practice.rows(Trajectory)
    assert (facts.suspended_since, facts.review_at) == (None, None)
    kinds = [entry.detail["kind"] for entry in told(office)]
    assert kinds == ["resumed", "postponed", "suspended"]
    done = [t for t in office.practice.rows(UserTask) if t.name == REVIEW]
    assert [(t.status, t.completed_by) for t in done] == [
        ("completed", office.people.users["paula"])
    ]
    sound(office)


def test_a_contact_during_the_stillness_is_written_and_heard_when_it_goes_on(office):
    office.until_contact()
    _, task_id = at(office, "contactmoment")
    do(office, "paula", Suspend(day(office, 20)))
    office.casework.note_contact(
        office.actor("wilma"), office.ref.trajectory_id, {"soort": "kantoor"}
    )
    with pytest.raises(TaskNotOpen):
        office.casework.complete_task(office.actor("wilma"), task_id, {"soort": "kantoor"})
    do(office, "paula", Resume(later=False))
    open_now = [t.id for t in office.practice.rows(UserTask) if t.status == "open"]
    assert task_id not in open_now, "the contact of then closed it"
    sound(office)


def test_mends_are_refused_while_it_is_aside_but_it_can_be_ended(office):
    place = at(office, "kennismaken")
    do(office, "paula", Suspend(day(office, 20)))
    with pytest.raises(Suspended):
        do(office, "paula", Skip(*place))
    with pytest.raises(MendRefused):
        do(office, "paula", Suspend(day(office, 20)))
    do(office, "paula", End(), "Gezin is verhuisd.")
    (facts,) = office.practice.rows(Trajectory)
    assert (facts.status, facts.outcome, facts.suspended_since) == ("closed", "afgebroken", None)
    with pytest.raises(NothingRuns):
        do(office, "paula", Resume(later=True))
    sound(office)


def test_what_cannot_be_is_refused_and_changes_nothing(office):
    place = at(office, "kennismaken")
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ReasonMissing):
            do(office, "paula", Skip(*place), reason)
    for days in (0, -1, 93):
        with pytest.raises(ReviewNotFitting):
            do(office, "paula", Suspend(day(office, days)))
    with pytest.raises(MendRefused):
        do(office, "paula", Move(*place, "begin"))
    with pytest.raises(NotWaiting):
        do(office, "paula", Resume(later=True))
    other = office.practice.start("alleen", key="iets-anders")
    (task,) = [t for t in office.practice.rows(UserTask) if t.instance_id == other]
    with pytest.raises(NotWaiting):
        do(office, "paula", Skip(other, task.id))
    assert office.practice.rows(Mend) == []
    assert_healthy(office.practice.database)


def test_of_two_who_skip_at_the_same_moment_one_is_told(office):
    place, barrier = at(office, "kennismaken"), Barrier(2)
    actors = [office.actor("paula"), office.actor("olga")]
    office.people.session.commit()

    def skip(number):
        barrier.wait()
        try:
            intervene(
                office.practice.database, office.practice.clock, actors[number],
                office.ref.trajectory_id, Skip(*place), WHY,
            )  # fmt: skip
        except NotWaiting:
            return "told"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(skip, range(2))) == ["done", "told"]
    assert len(office.practice.rows(Mend)) == 1
    sound(office)


def test_a_process_owner_of_another_region_is_refused(office):
    office.people.add_person("otto", SystemRole.PROCESS_OWNER, "verte")
    office.people.session.commit()
    with pytest.raises(AccessDenied):
        do(office, "otto", Suspend(day(office, 5)))
    with Session(office.practice.database) as session:
        now = office.practice.clock.now()
        assert running_of_owner(session, office.actor("otto"), now).total == 0
        assert running_of_owner(session, office.actor("olga"), now).total == 1


def test_a_worry_about_safety_is_reported_and_worked_on_while_the_trajectory_is_aside(office):
    office.practice.publish_other(safety())
    begin_beside(office, "wilma")
    do(office, "paula", Suspend(day(office, 20)))
    assert office.practice.open_elements() == ["wegen"]
    begin_beside(office, "wouter")
    assert office.practice.open_elements() == ["wegen", "wegen"]
    for task_id in office.practice.open_tasks("wegen"):
        office.casework.complete_task(office.actor("wilma"), task_id, {"keuze": "ja"})
    assert office.practice.open_elements() == []
    sound(office)
    do(office, "paula", Resume(later=True))
    assert office.practice.open_elements() == ["kennismaken"]


def later(office):
    office.practice.clock.advance_to(office.practice.clock.now() + timedelta(minutes=1))


def last_mend(office):
    rows = sorted(office.practice.rows(Mend), key=lambda one: one.at)
    return rows[-1]


def test_any_mend_is_undone_to_the_very_state_of_before(office):
    def state():
        (row,) = [r for r in office.practice.rows(ProcessInstance) if r.is_main]
        tasks = sorted((t.id, t.status, t.due_at) for t in office.practice.rows(UserTask))
        open_ones = [t for t in tasks if t[1] == "open"]
        (facts,) = office.practice.rows(Trajectory)
        told = (facts.status, facts.phase, facts.phase_since, facts.ended_at, facts.suspended_since)
        return row.status, row.state, open_ones, told

    place = at(office, "kennismaken")
    before = state()
    for command in (
        Skip(*place, {"keuze": "ja"}), Repeat(*place), Move(*place, "afronden"),
        Correct(place[0], {"keuze": "nee"}, {}), Suspend(day(office, 5)), End(),
    ):  # fmt: skip
        do(office, "paula", command)
        assert state() != before
        mend = last_mend(office)
        later(office)
        do(office, "olga", Undo(mend.id), "Dat was een vergissing.")
        assert state() == before
        with pytest.raises(UndoNotPossible):
            do(office, "paula", Undo(mend.id))
        later(office)
    assert {entry.detail["kind"] for entry in told(office)[::2]} == {"undone"}
    office.casework.complete_task(office.actor("wilma"), place[1], {"keuze": "ja"})
    assert office.practice.open_elements() == ["contactmoment"]
    sound(office)


def test_a_mend_is_not_undone_once_something_happened_or_after_a_day(office):
    do(office, "paula", Repeat(*at(office, "kennismaken")))
    mend = last_mend(office)
    office.casework.complete_task(
        office.actor("wilma"), at(office, "kennismaken")[1], {"keuze": "ja"}
    )
    with pytest.raises(UndoNotPossible, match="iets gebeurd"):
        do(office, "paula", Undo(mend.id))
    assert mend.facts_before == {}, "what it did not change is not given back"
    do(office, "paula", Correct(at(office, "contactmoment")[0], {"keuze": "nee"}, {}))
    office.practice.clock.advance_to(office.practice.clock.now() + 2 * DAY)
    with pytest.raises(UndoNotPossible, match="te lang geleden"):
        do(office, "paula", Undo(last_mend(office).id))
    tidy_mends(office.practice.database, office.practice.clock.now())
    assert office.practice.rows(MendKept) == []
    sound(office)


def test_what_runs_beside_is_mended_too_but_safety_is_looked_after(office):
    office.practice.publish_other(safety())
    begin_beside(office, "wilma")
    place = at(office, "wegen")
    root = place[0]
    for who, command in [
        ("paula", Suspend(day(office, 5), root)), ("olga", End(root)), ("olga", Skip(*place)),
        ("olga", Move(*place, "elders")),
    ]:  # fmt: skip
        with pytest.raises(MendOfSafety):
            do(office, who, command)
    do(office, "olga", Repeat(*place))
    assert office.practice.open_elements() == ["kennismaken", "wegen"]
    later(office)
    do(office, "paula", End(root), "De meldinstantie heeft het overgenomen.")
    assert office.practice.open_elements() == ["kennismaken"]
    assert [t.status for t in office.practice.rows(Trajectory)] == ["referred"]
    entry = told(office)[0]
    assert (entry.detail["kind"], entry.detail["safety"]) == ("ended", True)
    with Session(office.practice.database) as session:
        now = office.practice.clock.now()
        ((_, row),) = chain_overview(session, office.actor("cora"), now, Bounds(1.0, 2.0)).rows
        assert row.safety_mended_at == now
    do(office, "paula", Undo(last_mend(office).id))
    assert office.practice.open_elements() == ["kennismaken", "wegen"]
    sound(office)
