"""Random processes, run on a real database, and the commands that may be given to them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.clock import VirtualClock
from engine.definitions.model import Kind, Process, Trigger
from engine.errors import KetenspoorError
from engine.execution.errors import CalledProcessMissing
from engine.runtime.catalogue import Catalogue
from engine.runtime.commands import Announcement, Runtime
from engine.runtime.connectors import ConnectorRegistry
from engine.runtime.errors import InstanceChanged
from engine.runtime.sql import SqlStore
from engine.runtime.sweep import Sweep
from engine.store.unit_of_work import in_transaction
from tests.unit.execution.models import BEGIN, Model, error, escalation
from tests.unit.execution.random_models import Blocks

ATTEMPTS = 4
"""How often a command that met another on the same instance is done again, as casework does."""
Command = Callable[[Runtime], Any]
TABLES = (
    "process_instances", "user_tasks", "timers", "subscriptions", "buffered_messages",
    "seen_messages", "incidents", "audit_events",
)  # fmt: skip
EARLIEST = "SELECT token_id, next_try_at FROM timers ORDER BY next_try_at, element_id LIMIT 1"
PUT_OFF = """
UPDATE timers SET next_try_at = :due + interval '1 hour'
WHERE next_try_at < :due + interval '1 hour' AND token_id <> :token
"""
EMPTY = [f"DELETE FROM {table}" for table in TABLES]


class Family(Blocks):
    """Nested blocks of which some are calls of another process, with what it throws caught."""

    def __init__(self, draw: Any, calls: str | None) -> None:
        super().__init__(draw)
        self.left = draw(st.integers(1, 6))
        self._calls = calls

    def _user(self, before: str, parent: str, depth: int) -> str:
        if self._calls is None or depth > 2 or self._draw(st.integers(0, 2)):
            return super()._user(before, parent, depth)
        element = self.new("roep")
        self.model.add(Kind.CALL_ACTIVITY, element, parent, called_process=self._calls)
        self.model.flow(before, element)
        caught = self._draw(st.sampled_from([None, error("X"), escalation("E")]))
        return self._boundary(element, parent, caught)


@st.composite
def families(draw: Any) -> dict[str, Process]:
    """A process and one that it may call; many of their events wait for the same."""
    made = {}
    for name, calls in (("P", "Q"), ("Q", None)):
        blocks = Family(draw, calls)
        blocks.model = Model(name)
        blocks.scope(name, 0)
        for element in blocks.model.elements.values():
            if element.event and element.event.trigger in (Trigger.MESSAGE, Trigger.SIGNAL):
                shared = draw(st.sampled_from(["een", "twee"]))
                event = replace(element.event, name=shared)
                blocks.model.elements[element.id] = replace(element, event=event)
        made[name] = blocks.model.process()
    return made


@dataclass
class Package:
    """What the runtime asks of a package."""

    processes: Mapping[str, Process]
    key: str = "proef"
    roles: Mapping[str, Any] = field(default_factory=dict)

    def provides(self, reference: Any) -> bool:
        """Whether it has what is referred to."""
        return reference.id in self.processes


@dataclass
class Published:
    """A source of packages that has one."""

    packages: dict[str, Package]

    def package(self, version: str) -> Any:
        """That one."""
        return self.packages[version]

    def provider(self, _version: str, reference: Any) -> str | None:
        """Nothing comes from elsewhere."""
        raise CalledProcessMissing(f"{reference} is nergens.")

    def latest_with_start(self, _trigger: Trigger, _name: str) -> list[str]:
        """Nothing starts by an event."""
        return []

    def shared_form(self, _form_id: str) -> None:
        """Nothing is shared."""
        return


class Case:
    """Instances of a random process on a database, and the commands that they may be given."""

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.clock = VirtualClock(BEGIN)
        self.version = uuid4().hex
        self._catalogue = Catalogue(Published({self.version: Package(processes)}))
        self._connectors = ConnectorRegistry()
        self._connectors.register("werk", lambda _: {})
        elements = chain.from_iterable(p.elements.values() for p in processes.values())
        events = [e.event for e in elements if e.event is not None]
        self.messages = sorted({e.name or "" for e in events if e.trigger is Trigger.MESSAGE})
        self.signals = sorted({e.name or "" for e in events if e.trigger is Trigger.SIGNAL})

    def runtime(self, session: Session) -> Runtime:
        """The commands within one transaction."""
        store = SqlStore(session, self._catalogue, self.clock)
        return Runtime(store, self._catalogue, self._connectors, self.clock)

    def start(self, database: Engine, many: int) -> None:
        """Begin, with nothing else in the tables."""
        _freely(database, EMPTY)
        variables = {"v": 0, "lijst": [1, 2, 3]}
        for _ in range(many):
            self.do(database, lambda r: r.start(self.version, "P", variables, business_key="k"))

    def do(self, database: Engine, command: Command) -> Any:
        """One command, done again as casework does it; how it ended."""
        for _attempt in range(ATTEMPTS):
            try:
                return in_transaction(database, lambda s: str(command(self.runtime(s))))
            except InstanceChanged:
                continue
            except KetenspoorError as refused:
                return refused.code
        return "instance-changed"

    def sweep(self, database: Engine) -> str:
        """Fire one timer that is due; how many were tried."""
        return "timers: " + str(Sweep(database, self.clock, self.runtime).run_once(limit=1))

    def pass_time(self, database: Engine) -> None:
        """Let it be the time at which one timer is due; others of that instant come later.

        Of several that are due at once, sweeps side by side may take any: what equals what then
        hangs on more than two orders.
        """
        with Session(database) as session:
            earliest = session.execute(text(EARLIEST)).first()
            if earliest is None:
                return
            given = {"token": earliest.token_id, "due": earliest.next_try_at}
            session.execute(text(PUT_OFF), given)
            session.commit()
        self.clock.advance_to(earliest.next_try_at)

    def wishes(self, database: Engine) -> list[tuple[str, Any]]:
        """What somebody may do now, in an order that does not hang on random ids."""
        with Session(database) as session:
            tasks = _rows(session, "SELECT id, element_id FROM user_tasks WHERE status = 'open'")
            timers = session.scalar(text("SELECT count(*) FROM timers"))
            running = _rows(session, "SELECT id, process_id FROM process_instances "
                                     "WHERE status = 'active'")  # fmt: skip
            stopped = _rows(session, "SELECT token_id, instance_id FROM incidents "
                                     "WHERE resolved_at IS NULL")  # fmt: skip
        wishes: list[tuple[str, Any]] = [("complete", task) for task, _ in tasks] * 2
        wishes += [("sweep", None)] * (2 if timers else 0)
        wishes += [("publish", name) for name in self.messages]
        wishes += [("signal", name) for name in self.signals]
        wishes += [("cancel", instance) for instance, _ in running]
        wishes += [("retry", (instance, token)) for token, instance in stopped]
        return wishes

    def work(self, wish: tuple[str, Any], value: int) -> Callable[[Engine], str]:
        """What carries a wish out on a database."""
        kind, what = wish
        if kind == "sweep":
            return self.sweep
        commands: dict[str, Command] = {
            "complete": lambda r: r.complete_task(what, {"v": value}),
            "announce": lambda r: r.complete_task(
                what, {"v": value}, announce=[Announcement("een", None, {})]
            ),
            "publish": lambda r: r.publish(what, None, {"v": value}, life=timedelta(days=value)),
            "signal": lambda r: r.signal(what, {"v": value}),
            "cancel": lambda r: r.cancel(what),
            "retry": lambda r: r.retry(*what),
        }
        return lambda database: str(self.do(database, commands[kind]))


def _rows(session: Session, query: str) -> list[Any]:
    return list(session.execute(text(query + " ORDER BY 2, 1")).all())


def keep(database: Engine) -> None:
    """Remember how everything stands; ``put_back`` brings it back as often as is wished."""
    made = [f"CREATE UNLOGGED TABLE IF NOT EXISTS kept_{t} (LIKE {t})" for t in TABLES]
    emptied = [f"DELETE FROM kept_{table}" for table in TABLES]
    filled = [f"INSERT INTO kept_{table} TABLE {table}" for table in TABLES]
    _freely(database, [*made, *emptied, *filled])


def put_back(database: Engine) -> None:
    """Let everything stand as it was kept."""
    _freely(database, [*EMPTY, *(f"INSERT INTO {t} TABLE kept_{t}" for t in TABLES)])


def _freely(database: Engine, statements: list[str]) -> None:
    """Beside the triggers that keep the audit from being changed."""
    with database.connect() as connection:
        driver: Any = connection.connection.driver_connection
        around = [
            "SET LOCAL session_replication_role = replica",
            "SET LOCAL client_min_messages = error",
        ]
        driver.execute("; ".join([*around, *statements]).encode())
        driver.commit()


SHOWN = (
    "SELECT 'task', element_id, status, process_id FROM user_tasks",
    "SELECT 'timer', element_id, due_at::text, attempts::text FROM timers",
    "SELECT 'subscription', kind, name, key FROM subscriptions",
    "SELECT 'kept', name, key, variables::text FROM buffered_messages",
    "SELECT 'incident', element_id, code, (resolved_at IS NULL)::text FROM incidents",
    "SELECT 'audit', type, element_id, data::text FROM audit_events",
)
ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def stand(database: Engine) -> list[str]:
    """All that stands in the tables, with ids left out, so that two runs can be compared."""
    with Session(database) as session:
        query = "SELECT process_id, status, parent_id IS NULL, state FROM process_instances"
        rows = [
            f"instance {process} {status} {is_root} {_tree(json.loads(zlib.decompress(raw)))}"
            for process, status, is_root, raw in session.execute(text(query))
        ]
        for table in SHOWN:
            rows += [str(tuple(row)) for row in session.execute(text(table))]
    return sorted(ID.sub("#", row.replace("UUID", "")) for row in rows)


def _tree(document: dict[str, Any]) -> str:
    """The tokens of a state, each with those in it, in an order that does not hang on ids."""
    tokens = document["tokens"]
    inside: dict[int, list[str]] = {}
    for index in range(len(tokens) - 1, -1, -1):
        _, element, place, state, data, internal = tokens[index]
        shown = ID.sub("#", json.dumps([element, state, data, internal], sort_keys=True))
        told = f"{shown}({', '.join(sorted(inside.get(index, [])))})"
        inside.setdefault(-1 if place is None else place, []).append(told)
    return f"{document['status']} {inside[-1]}"
