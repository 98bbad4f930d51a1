"""A session that sleeps: the same transaction whether it ever wakes or not."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import suppress
from operator import attrgetter
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, Uuid, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from engine.access.models import Chain
from engine.store.adopting import adopt, known
from engine.store.database import close_engine, open_engine
from engine.store.late_session import LateSession, turn_of
from engine.store.round_trips import Rows, Statement, ask, read_together, write_later
from engine.store.unit_of_work import UnitOfWork, in_transaction
from tests.databases import ROOT

CHAINS = Rows(Chain)
ALL = Statement(select(*Chain.__table__.c).order_by(Chain.name))
BACKEND = Statement(select(func.pg_backend_pid().label("pid")))
FAILING = Statement(text("SELECT 1/0 AS one"))
GONE = Statement(
    Chain.__table__.delete().where(Chain.id == bindparam("id", type_=Uuid())).returning(Chain.id)
)


@pytest.fixture
def other(engine_db: Engine) -> Iterator[Engine]:
    """An engine of one's own on the database, with connections of its own."""
    engine = open_engine(engine_db.url.render_as_string(hide_password=False), ROOT / "var")
    yield engine
    close_engine(engine)


def add(session: Session, name: str) -> UUID:
    made = uuid4()
    CHAINS.write(session, [{"id": made, "name": name}])
    return made


def names(engine: Engine) -> list[str]:
    return [row.name for row in ask(engine, (ALL, {}))[0]]


def adopted(session: Session) -> Chain:
    [[row]] = read_together(session, (ALL, {}))
    return adopt(session, Chain, row._asdict())


def backend(session: Session) -> int:
    [[row]] = read_together(session, (BACKEND, {}))
    pid: int = row.pid
    return pid


def end(engine: Engine, pid: int) -> None:
    with UnitOfWork(engine) as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_statements_of_ones_own_need_no_session(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "Noord")
        assert [row.name for row in read_together(session, (ALL, {}))[0]] == ["Noord"]
        add(session, "Zuid")
    assert isinstance(session, LateSession)
    assert session.asleep
    assert names(engine_db) == ["Noord", "Zuid"]


def test_what_it_did_asleep_belongs_to_the_transaction_that_it_wakes_in(engine_db: Engine) -> None:
    def work(session: Session) -> None:
        add(session, "Noord")
        pid = backend(session)
        add(session, "Zuid")
        assert session.scalars(select(Chain.name).order_by(Chain.name)).all() == ["Noord", "Zuid"]
        assert session.scalar(text("SELECT pg_backend_pid()")) == pid
        raise KeyError

    with suppress(KeyError):
        in_transaction(engine_db, work)
    assert names(engine_db) == []


def test_a_savepoint_wakes_it_and_takes_only_its_own_writes_along(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "voor")
        read_together(session, (ALL, {}))
        with suppress(KeyError), session.begin_nested():
            add(session, "erin")
            raise KeyError
        add(session, "na")
    assert names(engine_db) == ["na", "voor"]


@pytest.mark.parametrize("wakes", [False, True], ids=["asleep", "woken"])
def test_what_is_changed_in_an_object_that_was_handed_over_is_written(
    engine_db: Engine, wakes: bool
) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "Noord")
    with UnitOfWork(engine_db) as session:
        chain = adopted(session)
        chain.name = "Oost"
        assert adopted(session) is chain
        assert known(session, Chain, chain.id) is chain
        if wakes:
            assert session.get(Chain, chain.id) is chain
            assert session.scalars(select(Chain.name)).all() == ["Oost"]
    assert names(engine_db) == ["Oost"]


def test_an_object_that_nobody_changed_costs_no_session(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "Noord")
    with UnitOfWork(engine_db) as session:
        assert adopted(session).name == "Noord"
        session.flush()
    assert isinstance(session, LateSession)
    assert session.asleep


