"""Reads asked together and writes kept back: nobody reads around them, nothing is lost."""

from __future__ import annotations

import gc
import random
import string
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, String, bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from engine.access.models import Chain
from engine.runtime.models import SeenMessage
from engine.store.database import close_engine, open_engine
from engine.store.round_trips import (
    Rows,
    Statement,
    or_refuse,
    read_together,
    send_ahead,
    write_later,
)
from engine.store.unit_of_work import UnitOfWork, in_transaction, snapshot
from tests.databases import ROOT

CHAINS = Rows(Chain)
NAMED = Statement(select(Chain.id, Chain.name).where(Chain.name == bindparam("wanted")))
COUNT = Statement(select(func.count().label("chains")).select_from(Chain))
RENAME = Statement(
    update(Chain.__table__).where(Chain.name == bindparam("old")).values(name=bindparam("new"))
)
MUST_RENAME = Statement(
    or_refuse(
        update(Chain.__table__).where(Chain.name == bindparam("old")).values(name=bindparam("new"))
    )
)


@pytest.fixture(params=["kept back", "sent ahead"], autouse=True)
def ahead(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """All of it holds for writes that are kept back, and for those that are under way already."""
    if request.param == "sent ahead":
        keep_back = [(Rows, "write"), (sys.modules[__name__], "write_later")]
        for owner, name in keep_back:
            monkeypatch.setattr(owner, name, and_send(getattr(owner, name)))
    return request.param == "sent ahead"


def and_send(keep_back: Callable[..., None]) -> Callable[..., None]:
    def wrapped(*given: Any) -> None:
        keep_back(*given)
        send_ahead(next(one for one in given if isinstance(one, Session)))

    return wrapped


def add(session: Session, *names: str) -> None:
    CHAINS.write(session, [{"id": uuid4(), "name": name} for name in names])


def test_a_kept_back_write_is_seen_by_the_next_statement(db_session: Session) -> None:
    add(db_session, "Noord", "Zuid")
    assert set(db_session.scalars(select(Chain.name))) == {"Noord", "Zuid"}


def test_several_reads_come_in_order_with_named_columns(db_session: Session) -> None:
    add(db_session, "Noord")
    named, counted = read_together(db_session, (NAMED, {"wanted": "Noord"}), (COUNT, {}))
    assert (named[0].name, counted[0].chains) == ("Noord", 1)


def test_writes_are_committed_in_their_order(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "Noord")
        write_later(session, RENAME, {"old": "Noord", "new": "Oost"})
        write_later(session, RENAME, {"old": "Oost", "new": "West"})
    with UnitOfWork(engine_db) as session:
        assert session.scalars(select(Chain.name)).all() == ["West"]


def test_more_rows_than_one_statement_can_have_values_for_are_written(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, *(f"Keten {number}" for number in range(40_000)))
    with UnitOfWork(engine_db) as session:
        assert session.scalar(select(func.count()).select_from(Chain)) == 40_000


def test_writes_of_a_transaction_that_is_rolled_back_are_forgotten(engine_db: Engine) -> None:
    def fail(session: Session) -> None:
        add(session, "Noord")
        raise KeyError

    with pytest.raises(KeyError):
        in_transaction(engine_db, fail)
    with UnitOfWork(engine_db) as session:
        assert session.scalar(select(func.count()).select_from(Chain)) == 0


def test_a_savepoint_that_is_rolled_back_takes_its_writes_along(engine_db: Engine) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "voor")
        savepoint = session.begin_nested()
        add(session, "erin")
        savepoint.rollback()
        add(session, "na")
    with UnitOfWork(engine_db) as session:
        assert set(session.scalars(select(Chain.name))) == {"voor", "na"}


def test_a_write_that_must_change_one_row_refuses_when_there_is_none(engine_db: Engine) -> None:
    def work(session: Session, wanted: str) -> None:
        add(session, "Noord")
        write_later(session, MUST_RENAME, {"old": wanted, "new": "West"}, LookupError)

    with pytest.raises(LookupError):
        in_transaction(engine_db, lambda session: work(session, "Zuid"))
    with UnitOfWork(engine_db) as session:
        assert session.scalar(select(func.count()).select_from(Chain)) == 0
    in_transaction(engine_db, lambda session: work(session, "Noord"))
    with UnitOfWork(engine_db) as session:
        assert session.scalars(select(Chain.name)).all() == ["West"]


