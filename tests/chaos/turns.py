"""Two actors on one database who take turns, statement by statement, in an order that is given.

Before every statement, and before every commit, an actor waits until it is its turn. One that waits
for a lock of the other leaves the turn to it. The same order gives the same interleaving.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

LOOK_SECONDS = 0.004
"""How long an actor may be busy before it is asked whether it waits for a lock."""
PATIENCE_SECONDS = 60


@dataclass
class _Actor:
    work: Callable[[], Any]
    state: str = "busy"
    backend: int | None = None
    result: Any = None
    error: BaseException | None = None
    thread: threading.Thread = field(default_factory=threading.Thread)


class Turns:
    """Lets two works on one engine run against each other; ``watcher`` sees who waits for whom."""

    def __init__(self, database: Engine, watcher: psycopg.Connection[Any]) -> None:
        self._watcher = watcher
        self._changed = threading.Condition()
        self._actors: list[_Actor] = []
        self._by_thread: dict[int, _Actor] = {}
        event.listen(
            database, "before_cursor_execute", lambda connection, *_: self._gate(connection)
        )
        event.listen(database, "commit", self._gate)

    def run(self, works: Sequence[Callable[[], Any]], order: Iterable[int]) -> list[Any]:
        """The results of the works; ``order`` says which of them takes each next turn.

        When the order is used up, or names one that cannot go on, the first that can does.
        """
        self._actors = [_Actor(work) for work in works]
        for actor in self._actors:
            actor.thread = threading.Thread(target=self._play, args=[actor], daemon=True)
            actor.thread.start()
        turns = iter(order)
        while True:
            ready = self._settled()
            if not ready:
                break
            wanted = next(turns, 0)
            actor = self._actors[wanted]
            self._let_go(actor if actor in ready else ready[0])
        for actor in self._actors:
            actor.thread.join()
            if actor.error is not None:
                raise actor.error
        return [actor.result for actor in self._actors]

    def _play(self, actor: _Actor) -> None:
        self._by_thread[threading.get_ident()] = actor
        try:
            actor.result = actor.work()
        except BaseException as error:  # noqa: BLE001 - raised again where the actors are awaited
            actor.error = error
        finally:
            del self._by_thread[threading.get_ident()]
            self._turn(actor, "done")

    def _gate(self, connection: Connection) -> None:
        actor = self._by_thread.get(threading.get_ident())
        if actor is None:
            return
        driver: Any = connection.connection.driver_connection
        actor.backend = driver.info.backend_pid
        self._turn(actor, "waiting")
        with self._changed:
            self._changed.wait_for(lambda: actor.state == "busy", PATIENCE_SECONDS)

    def _turn(self, actor: _Actor, state: str) -> None:
        with self._changed:
            actor.state = state
            self._changed.notify_all()

    def _let_go(self, actor: _Actor) -> None:
        self._turn(actor, "busy")

    def _settled(self) -> list[_Actor]:
        """Who waits for its turn, once nobody is busy with anything but waiting for a lock."""
        while True:
            with self._changed:
                busy = [actor for actor in self._actors if actor.state == "busy"]
                ready = [actor for actor in self._actors if actor.state == "waiting"]
                if not busy:
                    return ready
                if self._changed.wait(LOOK_SECONDS):
                    continue
            if ready and all(self._is_blocked(actor) for actor in busy):
                return ready

    def _is_blocked(self, actor: _Actor) -> bool:
        if actor.backend is None:
            return False
        query = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
        row = self._watcher.execute(query, [actor.backend]).fetchone()
        return actor.state == "busy" and row is not None and bool(row[0])
