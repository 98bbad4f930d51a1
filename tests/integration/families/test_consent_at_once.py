"""What a family agrees to changes in turn: nothing goes on by a yes that is being taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.families.file import consent_stops
from engine.families.file.database import SqlFamilyFile
from engine.families.meetings.database import SqlMeetings
from engine.families.models import Consent, MeetingParticipant
from tests.region import form, region

PURPOSE = "zorgoverleg"


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    for recipient in ("School", "GGZ"):
        say(made.file(), made, "ja", recipient)
    trajectory_id = made.ref.trajectory_id
    made.file("paula").involve(
        trajectory_id, "vertrouwenspersoon", made.users["wilma"], beside=False, at=made.now
    )
    made.session.commit()
    made.consents = made.session.scalars(select(Consent.id).order_by(Consent.sequence)).all()
    return made


def say(file, place, decision, recipient):
    file.record(
        place.ref.trajectory_id,
        form(
            {
                "toestemming.gever": "Samira", "toestemming.doel": PURPOSE,
                "toestemming.ontvanger": recipient, "toestemming.besluit": decision,
            }
        ),
        place.now,
    )  # fmt: skip


def withdraw(place, session, consent_id):
    return consent_stops.withdraw(session, place.actor("wilma"), consent_id, place.now)


@contextmanager
def another(engine) -> Iterator[Session]:
    """A session that gives up at once when it would have to wait for somebody."""
    with Session(engine) as session:
        session.execute(text("SET lock_timeout = '5ms'"))
        yield session
        session.rollback()
        session.execute(text("RESET lock_timeout"))
        session.commit()


def must_wait(session: Session, work: Callable[[], object]) -> None:
    with pytest.raises(OperationalError, match="lock timeout"):
        work()
    session.rollback()


def test_who_takes_back_the_last_yes_tells_so_whoever_takes_back_another_meanwhile(
    place, engine_db
):
    first, second = place.consents
    with another(engine_db) as session:
        place.actor("wilma")
        assert withdraw(place, place.session, first).gone == []
        must_wait(session, lambda: withdraw(place, session, second))
        place.session.commit()
        assert withdraw(place, session, second).gone == [PURPOSE]


def test_the_same_yes_is_taken_back_once(place, engine_db):
    first, _ = place.consents
    with another(engine_db) as session:
        known = session.get(Consent, first)
        assert known.withdrawn_at is None
        withdraw(place, place.session, first)
        place.session.commit()
        assert withdraw(place, session, first) is None


def test_a_form_that_speaks_of_consent_waits_for_who_takes_another_back(place, engine_db):
    first, _ = place.consents
    with another(engine_db) as session:
        withdraw(place, place.session, first)
        file = SqlFamilyFile(session, None, place.clock)
        must_wait(session, lambda: file.agreed_to(place.ref.trajectory_id))


def test_who_takes_a_yes_back_waits_for_the_step_that_goes_on_by_it(place, engine_db):
    first, _ = place.consents
    with another(engine_db) as session:
        asked = place.file()
        assert asked.has_consent(place.ref.trajectory_id, PURPOSE, "School")
        must_wait(session, lambda: withdraw(place, session, first))
        place.session.commit()
        assert withdraw(place, session, first) is not None


def test_two_steps_ask_for_the_same_consent_side_by_side(place, engine_db):
    with another(engine_db) as session:
        other = SqlFamilyFile(session, None, place.clock)
        assert place.file().has_consent(place.ref.trajectory_id, PURPOSE, "School")
        assert other.has_consent(place.ref.trajectory_id, PURPOSE, "School")


def test_who_takes_a_yes_back_waits_for_an_invitation_by_it(place, engine_db):
    meetings = SqlMeetings(place.session, place.clock, None)
    trajectory_id = place.ref.trajectory_id
    meeting_id = meetings.begin_meeting(trajectory_id, "afsluiten", with_family=True, at=place.now)
    place.session.commit()
    first, _ = place.consents
    with another(engine_db) as session:
        meetings.participants(trajectory_id, meeting_id)
        must_wait(session, lambda: withdraw(place, session, first))


def test_whom_a_withdrawal_takes_out_does_not_come_back_by_a_reply(place, engine_db):
    meetings = SqlMeetings(place.session, place.clock, None)
    trajectory_id = place.ref.trajectory_id
    meeting_id = meetings.begin_meeting(trajectory_id, "afsluiten", with_family=True, at=place.now)
    asked = MeetingParticipant(
        meeting_id=meeting_id, person="Juf", recipient="School", subjects=["opvoeding"],
        state="uitgenodigd", state_since=place.now,
    )  # fmt: skip
    place.session.add(asked)
    place.session.commit()
    reply = form({"overleg.antwoord": "komt"}, about={"deelnemerId": str(asked.id)})

    def answer() -> None:
        with Session(engine_db) as session:
            SqlFamilyFile(session, None, place.clock).record(trajectory_id, reply, place.now)
            session.commit()

    first, _ = place.consents
    withdraw(place, place.session, first)
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(answer)
        while not answered.done() and not somebody_waits(engine_db):
            pass
        place.session.commit()
        answered.result()
    place.session.refresh(asked)
    assert asked.state == "ingetrokken"


def somebody_waits(engine) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with engine.connect() as connection:
        return connection.scalar(text(waiting)) > 0
