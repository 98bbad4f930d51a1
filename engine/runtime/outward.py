"""The port for outward work: what leaves the database, done by a worker after the step's commit.

A service task with an outward job type leaves a job in the queue and its token waits. A worker
asks the *performer* of the job type what is to be sent, in a transaction that only reads, and lets
it send each message outside any transaction. The engine knows no mail and no partners: performers
are put in where the product is put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import KetenspoorError
from engine.runtime.connectors import ConnectorCall
from engine.store.settings import Number

FIRST_WAIT = Number(
    "outward-first-wait-seconds",
    30,
    "seconds",
    "the wait after the first failed attempt to send; each next wait is twice as long",
)
ATTEMPTS = Number(
    "outward-attempts",
    8,
    "",
    "how often sending is tried before it becomes an incident",
)


UNSENT = "NIET-VERSTUURD"
"""The BPMN error by which a diagram may catch that something was not sent after all."""


class OutwardFailed(KetenspoorError):
    """Something could not be sent.

    ``again``: it may go well later, without anybody's help. ``catchable``: a diagram may go on
    without it; what the diagram itself got wrong is no such thing.
    """

    code = "outward-failed"
    again = True
    catchable = True


class NotConfigured(OutwardFailed):
    """Where or how to send was never set up."""

    code = "outward-not-configured"
    again = False


class NobodyToReach(OutwardFailed):
    """There is nobody to send it to."""

    code = "outward-nobody"
    again = False


class OutwardRefused(OutwardFailed):
    """The other side refuses it for good: another attempt would be refused as well."""

    code = "outward-refused"
    again = False


class OutwardUnreachable(OutwardFailed):
    """The other side does not answer, or not now."""

    code = "outward-unreachable"


class OutwardBrokeOff(OutwardFailed):
    """Attempts began that never ended: the worker was ended in the middle, every time."""

    code = "outward-broke-off"
    again = False


INCIDENT_CODES = frozenset(
    one.code
    for one in (
        OutwardFailed,
        NotConfigured,
        NobodyToReach,
        OutwardRefused,
        OutwardUnreachable,
        OutwardBrokeOff,
    )
)
"""The codes of incidents that stand for something that was not sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient. ``content`` is the performer's own, and never logged.

    ``key`` is the same at every attempt, so that a receiver can recognise a repeat.
    """

    token_id: UUID
    recipient_id: UUID
    content: Any = field(repr=False)

    @property
    def key(self) -> str:
        """The message's own name: which token, to whom."""
        return f"{self.token_id}.{self.recipient_id}"


class Performer(Protocol):
    """Does the outward work of one job type."""

    def prepare(self, session: Session, call: ConnectorCall) -> Sequence[Outgoing]:
        """What is to be sent, each recipient once; reads only. ``call`` is read at the attempt.

        Raises:
            OutwardFailed: it cannot be said, or there is nobody.
        """
        ...

    def send(self, message: Outgoing) -> None:
        """Send one message. Called outside any transaction; may take its time.

        Raises:
            OutwardFailed: it was not sent, for all that is known.
        """
        ...
