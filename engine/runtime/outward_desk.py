"""Carrying out outward work: one attempt, from the job in the queue to the token that goes on.

Nothing is sent inside a transaction. Before sending it is looked up whether the token still waits,
after it what left is recorded, and only then the token goes on; each is a transaction of its own,
so that a worker may die between any two of them. What was recorded is not sent again. What was
sent and not recorded yet is: under the same key, by which its receiver can recognise it.

Two workers never carry out the same token at once: who does holds a lock of the database that goes
with its connection, however the worker ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.execution import variables
from engine.execution.errors import NotWaiting
from engine.runtime import outward_record
from engine.runtime.catalogue import Catalogue
from engine.runtime.commands import Runtime
from engine.runtime.connectors import ConnectorCall
from engine.runtime.errors import InstanceNotFound
from engine.runtime.instance_rows import unpack
from engine.runtime.models import ProcessInstance
from engine.runtime.outward import (
    UNSENT,
    NotConfigured,
    Outgoing,
    OutwardBrokeOff,
    OutwardFailed,
    Performer,
)
from engine.runtime.outward_record import Attempt
from engine.runtime.published import PublishedPackages
from engine.store.held import held
from engine.store.unit_of_work import UnitOfWork, in_transaction

log = structlog.get_logger("ketenspoor.outward")

BUSY = timedelta(seconds=15)
"""When to look again at a token that another worker is carrying out."""
STUCK = timedelta(hours=1)
"""When to look again at a token whose instance cannot even take an incident in."""


class OutwardDesk:
    """Carries out what the queue names. Safe to share between threads."""

    def __init__(
        self,
        database: Engine,
        clock: Clock,
        make_runtime: Callable[[Session], Runtime],
        performers: Mapping[str, Performer],
    ) -> None:
        self._database = database
        self._clock = clock
        self._make_runtime = make_runtime
        self._performers = performers

    def carry_out(self, instance_id: UUID, token_id: UUID) -> datetime | None:
        """One attempt; when to try again, or ``None`` when that is not needed.

        It does nothing when the token waits no longer: it was cancelled, or all was done before.
        """
        with held(self._database, token_id) as mine:
            if not mine:
                return self._clock.now() + BUSY
            attempt = in_transaction(
                self._database, lambda s: outward_record.begin(s, token_id, self._clock.now())
            )
            return None if attempt is None else self._try(attempt)

    # -- one attempt ---------------------------------------------------------------------------

    def _try(self, attempt: Attempt) -> datetime | None:
        try:
            if attempt.number > attempt.most:
                _broke_off(attempt)
            performer = self._performers.get(attempt.job_type)
            if performer is None:
                raise NotConfigured(
                    f"Hoe '{attempt.job_type}' verstuurt, is op deze server niet ingesteld.",
                    "Laat de beheerder dat instellen en probeer het dan opnieuw.",
                )
            with UnitOfWork(self._database) as session:
                messages = performer.prepare(session, self._call(session, attempt))
            if not self._send_all(performer, attempt, messages):
                return None
            self._go_on(attempt, len(messages))
        except (OperationalError, InterfaceError):
            raise  # the database is away: no fault of what is sent
        except NotWaiting:
            return None  # the token went elsewhere meanwhile
        except OutwardFailed as error:
            return self._failed(attempt, error)
        except KetenspoorError as error:
            return self._failed(attempt, _for_good(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told at the element
            failed = OutwardFailed(
                f"Het versturen liep vast ({type(error).__name__}).",
                "Probeer het opnieuw; blijft het misgaan, laat de beheerder het logboek bekijken.",
            )
            return self._failed(attempt, failed)
        return None

    def _call(self, session: Session, attempt: Attempt) -> ConnectorCall:
        """What the service task asks, read from the state without locking it."""
        table, now = ProcessInstance.__table__, self._clock.now()
        row = session.execute(select(table).where(table.c.id == attempt.instance_id)).one()
        instance = unpack(row, Catalogue(PublishedPackages(session)), now)
        token = instance.execution.tasks.get(attempt.token_id)
        if token is None or not instance.stands_at(attempt.token_id):
            raise NotWaiting("Hier wordt niet meer op gewacht.", token_id=attempt.token_id)
        return ConnectorCall(
            attempt.job_type,
            token.element.headers,
            variables.own(variables.visible(token)),
            instance.business_key,
            instance.id,
            attempt.element_id,
            now,
            attempt.token_id,
            instance.package_version,
            instance.process_id,
        )

    def _send_all(
        self, performer: Performer, attempt: Attempt, messages: Sequence[Outgoing]
    ) -> bool:
        """Send what was not sent before; whether the token still waits for it.

        Raises:
            OutwardFailed: one at least was not sent; the others were.
        """
        failed: list[OutwardFailed] = []
        for message in messages:
            with UnitOfWork(self._database) as session:
                if not outward_record.still_waits(session, attempt.token_id):
                    return False
                if message.recipient_id in outward_record.reached(session, attempt.token_id):
                    continue
            try:
                performer.send(message)
            except OutwardFailed as error:
                failed.append(error)
            else:
                self._record(attempt, message)
        if failed:
            raise next((error for error in failed if error.again), failed[0])
        return True

    def _record(self, attempt: Attempt, message: Outgoing) -> None:
        recipient_id, now = message.recipient_id, self._clock.now()
        in_transaction(self._database, lambda s: outward_record.sent(s, attempt, recipient_id, now))

    def _go_on(self, attempt: Attempt, count: int) -> None:
        def go_on(session: Session) -> None:
            runtime = self._make_runtime(session)
            runtime.complete_job(attempt.instance_id, attempt.token_id, {"aantal": count})

        in_transaction(self._database, go_on)

    # -- what goes wrong -----------------------------------------------------------------------

    def _failed(self, attempt: Attempt, error: OutwardFailed) -> datetime | None:
        log.warning(
            "outward-failed",
            instance=str(attempt.instance_id),
            element=attempt.element_id,
            attempt=attempt.number,
            error=error.code,
        )
        if error.again and attempt.number < attempt.most:
            return self._later(attempt, error, attempt.first_wait * 2 ** (attempt.number - 1))

        def stop(session: Session) -> None:
            runtime, at = self._make_runtime(session), (attempt.instance_id, attempt.token_id)
            if not error.catchable:
                runtime.stop_with_incident(*at, error)
            elif runtime.give_up_job(*at, UNSENT, error):
                outward_record.left_out(session, attempt, error, self._clock.now())

        try:
            in_transaction(self._database, stop)
        except (NotWaiting, InstanceNotFound):
            return None
        except (OperationalError, InterfaceError):
            raise
        except Exception as worse:  # noqa: BLE001 - a damaged instance must not stop the worker
            log.error(
                "outward-stuck", instance=str(attempt.instance_id), error=type(worse).__name__
            )
            return self._later(attempt, error, STUCK)
        return None

    def _later(self, attempt: Attempt, error: OutwardFailed, wait: timedelta) -> datetime:
        at = self._clock.now() + wait
        with UnitOfWork(self._database) as session:
            outward_record.put_off(session, attempt, error, at)
        return at


def _broke_off(attempt: Attempt) -> NoReturn:
    raise OutwardBrokeOff(
        f"Het versturen is {attempt.most} keer begonnen en nooit afgemaakt.",
        "Laat de beheerder nagaan waarom het werk steeds wordt afgebroken.",
    )


def _for_good(error: KetenspoorError) -> OutwardFailed:
    """An error of the diagram or the state: trying again changes nothing."""
    failed = OutwardFailed(error.message, error.remedy, **error.where)
    failed.code, failed.again, failed.catchable = error.code, False, False
    return failed
