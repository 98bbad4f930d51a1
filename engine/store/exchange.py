"""One exchange with PostgreSQL: statements go out together, their answers come back together.

Built on libpq's pipeline mode as psycopg wraps it (``psycopg.pq``); values are adapted by psycopg's
own adapters. psycopg's cursors can do the same, but wait for the server once more to begin, and
take several times the processor time that PostgreSQL needs for such small statements. Statements
are prepared at first use and stay so for as long as the connection lives.
"""

from __future__ import annotations

import json
import select
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import adapters, pq
from psycopg.adapt import Buffer, PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGconn, PGresult

MOST_PREPARED = 400
"""Statements that one connection keeps prepared; those beyond are sent as they are."""

Asked = tuple[bytes, Sequence[Any]]
"""A statement with ``$1``, ``$2`` …, and their values."""


class JsonText(str):
    """JSON for a column of type ``jsonb``."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> JsonText:
        """A value as JSON. Raises TypeError for what has none."""
        return cls(_encode(value)) if value or type(value) is not dict else _NOTHING


class Ids(list[UUID]):
    """Keys for an array of type ``uuid[]``."""

    __slots__ = ()


class Words(list[str]):
    """Texts for an array of type ``text[]``."""

    __slots__ = ()


_encode = json.JSONEncoder().encode
_NOTHING = JsonText("{}")
_DONE = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})
_READABLE = select.POLLIN | select.POLLERR | select.POLLHUP


class StatementFailed(Exception):
    """The server refused one statement of an exchange; those after it were not carried out.

    Attributes:
        place: which one, from 0; one past the last is the commit.
        cause: what the server said.
    """

    def __init__(self, place: int, cause: psycopg.Error) -> None:
        super().__init__(place)
        self.place = place
        self.cause = cause


@dataclass(slots=True)
class _Call:
    text: bytes
    values: Sequence[Buffer | None]
    types: tuple[int, ...]
    formats: Sequence[pq.Format]


_BEGIN, _COMMIT = _Call(b"BEGIN", (), (), ()), _Call(b"COMMIT", (), (), ())


class Exchanger:
    """A connection that can be asked many things in one go. Used by one thread at a time."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._adapting = Transformer(connection)
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._named = 0
        self._under_way: list[_Step] = []
        self._ahead = 0

    def exchange(
        self, asked: Sequence[Asked], *, begin: bool = True, commit: bool = False
    ) -> list[PGresult]:
        """The server's answer to each statement, in one round trip.

        ``begin`` begins a transaction where none runs, ``commit`` ends it after the last statement.
        Without either the statements are a transaction of their own.

        Raises:
            StatementFailed: the server refused one; the transaction can only be rolled back.
            psycopg.DataError: a value cannot be sent; nothing was.
            psycopg.OperationalError: the connection is lost.
        """
        try:
            self._put(asked, begin)
            server, steps, ahead = self._connection.pgconn, self._under_way, self._ahead
            if commit:
                self._send(server, ahead, _COMMIT, steps)
            results = self._ended(server)
        except psycopg.DataError:
            raise
        except BaseException:
            self._connection.close()  # nobody can tell what is still under way on it
            raise
        return self._judged(steps, results, ahead)[ahead - len(asked) :]

    def send(self, asked: Sequence[Asked]) -> None:
        """Send statements of a transaction; the answers come with its next exchange.

        The server works on them meanwhile. Nothing but ``exchange``, ``send`` and ``drop`` may use
        the connection until then. ``StatementFailed.place`` counts them as well, as the first.

        Raises:
            psycopg.DataError: a value cannot be sent; none of these was.
            psycopg.OperationalError: the connection is lost.
        """
        try:
            self._put(asked, begin=True)
            self._connection.pgconn.flush()
        except psycopg.DataError:
            raise
        except BaseException:
            self._connection.close()
            raise

    @property
    def sent_ahead(self) -> bool:
        """Whether answers are still to come."""
        return bool(self._under_way)

    def drop(self) -> None:
        """Await the answers to what was sent ahead, whatever they are: it is to be rolled back."""
        steps, ahead = self._under_way, self._ahead
        try:
            results = self._ended(self._connection.pgconn)
        except BaseException:
            self._connection.close()
            raise
        with suppress(StatementFailed):
            self._judged(steps, results, ahead)

    def _put(self, asked: Sequence[Asked], begin: bool) -> None:
        calls = [self._adapted(text, values) for text, values in asked]
        server, steps = self._connection.pgconn, self._under_way
        if server.pipeline_status == pq.PipelineStatus.OFF:
            begins = begin and server.transaction_status == pq.TransactionStatus.IDLE
            server.enter_pipeline_mode()
            if begins and not self._connection.autocommit:
                self._send(server, 0, self._beginning(), steps)
        for call in calls:
            self._send(server, self._ahead, call, steps)
            self._ahead += 1

    def _beginning(self) -> _Call:
        """The beginning of a transaction, as the connection was told to make them."""
        level, read_only = self._connection.isolation_level, self._connection.read_only
        if level is None and read_only is None:
            return _BEGIN
        modes = [] if level is None else [f"ISOLATION LEVEL {level.name.replace('_', ' ')}"]
        if read_only is not None:
            modes.append("READ ONLY" if read_only else "READ WRITE")
        return _Call(f"BEGIN {', '.join(modes)}".encode(), (), (), ())

    def _ended(self, server: PGconn) -> list[PGresult]:
        self._under_way, self._ahead = [], 0
        server.pipeline_sync()
        results = _answers(server)
        server.exit_pipeline_mode()
        return results

    def rows(self, result: PGresult, make_row: Callable[[Sequence[Any]], Any]) -> list[Any]:
        """The rows of an answer, each made by ``make_row`` out of its values."""
        if result.status != pq.ExecStatus.TUPLES_OK:
            return []
        self._adapting.set_pgresult(result)
        return self._adapting.load_rows(0, result.ntuples, make_row)

    def _adapted(self, text: bytes, values: Sequence[Any]) -> _Call:
        """The values as they are sent. psycopg writes all but some kinds, at which it is slow."""
        adapting = self._adapting
        left = [None if type(value) in _WRITTEN_HERE else value for value in values]
        sent = list(adapting.dump_sequence(left, [PyFormat.AUTO] * len(left)))
        types, formats = list(adapting.types or ()), list(adapting.formats or ())
        for place, value in enumerate(values):
            kind = type(value)
            if kind is UUID:
                sent[place] = value.int.to_bytes(16)
                types[place], formats[place] = _ID, pq.Format.BINARY
            elif kind is JsonText:
                sent[place] = value.encode()
                types[place], formats[place] = _JSON, pq.Format.TEXT
            elif kind is Ids:
                sent[place] = _array(_ID, [one.int.to_bytes(16) for one in value])
                types[place], formats[place] = _IDS, pq.Format.BINARY
            elif kind is Words:
                sent[place] = _array(_TEXT, [one.encode() for one in value])
                types[place], formats[place] = _TEXTS, pq.Format.BINARY
        return _Call(text, sent, tuple(types), formats)

    def _send(self, server: PGconn, place: int, call: _Call, steps: list[_Step]) -> None:
        key = (call.text, call.types)
        name = self._prepared.get(key)
        if name is None:
            if len(self._prepared) >= MOST_PREPARED:
                server.send_query_params(call.text, call.values, call.types, call.formats)
                steps.append(_Step(place))
                return
            self._named += 1
            name = self._prepared[key] = b"ketenspoor_%d" % self._named
            server.send_prepare(name, call.text, call.types)
            steps.append(_Step(place, prepares=key))
        server.send_query_prepared(name, call.values, call.formats)
        steps.append(_Step(place))

    def _judged(
        self, steps: Sequence[_Step], results: Sequence[PGresult], count: int
    ) -> list[PGresult]:
        answers: list[Any] = [None] * (count + 1)
        failed: StatementFailed | None = None
        for step, result in zip(steps, results, strict=True):
            answers[step.place] = result
            if result.status in _DONE:
                continue
            if step.prepares is not None:
                del self._prepared[step.prepares]
            if failed is None:
                encoding = self._connection.info.encoding
                failed = StatementFailed(step.place, error_from_result(result, encoding))
        if failed is not None:
            raise failed
        return answers[:count]


