"""Who may approve is mailed that a colleague asks, and who asked that it was answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.access.people import add_organisation, add_user
from engine.clock import VirtualClock
from engine.definitions.drafts import approvals, drafts
from engine.definitions.published import publication
from engine.definitions.published.care_models import PublicationRequest
from engine.families import approval_notices
from engine.families.approval_notices import GIVEN_UP, TELL, ApprovalDesk
from engine.families.notices import Notice
from engine.runtime.outward import OutwardUnreachable
from tests.integration.definitions.test_publication import a_package

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Mailed:
    """What was mailed; the next mail fails when told to."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.fails = False

    def __call__(self, notice: Notice, key: str) -> None:
        if self.fails:
            raise OutwardUnreachable("weg", "later")
        self.notices.append((notice.address, notice.subject))


class Asked:
    """A question of Pieter's that Esther may answer."""

    def __init__(self, session: Session) -> None:
        place = add_organisation(session, name="De Overkant", kind="uitvoerder", at=AT)
        self.pieter, self.esther = (
            add_user(session, email=f"{name}@x.nl", name=name, organisation_id=place.id, at=AT).id
            for name in ("pieter", "esther")
        )
        version = publication.publish(session, a_package(), at=AT).version
        draft = drafts.draft_of(session, version, at=AT, by=self.pieter)
        self.request: PublicationRequest = approvals.ask(
            session, draft.id, reason="Beter zo", at=AT, by=self.pieter
        )

    def answer(self, session: Session, *, approved: bool) -> None:
        approvals.decide(
            session, self.request.id, approved=approved, remark="x", at=AT, by=self.esther
        )


@pytest.fixture
def asked(db_session: Session) -> Asked:
    return Asked(db_session)


def carried_out(
    session: Session, engine: Engine, mailed: Mailed, to: UUID, request: UUID, after: timedelta
) -> datetime | None:
    session.commit()
    desk = ApprovalDesk(engine, VirtualClock(AT + after), mailed)
    return desk.carry_out(str(request), str(to))


def test_a_colleague_is_asked_and_the_asker_hears_the_answer_without_any_content(
    db_session: Session, engine_db: Engine, asked: Asked
) -> None:
    mailed, request, soon = Mailed(), asked.request.id, timedelta(minutes=1)
    assert approval_notices.tell(db_session, asked.request, [asked.esther, asked.esther]) == 1
    assert carried_out(db_session, engine_db, mailed, asked.esther, request, soon) is None
    waiting = db_session.scalars(text("SELECT task_name FROM procrastinate_jobs")).all()
    assert waiting == [TELL]

    asked.answer(db_session, approved=True)
    carried_out(db_session, engine_db, mailed, asked.pieter, request, soon)
    assert mailed.notices == [
        ("esther@x.nl", "Een collega vraagt u om mee te kijken"),
        ("pieter@x.nl", "Uw vraag is goedgekeurd"),
    ]
    carried_out(db_session, engine_db, mailed, asked.esther, request, soon)
    assert len(mailed.notices) == 2  # it was answered: nobody need look any more


def test_it_is_tried_again_and_given_up_after_a_day(
    db_session: Session, engine_db: Engine, asked: Asked
) -> None:
    mailed, request = Mailed(), asked.request.id
    mailed.fails = True
    soon = timedelta(minutes=1)
    again = carried_out(db_session, engine_db, mailed, asked.esther, request, soon)
    assert again is not None
    assert again > AT + soon
    late = GIVEN_UP + soon
    assert carried_out(db_session, engine_db, mailed, asked.esther, request, late) is None
    assert mailed.notices == []
