"""Whether there is consent: who said what last, to whom, for what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.families.models import Consent
from engine.families.services import family_overview, withdraw_consent
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def say(place, decision, *, giver="Samira", purpose="zorgoverleg", recipient=None, **more):
    place.file().record(
        place.ref.trajectory_id,
        form(
            {
                "toestemming.gever": giver, "toestemming.doel": purpose,
                "toestemming.ontvanger": recipient, "toestemming.besluit": decision, **more,
            }
        ),
        place.now,
    )  # fmt: skip


def given(place, purpose="zorgoverleg", recipient=None) -> bool:
    return place.file().has_consent(place.ref.trajectory_id, purpose, recipient)


def test_without_a_word_there_is_no_consent(place):
    assert not given(place)


def test_a_yes_is_consent_for_its_purpose_only(place):
    say(place, "ja")
    assert given(place)
    assert not given(place, "gegevens delen")


def test_an_oral_yes_counts_and_is_noted_as_such(place):
    say(place, True)
    assert place.session.scalars(select(Consent)).one().form == "mondeling"


def test_a_later_no_ends_an_earlier_yes_also_in_the_same_instant(place):
    say(place, "ja")
    say(place, "nee")
    assert not given(place)
    say(place, "ja")
    assert given(place)


def test_nothing_is_shared_while_one_of_the_parents_says_no(place):
    say(place, "ja", giver="Samira")
    say(place, "nee", giver="Karim")
    assert not given(place)
    say(place, "ja", giver="Karim")
    assert given(place)


def test_a_named_recipient_must_be_named_in_the_consent(place):
    say(place, "ja")
    assert not given(place, recipient="Schuldhulp Noord")
    say(place, "ja", recipient=str(place.organisations["schuld"]))
    assert given(place, recipient="Schuldhulp Noord")
    assert given(place, recipient=str(place.organisations["schuld"]))
    assert not given(place, recipient="GGZ")


def test_withdrawal_stops_sharing_at_once_and_history_stays(place):
    say(place, "ja")
    [consent] = place.session.scalars(select(Consent))
    paula = place.actor("paula")
    withdrawn = withdraw_consent(place.session, paula, consent.id, now=place.now)
    assert withdrawn.trajectory_id == place.ref.trajectory_id
    assert not given(place)
    overview = family_overview(place.session, paula, place.ref.trajectory_id, now=place.now)
    [shown] = overview.consents
    assert (shown.agreed, shown.holds) == (True, False)
    assert shown.withdrawn_at == place.now


def test_an_expired_consent_no_longer_holds(place):
    say(place, "ja")
    [consent] = place.session.scalars(select(Consent))
    consent.expires_at = place.now + timedelta(days=30)
    place.session.flush()
    assert given(place)
    place.clock.advance_to(consent.expires_at)
    assert not given(place)


def test_half_an_answer_is_no_consent(place):
    say(place, None)
    say(place, "ja", purpose="")
    assert place.session.scalars(select(Consent)).all() == []
