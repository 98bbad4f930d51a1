"""Subscriptions looked up, and messages kept for who is not waiting yet, on PostgreSQL."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.feel.values import from_json, to_json
from engine.runtime.models import BufferedMessage, SeenMessage, Subscription
from engine.runtime.store import Message, Subscriber


class MessageTable:
    """The message side of an instance store, within one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def subscribers(self, kind: str, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for it, the longest waiting first."""
        query = select(
            Subscription.instance_id, Subscription.token_id, Subscription.process_id
        ).where(Subscription.kind == kind, Subscription.name == name)
        if kind == "message":
            query = query.where(
                Subscription.key.is_(None) if key is None else Subscription.key == key
            )
        rows = self._session.execute(
            query.order_by(Subscription.opened_at, Subscription.token_id)
        ).all()
        return [Subscriber(r.instance_id, r.token_id, r.process_id) for r in rows]

    def hold_message(self, name: str, key: str | None) -> None:
        """Let nobody else keep this message, or come to wait for it, until the commit.

        Without it, a message and its receiver that come at the same instant would miss each other.
        """
        digest = hashlib.blake2b(f"{name}\0{key or ''}".encode(), digest_size=8).digest()
        self._session.execute(
            select(func.pg_advisory_xact_lock(int.from_bytes(digest, signed=True)))
        )

    def buffer(self, message: Message) -> None:
        """Keep a message for its receiver."""
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
        """Take the oldest message for a receiver out of the buffer; one taker gets it."""
        oldest = (
            select(BufferedMessage.id)
            .where(
                BufferedMessage.name == name,
                BufferedMessage.key.is_(None) if key is None else BufferedMessage.key == key,
                BufferedMessage.expires_at > now,
            )
            .order_by(BufferedMessage.id)
            .limit(1)
            .with_for_update()
        )
        row = self._session.execute(
            delete(BufferedMessage)
            .where(BufferedMessage.id.in_(oldest.scalar_subquery()))
            .returning(
                BufferedMessage.name,
                BufferedMessage.key,
                BufferedMessage.variables,
                BufferedMessage.published_at,
                BufferedMessage.expires_at,
            )
        ).one_or_none()
        if row is None:
            return None
        return Message(row.name, row.key, from_json(row.variables), *row[3:])

    def message_seen(self, message_id: str) -> bool:
        """Whether it was published before; a second publisher waits for the first's commit."""
        new = self._session.scalar(
            upsert(SeenMessage)
            .values(message_id=message_id, seen_at=self._clock.now())
            .on_conflict_do_nothing()
            .returning(SeenMessage.message_id)
        )
        return new is None
