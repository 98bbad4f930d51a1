"""What is sent twice, one after the other or at once, has one effect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from engine.families.errors import SubmissionReused
from engine.families.models import Contact, Document, Family
from engine.runtime.errors import TaskNotOpen
from engine.runtime.models import ProcessInstance
from tests.agreement import assert_healthy


def at_once(*commands):
    """Run commands in threads that start together; what each gave or raised."""
    barrier = Barrier(len(commands))

    def run(command):
        barrier.wait()
        try:
            return command()
        except Exception as error:  # noqa: BLE001 - the outcome is what is tested
            return error

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def refer(office, submission_id, name="paula"):
    return office.casework.refer(
        office.actor(name), "proef", "aanmelding", {"naam": "Familie B"},
        submission_id=submission_id,
    )  # fmt: skip


def test_a_referral_sent_twice_is_one_family(office):
    sent = uuid4()
    assert refer(office, sent) == refer(office, sent)
    assert office.count(Family) == office.count(ProcessInstance) == 2


def test_a_referral_sent_twice_at_once_is_one_family(office):
    actor, sent = office.actor("paula"), uuid4()

    def send():
        return office.casework.refer(
            actor, "proef", "aanmelding", {"naam": "Familie B"}, submission_id=sent
        )

    one, two = at_once(send, send)
    assert one == two
    assert office.count(Family) == office.count(ProcessInstance) == 2
    assert_healthy(office.practice.database)


@pytest.mark.parametrize("together", [False, True])
def test_a_form_sent_twice_completes_its_task_once(office, together):
    (task_id,), actor, sent = office.practice.open_tasks(), office.actor("wilma"), uuid4()

    def send():
        office.casework.complete_task(actor, task_id, {"keuze": "ja"}, submission_id=sent)

    outcomes = at_once(send, send, send) if together else [send(), send()]
    assert set(outcomes) == {None}
    assert office.practice.open_elements() == ["contactmoment"]
    assert office.count(Document) == 2
    assert_healthy(office.practice.database)


@pytest.mark.parametrize("together", [False, True])
def test_a_note_sent_twice_is_one_contact_and_one_step_of_the_rhythm(office, together):
    office.until_contact()
    (before,) = office.practice.open_tasks()
    actor, sent = office.actor("wilma"), uuid4()

    def send():
        office.casework.note_contact(
            actor, office.ref.trajectory_id, {"soort": "telefoon"}, submission_id=sent
        )

    outcomes = at_once(send, send, send) if together else [send(), send()]
    assert set(outcomes) == {None}
    (after,) = office.practice.open_tasks()
    assert after != before
    assert office.count(Contact) == 1
    assert_healthy(office.practice.database)


def test_two_notes_at_once_are_two_contacts_and_one_open_task(office):
    office.until_contact()
    wilma, paula = office.actor("wilma"), office.actor("paula")

    def note(actor):
        return lambda: office.casework.note_contact(
            actor, office.ref.trajectory_id, {"soort": "telefoon"}
        )

    assert at_once(note(wilma), note(paula)) == [None, None]
    assert office.count(Contact) == 2
    assert office.practice.open_elements() == ["contactmoment"]
    assert_healthy(office.practice.database)


def test_a_task_without_a_form_sent_twice_is_completed_once(office):
    key = str(office.ref.trajectory_id)
    office.practice.start("meldcode-los", key=key)
    (task_id,) = office.practice.open_tasks("wegen")
    sent = uuid4()
    for _ in range(2):
        office.casework.complete_task(office.actor("wilma"), task_id, {}, submission_id=sent)
    with pytest.raises(TaskNotOpen):
        office.casework.complete_task(office.actor("wilma"), task_id, {}, submission_id=uuid4())


def test_a_repeat_arrives_even_when_the_first_ended_the_senders_part(office):
    sent, actor = uuid4(), office.actor("wilma")
    task_id = office.complete("wilma", "kennismaken", {"keuze": "ja"}, submission_id=sent)
    office.people.file().involve(
        office.ref.trajectory_id, "vertrouwenspersoon", office.people.users["wouter"],
        beside=False, at=office.people.now,
    )  # fmt: skip
    office.people.session.commit()
    office.casework.complete_task(actor, task_id, {"keuze": "ja"}, submission_id=sent)
    assert office.count(Document) == 2


def test_an_id_that_was_used_for_something_else_is_told(office):
    sent = uuid4()
    office.complete("wilma", "kennismaken", {"keuze": "ja"}, submission_id=sent)
    with pytest.raises(SubmissionReused):
        office.complete("wilma", "contactmoment", {"soort": "kantoor"}, submission_id=sent)
    with pytest.raises(SubmissionReused):
        office.casework.note_contact(
            office.actor("wilma"), office.ref.trajectory_id, {"soort": "kantoor"},
            submission_id=sent,
        )  # fmt: skip
    with pytest.raises(SubmissionReused):
        refer(office, sent)
    assert office.practice.open_elements() == ["contactmoment"]


def test_a_message_sent_twice_into_a_trajectory_arrives_once(office):
    key, sent = str(office.ref.trajectory_id), uuid4()
    office.practice.start("wachter", key=key, sleutel=key)
    office.practice.start("wachter", key=key, sleutel=key)
    for _ in range(2):
        office.casework.signal(
            office.actor("wilma"), office.ref.trajectory_id, "antwoord", {}, submission_id=sent
        )
    assert len(office.practice.open_tasks("verder")) == 1


def test_two_who_complete_at_once_are_told_who_was_first_and_keep_one_document(office):
    (task_id,) = office.practice.open_tasks()
    actors = [office.actor("wilma"), office.actor("paula")]

    def complete(actor):
        return lambda: office.casework.complete_task(actor, task_id, {"keuze": "ja"})

    outcomes = at_once(*(complete(actor) for actor in actors))
    (late,) = [o for o in outcomes if o is not None]
    winner = actors[outcomes.index(None)]
    assert isinstance(late, TaskNotOpen)
    assert (late.where["by"], late.where["at"]) == (winner.user_id, office.practice.clock.now())
    with Session(office.practice.database):
        assert office.count(Document) == 2
    assert office.practice.open_elements() == ["contactmoment"]
    assert_healthy(office.practice.database)
