"""Who works for a trajectory: one per role, dated, however often it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.families.errors import PersonUnknown
from engine.families.file.database import SqlFamilyFile
from engine.families.models import CaseDirector, Family
from engine.families.services import involved
from tests.region import region

ROLE = "vertrouwenspersoon"


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    db_session.commit()
    return made


def involve(place, name, *, beside=False, at=None):
    place.file().involve(
        place.ref.trajectory_id, ROLE, place.users[name], beside=beside, at=at or place.now
    )


def now_involved(place, at=None):
    people = involved(place.session, place.ref.trajectory_id, at=at or place.now)
    return [person.name for person in people]


def test_a_successor_ends_the_earlier_ones_role_in_the_same_instant(place):
    later = place.now + timedelta(days=10)
    involve(place, "wilma")
    involve(place, "wouter", at=later)
    assert now_involved(place, later - timedelta(seconds=1)) == ["Wilma"]
    assert now_involved(place, later) == ["Wouter"]
    assert len(involved(place.session, place.ref.trajectory_id)) == 2


def test_somebody_beside_leaves_the_first_one_in_place(place):
    involve(place, "wilma")
    involve(place, "wouter", beside=True)
    assert now_involved(place) == ["Wilma", "Wouter"]


def test_the_one_beside_can_become_the_first(place):
    involve(place, "wilma")
    involve(place, "wouter", beside=True)
    involve(place, "wouter", at=place.now + timedelta(days=1))
    assert now_involved(place, place.now + timedelta(days=1)) == ["Wouter"]


def test_involving_somebody_twice_changes_nothing(place):
    involve(place, "wilma")
    involve(place, "wilma", at=place.now + timedelta(days=1))
    [wilma] = involved(place.session, place.ref.trajectory_id)
    assert wilma.since == place.now


def test_only_people_with_an_account_are_involved(place):
    with pytest.raises(PersonUnknown):
        place.file().involve(place.ref.trajectory_id, ROLE, uuid4(), beside=False, at=place.now)


@given(
    st.lists(
        st.tuples(st.sampled_from(["wilma", "wouter", "paula"]), st.booleans(), st.integers(0, 2)),
        max_size=12,
    )
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_at_any_instant_one_person_has_the_role_and_nobody_has_it_twice(place, changes):
    with place.session.begin_nested() as savepoint:
        at = place.now
        for name, beside, days in changes:
            at += timedelta(days=days)
            involve(place, name, beside=beside, at=at)
            people = involved(place.session, place.ref.trajectory_id, at=at)
            assert sum(not person.beside for person in people) <= 1
            assert len({person.user_id for person in people}) == len(people)
            assert name.title() in [person.name for person in people]
        savepoint.rollback()


def test_two_appointments_at_once_leave_one_person(place, engine_db):
    barrier = Barrier(2)

    def appoint(name):
        with Session(engine_db) as session, session.begin():
            barrier.wait()
            SqlFamilyFile(session, None, place.clock).involve(
                place.ref.trajectory_id, ROLE, place.users[name], beside=False, at=place.now
            )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(appoint, ["wilma", "wouter"]))
    assert len(now_involved(place)) == 1


def test_a_family_has_one_case_director_at_any_instant(place):
    def direct(name, since, until):
        place.session.add(
            CaseDirector(
                family_id=place.ref.family_id,
                name=name,
                since=place.now + timedelta(days=since),
                until=None if until is None else place.now + timedelta(days=until),
            )
        )
        place.session.flush()

    direct("Jeugdzorg", 0, 10)
    direct("School", 10, None)
    with pytest.raises(IntegrityError, match="one_at_any_instant"):
        direct("GGZ", 9, 11)


def test_the_databases_complaints_hold_nothing_of_the_family(place):
    family = place.session.get_one(Family, place.ref.family_id)
    family.interpreter_need = "Geheim"
    with pytest.raises(IntegrityError) as caught:
        place.session.flush()
    said = f"{caught.value!s} {caught.value.orig!s} {caught.value!r}"
    assert "ck_families_interpreter_need" in said
    assert "Ahmadi" not in said
    assert "Geheim" not in said


def test_a_workers_families_are_counted_over_all_open_trajectories(db_session):
    made = region(db_session)
    first, second, other, ended = (made.open(f"Familie {name}") for name in "ABCD")
    wilma, wouter = made.users["wilma"], made.users["wouter"]
    file = made.file()
    for ref in (first, second, ended):
        file.involve(ref.trajectory_id, "vertrouwenspersoon", wilma, beside=False, at=made.now)
    file.involve(other.trajectory_id, "vertrouwenspersoon", wouter, beside=False, at=made.now)
    file.involve(other.trajectory_id, "intaker", wilma, beside=False, at=made.now)
    file.set_status(ended.trajectory_id, "closed", "afgesloten", made.now)
    assert made.file().families_of_worker(wilma, "vertrouwenspersoon") == 2
    assert made.file().families_of_worker(wouter, "vertrouwenspersoon") == 1
    file.release(first.trajectory_id, "vertrouwenspersoon", at=made.now)
    assert made.file().families_of_worker(wilma, "vertrouwenspersoon") == 1
