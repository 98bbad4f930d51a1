"""The database orders a list as its rule says, whatever happened to the families on it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update

from engine.access.models import RoleAssignment, SystemRole
from engine.access.people import assign_role, end_role
from engine.families.chain import ChainRow, chain_overview
from engine.families.chain_order import Bounds
from engine.families.file import involvements
from engine.families.file.answers import local_day
from engine.families.kept_facts import examine_kept, rebuild_kept
from engine.families.models import Contact, Family, Involvement, Trajectory
from engine.runtime.models import Incident, ProcessInstance, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.region import region

MANY = 60
USUAL, PATIENT = Bounds(late=1.0, far_too_late=2.0), Bounds(late=2.5, far_too_late=4.0)


WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND cardinality(pg_blocking_pids(pid)) > 0"
)


def rule(row: ChainRow, bounds: Bounds) -> tuple[object, ...]:
    """The risk of a row, and its place: worked out from what the row shows."""
    late = row.contact_ratio > bounds.late
    if (
        row.open_incidents
        or row.contact_ratio >= bounds.far_too_late
        or (late and row.overdue_tasks)
    ):
        risk = 0
    else:
        risk = 1 if late or row.overdue_tasks or not row.worker else 2
    place = (row.open_incidents > 0, row.overdue_tasks > 0, row.contact_ratio + row.overdue_tasks)
    return (risk, *(-one for one in place), row.trajectory_id)


@pytest.mark.parametrize(("seed", "bounds"), [(1, USUAL), (2, USUAL), (3, PATIENT)])
@pytest.mark.parametrize("few", [True, False])
def test_the_order_and_the_counts_are_those_of_the_rule(db_session, monkeypatch, seed, bounds, few):
    monkeypatch.setattr("engine.families.rights.watched.FEW", MANY if few else 1)
    place, chance = region(db_session), random.Random(seed)
    for number in range(MANY):
        something(place, chance, number)
    for _ in range(3):  # who stops being a worker, and begins again
        end_role(
            db_session, place.users["wouter"], SystemRole.WORKER, place.organisations["brug"],
            at=place.now,
        )  # fmt: skip
        if chance.random() < 0.5:
            assign_role(
                db_session, place.users["wouter"], SystemRole.WORKER, place.organisations["brug"],
                at=place.now,
            )  # fmt: skip
    db_session.flush()
    for name in ("cora", "paula", "wilma"):
        page = chain_overview(db_session, place.actor(name), place.now, bounds, size=MANY)
        rows = [row for _, row in page.rows]
        expected = [rule(row, bounds) for row in rows]
        assert expected == sorted(expected)
        assert [("high", "raised", "calm")[degree] for degree, *_ in expected] == [
            risk for risk, _ in page.rows
        ]
        assert page.total == len(rows) == sum(group.number for group in page.groups)
        for row in rows:
            assert row.worker_id == first_worker(place, row.trajectory_id)
            assert row.last_contact_at == last_contact(place, row.trajectory_id)
            since = local_day(row.last_contact_at or row.started_at)
            assert row.days_since_contact == (local_day(place.now) - since).days
        half = chain_overview(
            db_session, place.actor(name), place.now, bounds, size=7, number=2
        ).rows
        assert [row for _, row in half] == (rows[7:14] if len(rows) > 7 else rows[:7])


def something(place, chance, number):
    """A family of which this and that is known."""
    organisation = chance.choice(["brug", "brug", "haven"])
    ref = place.open(f"Gezin {number}", organisation=organisation)
    run = place.session.get(Trajectory, ref.trajectory_id)
    run.started_at = place.now - timedelta(hours=chance.randrange(24 * 40))
    run.cadence_per_week = chance.choice([None, 0, 0.25, 0.5, 1, 2, 3])
    run.phase = chance.choice([None, "1", "2"])
    run.suspended_since = place.now if chance.random() < 0.1 else None
    run.status = chance.choice(["referred", "running", "running", "aftercare", "closed"])
    place.session.flush()
    common = {"trajectory_id": run.id, "family_id": run.family_id, "recorded_at": place.now}
    contacts = [
        Contact(
            kind="telefoon", no_show=chance.random() < 0.3,
            at=place.now + timedelta(hours=chance.randrange(-24 * 30, 72)), **common,
        )
        for _ in range(chance.choice([0, 1, 3]))
    ]  # fmt: skip
    place.session.add_all(contacts)
    place.session.flush()
    if contacts and chance.random() < 0.2:
        contacts[0].at -= timedelta(days=3)
    if contacts and chance.random() < 0.1:
        place.session.delete(contacts[-1])
    place.session.flush()
    for _ in range(chance.choice([0, 0, 1, 2])):
        who = place.users[chance.choice(["wilma", "wouter", "paula", "hanna"])]
        involvements.begin(
            place.session, run, chance.choice(["a", "b"]), who, beside=chance.random() < 0.3,
            at=place.now - timedelta(hours=chance.randrange(100)),
        )  # fmt: skip
    if chance.random() < 0.1:
        involvements.end_role(place.session, run.id, "a", at=place.now)
    instance_id = uuid4()
    about = {
        "instance_id": instance_id, "business_key": str(run.id), "package_key": "p",
        "process_id": "p", "element_id": "e",
    }  # fmt: skip
    place.session.add(
        ProcessInstance(
            id=instance_id, root_id=instance_id, status="active", state=b"", row_version=1,
            created_at=place.now, package_version="v", package_key="p", process_id="p",
            business_key=str(run.id),
        )
    )  # fmt: skip
    place.session.flush()
    for _ in range(chance.choice([0, 0, 1, 2])):
        place.session.add(
            UserTask(
                root_id=instance_id, package_version="v", name="Taak", role="r", priority=50,
                status=chance.choice(["open", "open", "completed", "suspended"]),
                created_at=place.now, system_role=chance.choice([None, "worker"]),
                due_at=chance.choice([None, place.now + timedelta(hours=chance.randrange(-9, 9))]),
                **about,
            )
        )  # fmt: skip
    if chance.random() < 0.2:
        place.session.add(
            Incident(
                token_id=uuid4(), element_name="E", code="c", message="m", remedy="r",
                raised_at=place.now, resolved_at=chance.choice([None, place.now]), **about,
            )
        )  # fmt: skip
    place.session.flush()


def first_worker(place, trajectory_id):
    """Who works for it first of those who hold the role of worker where it runs."""
    return place.session.scalar(
        select(Involvement.user_id)
        .join(RoleAssignment, RoleAssignment.user_id == Involvement.user_id)
        .join(Trajectory, Trajectory.id == Involvement.trajectory_id)
        .where(
            Involvement.trajectory_id == trajectory_id,
            Involvement.until.is_(None),
            RoleAssignment.role == SystemRole.WORKER,
            RoleAssignment.organisation_id == Trajectory.organisation_id,
            RoleAssignment.until.is_(None),
        )
        .order_by(Involvement.beside, Involvement.since, Involvement.id)
        .limit(1)
    )


def last_contact(place, trajectory_id):
    return place.session.scalar(
        select(Contact.at)
        .where(Contact.trajectory_id == trajectory_id, ~Contact.no_show, Contact.at <= place.now)
        .order_by(Contact.at.desc())
        .limit(1)
    )


def test_the_doctor_finds_what_lists_would_tell_otherwise_and_makes_it_again(db_session):
    place = region(db_session)
    refs = [place.open(f"Gezin {number}") for number in range(3)]
    assert list(examine_kept(db_session)) == []
    wrong = update(Trajectory).where(Trajectory.id == refs[0].trajectory_id)
    db_session.execute(wrong.values(worker_id=place.users["wilma"]))
    wrong = update(Family).where(Family.id == refs[1].family_id)
    db_session.execute(wrong.values(plain_name="iets anders"))
    found = [(one.rule, one.place) for one in examine_kept(db_session)]
    assert found == [
        ("list-differs", str(refs[0].trajectory_id)),
        ("list-differs", str(refs[1].family_id)),
    ]
    assert rebuild_kept(db_session) == 2
    assert list(examine_kept(db_session)) == []


def adds_a_worker(place, ref):
    involvements.begin(
        place.session, place.session.get(Trajectory, ref.trajectory_id), "b", place.users["wouter"],
        beside=False, at=place.now,
    )  # fmt: skip


def takes_the_worker_away(place, ref):
    involvements.end_role(place.session, ref.trajectory_id, "a", at=place.now)


def meets_the_family(place, ref, days=1):
    at = place.now - timedelta(days=days)
    about = {"trajectory_id": ref.trajectory_id, "family_id": ref.family_id}
    place.session.add(Contact(kind="telefoon", at=at, recorded_at=place.now, **about))
    place.session.flush()


def takes_the_last_contact_away(place, ref):
    place.session.execute(
        delete(Contact).where(
            Contact.trajectory_id == ref.trajectory_id,
            Contact.at == place.now - timedelta(days=5),
        )
    )


def met_before(place, ref):
    meets_the_family(place, ref, days=9)


def is_no_worker_any_more(place, ref):
    who, where = place.users["wilma"], place.organisations["brug"]
    end_role(place.session, who, SystemRole.WORKER, where, at=place.now)


def is_a_worker_from_now_on(place, ref):
    who, where = place.users["hanna"], place.organisations["brug"]
    assign_role(place.session, who, SystemRole.WORKER, where, at=place.now)


def adds_who_is_no_worker_yet(place, ref):
    involvements.begin(
        place.session, place.session.get(Trajectory, ref.trajectory_id), "c", place.users["hanna"],
        beside=False, at=place.now - timedelta(days=30),
    )  # fmt: skip


def is_waited_for(engine):
    with UnitOfWork(engine) as session:
        return session.scalar(WAITING) > 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (adds_a_worker, takes_the_worker_away),
        (takes_the_worker_away, adds_a_worker),
        (meets_the_family, takes_the_last_contact_away),
        (takes_the_last_contact_away, meets_the_family),
        (takes_the_last_contact_away, met_before),
        (is_no_worker_any_more, adds_a_worker),
        (adds_who_is_no_worker_yet, is_a_worker_from_now_on),
        (is_a_worker_from_now_on, adds_who_is_no_worker_yet),
    ],
)
def test_two_who_change_it_at_once_leave_it_right(engine_db, first, second):
    with UnitOfWork(engine_db) as session:
        place = region(session)
        ref = place.open("Gezin")
        run = session.get(Trajectory, ref.trajectory_id)
        since = place.now - timedelta(days=9)
        involvements.begin(session, run, "a", place.users["wilma"], beside=False, at=since)
        meets_the_family(place, ref, days=5)
        meets_the_family(place, ref, days=20)

    def do(change):
        with UnitOfWork(engine_db) as own:
            change(replace(place, session=own), ref)

    with ThreadPoolExecutor(1) as other, UnitOfWork(engine_db) as own:
        first(replace(place, session=own), ref)
        own.flush()
        begun = other.submit(do, second)
        while not (begun.done() or is_waited_for(engine_db)):
            pass
        own.commit()
        begun.result()
    with UnitOfWork(engine_db) as session:
        assert list(examine_kept(session)) == []