def test_a_savepoint_that_is_kept_does_not_end_the_transaction(engine_db: Engine) -> None:
    def work(session: Session) -> None:
        with session.begin_nested():
            add(session, "erin")
        raise KeyError

    with pytest.raises(KeyError):
        in_transaction(engine_db, work)
    with UnitOfWork(engine_db) as session:
        assert session.scalar(select(func.count()).select_from(Chain)) == 0


def test_a_rollback_leaves_statements_prepared_and_the_connection_usable(
    db_session: Session,
) -> None:
    for _ in range(3):
        add(db_session, "Noord")
        read_together(db_session, (NAMED, {"wanted": "Noord"}))
        db_session.rollback()
    assert read_together(db_session, (NAMED, {"wanted": "Noord"})) == [[]]


def test_a_statement_that_cannot_be_prepared_hinders_only_its_own_transaction(
    db_session: Session,
) -> None:
    unknown = Statement(text("SELECT 1 AS one FROM nergens"))
    for _ in range(2):
        with pytest.raises(DBAPIError, match="nergens"):
            read_together(db_session, (COUNT, {}), (unknown, {}), (NAMED, {"wanted": "Noord"}))
        db_session.rollback()
    assert read_together(db_session, (COUNT, {}), (NAMED, {"wanted": "Noord"}))[1] == []


def test_a_value_that_cannot_be_sent_leaves_the_connection_usable(db_session: Session) -> None:
    with pytest.raises(DBAPIError):
        read_together(db_session, (NAMED, {"wanted": "Noo\0rd"}))
    assert read_together(db_session, (NAMED, {"wanted": "Noord"})) == [[]]


def test_megabytes_travel_both_ways_at_once(db_session: Session) -> None:
    echo = Statement(select(bindparam("much", type_=String()).label("much")))
    much = "x" * 2_000_000
    answers = read_together(db_session, *[(echo, {"much": much})] * 6)
    assert [rows[0].much == much for rows in answers] == [True] * 6


def test_a_refused_row_is_told_as_sqlalchemy_does_and_without_its_content(
    engine_db: Engine,
) -> None:
    twice = uuid4()
    rows = [{"id": twice, "name": "geheim"}, {"id": twice, "name": "geheim"}]
    with pytest.raises(IntegrityError) as caught:
        in_transaction(engine_db, lambda session: CHAINS.write(session, rows))
    assert str(twice) not in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_who_watches_the_statements_of_an_engine_is_told_of_these_too(
    engine_db: Engine, ahead: bool
) -> None:
    sent: list[str] = []
    event.listen(
        engine_db, "before_cursor_execute", lambda _c, _cur, statement, *_: sent.append(statement)
    )
    with UnitOfWork(engine_db) as session:
        read_together(session, (COUNT, {}))
        add(session, "Noord")
        assert len(sent) == (2 if ahead else 1)
    assert [statement.split()[0] for statement in sent] == ["SELECT", "INSERT"]


def test_a_connection_that_the_server_ended_is_replaced(engine_db: Engine) -> None:
    url = engine_db.url.render_as_string(hide_password=False)
    other = open_engine(url, ROOT / "var")
    try:
        with UnitOfWork(other) as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
        with UnitOfWork(engine_db) as session:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with UnitOfWork(other) as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) != pid
    finally:
        close_engine(other)


def test_a_connection_lost_in_the_midst_is_told_as_one(engine_db: Engine) -> None:
    def cut_off(session: Session) -> None:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with UnitOfWork(engine_db) as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        add(session, "Noord")

    url = engine_db.url.render_as_string(hide_password=False)
    other = open_engine(url, ROOT / "var")
    try:
        with pytest.raises(DBAPIError) as caught:
            in_transaction(other, cut_off)
        assert caught.value.connection_invalidated
        with UnitOfWork(other) as session:
            assert session.scalar(text("SELECT 1")) == 1
    finally:
        close_engine(other)


def test_what_was_kept_back_before_a_savepoint_is_written_though_nothing_follows(
    engine_db: Engine,
) -> None:
    with UnitOfWork(engine_db) as session:
        add(session, "voor")
        session.begin_nested().commit()
    with UnitOfWork(engine_db) as session:
        add(session, "nog een")
        session.begin_nested().rollback()
    with UnitOfWork(engine_db) as session:
        assert set(session.scalars(select(Chain.name))) == {"voor", "nog een"}


def test_a_value_that_cannot_be_sent_spoils_nothing_that_was_sent_ahead(engine_db: Engine) -> None:
    def work(session: Session) -> None:
        add(session, "Noord")
        read_together(session, (NAMED, {"wanted": object()}))

    for _ in range(2):
        with pytest.raises(DBAPIError):
            in_transaction(engine_db, work)
    with UnitOfWork(engine_db) as session:
        add(session, "Zuid")
    with UnitOfWork(engine_db) as session:
        assert session.scalars(select(Chain.name)).all() == ["Zuid"]


