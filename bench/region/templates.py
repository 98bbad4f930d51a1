"""A played trajectory as a text with holes, from which any number of others are made.

Every table's rows are taken as PostgreSQL's COPY writes them. The identifiers in them are the
holes: those of the family and its processes differ in every copy, those of people and organisations
in every copy of the region. States are opened for it and packed again.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Connection

from engine.runtime.instance_rows import COMPRESSION
from engine.store.backup import psycopg_of

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ID_OR_TOKEN = re.compile(_ID.pattern + r"|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_BYTES = re.compile(r"\\\\x([0-9a-f]+)")

Ids = frozenset[str]
"""Identifiers without their hyphens."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Which copy is made: its number among all, and that of its region."""

    number: int
    region: int


@dataclass(frozen=True, slots=True)
class Hole:
    """An identifier: its first eight digits change with the copy."""

    head: int
    tail: str
    of_region: bool

    def filled(self, copy: Copy) -> str:
        """The identifier in a copy."""
        return f"{self.head ^ (copy.region if self.of_region else copy.number):08x}{self.tail}"


class Text:
    """A text with holes."""

    def __init__(self, text: str, regional: Ids, pattern: re.Pattern[str] = _ID) -> None:
        self._parts: list[str | Hole | Packed] = []
        place = 0
        for found in pattern.finditer(text):
            self._parts.append(text[place : found.start()])
            whole = found[0]
            of_region = whole.replace("-", "") in regional
            self._parts.append(Hole(int(whole[:8], 16), whole[8:], of_region))
            place = found.end()
        self._parts.append(text[place:])

    @classmethod
    def with_states(cls, text: str, regional: Ids) -> Text:
        """Rows of process instances: their states have holes inside."""
        made = cls("", regional)
        place = 0
        for found in _BYTES.finditer(text):
            made._parts += cls(text[place : found.start()], regional)._parts
            made._parts.append(Packed(bytes.fromhex(found[1]), regional))
            place = found.end()
        made._parts += cls(text[place:], regional)._parts
        return made

    def filled(self, copy: Copy) -> str:
        """The text of a copy."""
        return "".join(part if isinstance(part, str) else part.filled(copy) for part in self._parts)


class Packed:
    """A state with holes; tokens are named in it without hyphens."""

    def __init__(self, state: bytes, regional: Ids) -> None:
        self._text = Text(zlib.decompress(state).decode(), regional, _ID_OR_TOKEN)

    def filled(self, copy: Copy) -> str:
        """The state of a copy, as COPY reads bytes."""
        return r"\\x" + zlib.compress(self._text.filled(copy).encode(), COMPRESSION).hex()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, with the columns that the copies get."""

    table: str
    columns: tuple[str, ...]
    text: Text


_INSTANCES = "SELECT id FROM process_instances WHERE business_key = {trajectory}"
_WHERE = {
    "families": "id = {family}::uuid",
    "trajectories": "id = {trajectory}::uuid",
    "contact_members": "contact_id IN (SELECT id FROM contacts WHERE family_id = {family}::uuid)",
    "handover_states": "handover_id IN (SELECT id FROM handovers WHERE family_id = {family}::uuid)",
}
_BY_COLUMN = (
    ("trajectory_id", "trajectory_id = {trajectory}::uuid"),
    ("family_id", "family_id = {family}::uuid"),
    ("business_key", "business_key = {trajectory}"),
    ("instance_id", f"instance_id IN ({_INSTANCES})"),
)
_LEFT_OUT = frozenset({"access_log", "document_drafts", "outward_messages"})
"""What tells of the past and needs the whole audit, or belongs to somebody at a screen."""


def template(
    connection: Connection, trajectory: str, family: str, regional: Ids, history: int
) -> list[Rows]:
    """The rows of a trajectory, of its audit the newest ``history`` lines, in order of tables."""
    found = []
    for table, columns in tables(connection):
        where = _WHERE.get(table) or next(
            (condition for column, condition in _BY_COLUMN if column in columns), None
        )
        if where is None or table in _LEFT_OUT:
            continue
        few = f" ORDER BY id DESC LIMIT {history}" if table == "audit_events" else ""
        query = sql.SQL(where + few).format(
            trajectory=sql.Literal(trajectory), family=sql.Literal(family)
        )
        text = copied(connection, table, columns, query)
        if text:
            states = table == "process_instances"
            made = Text.with_states(text, regional) if states else Text(text, regional)
            found.append(Rows(table, columns, made))
    return found


def copied(
    connection: Connection, table: str, columns: Sequence[str], where: sql.Composable
) -> str:
    """Rows of a table as COPY writes them."""
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), where
    )
    with psycopg_of(connection).cursor() as cursor, cursor.copy(query) as copying:
        return b"".join(bytes(chunk) for chunk in copying).decode()


def tables(connection: Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The product's tables with their columns, those that others refer to first.

    Columns that number themselves are left out: copies get numbers of their own.
    """
    from engine.store.base import Base

    for table in Base.metadata.sorted_tables:
        yield table.name, tuple(c.name for c in table.columns if c.identity is None)


def ids_in(connection: Connection, *names: str) -> Ids:
    """The identifiers of all rows of some tables."""
    found = (copied(connection, name, ("id",), sql.SQL("true")) for name in names)
    return frozenset(line.replace("-", "") for text in found for line in text.split())
