"""The checker itself: it finds nothing in a sound database, and every single damage done to it."""

from __future__ import annotations

import zlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SystemClock, VirtualClock
from engine.definitions.published.publication import publish
from engine.families.casework import Casework
from engine.families.composition import process_workbench, sweep_runtime
from engine.runtime.models import UserTask
from engine.runtime.sweep import Sweep
from engine.store.database import close_engine, open_engine
from engine.store.unit_of_work import in_transaction
from tests.chaos.checker import check
from tests.chaos.diagram import Pace, storm_package
from tests.region import region

PACE = Pace(rounds=2)
JOURNAL = """{"what": "referral", "submission": "%s"}
{"what": "outrun", "code": "task-not-open", "submission": "00000000-0000-0000-0000-000000000000"}
{"what": "message", "id": "klaar:%s"}
{"what": "task", "subm"""

ONE_TASK = "(SELECT id FROM user_tasks WHERE status = '%s' ORDER BY id LIMIT 1)"
AGAIN = (
    "INSERT INTO audit_events (instance_id, at, type, element_id, element_kind, token_id, data) "
    "SELECT instance_id, at, type, element_id, element_kind, token_id, data "
    "FROM audit_events WHERE %s ORDER BY id LIMIT 1"
)


@pytest.fixture(scope="module")
def played(database_server):
    """A database with instances at different places, under way and ended; and its journal."""
    with database_server.fresh_database() as url:
        engine, clock = open_engine(url, Path("/nonexistent")), VirtualClock(SystemClock().now())
        with Session(engine) as session:
            place = region(session)
            place.clock.advance_to(clock.now())
            publish(session, storm_package(PACE), at=clock.now())
            session.commit()
            actor = place.actor("wilma")
        work = Casework(engine, clock)
        sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
        sent = [uuid4() for _ in range(5)]
        referred = [
            work.refer(actor, "stormproef", "aanmelding", {"gezinsnaam": "x"}, submission_id=one)
            for one in sent
        ]
        for ref in referred[1:]:
            key = str(ref.trajectory_id)
            in_transaction(
                engine,
                lambda session, key=key: process_workbench(session, clock).runtime.publish(
                    "klaar", key, {}, life=timedelta(days=1), message_id=f"klaar:{key}"
                ),
            )
        for step in range(17):
            sweep.run_once()
            with Session(engine) as session:
                query = select(UserTask.id, UserTask.business_key, UserTask.element_id)
                still_open = query.where(UserTask.status == "open").order_by(UserTask.id)
                tasks = session.execute(still_open).all()
            for task_id, key, element in tasks:
                slow = [str(ref.trajectory_id) for ref in referred].index(key)
                if step >= 4 * slow and not (element == "b" and slow == 1):
                    work.complete_task(actor, task_id, {"uitslag": 1}, submission_id=uuid4())
            clock.advance_to(clock.now() + timedelta(seconds=1.5))
        close_engine(engine)
        yield url, JOURNAL % (sent[1], referred[1].trajectory_id)


@pytest.fixture
def connection(played):
    """Changes made over it are undone."""
    url = played[0].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def test_a_sound_database_has_nothing_wrong(connection, played):
    assert check(connection, PACE, [played[1]]) == []


