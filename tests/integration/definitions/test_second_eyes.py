"""A second pair of eyes: what is approved is what is published, and never one's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.access.people import add_organisation, add_user
from engine.access.register import want_second_eyes
from engine.definitions.drafts import approvals, drafts
from engine.definitions.drafts.approvals import State
from engine.definitions.drafts.models import PackageDraft
from engine.definitions.errors import PackageNotSound
from engine.definitions.published import owners, publication, version_use
from engine.definitions.published.care_models import PublicationRequest
from tests.integration.definitions.test_publication import a_package
from tests.two_packages import call, caller, meeting

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class People:
    """Two process owners of an organisation that wants a second pair of eyes, one of another."""

    def __init__(self, session: Session) -> None:
        careful = add_organisation(session, name="De Brug", kind="uitvoerder", at=AT)
        other = add_organisation(session, name="Elders", kind="uitvoerder", at=AT)
        want_second_eyes(session, careful.name, True, at=AT)
        self.pieter, self.esther, self.olga = (
            add_user(session, email=f"{name}@x.nl", name=name, organisation_id=place.id, at=AT).id
            for name, place in (("pieter", careful), ("esther", careful), ("olga", other))
        )


@pytest.fixture
def people(db_session: Session) -> People:
    return People(db_session)


def a_draft(session: Session, by: UUID) -> PackageDraft:
    version = publication.publish(session, a_package(), at=AT).version
    draft = drafts.draft_of(session, version, at=AT, by=by)
    drafts.save(session, draft.id, "README.md", b"anders", seen=1, at=AT, by=by)
    return draft


def ask(session: Session, draft: PackageDraft, by: UUID) -> PublicationRequest:
    return approvals.ask(session, draft.id, reason="Beter zo", at=AT, by=by)


def decide(session: Session, request: PublicationRequest, by: UUID, approved: bool = True) -> None:
    approvals.decide(session, request.id, approved=approved, remark="", at=AT, by=by)


def test_what_a_colleague_approved_is_published_with_the_reason_that_was_asked(
    db_session: Session, people: People
):
    draft = a_draft(db_session, people.pieter)
    with pytest.raises(approvals.NotApproved):
        approvals.publish(db_session, draft.id, reason="zo maar", at=AT, by=people.pieter)

    request = ask(db_session, draft, people.pieter)
    assert approvals.standing(db_session, draft.id).state is State.ASKED
    with pytest.raises(approvals.NotApproved):
        approvals.publish(db_session, draft.id, reason="x", at=AT, by=people.pieter)
    decide(db_session, request, people.esther)

    made = approvals.publish(db_session, draft.id, reason="x", at=AT, by=people.pieter)
    assert made.reason == "Beter zo"
    found = approvals.approver_of(db_session, made.version)
    assert found is not None
    assert found.decided_by == people.esther


def test_nobody_approves_their_own_not_even_past_the_code(db_session: Session, people: People):
    draft = a_draft(db_session, people.pieter)
    request = ask(db_session, draft, people.pieter)
    with pytest.raises(approvals.OwnRequest):
        decide(db_session, request, people.pieter)
    request.decided_at, request.decided_by = AT, people.pieter
    request.decision = "approved"
    with pytest.raises(IntegrityError):
        db_session.flush()


def test_an_approval_is_void_once_the_draft_or_what_is_in_use_changes(
    db_session: Session, people: People
):
    draft = a_draft(db_session, people.pieter)
    decide(db_session, ask(db_session, draft, people.pieter), people.esther)
    again = drafts.save(
        db_session, draft.id, "README.md", b"toch anders", seen=2, at=AT, by=people.esther
    )
    assert approvals.standing(db_session, draft.id).state is State.VOID
    with pytest.raises(approvals.NotApproved):
        approvals.publish(db_session, draft.id, reason="x", at=AT, by=people.pieter)

    drafts.save(db_session, draft.id, "README.md", b"anders", seen=again, at=AT, by=people.pieter)
    assert approvals.standing(db_session, draft.id).state is State.APPROVED
    publication.publish(db_session, a_package(remark="iemand was eerder"), at=AT)
    assert approvals.standing(db_session, draft.id).state is State.VOID


def test_a_question_is_answered_once_and_asking_anew_withdraws_it(
    db_session: Session, people: People
):
    draft = a_draft(db_session, people.pieter)
    first = ask(db_session, draft, people.pieter)
    second = approvals.ask(
        db_session, draft.id, reason="Duidelijker", at=AT + timedelta(hours=1), by=people.pieter
    )
    with pytest.raises(approvals.RequestVoid):
        decide(db_session, first, people.esther)
    decide(db_session, second, people.esther, approved=False)
    assert approvals.standing(db_session, draft.id).state is State.RETURNED
    with pytest.raises(approvals.RequestVoid):
        decide(db_session, second, people.olga)


def test_where_it_is_wanted_follows_from_who_publishes_and_from_the_owner(
    db_session: Session, people: People
):
    assert approvals.wanted(db_session, "proef", people.pieter)
    assert not approvals.wanted(db_session, "proef", people.olga)
    owners.name_owner(db_session, "proef", people.esther, at=AT, by=None)
    assert approvals.wanted(db_session, "proef", people.olga)
    owners.name_owner(db_session, "proef", people.olga, at=AT, by=None)
    assert owners.owners(db_session) == {"proef": people.olga}
    assert not approvals.wanted(db_session, "proef", people.olga)


def test_what_is_not_sound_is_not_laid_before_a_colleague(db_session: Session, people: People):
    draft = a_draft(db_session, people.pieter)
    drafts.save(db_session, draft.id, "p.bpmn", b"<stuk", seen=1, at=AT, by=people.pieter)
    with pytest.raises(PackageNotSound):
        ask(db_session, draft, people.pieter)


def test_a_version_goes_out_of_use_and_back_and_who_did_so_is_kept(
    db_session: Session, people: People
):
    first = publication.publish(db_session, a_package(), at=AT)
    second = publication.publish(db_session, a_package(remark="2"), at=AT)
    assert version_use.next_after(db_session, second.version) is first

    version_use.retire(db_session, second.version, reason="Te vroeg", at=AT, by=people.pieter)
    assert publication.latest(db_session, "proef") is first
    version_use.take_into_use(db_session, second.version, reason="Nu wel", at=AT, by=people.esther)
    assert publication.latest(db_session, "proef") is second
    assert [(one.in_use, one.by) for one in version_use.uses(db_session, second.version)] == [
        (True, people.esther),
        (False, people.pieter),
    ]


def test_a_version_that_another_package_needs_stays_in_use(db_session: Session, people: People):
    shared = meeting()
    publication.publish_all(db_session, [shared, caller(call("Zorgoverleg"), ids="roep")], at=AT)
    assert [one.key for one in version_use.callers(db_session, shared.key)] == ["methode"]
    with db_session.begin_nested(), pytest.raises(version_use.StillCalled, match="methode"):
        version_use.retire(db_session, shared.version, reason="Oud", at=AT, by=people.pieter)