def test_a_refused_write_undoes_all_and_hinders_nobody_after_it(other: Engine) -> None:
    def work(session: Session) -> None:
        made = add(session, "Noord")
        read_together(session, (BACKEND, {}))
        CHAINS.write(session, [{"id": made, "name": "Noord"}])

    for _ in range(2):
        with pytest.raises(IntegrityError):
            in_transaction(other, work)
    assert names(other) == []


def test_nothing_is_committed_after_a_failure_that_somebody_swallowed(engine_db: Engine) -> None:
    def work(session: Session) -> None:
        add(session, "Noord")
        read_together(session, (BACKEND, {}))
        with suppress(DBAPIError):
            read_together(session, (FAILING, {}))

    with pytest.raises(DBAPIError):
        in_transaction(engine_db, work)
    assert names(engine_db) == []


@pytest.mark.parametrize("ends", ["reads on", "wakes", "commits"])
def test_a_connection_lost_in_the_midst_is_never_taken_for_a_success(
    engine_db: Engine, other: Engine, ends: str
) -> None:
    def work(session: Session) -> None:
        add(session, "Noord")
        end(engine_db, backend(session))
        with suppress(DBAPIError):
            read_together(session, (ALL, {}))
        if ends == "reads on":
            read_together(session, (ALL, {}))
        elif ends == "wakes":
            session.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError) as caught:
        in_transaction(other, work)
    assert caught.value.connection_invalidated
    assert names(other) == []


def test_a_connection_that_the_server_ended_between_two_transactions_is_replaced(
    engine_db: Engine, other: Engine
) -> None:
    with UnitOfWork(other) as session:
        pid = backend(session)
    end(engine_db, pid)
    with UnitOfWork(other) as session:
        assert backend(session) != pid
        add(session, "Noord")
    assert names(other) == ["Noord"]


def test_the_next_transaction_has_the_connection_at_hand(other: Engine) -> None:
    def pid() -> int:
        with UnitOfWork(other) as session:
            return backend(session)

    assert pid() == pid()


def test_two_at_once_never_share_a_connection(other: Engine) -> None:
    together = threading.Barrier(6)
    seen: list[list[int]] = []

    def work() -> None:
        for _ in range(5):
            with UnitOfWork(other) as session:
                pid = backend(session)
                together.wait(30)
                seen.append([pid, backend(session)])
                together.wait(30)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(first == second for first, second in seen)
    assert [len({pid for pid, _ in seen[n : n + 6]}) for n in range(0, 30, 6)] == [6] * 5


def test_an_engine_that_is_closed_leaves_no_connection_behind(engine_db: Engine) -> None:
    engine = open_engine(engine_db.url.render_as_string(hide_password=False), ROOT / "var")
    with UnitOfWork(engine) as session:
        backend(session)
        assert isinstance(session, LateSession)
        _, traffic = session.under_way()
    assert not traffic.raw.closed
    close_engine(engine)
    assert traffic.raw.closed


def test_what_a_session_did_that_nobody_closed_is_undone(other: Engine) -> None:
    session = LateSession(other)
    add(session, "verlaten")
    read_together(session, (ALL, {}))
    add(session, "ook verlaten")
    del session
    gc.collect()
    assert names(other) == []


def test_each_transaction_of_a_session_has_a_turn_of_its_own(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        turns = [turn_of(session)]
        session.commit()
        turns.append(turn_of(session))
        session.rollback()
        turns.append(turn_of(session))
        session.execute(text("SELECT 1"))
        assert turn_of(session) is turns[-1]  # it woke, in the same transaction
    assert len(set(map(id, turns))) == 3


def test_a_write_is_committed_though_its_session_was_committed_before(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        made = add(session, "Noord")
        session.commit()
        add(session, "Zuid")
        session.commit()
        write_later(session, GONE, {"id": made})
    assert names(engine_db) == ["Zuid"]


def test_an_attribute_that_no_session_has_is_told_as_such(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        for _ in range(2):
            with pytest.raises(AttributeError, match="nergens"):
                attrgetter("nergens")(session)