def test_there_is_something_of_everything_to_check(connection):
    for table in ("timers", "subscriptions", "buffered_messages", "seen_messages"):
        assert connection.execute(f"SELECT count(*) > 0 FROM {table}").fetchone() == (True,)
    statuses = {row[0] for row in connection.execute("SELECT status FROM user_tasks").fetchall()}
    assert statuses == {"open", "completed", "cancelled"}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM timers WHERE element_id = 'klok'", "timer"),
        ("DELETE FROM timers WHERE element_id = 'rust'", "timer"),
        ("DELETE FROM subscriptions", "subscriptions differ"),
        (f"UPDATE user_tasks SET status = 'open' WHERE id = {ONE_TASK % 'completed'}", "task"),
        (f"UPDATE user_tasks SET status = 'cancelled' WHERE id = {ONE_TASK % 'open'}", "task"),
        (f"DELETE FROM user_tasks WHERE id = {ONE_TASK % 'open'}", "absent"),
        (AGAIN % "type = 'triggered' AND element_id = 'klok'", "klok"),
        (AGAIN % "type = 'completed' AND element_id = 'a'", "twice"),
        (AGAIN % "type = 'activated' AND element_id = 'c'", "twice"),
        (
            "DELETE FROM audit_events WHERE id = (SELECT max(id) FROM audit_events "
            "WHERE type = 'triggered' AND element_id = 'klok')",
            "klok",
        ),
        ("DELETE FROM audit_events WHERE type = 'completed' AND element_id = 'b'", "b"),
        ("UPDATE audit_events SET at = at - interval '2 s' WHERE element_id = 'pauze' "
         "AND type = 'completed'", "pauze fired too early"),
        ("UPDATE audit_events SET at = at - interval '3 s' WHERE type = 'triggered'",
         "klok struck too early"),
        ("UPDATE process_instances SET state = (SELECT state FROM process_instances p "
         "WHERE p.process_id = 'storm' AND p.id <> process_instances.id LIMIT 1) "
         "WHERE status = 'active' AND process_id = 'storm'", "stands at"),
        ("UPDATE process_instances SET status = 'completed', ended_at = now() "
         "WHERE status = 'active'", "by its audit None"),
        ("UPDATE documents SET task_id = NULL", "form of task"),
        ("UPDATE process_instances SET parent_token_id = gen_random_uuid() "
         "WHERE process_id = 'kind'", "has 0 instances"),
        ("UPDATE process_instances SET business_key = 'x'", "trajectory"),
        ("UPDATE timers SET due_at = due_at - interval '1 s' WHERE element_id = 'herinner'",
         "timer"),
        ("INSERT INTO timers (token_id, instance_id, element_id, element_name, due_at, "
         "next_try_at, attempts) SELECT gen_random_uuid(), instance_id, element_id, '', due_at, "
         "next_try_at, 0 FROM timers LIMIT 1", "timer"),
        ("INSERT INTO subscriptions (token_id, instance_id, process_id, kind, name, opened_at) "
         "SELECT gen_random_uuid(), instance_id, process_id, kind, name, opened_at "
         "FROM subscriptions LIMIT 1", "subscriptions differ"),
        ("DELETE FROM audit_events WHERE type = 'started'", "never started"),
        ("UPDATE audit_events SET instance_id = gen_random_uuid() WHERE instance_id IN "
         "(SELECT id FROM process_instances WHERE process_id = 'kind')",
         "audit only"),
        ("UPDATE audit_events SET actor_id = NULL WHERE type = 'completed'", "by nobody"),
        ("UPDATE audit_events SET token_id = gen_random_uuid() WHERE type = 'completed' "
         "AND element_id = 'c'", "without being entered"),
        (f"UPDATE user_tasks SET completed_by = gen_random_uuid() "
         f"WHERE id = {ONE_TASK % 'completed'}", "task"),
        ("DELETE FROM buffered_messages", "message to"),
        ("INSERT INTO buffered_messages (name, key, variables, published_at, expires_at) SELECT "
         "name, key, variables, published_at, expires_at FROM buffered_messages", "message to"),
        ("DELETE FROM seen_messages", "message to"),
        ("INSERT INTO seen_messages (message_id) VALUES ('klaar:nobody')", "message to"),
        ("UPDATE documents SET submission_id = gen_random_uuid()", "confirmed referral"),
        ("UPDATE documents SET trajectory_id = (SELECT id FROM trajectories ORDER BY id LIMIT 1) "
         "WHERE task_id IS NULL", "referral of trajectory"),
        (f"UPDATE documents SET submission_id = '{UUID(int=0)}' WHERE id = (SELECT id FROM "
         "documents WHERE task_id IS NOT NULL ORDER BY id LIMIT 1)", "refused task"),
        ("INSERT INTO access_log (at, action, outcome, user_id, roles, object_type, object_id) "
         "SELECT at, action, outcome, user_id, roles, object_type, object_id FROM access_log "
         "WHERE action = 'task.work' ORDER BY id LIMIT 1", "access log"),
        ("UPDATE trajectories SET status = 'running' WHERE status = 'closed'", "trajectory"),
    ],
)  # fmt: skip
def test_every_damage_is_found(connection, played, damage, told):
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    done = connection.execute(damage)
    assert done.rowcount > 0
    assert any(told in line for line in check(connection, PACE, [played[1]]))


def test_a_lost_update_of_a_variable_is_found(connection):
    query = (
        "SELECT id, state FROM process_instances WHERE status = 'completed' AND parent_id IS NULL "
        "ORDER BY id"
    )
    id_, state = connection.execute(query).fetchone()
    raw = zlib.decompress(state).replace(b'"ronde":2', b'"ronde":1')
    connection.execute(
        "UPDATE process_instances SET state = %s WHERE id = %s", [zlib.compress(raw), id_]
    )
    assert check(connection, PACE, []) == [f"{id_} is in round 1, by its audit in 2"]


def test_what_was_confirmed_and_is_gone_is_found(connection):
    line = '{"what": "task", "task": "t", "submission": "00000000-0000-4000-8000-000000000000"}'
    found = check(connection, PACE, [line])
    assert found == ["confirmed task 00000000-0000-4000-8000-000000000000 is there as None"]


def test_what_was_confirmed_for_one_task_and_is_there_for_another_is_found(connection):
    query = "SELECT submission_id FROM documents WHERE task_id IS NOT NULL ORDER BY id LIMIT 1"
    (submission,) = connection.execute(query).fetchone()
    line = f'{{"what": "task", "task": "t", "submission": "{submission}"}}'
    (found,) = check(connection, PACE, [line])
    assert found.startswith(f"confirmed task {submission} is there as ['")
