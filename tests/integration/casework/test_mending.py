"""Incidents: tried again one by one or many, with corrected variables, by administrators only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.execution.errors import ConnectorFailed
from engine.families import composition
from engine.families.errors import NotCorrectable, ReasonMissing
from engine.families.mending.incidents import Ended, Mending
from engine.runtime.errors import IncidentGone
from engine.runtime.incident_list import Choice, count, kinds, open_incidents, put_off
from engine.runtime.models import AuditEvent, Incident, ProcessInstance
from engine.runtime.sweep import Backoff
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.integration.casework.test_permission_and_log import new_lines
from tests.practice_diagrams import CONNECTOR


class Switch:
    """A connector that works for those instances for which it is told to."""

    def __init__(self) -> None:
        self.working: set[object] = set()
        self.refusing: Exception = KeyError()

    def __call__(self, call):
        if call.instance_id not in self.working and call.variables.get("heel") is not True:
            raise self.refusing
        return {}


@pytest.fixture
def switch(office, monkeypatch):
    made = Switch()
    real = composition.register_family_connectors

    def register(registry, file):
        real(registry, file)
        registry.register(CONNECTOR, made)

    monkeypatch.setattr(composition, "register_family_connectors", register)
    office.practice.connect(made)
    return made


@pytest.fixture
def mending(office):
    return Mending(office.practice.database, office.practice.clock)


def stopped(office, many: int = 1, **variables) -> list[Incident]:
    for _ in range(many):
        office.practice.start("koppeling", **variables)
    return still_open(office)


def still_open(office) -> list[Incident]:
    found = [one for one in office.practice.rows(Incident) if one.resolved_at is None]
    return sorted(found, key=lambda one: one.raised_at)


def test_many_are_tried_and_one_that_fails_keeps_none_of_the_others_back(office, switch, mending):
    one, two, three, four = stopped(office, 4)
    switch.working = {one.instance_id, three.instance_id, four.instance_id}
    with UnitOfWork(office.practice.database) as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.id == three.instance_id)
            .values(state=b"kapot")
        )
    ids = [one.id, two.id, three.id, uuid4(), four.id]
    done = mending.retry(office.actor("adam"), ids)
    assert [found.ended for found in done] == [
        Ended.WENT_ON, Ended.STOPPED_AGAIN, Ended.FAILED, Ended.GONE, Ended.WENT_ON
    ]  # fmt: skip
    assert [found.code for found in done] == [
        None, "connector-crashed", "unreadable-state", "incident-gone", None
    ]  # fmt: skip
    assert len(office.practice.open_tasks("verder")) == 2
    assert {found.token_id for found in still_open(office)} == {two.token_id, three.token_id}


def test_only_an_administrator_tries_again_and_each_try_leaves_one_line(office, switch, mending):
    (incident,), before = stopped(office), len(office.log())
    for name in ("paula", "wilma", "cora", "olga", "niels"):
        with pytest.raises(AccessDenied):
            mending.retry(office.actor(name), [incident.id])
        with pytest.raises(AccessDenied):
            mending.correct_and_retry(office.actor(name), incident.id, {"heel": True}, "reden")
        with pytest.raises(AccessDenied):
            mending.look(office.actor(name), incident.id)
    assert new_lines(office, before) == [
        ("incident.retry", "refused"), ("incident.correct", "refused"),
        ("incident.look", "refused"),
    ] * 5  # fmt: skip
    before = len(office.log())
    mending.retry(office.actor("adam"), [incident.id])
    assert new_lines(office, before) == [("incident.retry", "allowed")]


def test_how_often_and_since_when_it_stands_still_is_told(office, switch, mending):
    (incident,) = stopped(office)
    begun = office.practice.clock.now()
    for minute in (1, 2):
        office.practice.clock.advance_to(begun.replace(minute=minute))
        mending.retry(office.actor("adam"), [found.id for found in still_open(office)])
    with Session(office.practice.database) as session:
        (found,) = open_incidents(session, Choice())
    assert (found.since, found.attempts) == (begun, 3)
    assert found.raised_at == begun.replace(minute=2)
    assert found.token_id == incident.token_id


def test_what_nobody_foresaw_is_tried_again_by_itself_after_ever_longer_until_somebody_must_look(
    office, switch, mending
):
    stopped(office)
    clock, backoff = office.practice.clock, Backoff()
    for attempt in range(1, backoff.attempts):
        with Session(office.practice.database) as session:
            (found,) = open_incidents(session, Choice())
        assert found.attempts == attempt
        assert found.next_try_at == clock.now() + backoff.wait(attempt)
        clock.advance_to(found.next_try_at - timedelta(seconds=1))
        assert mending.retry_due() == []
        clock.advance_to(found.next_try_at)
        assert [one.ended for one in mending.retry_due()] == [Ended.STOPPED_AGAIN]
    with Session(office.practice.database) as session:
        (found,) = open_incidents(session, Choice())
    assert (found.attempts, found.next_try_at) == (backoff.attempts, None)
    clock.advance_to(clock.now() + backoff.wait(backoff.attempts))
    assert mending.retry_due() == []
    assert_healthy(office.practice.database)


def test_what_works_the_second_time_goes_on_and_what_was_refused_waits_for_somebody(
    office, switch, mending
):
    (incident,), clock = stopped(office), office.practice.clock
    switch.working = {incident.instance_id}
    refusing = switch.refusing = ConnectorFailed("Deze rol is er niet.")
    stopped(office)
    clock.advance_to(clock.now() + timedelta(minutes=1))
    assert [one.ended for one in mending.retry_due()] == [Ended.WENT_ON]
    assert [(one.code, one.message) for one in still_open(office)] == [
        (refusing.code, refusing.message)
    ]
    assert len(office.practice.open_tasks("verder")) == 1
    assert mending.retry_due() == []


def test_what_went_on_in_between_stands_still_anew(office, switch, mending):
    office.practice.start("wekelijks")
    (timer,) = office.practice.timers()
    clock, failed = office.practice.clock, ConnectorFailed("Mis.")
    for _ in range(2):
        office.practice.do(
            lambda r: r.stop_with_incident(timer.instance_id, timer.token_id, failed)
        )
        clock.advance_to(clock.now() + timedelta(minutes=5))
        mending.retry(None, [found.id for found in still_open(office)])
    clock.advance_to(clock.now() + timedelta(days=1))
    office.practice.do(lambda r: r.stop_with_incident(timer.instance_id, timer.token_id, failed))
    with Session(office.practice.database) as session:
        (found,) = open_incidents(session, Choice())
    assert (found.since, found.attempts) == (clock.now(), 1)


def test_incidents_are_chosen_by_cause_element_and_package(office, switch, mending):
    stopped(office, 2)
    with Session(office.practice.database) as session:
        assert count(session, Choice(code="connector-crashed", element_id="vraag")) == 2
        assert count(session, Choice(package_key="proef")) == 2
        assert open_incidents(session, Choice(element_id="verder")) == []
        assert len(open_incidents(session, Choice(), limit=1, skip=1)) == 1
        found = kinds(session)
    assert list(found.codes) == [("connector-crashed", 2)]
    assert list(found.elements) == [("vraag", "vraag", 2)]
    assert list(found.packages) == [("proef", 2)]


def test_a_timer_that_is_tried_again_by_itself_is_told_apart(office, mending, monkeypatch):
    from engine.execution.machine import Execution

    def fail(*_):
        raise RuntimeError

    office.practice.start("alleen")
    clock = office.practice.clock
    clock.advance_to(min(t.due_at for t in office.practice.timers()))
    with monkeypatch.context() as patched:
        patched.setattr(Execution, "fire_timer", fail)
        office.practice.sweep(backoff=Backoff()).run_once()
    with Session(office.practice.database) as session:
        (found,) = put_off(session)
        assert open_incidents(session, Choice()) == []
    assert (found.element_id, found.attempts) == ("week", 1)
    assert found.next_try_at > clock.now()


def test_corrected_variables_let_it_go_on_and_all_of_it_is_in_the_audit(office, switch, mending):
    (incident,) = stopped(office, heel=False)
    office.people.session.commit()
    done = mending.correct_and_retry(
        office.actor("adam"), incident.id, {"heel": True}, " Vergeten "
    )
    assert done.ended is Ended.WENT_ON
    assert len(office.practice.open_tasks("verder")) == 1
    with Session(office.practice.database) as session:
        (line,) = session.scalars(select(AuditEvent).where(AuditEvent.type == "corrected"))
    assert line.actor_id == office.people.users["adam"]
    assert line.data["reason"] == "Vergeten"
    assert line.data["variables"]["heel"]["before"] is False
    assert line.data["variables"]["heel"]["after"] is True
    assert_healthy(office.practice.database)


def test_a_correction_that_does_not_help_is_kept_and_told(office, switch, mending):
    (incident,) = stopped(office)
    done = mending.correct_and_retry(office.actor("adam"), incident.id, {"heel": 1}, "Poging")
    assert (done.ended, done.code) == (Ended.STOPPED_AGAIN, "connector-crashed")
    (again,) = still_open(office)
    seen = {one.name: one.value for one in mending.look(office.actor("adam"), again.id)}
    assert seen["heel"] == 1


def test_a_correction_needs_a_reason_and_leaves_the_products_own_variables_alone(
    office, switch, mending
):
    (incident,) = stopped(office)
    adam = office.actor("adam")
    with pytest.raises(ReasonMissing):
        mending.correct_and_retry(adam, incident.id, {"heel": True}, "  ")
    with pytest.raises(NotCorrectable):
        mending.correct_and_retry(adam, incident.id, {"gezinId": "x"}, "reden")
    assert [one.id for one in still_open(office)] == [incident.id]


def test_of_two_who_correct_at_once_one_is_told_that_it_is_solved(office, switch, mending):
    (incident,), barrier = stopped(office), Barrier(2)
    adam = office.actor("adam")
    office.people.session.commit()

    def correct(number: int):
        barrier.wait()
        try:
            values = {"heel": True, "wie": number}
            return mending.correct_and_retry(adam, incident.id, values, "reden").ended
        except IncidentGone:
            return Ended.GONE

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(correct, range(2))) == [Ended.GONE, Ended.WENT_ON]
    assert len(office.practice.open_tasks("verder")) == 1
    assert_healthy(office.practice.database)


def test_an_incident_of_a_family_is_logged_with_the_family(office, switch, mending):
    office.practice.start("koppeling", key=str(office.ref.trajectory_id))
    (incident,) = still_open(office)
    mending.look(office.actor("adam"), incident.id)
    from engine.access.log import lines_of_family

    with Session(office.practice.database) as session:
        latest = lines_of_family(session, office.ref.family_id)[0]
    assert (latest.action, latest.user_id) == ("incident.look", office.people.users["adam"])
