"""Whatever two people, timers and messages do at the same instant equals one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from tests.chaos.cases import Case, families, keep, put_back, stand
from tests.chaos.turns import Turns
from tests.unit.execution.models import Model, line, message, signal

EXAMPLES = int(os.environ.get("KETENSPOOR_TEST_INTERLEAVINGS", "25"))
STEPS = 4
STEP = st.tuples(
    st.tuples(st.integers(0, 999), st.integers(0, 999)),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.lists(st.integers(0, 1), max_size=40),
)
"""Which two of what may be done, with what values, and in what order they take turns."""


@pytest.fixture
def watcher(engine_db: Engine) -> Iterator[psycopg.Connection]:
    """A connection that sees who waits for whom."""
    url = engine_db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def turns(engine_db: Engine, watcher: psycopg.Connection) -> Turns:
    """Two actors on the database; a deadlock between them is found at once."""

    @event.listens_for(engine_db, "connect")
    def impatient(connection: psycopg.Connection, _record: object) -> None:
        connection.execute("SET deadlock_timeout = '10ms'")
        connection.commit()

    engine_db.dispose()
    return Turns(engine_db, watcher)


def one_after_the_other(database: Engine, works: list) -> tuple[list[str], list[str]]:
    """What each work says and how it stands after them; nothing of it stays."""
    said, left = [work(database) for work in works], stand(database)
    put_back(database)
    return said, left


def both_at_once(
    database: Engine, turns: Turns, works: list, order: list[int]
) -> tuple[list[str], list[str]]:
    said = turns.run([lambda work=work: work(database) for work in works], order)
    # a sweep passes by a tree that somebody works on, and comes back
    said = [
        work(database) if answer == "timers: 0" else answer
        for work, answer in zip(works, said, strict=True)
    ]
    return said, stand(database)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 25,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    processes=families(),
    many=st.integers(1, 2),
    steps=st.lists(STEP, min_size=STEPS, max_size=STEPS),
)
def test_two_at_once_equal_one_after_the_other(engine_db, turns, processes, many, steps):
    case = Case(processes)
    case.start(engine_db, many)
    for which, values, order in steps:
        wishes = case.wishes(engine_db)
        if not wishes:
            return
        pair = [wishes[number % len(wishes)] for number in which]
        works = [case.work(wish, value) for wish, value in zip(pair, values, strict=True)]
        note(f"{pair} {values}")
        if any(kind == "sweep" for kind, _ in pair):
            case.pass_time(engine_db)
        keep(engine_db)
        first = one_after_the_other(engine_db, works)
        said, left = one_after_the_other(engine_db, works[::-1])
        found = both_at_once(engine_db, turns, works, order)
        assert found in (first, (said[::-1], left))


def message_twice(second: str) -> Model:
    """Two tasks in a row that the same message or signal ends."""
    event = message("een") if second == "message" else signal("een")
    model = line(Model(), "a", "b").user("a", "b").user("na")
    model.on("a", "rand-a", event).on("b", "rand-b", event)
    return model.end("over").flow("rand-a", "na", "over").flow("rand-b", "na")


@pytest.mark.parametrize(
    ("kind", "command"), [("message", "publish"), ("signal", "signal"), ("message", "announce")]
)
def test_what_moves_on_to_wait_for_the_same_again_misses_nothing(engine_db, turns, kind, command):
    apart = line(Model("Q"), "los").user("los")
    case = Case({"P": message_twice(kind).process(), "Q": apart.process()})
    for turn in range(12):
        case.start(engine_db, 1)
        (wish,) = {wish for wish in case.wishes(engine_db) if wish[0] == "complete"}
        what = "een"
        if command == "announce":
            case.do(engine_db, lambda r: r.start(case.version, "Q", {}))
            tasks = {task for kind, task in case.wishes(engine_db) if kind == "complete"}
            (what,) = tasks - {wish[1]}
        wishes = [wish, (command, what)]
        works = [case.work(wish, 0) for wish in wishes]
        keep(engine_db)
        first = one_after_the_other(engine_db, works)
        said, left = one_after_the_other(engine_db, works[::-1])
        found = both_at_once(engine_db, turns, works, [1] * turn + [0] * 40)
        assert found in (first, (said[::-1], left)), turn