def test_what_a_failure_left_unprepared_is_prepared_again(engine_db: Engine) -> None:
    def work(session: Session, own: UUID) -> None:
        CHAINS.write(session, [{"id": own, "name": "Noord"}])
        CHAINS.write(session, [{"id": own, "name": "Noord"}])  # fails: there is one already
        write_later(session, RENAME, {"old": "Noord", "new": "Oost"})
        raise KeyError

    with pytest.raises((KeyError, IntegrityError)):
        in_transaction(engine_db, lambda session: work(session, uuid4()))
    with UnitOfWork(engine_db) as session:
        add(session, "Noord")
        write_later(session, RENAME, {"old": "Noord", "new": "Oost"})
    with UnitOfWork(engine_db) as session:
        assert session.scalars(select(Chain.name)).all() == ["Oost"]


def add_twice(session: Session, name: str) -> None:
    twice = {"id": uuid4(), "name": name.replace("\0", "")}
    CHAINS.write(session, [twice, twice])  # refused by the server


def names(engine: Engine) -> set[str]:
    with UnitOfWork(engine) as session:
        return set(session.scalars(select(Chain.name)))


@pytest.mark.parametrize("wrong", [add_twice, add], ids=["refused", "cannot be sent"])
def test_a_savepoint_that_is_rolled_back_takes_along_what_would_be_refused(
    engine_db: Engine, wrong: Callable[..., None]
) -> None:
    def work(session: Session) -> None:
        add(session, "voor")
        with suppress(KeyError, DBAPIError), session.begin_nested():
            session.execute(text("SELECT 1"))
            add(session, "erin")
            wrong(session, "er\0in")
            raise KeyError
        add(session, "na")

    in_transaction(engine_db, work)
    assert names(engine_db) == {"voor", "na"}


@pytest.mark.parametrize("wrong", [add_twice, add], ids=["refused", "cannot be sent"])
def test_nothing_is_committed_without_what_was_kept_back_though_somebody_goes_on(
    engine_db: Engine, wrong: Callable[..., None]
) -> None:
    def work(session: Session) -> None:
        add(session, "goed")
        wrong(session, "fo\0ut")
        with suppress(DBAPIError), session.begin_nested():  # as a connector that fails
            session.execute(text("SELECT 1"))
        add(session, "na")

    with pytest.raises(DBAPIError) as caught:
        in_transaction(engine_db, work)
    assert "aborted" not in str(caught.value)  # but what was wrong with it
    assert names(engine_db) == set()


def test_a_transaction_in_which_something_failed_is_not_committed_silently(
    engine_db: Engine,
) -> None:
    def work(session: Session) -> None:
        session.add(Chain(name="Noord"))
        session.flush()
        with suppress(DBAPIError):
            session.execute(text("SELECT 1/0"))

    with pytest.raises(DBAPIError):
        in_transaction(engine_db, work)
    assert names(engine_db) == set()


def test_what_a_session_kept_back_that_nobody_closed_is_written_by_no_other(
    engine_db: Engine,
) -> None:
    session = Session(engine_db)
    add(session, "verlaten")
    del session
    gc.collect()
    assert names(engine_db) == set()


def test_what_begins_with_a_read_is_a_transaction_as_it_was_asked_for(engine_db: Engine) -> None:
    asked = [
        func.current_setting(f"transaction_{what}").label(what)
        for what in ("isolation", "read_only")
    ]
    with snapshot(engine_db) as session:
        [[row]] = read_together(session, (Statement(select(*asked)), {}))
    assert tuple(row) == ("repeatable read", "on")
    with UnitOfWork(engine_db) as session:
        [[row]] = read_together(session, (Statement(select(*asked)), {}))
    assert tuple(row) == ("read committed", "off")


def test_what_is_too_much_for_an_index_is_a_fault_of_the_data_and_not_of_the_server(
    engine_db: Engine,
) -> None:
    much = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))
    written = Statement(insert(SeenMessage).values(message_id=bindparam("much")))
    ways: list[Callable[[Session], Any]] = [
        lambda session: session.add(SeenMessage(message_id=much)),
        lambda session: write_later(session, written, {"much": much}),
    ]
    for way in ways:
        with pytest.raises(DataError) as caught:
            in_transaction(engine_db, way)
        assert much not in str(caught.value)
