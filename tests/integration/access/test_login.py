"""Logging in: who may, how often, and what strangers learn from it (nothing)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access import login
from engine.access.errors import AccessError, LoginRefused, TooManyAttempts
from engine.access.login import MAX_ATTEMPTS, authenticate
from engine.access.models import AccessLogEntry, User
from engine.access.people import set_password
from engine.store.settings import set_number
from tests.region import region

PASSWORD = "een lange zin om te onthouden"


@pytest.fixture
def place(engine_db):
    with Session(engine_db) as session:
        made = region(session)
        user = session.get_one(User, made.users["wilma"])
        set_password(session, user, PASSWORD, at=made.now)
        session.commit()
        yield made


def refused(place, email="wilma@brug.example", password="wrong"):  # noqa: S107
    with pytest.raises(AccessError) as caught:
        authenticate(place.session, email, password, place.clock)
    place.session.rollback()
    return caught.value


def test_the_right_password_gives_the_user_with_roles(place):
    actor = authenticate(place.session, " Wilma@Brug.example ", PASSWORD, place.clock)
    assert actor.user_id == place.users["wilma"]
    assert actor.roles == {("worker", place.organisations["brug"])}


def test_wrong_passwords_and_unknown_addresses_get_the_same_answer(place):
    known = refused(place)
    unknown = refused(place, email="nobody@brug.example")
    assert isinstance(known, LoginRefused)
    assert (type(known), str(known)) == (type(unknown), str(unknown))


def test_a_closed_account_cannot_log_in(place):
    place.session.get_one(User, place.users["wilma"]).active = False
    place.session.commit()
    assert isinstance(refused(place, password=PASSWORD), LoginRefused)


def test_an_account_without_a_password_cannot_log_in(place):
    assert isinstance(refused(place, email="paula@brug.example", password=""), LoginRefused)


@pytest.mark.parametrize("email", ["wilma@brug.example", "nobody@brug.example"])
def test_after_five_failures_an_account_is_closed_for_a_while(place, email):
    for _ in range(5):
        assert isinstance(refused(place, email), LoginRefused)
    closed = refused(place, email, PASSWORD)
    assert isinstance(closed, TooManyAttempts)
    assert closed.minutes == 15


def test_the_account_opens_again_when_the_time_is_over(place):
    for _ in range(6):
        refused(place)
    place.clock.advance_to(place.now + timedelta(minutes=15))
    assert authenticate(place.session, "wilma@brug.example", PASSWORD, place.clock)


def test_a_success_forgets_earlier_failures(place):
    for _ in range(4):
        refused(place)
    authenticate(place.session, "wilma@brug.example", PASSWORD, place.clock)
    place.session.commit()
    for _ in range(4):
        assert isinstance(refused(place), LoginRefused)


def test_the_number_of_attempts_is_a_setting(place):
    set_number(place.session, MAX_ATTEMPTS, 1, since=place.now, source="besluit 12")
    place.session.commit()
    refused(place)
    assert isinstance(refused(place, password=PASSWORD), TooManyAttempts)


def test_many_attempts_at_once_get_no_more_than_their_share(place, engine_db, monkeypatch):
    asked = []
    monkeypatch.setattr(login, "matches", lambda *_: asked.append(1))

    def attempt(_):
        with Session(engine_db) as session, pytest.raises(AccessError):
            authenticate(session, "wilma@brug.example", "wrong", place.clock)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(12)))
    assert len(asked) == 5


def test_a_weak_digest_is_renewed_at_login(place, monkeypatch):
    before = place.session.get_one(User, place.users["wilma"]).password_hash
    monkeypatch.setattr(login, "is_outdated", lambda _: True)
    authenticate(place.session, "wilma@brug.example", PASSWORD, place.clock)
    after = place.session.get_one(User, place.users["wilma"]).password_hash
    assert after != before


def test_logging_in_and_being_refused_are_logged_without_addresses(place):
    refused(place)
    authenticate(place.session, "wilma@brug.example", PASSWORD, place.clock)
    place.session.commit()
    lines = place.session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.id)).all()
    assert [(line.action, line.outcome) for line in lines] == [
        ("login", "refused"),
        ("login", "allowed"),
    ]
    assert all("@" not in str(vars(line)) for line in lines)