_ID, _JSON = adapters.types["uuid"].oid, adapters.types["jsonb"].oid
_TEXT = adapters.types["text"].oid
_IDS, _TEXTS = adapters.types["uuid"].array_oid, adapters.types["text"].array_oid
_WRITTEN_HERE = frozenset({UUID, JsonText, Ids, Words})


def _array(kind: int, members: Sequence[bytes]) -> bytes:
    """An array as PostgreSQL sends it: dimensions, nulls, kind; members from 1, lengths first."""
    if not members:
        return struct.pack("!iiI", 0, 0, kind)
    head = struct.pack("!iiIii", 1, 0, kind, len(members), 1)
    return head + b"".join([len(one).to_bytes(4) + one for one in members])


@dataclass(slots=True)
class _Step:
    """What one answer is to: the statement's place, and whether it was its preparation."""

    place: int
    prepares: tuple[bytes, tuple[int, ...]] | None = None


def _answers(server: PGconn) -> list[PGresult]:
    """All answers up to the end of the pipeline, sending what is left to send meanwhile."""
    found: list[PGresult] = []
    unsent = server.flush()
    while True:
        while unsent or server.is_busy():
            _await(server, select.POLLOUT if unsent else 0)
            unsent = unsent and server.flush()
        result = server.get_result()
        if result is None:
            continue  # between the answers to two statements
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


def _await(server: PGconn, writable: int) -> None:
    door = select.poll()
    door.register(server.socket, _READABLE | writable)
    if any(happened & _READABLE for _, happened in door.poll()):
        server.consume_input()
