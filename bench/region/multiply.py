"""Fills a database with a hundred thousand open trajectories: real ones, each copied many times.

Some families of the demonstration are played by the product itself; all else is COPY. A region (its
organisations, people and chain) is copied as well, so that nobody's list is larger than in life.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, Engine, func, select, text

from bench.region.templates import Copy, Rows, Text, copied, ids_in, tables, template
from engine.definitions.neighbours import folders_in
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish_all
from engine.runtime.models import Incident
from engine.simulation.demonstration import Demonstration, people
from engine.simulation.demonstration.families import FamilyPlan
from engine.simulation.demonstration.filling import play_family
from engine.simulation.tryout import scenarios_of
from engine.store.backup import psycopg_of
from engine.store.unit_of_work import UnitOfWork

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
COURSES = (
    ("casus-a", 4), ("casus-a", 11), ("casus-a", 24), ("casus-h", 6), ("casus-h", 18),
    ("contact-drie-keer-gemist", 16), ("andere-vertrouwenspersoon", 9), ("casus-a", 45),
)  # fmt: skip
"""Scenario, and how many days ago it began."""

PEOPLE = ("chains", "organisations", "users", "chain_memberships", "role_assignments")
_UNIQUE = {"chains": "name", "organisations": "name", "users": "email"}
BATCH = 250


def play(engine: Engine, now: datetime) -> None:
    """Let the product play the families that all others are copies of."""
    region = Demonstration(engine, now, PROCESSES).region
    packages = [load_package(folder) for folder in folders_in(PROCESSES)]
    method = next(package for package in packages if package.key == region["pakket"])
    scenarios = {Path(one.file).stem: one for one in scenarios_of(method)}
    since = now - timedelta(days=region["sinds_dagen"])
    with UnitOfWork(engine) as session:
        people.settle(session, region, since)
        publish_all(session, packages, at=since)
    for index, (scenario, days) in enumerate(COURSES):
        plan = FamilyPlan(
            index=index, package=method.key, scenario=scenario, age=timedelta(days=days),
            silent=None, surname=f"Meting {index}", mother="Naima", father="Karim",
            children=("Sara", "Adam", "Noor", "Imre"), language="Darija",
        )  # fmt: skip
        with UnitOfWork(engine) as session:
            play_family(session, method, scenarios[scenario], plan, now)
            if session.scalar(select(func.count()).select_from(Incident)):
                raise RuntimeError(f"{scenario}: a step stopped; such a family is not copied")


def multiply(engine: Engine, count: int, per_region: int, history: int) -> int:
    """Bring the open trajectories to ``count``; how many there are then."""
    with engine.begin() as connection:
        regional = ids_in(connection, *PEOPLE)
        played = connection.execute(
            text("SELECT id::text, family_id::text FROM trajectories WHERE status <> 'closed'")
        ).all()
        families = [template(connection, *row, regional, history) for row in played]
        regions = max(1, count // per_region)
        _copy_people(connection, regional, regions)
    numbers = range(len(played), count)
    for first in range(len(played), count, BATCH):
        batch = numbers[first - len(played) : first - len(played) + BATCH]
        with engine.begin() as connection:
            _copy_families(connection, families, batch, regions)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return count


def shape(engine: Engine, share: float) -> None:
    """Make one organisation large: it runs this share of what its like run, with their people.

    Families get names of their own, contacts days of their own, and some trajectories stand still.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(_ALIKE), {"share": share})
        for statement in _SHAPED:
            connection.execute(text(statement))
        connection.execute(text("VACUUM ANALYZE"))


