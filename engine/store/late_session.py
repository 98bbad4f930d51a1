"""A session of SQLAlchemy that becomes one when it is used as one.

A step of a trajectory reads and writes by statements of its own (``round_trips``) and mostly needs
nothing of a session but its transaction. SQLAlchemy's session, connection, transaction and pool
make some 250 calls of 150 functions for that, which is a good part of a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from engine.store.idle_connections import give_back, take
from engine.store.traffic import Traffic, traffic_of


class LateSession(Session):
    """Sleeps until it is asked for anything that only a session can do; from then on it is one.

    The transaction that runs by then goes on. Objects that were handed to it asleep become its own,
    with what was changed in them. One thread uses it, for one unit of work.
    """

    def __init__(self, engine: Engine) -> None:
        """``super().__init__`` waits until it wakes: its attributes are not there before that."""
        self._engine = engine
        self._under_way: tuple[PoolProxiedConnection, Traffic] | None = None
        self._woken: Connection | None = None
        self._handed: list[Any] = []
        self.turn = object()
        """Another one for each transaction."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__dict__.get("_woken", self) is not None:
            raise AttributeError(f"a session has no {name!r}")
        self._wake()
        return getattr(self, name)

    @property
    def asleep(self) -> bool:
        """Whether it was not used as a session yet."""
        return self._woken is None

    def under_way(self) -> tuple[PoolProxiedConnection, Traffic]:
        """What the transaction of a session that sleeps goes over."""
        if self._under_way is None:
            pooled = take(self._engine)
            self._under_way = pooled, traffic_of(self._engine, pooled)
        return self._under_way

    def hand(self, detached: Any) -> None:
        """Make an object of a row its own, when it wakes."""
        self._handed.append(detached)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was changed in objects."""
        if self._woken is not None or self._was_changed():
            super().flush(objects)

    def commit(self) -> None:
        """Commit, after what was kept back."""
        self.turn = object()
        if self._woken is not None or self._was_changed():
            super().commit()
        elif self._under_way is not None:
            pooled, traffic = self._under_way
            traffic.commit(pooled)

    def rollback(self) -> None:
        """Undo what the transaction did."""
        self.turn = object()
        if self._woken is not None:
            super().rollback()
        elif self._under_way is not None:
            pooled, traffic = self._under_way
            traffic.roll_back(pooled)

    def close(self) -> None:
        """Give the connection back; a transaction that still runs is rolled back."""
        if self._woken is not None:
            super().close()
            self._woken.close()
            return
        self.rollback()
        if self._under_way is not None:
            give_back(self._engine, self._under_way[0])
            self._under_way = None

    def _was_changed(self) -> bool:
        return any(instance_state(one).modified for one in self._handed)

    def _wake(self) -> None:
        if self._under_way is None:
            connection = self._engine.connect()
        else:
            pooled, traffic = self._under_way
            traffic.require_connected(pooled)
            connection = Connection(self._engine, pooled)
        self._woken, self._under_way = connection, None
        super().__init__(connection, expire_on_commit=False)
        self.add_all(self._handed)
        self._handed.clear()


def turn_of(session: Session) -> object | None:
    """What tells one transaction of a session from its others; ``None`` while none runs."""
    return session.turn if isinstance(session, LateSession) else session.get_transaction()
