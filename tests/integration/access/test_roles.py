"""Roles are dated, and held in an organisation."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.access.actors import actor_of, chain_organisations
from engine.access.errors import AccessDenied
from engine.access.models import ChainMembership, SystemRole, User
from engine.access.people import assign_role, end_role, users_with_role
from tests.region import region


@pytest.fixture
def place(db_session):
    return region(db_session)


def test_a_role_is_held_from_its_first_instant_until_its_last(place):
    later = place.now + timedelta(days=30)
    brug = place.organisations["brug"]
    end_role(place.session, place.users["wilma"], SystemRole.WORKER, brug, at=later)

    def roles(at):
        return actor_of(place.session, place.users["wilma"], at).roles

    assert roles(place.now - timedelta(seconds=1)) == frozenset()
    assert roles(place.now) == {("worker", brug)}
    assert roles(later) == frozenset()


def test_giving_a_role_twice_is_giving_it_once(place):
    brug = place.organisations["brug"]
    assign_role(place.session, place.users["wilma"], SystemRole.WORKER, brug, at=place.now)
    workers = users_with_role(place.session, "worker", brug, at=place.now)
    assert [worker.name for worker in workers] == ["Wilma", "Wouter"]


def test_strangers_and_closed_accounts_cannot_act(place):
    place.session.get_one(User, place.users["wilma"]).active = False
    place.session.flush()
    for user_id in (place.users["wilma"], uuid4()):
        with pytest.raises(AccessDenied):
            actor_of(place.session, user_id, place.now)


def test_a_chain_is_all_that_share_it_now(place):
    def chain(of):
        query = chain_organisations([place.organisations[of]], place.now)
        return set(place.session.scalars(query))

    inside = {place.organisations[key] for key in ("brug", "haven", "schuld", "gemeente")}
    assert chain("gemeente") == inside
    assert chain("verte") == set()
    membership = place.session.scalars(
        select(ChainMembership).where(
            ChainMembership.organisation_id == place.organisations["haven"]
        )
    ).one()
    membership.until = place.now
    place.session.flush()
    assert chain("gemeente") == inside - {place.organisations["haven"]}
