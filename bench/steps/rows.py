"""A hundred thousand open trajectories, as rows made by SQL from one that the product made."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from sqlalchemy import text

from bench.steps.ours import start
from bench.steps.place import Place
from engine.access.actors import Actor, actor_of
from engine.families.casework import Casework
from engine.families.tasks.lists import my_tasks
from engine.store.unit_of_work import UnitOfWork

WORKERS = 1000
"""Over how many workers, of a hundred organisations, the trajectories are spread."""

_MANY = """
CREATE TEMP TABLE runners AS
  SELECT gen_random_uuid() AS id, n FROM generate_series(0, 99) n;
INSERT INTO organisations SELECT c.* FROM organisations o, runners r,
  jsonb_populate_record(o, jsonb_build_object('id', r.id, 'name', 'Uitvoerder ' || r.n)) c
  WHERE o.id = :organisation;
CREATE TEMP TABLE workers AS
  SELECT gen_random_uuid() AS id, w.n, r.id AS runner
  FROM generate_series(0, :workers - 1) w(n) JOIN runners r ON r.n = w.n % 100;
INSERT INTO users SELECT c.* FROM users u, workers w,
  jsonb_populate_record(u, jsonb_build_object(
    'id', w.id, 'email', 'w' || w.n || '@meting.example', 'organisation_id', w.runner)) c
  WHERE u.id = :worker;
INSERT INTO role_assignments SELECT c.* FROM role_assignments r, workers w,
  jsonb_populate_record(r, jsonb_build_object(
    'id', gen_random_uuid(), 'user_id', w.id, 'organisation_id', w.runner)) c
  WHERE r.user_id = :worker;
CREATE TEMP TABLE made AS
  SELECT gen_random_uuid() AS trajectory, gen_random_uuid() AS family,
         gen_random_uuid() AS instance, m.n, w.id AS worker, w.runner
  FROM generate_series(1, :count) m(n) JOIN workers w ON w.n = m.n % :workers;
INSERT INTO families SELECT c.*
  FROM made m, families f JOIN trajectories t ON t.family_id = f.id,
  jsonb_populate_record(f, jsonb_build_object('id', m.family, 'name', 'Gezin ' || m.n)) c
  WHERE t.id = :trajectory;
INSERT INTO trajectories SELECT c.* FROM made m, trajectories t,
  jsonb_populate_record(t, jsonb_build_object(
    'id', m.trajectory, 'family_id', m.family, 'organisation_id', m.runner)) c
  WHERE t.id = :trajectory;
INSERT INTO involvements (id, trajectory_id, user_id, role, beside, since)
  SELECT gen_random_uuid(), m.trajectory, m.worker, 'medewerker', false, t.started_at
  FROM made m, trajectories t WHERE t.id = :trajectory;
INSERT INTO process_instances SELECT c.* FROM made m, process_instances i,
  jsonb_populate_record(i, jsonb_build_object(
    'id', m.instance, 'root_id', m.instance, 'business_key', m.trajectory::text)) c
  WHERE i.business_key = :trajectory::text;
INSERT INTO user_tasks SELECT c.* FROM made m, user_tasks k,
  jsonb_populate_record(k, jsonb_build_object(
    'id', gen_random_uuid(), 'instance_id', m.instance, 'root_id', m.instance,
    'business_key', m.trajectory::text, 'due_at', k.created_at + m.n * interval '1 minute')) c
  WHERE k.business_key = :trajectory::text;
INSERT INTO timers (token_id, instance_id, business_key, element_id, element_name, host_id, due_at,
                    next_try_at, attempts)
  SELECT gen_random_uuid(), m.instance, m.trajectory::text, 'week', 'week', 'taak2',
         t.started_at + m.n * interval '1 minute' + interval '1 day',
         t.started_at + m.n * interval '1 minute' + interval '1 day', 0
  FROM made m, trajectories t WHERE t.id = :trajectory;
"""


def fill(place: Place, count: int) -> Actor:
    """Make the rows; a worker with the thousandth part of them on the list."""
    trajectory_id = start(place, Casework(place.database, place.clock), 0)
    values = {
        "count": count,
        "workers": WORKERS,
        "organisation": place.organisation_id,
        "worker": place.worker.user_id,
        "trajectory": trajectory_id,
    }
    with UnitOfWork(place.database) as session:
        for statement in filter(str.strip, _MANY.split(";")):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            session.execute(text(statement.replace("::text", "\\:\\:text")), used)
        some = session.scalar(text("SELECT id FROM workers WHERE n = 7"))
        actor = actor_of(session, some, place.clock.now())
    with place.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return actor


def first_pages(place: Place, actor: Actor, rounds: int) -> Iterator[float]:
    """Milliseconds of the first page of a worker's own tasks, log line and commit included."""
    for _ in range(rounds):
        begin = time.perf_counter()
        with UnitOfWork(place.database) as session:
            items = my_tasks(session, actor, place.clock.now()).items
        yield (time.perf_counter() - begin) * 1e3
        assert items


def median(values: Iterator[float]) -> float:
    """The median, the first value (a cold one) left out."""
    return statistics.median(list(values)[1:])
