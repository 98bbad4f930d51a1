"""One transaction: all of it happens, or nothing does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.store.errors import TryAgain
from engine.store.late_session import LateSession

Result = TypeVar("Result")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
_RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})


class UnitOfWork:
    """``with UnitOfWork(engine) as session:`` commits at the end, rolls back on any exception.

    Loaded objects stay readable after the commit; nothing is fetched behind the caller's back.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Session | None = None

    def __enter__(self) -> Session:
        if self._session is not None:
            raise RuntimeError("a unit of work cannot be entered twice at once")
        self._session = LateSession(self._engine)
        return self._session

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            if error is None:
                session.commit()
            else:
                session.rollback()
        finally:
            session.close()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that sees the whole database as it is at one instant, and writes nothing."""
    with engine.connect() as connection:
        steady = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with Session(steady) as session:
            yield session


def in_transaction(
    engine: Engine,
    work: Callable[[Session], Result],
    *,
    attempts: int = 5,
    first_wait_seconds: float = 0.02,
) -> Result:
    """Do ``work`` in one transaction; again from the start after a deadlock or a lost race.

    ``work`` must have no effects outside the session, since it may run several times.

    Raises:
        TryAgain: it was lost ``attempts`` times in a row.
    """
    for attempt in range(attempts):
        try:
            with UnitOfWork(engine) as session:
                return work(session)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _RETRIED:
                raise
        # Waiting times differ, so that two that collided do not collide again.
        time.sleep(first_wait_seconds * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    raise TryAgain(
        f"Anderen veranderden {attempts} keer tegelijk hetzelfde.", "Probeer het zo nog eens."
    )