_ALIKE = """
CREATE TEMP TABLE alike AS
SELECT o.id, own.id AS largest FROM organisations o
JOIN organisations own ON own.name = substr(o.name, strpos(o.name, '-') + 1)
WHERE o.name ~ '^[0-9]+-'
  AND CAST(split_part(o.name, '-', 1) AS int) < :share * (
      SELECT max(CAST(split_part(name, '-', 1) AS int) + 1) FROM organisations
      WHERE name ~ '^[0-9]+-')
  AND own.id = (
      SELECT r.id FROM trajectories t JOIN organisations r ON r.id = t.organisation_id
      WHERE r.name !~ '^[0-9]+-' GROUP BY r.id ORDER BY count(*) DESC LIMIT 1)
"""
_SHAPED = (
    """UPDATE role_assignments x SET organisation_id = largest FROM alike o
       WHERE x.organisation_id = o.id""",
    "UPDATE users x SET organisation_id = largest FROM alike o WHERE x.organisation_id = o.id",
    """UPDATE trajectories x SET organisation_id = largest FROM alike o
       WHERE x.organisation_id = o.id""",
    """UPDATE families SET name = n.name || ' ' || substr(md5(id::text), 1, 4),
         plain_name = lower(n.plain) || ' ' || substr(md5(id::text), 1, 4)
       FROM (VALUES (0, 'De Wit', 'de wit'), (1, 'Özdemir', 'ozdemir'), (2, 'Nguyễn', 'nguyen'),
         (3, 'Van den Berg', 'van den berg'), (4, 'Śliwa', 'sliwa')) n (place, name, plain)
       WHERE n.place = abs(hashtext(id::text)) % 5""",
    """UPDATE contacts SET at = at - interval '1 day' * (abs(hashtext(trajectory_id::text)) % 6)
       WHERE abs(hashtext(trajectory_id::text)) % 4 <> 0""",
    """UPDATE user_tasks SET due_at = due_at + interval '9 days'
       WHERE status = 'open' AND abs(hashtext(business_key)) % 5 <> 0""",
    """INSERT INTO incidents (id, token_id, instance_id, business_key, package_key, process_id,
         element_id, element_name, code, message, remedy, raised_at, resolved_at)
       SELECT gen_random_uuid(), id, instance_id, business_key, package_key, process_id,
         element_id, name, 'feel-failed', 'Meting.', 'Meting.',
         timestamptz '2026-11-21 11:00Z' - interval '1 minute' * (abs(hashtext(id::text)) % 9999),
         CASE WHEN abs(hashtext(id::text)) % 200 > 0 THEN timestamptz '2026-11-21 11:30Z' END
       FROM user_tasks WHERE status = 'open'""",
)


def _copy_people(connection: Connection, regional: frozenset[str], regions: int) -> None:
    columns = dict(tables(connection))
    for table in PEOPLE:
        rows = copied(connection, table, columns[table], sql.SQL("true"))
        made = Rows(table, columns[table], Text(rows, regional))
        _put(
            connection,
            made,
            [
                _told_apart(made, made.text.filled(Copy(0, region)), region)
                for region in range(1, regions)
            ],
        )


def _told_apart(rows: Rows, text: str, region: int) -> str:
    """The rows with the region's number before what must differ."""
    column = _UNIQUE.get(rows.table)
    if column is None:
        return text
    place = rows.columns.index(column)
    lines = [line.split("\t") for line in text.splitlines()]
    for values in lines:
        values[place] = f"{region}-{values[place]}"
    return "".join("\t".join(values) + "\n" for values in lines)


def _copy_families(
    connection: Connection, families: Sequence[Sequence[Rows]], numbers: range, regions: int
) -> None:
    texts: dict[str, tuple[Rows, list[str]]] = {}
    for number in numbers:
        copy = Copy(number, number // len(families) % regions)
        for rows in families[number % len(families)]:
            _made, found = texts.setdefault(rows.table, (rows, []))
            found.append(rows.text.filled(copy))
    for table, _columns in tables(connection):
        if table in texts:
            _put(connection, *texts[table])


def _put(connection: Connection, rows: Rows, copies: Sequence[str]) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows.table), sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    )
    with psycopg_of(connection).cursor() as cursor, cursor.copy(query) as copying:
        copying.write("".join(copies))


def join_regions(engine: Engine, regions: int) -> None:
    """Let the first region's chain hold the organisations of more regions."""
    with engine.begin() as connection:
        connection.execute(
            text("""
            INSERT INTO chain_memberships (id, chain_id, organisation_id, since)
            SELECT gen_random_uuid(), own.chain_id, o.id, own.since
            FROM organisations o,
                 (SELECT m.* FROM chain_memberships m JOIN chains c ON c.id = m.chain_id
                  WHERE c.name !~ '^[0-9]+-' LIMIT 1) own
            WHERE o.is_runner AND o.name ~ '^[0-9]+-'
              AND CAST(split_part(o.name, '-', 1) AS int) < :regions
            """),
            {"regions": regions},
        )
