"""A call activity's child: its end, its errors and escalations reach who called it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.models import AuditEvent, Incident, ProcessInstance
from tests.agreement import assert_healthy


def statuses(practice) -> dict[str, str]:
    with Session(practice.database) as session:
        rows = session.execute(select(ProcessInstance.process_id, ProcessInstance.status))
        return {row.process_id: row.status for row in rows}


def open_incidents(practice) -> list[str]:
    return [i.code for i in practice.rows(Incident) if i.resolved_at is None]


def test_the_end_of_a_child_lets_its_parent_go_on(practice):
    practice.start("ouder")
    practice.complete("beslis")
    assert statuses(practice) == {"ouder": "completed", "kind": "completed"}
    assert_healthy(practice.database)


def test_an_error_of_a_child_is_caught_at_the_call(practice):
    practice.start("ouder")
    practice.complete("beslis", uit="fout")
    assert practice.open_elements() == ["gevangen"]
    assert statuses(practice)["kind"] == "cancelled"
    assert_healthy(practice.database)


def test_an_escalation_starts_help_beside_the_child_that_goes_on(practice):
    practice.start("ouder")
    practice.complete("beslis", uit="hulp")
    assert practice.open_elements() == ["geholpen"]
    assert statuses(practice) == {"ouder": "active", "kind": "completed"}
    assert_healthy(practice.database)


def test_an_error_climbs_to_the_grandparent(practice):
    practice.start("grootouder")
    practice.complete("beslis", uit="fout")
    assert practice.open_elements() == ["gevangen"]
    assert statuses(practice) == {
        "grootouder": "active", "tussen": "cancelled", "kind": "cancelled",
    }  # fmt: skip
    assert_healthy(practice.database)


def test_an_error_that_nobody_catches_is_one_incident_where_it_was_thrown(practice):
    practice.start("onopgevangen")
    practice.complete("beslis", uit="fout")
    (incident,) = practice.rows(Incident)
    assert (incident.code, incident.process_id) == ("uncaught-error", "kind")
    assert set(statuses(practice).values()) == {"active"}
    assert_healthy(practice.database)


def test_a_signal_of_a_child_ends_it_before_its_next_step(practice):
    practice.start("gestopt-door-kind")
    assert practice.open_elements() == ["gevangen"]
    assert statuses(practice)["stopper"] == "cancelled"
    entered = {e.element_id for e in practice.rows(AuditEvent) if e.type == "activated"}
    assert "stop" in entered
    assert "te-laat" not in entered
    assert_healthy(practice.database)


def test_two_errors_at_once_are_caught_once(practice):
    practice.start("ouder-van-tweeling")
    practice.complete("beslis")
    assert practice.open_elements() == ["gevangen"]
    assert open_incidents(practice) == []
    assert_healthy(practice.database)


def test_a_deadline_at_the_parent_takes_the_child_and_its_tasks_away(practice):
    practice.start("bewaakt")
    practice.clock.advance_to(practice.clock.now() + timedelta(days=7))
    assert practice.sweep().run_once() >= 1
    assert "te-laat" in practice.open_elements()
    assert statuses(practice) == {"bewaakt": "active", "alleen": "cancelled"}
    assert_healthy(practice.database)


def test_a_child_that_is_ended_by_hand_is_an_incident_of_its_parent_and_can_be_begun_again(
    practice,
):
    parent_id = practice.start("ouder")
    (child,) = [row for row in practice.rows(ProcessInstance) if row.process_id == "kind"]
    practice.do(lambda r: r.cancel(child.id))
    (incident,) = practice.rows(Incident)
    assert (incident.code, incident.element_id) == ("child-ended", "roept")
    practice.do(lambda r: r.retry(parent_id, incident.token_id))
    practice.complete("beslis")
    assert statuses(practice)["ouder"] == "completed"
    assert open_incidents(practice) == []
    assert_healthy(practice.database)


@pytest.mark.parametrize("process_id", ["ouder", "grootouder", "bewaakt"])
def test_cancelling_a_parent_cancels_all_below(practice, process_id):
    parent_id = practice.start(process_id)
    practice.do(lambda r: r.cancel(parent_id))
    assert set(statuses(practice).values()) == {"cancelled"}
    assert practice.open_tasks() == []
    assert_healthy(practice.database)
