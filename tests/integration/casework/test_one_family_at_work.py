"""A family is referred, worked with and closed; contacts keep their rhythm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine.families.casework import ATTEMPTS
from engine.families.models import Contact, Document, Trajectory
from engine.families.trajectories import FormNotValid
from engine.runtime.errors import InstanceChanged
from engine.runtime.models import UserTask
from engine.runtime.sql import SqlStore
from tests.agreement import assert_healthy

WEEK = timedelta(days=7)


def trajectory(office) -> Trajectory:
    with Session(office.practice.database) as session:
        return session.get_one(Trajectory, office.ref.trajectory_id)


def contact_tasks(office) -> list[str]:
    tasks = [t for t in office.practice.rows(UserTask) if t.element_id == "contactmoment"]
    return sorted(t.status for t in tasks)


def test_a_referral_makes_a_family_and_its_first_task(office):
    assert office.practice.open_elements() == ["kennismaken"]
    (task,) = office.practice.rows(UserTask)
    assert task.business_key == str(office.ref.trajectory_id)
    assert_healthy(office.practice.database)


def test_a_contact_note_closes_the_contact_task_and_begins_the_rhythm_again_once(office):
    office.until_contact()
    office.practice.clock.advance_to(office.practice.clock.now() + timedelta(days=3))
    office.casework.note_contact(
        office.actor("wilma"), office.ref.trajectory_id, {"soort": "telefoon"}
    )
    assert contact_tasks(office) == ["cancelled", "open"]
    (timer,) = office.practice.timers()
    assert timer.due_at == office.practice.clock.now() + WEEK
    assert office.count(Contact) == 1
    assert_healthy(office.practice.database)


def test_the_contact_form_of_the_task_itself_closes_one_task_only(office):
    office.until_contact()
    office.complete("wilma", "contactmoment", {"soort": "telefoon"})
    assert contact_tasks(office) == ["completed", "open"]
    assert (office.count(Contact), len(office.practice.timers())) == (1, 1)
    assert_healthy(office.practice.database)


def test_the_form_of_a_reminder_is_a_contact_as_well(office):
    office.until_contact()
    office.practice.clock.advance_to(office.practice.clock.now() + WEEK)
    assert office.sweep() == 1
    assert office.practice.open_elements() == ["contactmoment", "herinner"]
    office.complete("wilma", "herinner", {"soort": "telefoon"})
    assert contact_tasks(office) == ["cancelled", "open"]
    assert office.practice.open_elements() == ["contactmoment"]
    assert_healthy(office.practice.database)


def test_the_end_of_the_main_process_closes_the_trajectory(office):
    office.until_contact()
    office.complete("wilma", "contactmoment", {"soort": "kantoor"})
    office.complete("wilma", "afronden", {"keuze": "ja"})
    assert trajectory(office).status == "closed"
    assert_healthy(office.practice.database)


def test_what_runs_beside_a_trajectory_does_not_close_it(office):
    key = str(office.ref.trajectory_id)
    office.practice.do(lambda r: r.publish("meldcode", key, {}))
    office.complete("wilma", "wegen", {})
    assert trajectory(office).status != "closed"
    assert office.practice.open_elements() == ["kennismaken"]


def test_answers_that_are_refused_change_nothing(office):
    with pytest.raises(FormNotValid):
        office.complete("wilma", "kennismaken", {"keuze": "misschien"})
    assert office.practice.open_elements() == ["kennismaken"]
    assert office.count(Document) == 1  # the referral


@pytest.mark.parametrize("lost", [1, ATTEMPTS - 1])
def test_a_command_that_lost_a_race_is_done_again(office, monkeypatch, lost):
    lose(monkeypatch, lost)
    office.until_contact()
    assert office.practice.open_elements() == ["contactmoment"]
    assert office.count(Document) == 2
    assert_healthy(office.practice.database)


def test_a_command_that_keeps_losing_is_told_so(office, monkeypatch):
    lose(monkeypatch, ATTEMPTS)
    with pytest.raises(InstanceChanged):
        office.until_contact()
    assert office.count(Document) == 1


def lose(monkeypatch, times: int) -> None:
    """Let the next so many writes find that somebody else was there before."""
    original, left = SqlStore.save, [times]

    def save(store, instance, waits):
        original(store, instance, waits)
        if left[0]:
            left[0] -= 1
            raise InstanceChanged("Iemand anders was eerder.")

    monkeypatch.setattr(SqlStore, "save", save)
