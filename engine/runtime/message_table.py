"""Subscriptions looked up, and messages kept for who is not waiting yet, on PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, select, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.feel.values import from_json, to_json
from engine.runtime.instance_rows import locked_all
from engine.runtime.models import BufferedMessage, SeenMessage, Subscription
from engine.runtime.store import Message, Subscriber
from engine.store.base import UtcDateTime
from engine.store.round_trips import Statement, read_together

Asked = tuple[Statement, Mapping[str, Any]]


MOST_GATHERED = 8
"""Receivers of one message that are locked along with it; more are locked one after another."""


class MessageTable:
    """The message side of an instance store, within one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._gathered: dict[tuple[str, str], list[Subscriber]] = {}
        self._none_kept: set[tuple[str, str | None]] = set()

    def gathered(self, name: str, key: str, *along: Asked) -> tuple[list[Any], list[list[Any]]]:
        """The locked rows of who waits for a message, and what else was asked ``along`` with it.

        Who waits and whether the message is kept is read after the locks, and remembered for
        ``subscribers`` and ``take_buffered``: what else would ask one after another.
        """
        values = {"name": name, "key": key, "now": self._clock.now()}
        instances, _, waiting, kept, *others = read_together(
            self._session,
            (_RECEIVERS, values),
            (_HOLD, {"lock": _lock_of(name, key)}),
            (_WAITING["message", True], values),
            (_KEPT, values),
            *along,
        )
        self._gathered[name, key] = [Subscriber(*row) for row in waiting]
        if not kept:
            self._none_kept.add((name, key))
        return instances, others

    def has_gathered(self, name: str, key: str) -> bool:
        """Whether who waits for a message was read, and not asked for since."""
        return (name, key) in self._gathered

    def subscribers(self, kind: str, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for it, the longest waiting first."""
        if kind == "message" and key is not None:
            gathered = self._gathered.pop((name, key), None)
            if gathered is not None:
                return gathered
        [rows] = read_together(
            self._session, (_WAITING[kind, key is not None], {"name": name, "key": key})
        )
        return [Subscriber(*row) for row in rows]

    def hold_message(self, name: str, key: str | None) -> None:
        """Let nobody else keep this message, or come to wait for it, until the commit.

        Without it, a message and its receiver that come at the same instant would miss each other.
        """
        read_together(self._session, (_HOLD, {"lock": _lock_of(name, key)}))

    def buffer(self, message: Message) -> None:
        """Keep a message for its receiver."""
        self._none_kept.discard((message.name, message.key))
        self._session.execute(
            insert(BufferedMessage).values(
                name=message.name,
                key=message.key,
                variables=to_json(dict(message.variables)),
                published_at=message.published_at,
                expires_at=message.expires_at,
            )
        )

    def take_buffered(self, name: str, key: str | None, now: datetime) -> Message | None:
        """Hold the message and take the oldest one out of the buffer; one taker gets it."""
        if (name, key) in self._none_kept:
            return None
        _, rows = read_together(
            self._session,
            (_HOLD, {"lock": _lock_of(name, key)}),
            (_TAKE[key is not None], {"name": name, "key": key, "now": now}),
        )
        if not rows:
            return None
        kept_name, kept_key, variables, published_at, expires_at = rows[0]
        return Message(kept_name, kept_key, from_json(variables), published_at, expires_at)

    def message_seen(self, message_id: str) -> bool:
        """Whether it was published before; a second publisher waits for the first's commit."""
        new = self._session.scalar(
            upsert(SeenMessage)
            .values(message_id=message_id, seen_at=self._clock.now())
            .on_conflict_do_nothing()
            .returning(SeenMessage.message_id)
        )
        return new is None


def _lock_of(name: str, key: str | None) -> int:
    digest = hashlib.blake2b(f"{name}\0{key or ''}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


_KEY = bindparam("key", type_=Text())
_NAME = bindparam("name", type_=Text())


def _receivers() -> Statement:
    first = (
        select(Subscription.instance_id)
        .where(Subscription.kind == "message", Subscription.name == _NAME, Subscription.key == _KEY)
        .order_by(Subscription.opened_at, Subscription.token_id)
        .limit(MOST_GATHERED)
    )
    return Statement(locked_all(first))


def _waiting(kind: str, keyed: bool) -> Statement:
    same_key = Subscription.key == _KEY if keyed else Subscription.key.is_(None)
    same_key = same_key if kind == "message" else true()
    return Statement(
        select(Subscription.instance_id, Subscription.token_id, Subscription.process_id)
        .where(Subscription.kind == kind, Subscription.name == _NAME, same_key)
        .order_by(Subscription.opened_at, Subscription.token_id)
    )


def _take(keyed: bool) -> Statement:
    same_key = BufferedMessage.key == _KEY if keyed else BufferedMessage.key.is_(None)
    now = bindparam("now", type_=UtcDateTime())
    oldest = (
        select(BufferedMessage.id)
        .where(BufferedMessage.name == _NAME, same_key, BufferedMessage.expires_at > now)
        .order_by(BufferedMessage.id)
        .limit(1)
        .with_for_update()
    )
    return Statement(
        delete(BufferedMessage)
        .where(BufferedMessage.id.in_(oldest.scalar_subquery()))
        .returning(
            BufferedMessage.name,
            BufferedMessage.key,
            BufferedMessage.variables,
            BufferedMessage.published_at,
            BufferedMessage.expires_at,
        )
    )


# A missing key is asked for apart: no index answers "the same, or both missing".
_BOTH = (True, False)
_WAITING = {
    (kind, keyed): _waiting(kind, keyed) for kind in ("message", "signal") for keyed in _BOTH
}
_RECEIVERS = _receivers()
_KEPT = Statement(
    select(BufferedMessage.id)
    .where(
        BufferedMessage.name == _NAME,
        BufferedMessage.key == _KEY,
        BufferedMessage.expires_at > bindparam("now", type_=UtcDateTime()),
    )
    .limit(1)
)
_TAKE = {keyed: _take(keyed) for keyed in _BOTH}
_HOLD = Statement(select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger()))))
