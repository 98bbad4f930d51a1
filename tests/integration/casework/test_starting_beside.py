"""What is started beside a trajectory: by whom, once, with the form kept, and never closing it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.models import AccessLogEntry
from engine.definitions.published import publication
from engine.families.beside import starting as beside
from engine.families.composition import workbench
from engine.families.errors import SubmissionReused
from engine.families.models import Document, Trajectory
from engine.families.tasks.lists import my_tasks, team_tasks
from engine.families.trajectories import FormNotValid
from engine.runtime.models import ProcessInstance
from engine.store.unit_of_work import in_transaction
from tests.safety_package import KEY, START, safety

SEEN = {"ernst": "anders", "verhaal": "Blauwe plek op de arm."}


def start(office, name: str, answers: dict[str, Any] | None = None, **more: Any) -> None:
    given = SEEN if answers is None else answers
    office.casework.start_beside(
        office.actor(name), office.ref.trajectory_id, KEY, START, given, **more
    )


def beside_rows(office) -> list[ProcessInstance]:
    return [one for one in office.practice.rows(ProcessInstance) if one.package_key == KEY]


def variables_of(office, instance_id: UUID) -> dict[str, Any]:
    with Session(office.practice.database) as session:
        return dict(office.practice.runtime(session).store.get(instance_id).execution.variables)


def offered(office, name: str) -> list[str]:
    return [one.start.key for one in beside.offers(office.people.session, office.actor(name))]


def test_it_knows_whose_it_is_and_what_the_form_said(office):
    office.practice.publish_other(safety())
    start(office, "wilma")
    (instance,) = beside_rows(office)
    with Session(office.practice.database) as session:
        trajectory = session.get_one(Trajectory, office.ref.trajectory_id)
    assert instance.business_key == str(office.ref.trajectory_id)
    assert variables_of(office, instance.id) == {
        "trajectId": str(trajectory.id),
        "gezinId": str(trajectory.family_id),
        "kanaal": "aanmelding",
        "aangemeldOp": trajectory.started_at,
        "ernst": "anders",
    }


def test_the_form_is_kept_in_the_family_file_and_its_story_stays_out_of_the_process(office):
    office.practice.publish_other(safety())
    start(office, "wilma")
    document = next(one for one in office.practice.rows(Document) if one.form_id == START)
    assert document.answers["verhaal"] == SEEN["verhaal"]
    assert document.by_user_id == office.people.users["wilma"]
    (instance,) = beside_rows(office)
    assert "verhaal" not in variables_of(office, instance.id)


def test_one_start_leaves_one_line_in_the_access_log(office):
    office.practice.publish_other(safety())
    before = len(office.log())
    start(office, "wilma")
    assert office.log()[before:] == [("trajectory.beside", "allowed")]
    line = max(office.practice.rows(AccessLogEntry), key=lambda entry: entry.id)
    assert (line.object_type, line.object_id) == ("start", f"{KEY}/{START}")
    assert line.trajectory_id == office.ref.trajectory_id


def test_its_end_does_not_end_the_trajectory(office):
    office.practice.publish_other(safety())
    start(office, "wilma")
    office.complete("wilma", "wegen", {"keuze": "ja"})
    assert [one.status for one in beside_rows(office)] == ["completed"]
    (trajectory,) = office.practice.rows(Trajectory)
    assert trajectory.status != "closed"
    assert office.practice.open_elements() == ["kennismaken"]


def test_it_goes_on_when_the_trajectory_closes_and_its_task_finds_somebody(office):
    office.practice.publish_other(safety())
    start(office, "wilma")
    close(office)
    wouter = office.actor("wouter")
    listed = team_tasks(office.people.session, wouter, office.people.now)
    assert [item.name for item in listed.items] == ["wegen"]
    office.complete("wouter", "wegen", {"keuze": "ja"})
    assert [one.status for one in beside_rows(office)] == ["completed"]


def test_it_can_be_started_after_the_trajectory_closed_by_who_worked_there(office):
    office.practice.publish_other(safety())
    close(office)
    start(office, "wilma")
    assert [one.status for one in beside_rows(office)] == ["active"]
    (trajectory,) = office.practice.rows(Trajectory)
    assert trajectory.status == "closed"


def close(office) -> None:
    """End the main process, as when everything was done."""
    main = next(one for one in office.practice.rows(ProcessInstance) if one.is_main)
    in_transaction(
        office.practice.database,
        lambda session: workbench(session, office.practice.clock).runtime.cancel(main.id),
    )
    (trajectory,) = office.practice.rows(Trajectory)
    assert trajectory.status == "closed"


@pytest.mark.parametrize("name", ["wilma", "wouter", "paula"])
def test_every_worker_and_leader_where_it_runs_may_start_it(office, name):
    office.practice.publish_other(safety())
    start(office, name)
    assert len(beside_rows(office)) == 1


@pytest.mark.parametrize("name", ["hanna", "harm", "verena", "olga", "adam", "niels", "cora"])
def test_who_has_another_organisation_or_role_is_refused_and_logged(office, name):
    office.practice.publish_other(safety())
    before = len(office.log())
    with pytest.raises(AccessDenied):
        start(office, name)
    assert office.log()[before:] == [("trajectory.beside", "refused")]
    assert beside_rows(office) == []
    assert office.count(Document) == 1


def test_a_colleague_reads_nothing_of_the_family_by_starting(office):
    office.practice.publish_other(safety())
    start(office, "wouter")
    wouter = office.actor("wouter")
    assert my_tasks(office.people.session, wouter, office.people.now).total == 0
    with pytest.raises(AccessDenied):
        office.casework.note_contact(wouter, office.ref.trajectory_id, {"soort": "telefoon"})


def test_the_same_submission_starts_once(office):
    office.practice.publish_other(safety())
    sent, wilma, of = uuid4(), office.actor("wilma"), office.ref.trajectory_id

    def send(_: int) -> None:
        office.casework.start_beside(wilma, of, KEY, START, SEEN, submission_id=sent)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, range(4)))
    assert len(beside_rows(office)) == 1
    assert [one.form_id for one in office.practice.rows(Document)].count(START) == 1


def test_a_start_without_a_form_happens_once_as_well(office):
    office.practice.publish_other(safety(form_id=None))
    sent = uuid4()
    start(office, "wilma", {}, submission_id=sent)
    start(office, "wilma", {}, submission_id=sent)
    assert len(beside_rows(office)) == 1


def test_a_submission_of_somebody_else_is_told(office):
    office.practice.publish_other(safety())
    sent = uuid4()
    start(office, "wilma", submission_id=sent)
    with pytest.raises(SubmissionReused):
        start(office, "wouter", submission_id=sent)


def test_refused_answers_start_nothing(office):
    office.practice.publish_other(safety())
    with pytest.raises(FormNotValid):
        start(office, "wilma", {"verhaal": "Zonder ernst."})
    assert beside_rows(office) == []


def test_what_is_not_published_is_not_offered_and_refused(office):
    assert offered(office, "wilma") == []
    with pytest.raises(AccessDenied):
        start(office, "wilma")


@pytest.mark.parametrize(("package", "key"), [(KEY, "anders\0"), ("zorg\0", START), ("x", "y")])
def test_a_start_that_there_is_not_is_refused_and_logged(office, package, key):
    office.practice.publish_other(safety())
    before = len(office.log())
    with pytest.raises(AccessDenied):
        office.casework.start_beside(
            office.actor("wilma"), office.ref.trajectory_id, package, key, {}
        )
    assert office.log()[before:] == [("trajectory.beside", "refused")]


def test_of_two_versions_the_newest_is_started_and_what_runs_stays_on_its_own(office):
    first = office.practice.publish_other(safety())
    start(office, "wilma")
    second = office.practice.publish_other(safety(remark="anders"))
    start(office, "wilma")
    assert sorted(one.package_version for one in beside_rows(office)) == sorted([first, second])
    assert offered(office, "wilma") == [START]


def test_a_retired_package_is_not_offered_and_what_runs_goes_on(office):
    version = office.practice.publish_other(safety())
    start(office, "wilma")
    with Session(office.practice.database) as session:
        publication.retire(session, version, at=office.people.now)
        session.commit()
    office.people.session.rollback()
    assert offered(office, "wilma") == []
    with pytest.raises(AccessDenied):
        start(office, "wilma")
    office.complete("wilma", "wegen", {"keuze": "ja"})
    assert [one.status for one in beside_rows(office)] == ["completed"]


def test_a_message_that_starts_a_process_beside_brings_the_identity_along(office):
    office.practice.publish_other(safety())
    key = str(office.ref.trajectory_id)
    office.casework.signal(
        office.actor("wilma"), office.ref.trajectory_id, START, {"trajectId": "verzonnen"}
    )
    (instance,) = beside_rows(office)
    assert instance.business_key == key
    assert not instance.is_main
    known = variables_of(office, instance.id)
    assert (known["trajectId"], known["gezinId"]) == (key, str(office.ref.family_id))


def test_a_message_with_another_key_brings_no_identity(office):
    office.practice.publish_other(safety())

    def publish(session: Session) -> None:
        bench = workbench(session, office.practice.clock)
        bench.runtime.publish(START, "een-eigen-sleutel", {"soort": "x"})
        bench.runtime.publish(START, str(uuid4()), {"soort": "x"})

    in_transaction(office.practice.database, publish)
    assert [variables_of(office, one.id) for one in beside_rows(office)] == [{"soort": "x"}] * 2


def test_offers_follow_the_roles(office):
    office.practice.publish_other(safety())
    assert {name: offered(office, name) for name in ("wilma", "paula", "cora", "olga")} == {
        "wilma": [START], "paula": [START], "cora": [], "olga": [],
    }  # fmt: skip


def test_in_the_log_the_ground_of_a_colleague_can_be_told_from_that_of_who_is_involved(office):
    office.practice.publish_other(safety())
    start(office, "wouter")
    start(office, "wilma")
    with Session(office.practice.database) as session:
        grounds = session.scalars(
            select(AccessLogEntry.basis)
            .where(AccessLogEntry.action == "trajectory.beside")
            .order_by(AccessLogEntry.id)
        ).all()
    assert grounds == ["colleague", "involved:vertrouwenspersoon"]
