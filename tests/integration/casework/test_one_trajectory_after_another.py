"""One method leads into another: one family, two trajectories, and who may read the first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.models import AccessLogEntry
from engine.definitions.published import publication
from engine.families.casework import Casework
from engine.families.errors import AlreadyRunning
from engine.families.file.agreements import complete_agreement
from engine.families.file.chronology import chronology
from engine.families.file.involvements import involved
from engine.families.models import Agreement, Consent, Family, Trajectory
from engine.families.services import family_overview
from engine.runtime.commands import Runtime
from engine.runtime.models import Incident, ProcessInstance, UserTask
from engine.store.unit_of_work import in_transaction
from tests.leading_office import Office, leading_office
from tests.leading_on import leading
from tests.region import form, region


@pytest.fixture
def office(engine_db: Engine) -> Iterator[Office]:
    with leading_office(engine_db) as made:
        yield made


def test_the_next_trajectory_is_of_the_same_family_and_begins_with_its_own_process(office):
    office.done("praten")
    [first] = office.rows(Trajectory, package_key="kort")
    after = office.next()
    assert (after.family_id, after.previous_id) == (first.family_id, first.id)
    assert (after.organisation_id, after.channel) == (first.organisation_id, "start")
    assert len(office.rows(Family)) == 1
    [instance] = office.rows(ProcessInstance, business_key=str(after.id))
    assert (instance.process_id, instance.package_version) == ("Volledig", after.package_version)
    [task] = office.rows(UserTask, status="open")
    assert task.business_key == str(after.id)
    assert first.status == "closed"


def test_who_is_to_stay_stays_and_passing_twice_begins_it_once(office):
    office.done("praten")
    people = involved(office.people.session, office.next().id, at=office.people.now)
    assert [(one.name, one.role) for one in people] == [("Wilma", "voorzitter")]


def test_a_method_out_of_use_is_an_incident_that_goes_on_once_it_is_published(engine_db):
    with Session(engine_db, expire_on_commit=False) as session:
        people = region(session)
        publication.publish_all(session, [leading(catches=False)], at=people.now)
        session.commit()
        office = Office(engine_db, people, Casework(engine_db, people.clock), uuid4())
        office.casework.refer(people.actor("paula"), "kort", "aanmelding", {"gezegd": "nieuw"})
        office.done("praten")
        [incident] = office.rows(Incident)
        assert "pakket 'volledig'" in incident.message
        assert office.rows(Trajectory, package_key="volledig") == []


def test_whoever_works_on_reads_what_was_agreed_before_and_no_more(office):
    office.done("praten")
    assert office.relation("wilma") == "follows"
    with Session(office.database) as session:
        read = chronology(
            session, office.people.actor("wilma"), office.first, now=office.people.now
        )
        assert "document" in {entry.kind for entry in read}
        session.commit()
    [line] = [x for x in office.rows(AccessLogEntry) if x.basis == "follows"]
    assert (line.action, line.trajectory_id) == ("family.read", office.first)
    with pytest.raises(AccessDenied):
        office.casework.signal(office.people.actor("wilma"), office.first, "terugvalsignaal", {})


def test_nobody_else_reads_it_by_the_new_trajectory(office):
    office.done("praten")
    assert [office.relation(name) for name in ("wouter", "hanna", "harm", "olga")] == [None] * 4
    assert office.relation("paula") == "leads"


def test_when_the_new_trajectory_closes_nobody_reads_on(office):
    office.done("praten")
    office.done("begeleiden")
    assert office.next().status == "closed"
    assert office.relation("wilma") is None


def test_a_family_that_says_no_is_not_read_until_it_says_yes(office):
    office.done("praten")
    office.says("nee")
    assert office.relation("wilma") is None
    assert office.relation("paula") == "leads"
    office.says("ja")
    assert office.relation("wilma") == "follows"


def test_the_overview_names_only_trajectories_that_the_reader_may_read(office):
    office.done("praten")
    office.says("nee")
    with Session(office.database) as session:
        wilma = office.people.actor("wilma")
        seen = family_overview(session, wilma, office.next().id, now=office.people.now)
    assert [one.package_key for one in seen.trajectories] == ["volledig"]


def test_a_family_that_returns_stays_one_family_with_the_referral_in_the_new_file(office):
    office.done("praten")
    office.done("begeleiden")
    again = office.again()
    trajectories = office.rows(Trajectory)
    assert len({one.family_id for one in trajectories}) == 1
    assert {one.id: one.previous_id for one in trajectories}[again] == office.first
    assert ("trajectory.follow-up", "allowed") in [
        (one.action, one.outcome) for one in office.rows(AccessLogEntry)
    ]


@pytest.mark.parametrize("name", ["wouter", "hanna", "harm", "niels"])
def test_only_who_may_does_it_and_a_refusal_is_logged(office, name):
    with pytest.raises(AccessDenied):
        office.again(name)
    assert office.rows(Trajectory, package_key="volledig") == []
    assert max(office.rows(AccessLogEntry), key=lambda entry: entry.id).outcome == "refused"


def test_a_coordinator_of_the_chain_has_no_way_in_that_is_not_theirs(office):
    with pytest.raises(AccessDenied):
        office.again("cora")


def test_a_second_one_of_the_method_that_runs_is_refused_in_words(office):
    office.again()
    with pytest.raises(AlreadyRunning) as refused:
        office.again()
    assert "loopt" in refused.value.message


def test_the_same_submission_twice_begins_it_once(office):
    submission_id = uuid4()
    assert office.again(submission_id=submission_id) == office.again(submission_id=submission_id)


def test_two_people_at_once_begin_it_once(office):
    def begin(_: int) -> UUID | None:
        try:
            return office.again()
        except AlreadyRunning:
            return None

    actor = office.people.actor("paula")  # the session of the test is not for threads
    office.people.actor = lambda name: actor  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(begin, range(2)))
    assert begun.count(None) == 1
    assert len(office.rows(Trajectory, package_key="volledig")) == 1


def test_a_trajectory_never_follows_on_one_of_another_family(office):
    other = office.people.open("Familie B")
    office.people.session.commit()

    def work(session: Session) -> None:
        session.get_one(Trajectory, other.trajectory_id).previous_id = office.first

    with pytest.raises(Exception, match="fk_trajectories_previous_id"):
        in_transaction(office.database, work)


def test_who_helps_now_withdraws_a_consent_that_was_given_before_and_what_runs_is_told(
    office, monkeypatch
):
    given = {"toestemming.gever": "moeder", "toestemming.doel": "toeleiding"}
    answer = form({**given, "toestemming.besluit": "ja"})
    office.people.file().record(office.first, answer, office.people.now)
    office.people.session.commit()
    office.done("praten")
    [consent] = office.rows(Consent)
    told: list[str | None] = []
    published = Runtime.publish
    monkeypatch.setattr(
        Runtime,
        "publish",
        lambda self, name, key, *rest, **more: (
            told.append(key) or published(self, name, key, *rest, **more)
        ),
    )
    office.casework.withdraw_consent(office.people.actor("wilma"), consent.id)
    [withdrawn] = office.rows(Consent)
    assert withdrawn.withdrawn_at is not None
    assert str(office.next().id) in told
    assert str(office.first) not in told  # closed: nothing there could hear it
    line = [x for x in office.rows(AccessLogEntry) if x.action == "consent.withdraw"][-1]
    assert (line.outcome, line.trajectory_id) == ("allowed", office.next().id)
    with pytest.raises(AccessDenied):
        office.casework.withdraw_consent(office.people.actor("wouter"), consent.id)


def test_a_promise_that_is_still_open_goes_on_in_the_next_trajectory(office):
    promised = form({"afspraken": [{"wat": "School bellen", "wie": "Wilma"}]})
    office.people.file().record(office.first, promised, office.people.now)
    office.people.session.commit()
    office.done("praten")
    wilma, after = office.people.actor("wilma"), office.next().id
    assert office.people.file().open_agreements(after) == 1
    with Session(office.database) as session:
        seen = family_overview(session, wilma, after, now=office.people.now)
        [agreement] = seen.agreements
        with pytest.raises(AccessDenied):
            complete_agreement(
                session, office.people.actor("wouter"), agreement.id, now=office.people.now
            )
        complete_agreement(session, wilma, agreement.id, now=office.people.now)
        session.commit()
    office.people.session.expire_all()
    assert office.people.file().open_agreements(after) == 0
    assert office.rows(Agreement)[0].completed_by == office.people.users["wilma"]


def test_a_promise_stays_closed_to_who_may_not_read_it(office):
    promised = form({"afspraken": [{"wat": "School bellen", "wie": "Wilma"}]})
    office.people.file().record(office.first, promised, office.people.now)
    office.people.session.commit()
    office.done("praten")
    office.says("nee")
    wilma = office.people.actor("wilma")
    with Session(office.database) as session:
        seen = family_overview(session, wilma, office.next().id, now=office.people.now)
        assert list(seen.agreements) == []
        [agreement] = office.rows(Agreement)
        with pytest.raises(AccessDenied):
            complete_agreement(session, wilma, agreement.id, now=office.people.now)
