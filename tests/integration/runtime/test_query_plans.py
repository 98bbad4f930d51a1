"""What is asked all day stays quick in a large region: through indexes, not by reading all rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from engine.clock import VirtualClock
from engine.definitions.published import publication
from engine.execution.migration import Plan
from engine.families.beside.running import running_beside
from engine.families.chain import chain_overview
from engine.families.chain_order import Bounds
from engine.families.family_list import families_of
from engine.families.moves.bulk_move_desk import _claim
from engine.families.moves.trajectory_moves import TrajectoryMove
from engine.families.tasks.lists import my_tasks, team_tasks
from engine.runtime.message_table import MessageTable
from engine.runtime.sweep import claim_due
from engine.store.database import close_engine, open_engine
from tests.databases import TestServer
from tests.region import Region, region

TRAJECTORIES = 12_000
MANY = (
    """INSERT INTO families (id, name, interpreter_need, secret_address, created_at)
       SELECT md5('f' || n)::uuid, 'Gezin ' || n, 'geen', false, :now
       FROM generate_series(1, :many) n""",
    """INSERT INTO trajectories (id, family_id, package_key, package_version, organisation_id,
                                 channel, started_at, status)
       SELECT md5('t' || n)::uuid, md5('f' || n)::uuid, 'proef', 'v', :elsewhere, 'x', :now,
              'running'
       FROM generate_series(1, :many) n""",
    "UPDATE trajectories SET organisation_id = :here WHERE id IN"
    " (SELECT md5('t' || n)::uuid FROM generate_series(1, :few) n)",
    """INSERT INTO process_instances (id, package_key, package_version, process_id, business_key,
                                      root_id, is_main, status, state, row_version, created_at)
       SELECT md5('i' || n)::uuid, 'proef', 'v', 'p', md5('t' || n)::uuid::text,
              md5('i' || n)::uuid, true, 'active', '', 1, :now
       FROM generate_series(1, :many) n""",
    """INSERT INTO user_tasks (id, instance_id, root_id, business_key, package_key,
                               package_version, process_id, element_id, name, role, system_role,
                               due_at, priority, status, created_at)
       SELECT md5('u' || n || s)::uuid, md5('i' || n)::uuid, md5('i' || n)::uuid,
              md5('t' || n)::uuid::text, 'proef', 'v', 'p', 'a', 'Taak', 'vertrouwenspersoon',
              'worker', :now + n * interval '1 minute', 50,
              CASE s WHEN 1 THEN 'open' ELSE 'completed' END, :now
       FROM generate_series(1, :many) n, generate_series(1, 4) s""",
    """INSERT INTO timers (token_id, instance_id, element_id, element_name, due_at, next_try_at,
                           attempts)
       SELECT md5('w' || n)::uuid, md5('i' || n)::uuid, 'w', 'Wacht',
              :now + n * interval '1 minute', :now + n * interval '1 minute', 0
       FROM generate_series(1, :many) n""",
    """INSERT INTO subscriptions (token_id, instance_id, process_id, kind, name, key, opened_at)
       SELECT md5('m' || n)::uuid, md5('i' || n)::uuid, 'p', 'message', 'contact-vastgelegd',
              md5('t' || n)::uuid::text, :now
       FROM generate_series(1, :many) n""",
    """INSERT INTO involvements (id, trajectory_id, user_id, role, since, beside)
       SELECT md5('b' || n)::uuid, md5('t' || n)::uuid,
              CASE WHEN n <= 20 THEN :wilma ELSE :hanna END, 'vertrouwenspersoon', :now, false
       FROM generate_series(1, :many) n""",
)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url, Path("/nonexistent"))
    yield engine
    close_engine(engine)


@pytest.fixture(scope="module")
def filled(database_server: TestServer) -> Iterator[Region]:
    """The large region; nothing is committed to it any more."""
    with (
        database_server.fresh_database() as url,
        opened(url) as engine,
        Session(engine, expire_on_commit=False) as session,
    ):
        people = region(session)
        values = {
            "now": people.now,
            "many": TRAJECTORIES,
            "few": 200,
            "here": people.organisations["brug"],
            "elsewhere": people.organisations["haven"],
            "wilma": people.users["wilma"],
            "hanna": people.users["hanna"],
        }
        for statement in MANY:
            used = {key: value for key, value in values.items() if f":{key}" in statement}
            session.execute(text(statement), used)
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
        yield people


@pytest.fixture
def large(filled: Region) -> Iterator[Region]:
    yield filled
    filled.session.rollback()


def plans(session: Session, ask: Callable[[], object]) -> list[dict[str, Any]]:
    """The plans of all queries that ``ask`` sends."""
    asked: list[tuple[str, Any]] = []

    def note(connection, cursor, statement, parameters, context, many):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    found = []
    for statement, parameters in asked:
        raw = session.connection().connection.driver_connection
        with raw.cursor() as cursor:
            if isinstance(parameters, list):  # of a statement that is sent with others
                cursor.execute(f"PREPARE looked_at AS {statement}")
                given = ", ".join(sql.Literal(value).as_string(raw) for value in parameters)
                cursor.execute(
                    f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{f'({given})' if given else ''}"
                )
                answer = cursor.fetchone()[0]
                cursor.execute("DEALLOCATE looked_at")
            else:
                cursor.execute("EXPLAIN (FORMAT JSON) " + statement, parameters)
                answer = cursor.fetchone()[0]
        found.append((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    return found


def read_whole(plan: dict[str, Any]) -> set[str]:
    """The tables that a plan reads from the first row to the last."""
    own = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return own.union(*(read_whole(part) for part in plan.get("Plans", [])))


LARGE = {
    "families", "involvements", "process_instances", "subscriptions", "timers", "trajectories",
    "user_tasks", "version_move_items",
}  # fmt: skip


def assert_through_indexes(session: Session, ask: Callable[[], object]) -> None:
    found = plans(session, ask)
    assert found, "something was asked"
    assert [read_whole(plan) & LARGE for plan in found] == [set()] * len(found)


def test_looking_for_due_timers(large):
    assert_through_indexes(large.session, lambda: claim_due(large.session, large.now))


def test_looking_for_who_waits_for_a_message(large):
    table = MessageTable(large.session, VirtualClock(large.now))
    assert_through_indexes(
        large.session, lambda: table.subscribers("message", "contact-vastgelegd", "x")
    )


@pytest.mark.parametrize("name", ["wilma", "paula", "petra"])
@pytest.mark.parametrize("listed", [my_tasks, team_tasks])
def test_lists_of_tasks(large, listed, name):
    actor = large.actor(name)
    assert_through_indexes(large.session, lambda: listed(large.session, actor, large.now))


def test_the_chain_of_a_project_leader(large):
    actor = large.actor("paula")
    assert_through_indexes(
        large.session,
        lambda: chain_overview(large.session, actor, large.now, Bounds(1.0, 2.0)),
    )


@pytest.mark.parametrize("name", ["wilma", "paula"])
def test_the_families_of_a_worker_and_of_a_project_leader(large, name):
    actor, page = large.actor(name), {"closed_too": True, "size": 50, "number": 1}
    assert_through_indexes(
        large.session,
        lambda: families_of(large.session, actor, large.now, search="", methods={}, **page),
    )


def test_what_runs_beside_a_trajectory(large):
    trajectory_id = large.session.scalar(text("SELECT md5('t1')::uuid"))
    assert_through_indexes(large.session, lambda: running_beside(large.session, trajectory_id))


MOVES = (
    """INSERT INTO package_versions (version, key, number, names, content, reason, published_at)
       SELECT v, 'proef', n, '{}', '', '', now() FROM (VALUES ('v', 1), ('w', 2)) AS a (v, n)""",
    """INSERT INTO version_moves (id, package_key, from_version, to_version, reason, renamed,
                                  processes, restart, made_at, at_once, paused, closed_at)
       SELECT md5('move' || n)::uuid, 'proef', 'v', 'w', '', '{}', '{}', '[]',
              now() + n * interval '1 day', false, false, CASE n WHEN 1 THEN now() END
       FROM generate_series(1, 2) n""",
    """INSERT INTO version_move_items (id, move_id, position, key, state, obstacles, foreseen,
                                       stands)
       SELECT gen_random_uuid(), md5('move' || m)::uuid, n, md5('t' || n)::uuid::text,
              CASE WHEN m = 2 AND n > 100 THEN 'new' ELSE 'can' END, '[]', '{}', '[]'
       FROM generate_series(1, :many) n, generate_series(1, 2) m""",
    "ANALYZE version_moves, version_move_items",
)


def test_the_next_trajectory_of_a_large_move(large):
    for statement in MOVES:
        large.session.execute(
            text(statement), {"many": TRAJECTORIES} if ":many" in statement else {}
        )
    assert_through_indexes(large.session, lambda: _claim(large.session))
    assert [item.position for item in _claim(large.session)] == [*range(101, 111)]


def test_who_works_for_a_trajectory_that_moves(large, monkeypatch):
    package = SimpleNamespace(roles={}, main_process="p", key="proef")
    monkeypatch.setattr(publication, "load_version", lambda _session, _version: package)
    move = TrajectoryMove(VirtualClock(large.now), "proef", "w", Plan())
    key = str(large.session.scalar(text("SELECT md5('t1')::uuid")))
    found = []
    assert_through_indexes(
        large.session, lambda: found.extend(move._people_without_role(large.session, key))
    )
    assert [one.element_id for one in found] == ["vertrouwenspersoon"]
