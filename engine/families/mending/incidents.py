"""Mending: what stands still is tried again, each in a transaction of its own, and told one by one.

Administrators see and change the state of the process only, never the family file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.log import LogLine, log_allowed, log_refused
from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.families.composition import workbench
from engine.families.errors import NotCorrectable, ReasonMissing
from engine.families.models import Trajectory
from engine.runtime.commands import Correction
from engine.runtime.errors import IncidentGone
from engine.runtime.incident_list import due_again
from engine.runtime.models import Incident
from engine.runtime.reading import Correctable, correctable
from engine.runtime.sweep import fire_again
from engine.store.unit_of_work import in_transaction

log = structlog.get_logger("ketenspoor.mending")

RETRY = "incident.retry"
CORRECT = "incident.correct"
LOOK = "incident.look"

KEPT = frozenset({"trajectId", "gezinId"})
"""Variables by which a process finds its trajectory and family: nobody changes them."""


class Ended(StrEnum):
    """How a retry ended."""

    WENT_ON = "went-on"
    STOPPED_AGAIN = "stopped-again"
    GONE = "gone"  # solved before, by somebody or by itself
    FAILED = "failed"  # could not even be tried; nothing changed


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of one incident. ``code`` and ``message`` tell why it does not go on."""

    incident_id: UUID
    element_id: str
    element_name: str
    ended: Ended
    code: str | None = None
    message: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """JSON-ready."""
        return {
            "id": str(self.incident_id),
            "element_id": self.element_id,
            "element_name": self.element_name,
            "result": str(self.ended),
            "code": self.code,
            "message": self.message,
        }


class Mending:
    """Tries incidents again. Safe to share between threads.

    The actor is an administrator; ``None`` is whoever may use the command line.
    """

    def __init__(self, database: Engine, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def retry(self, actor: Actor | None, incident_ids: Iterable[UUID]) -> list[Retried]:
        """Try each of them again; one that fails keeps none of the others back.

        Raises:
            AccessDenied: the actor is no administrator.
        """
        wanted = list(dict.fromkeys(incident_ids))
        self._require_administrator(actor, RETRY, wanted)
        return [self._retry_one(actor, incident_id) for incident_id in wanted]

    def retry_due(self) -> list[Retried]:
        """Try again by itself what stopped for a reason that nobody foresaw, after a while."""
        with Session(self._database) as session:
            due = due_again(session, self._clock.now())
        return self.retry(None, due) if due else []

    def correct_and_retry(
        self, actor: Actor | None, incident_id: UUID, variables: Mapping[str, Any], reason: str
    ) -> Retried:
        """Correct variables of the process and try again, in one transaction.

        Raises:
            AccessDenied: the actor is no administrator.
            ReasonMissing: no reason is given.
            NotCorrectable: a variable is kept by the product itself.
            IncidentGone: it was solved before, or stopped anew since.
        """
        self._require_administrator(actor, CORRECT, [incident_id])
        if not reason.strip():
            raise ReasonMissing("Er is geen reden gegeven.", "Schrijf kort waarom dit nodig is.")
        for name in sorted(KEPT & variables.keys()):
            raise NotCorrectable(
                f"De variabele '{name}' houdt Ketenspoor zelf bij.", "Laat haar staan.", name=name
            )
        correction = Correction(variables, reason.strip())

        def work(session: Session) -> Retried:
            return self._again(session, actor, incident_id, correction)

        return in_transaction(self._database, work)

    def look(self, actor: Actor, incident_id: UUID) -> list[Correctable]:
        """The variables that a retry of the incident will see; leaves one log line.

        Raises:
            AccessDenied: the actor is no administrator.
            IncidentGone: it was solved before.
        """
        self._require_administrator(actor, LOOK, [incident_id])

        def work(session: Session) -> list[Correctable]:
            incident = _open_one(session, incident_id)
            log_allowed(session, actor, self._line(session, LOOK, incident))
            return correctable(session, incident.instance_id, incident.token_id, self._clock.now())

        return in_transaction(self._database, work)

    def _retry_one(self, actor: Actor | None, incident_id: UUID) -> Retried:
        try:
            return in_transaction(
                self._database, lambda session: self._again(session, actor, incident_id, None)
            )
        except IncidentGone as error:
            return Retried(incident_id, "", "", Ended.GONE, error.code, error.message)
        except KetenspoorError as error:
            return self._failed(incident_id, error.code, error.message)
        except (OperationalError, InterfaceError):
            raise  # the database is away: no use to go on
        except Exception as error:  # noqa: BLE001 - one must not keep the others back
            log.error("retry-failed", incident=str(incident_id), error=type(error).__name__)
            code = type(error).__name__
            return self._failed(incident_id, code, f"Opnieuw proberen lukte niet ({code}).")

    def _again(
        self,
        session: Session,
        actor: Actor | None,
        incident_id: UUID,
        correction: Correction | None,
    ) -> Retried:
        runtime = workbench(session, self._clock, actor).runtime
        known = _open_one(session, incident_id)
        waits_for_sweep = correction is None and fire_again(
            session, known.token_id, self._clock.now()
        )
        if not waits_for_sweep:
            runtime.store.get(known.instance_id)  # nobody else solves it from now on
            known = _open_one(session, incident_id)
        line = self._line(session, RETRY if correction is None else CORRECT, known)
        log_allowed(session, actor, line)
        if not waits_for_sweep:
            runtime.retry(known.instance_id, known.token_id, correction)
        again = session.scalar(
            select(Incident)
            .where(Incident.token_id == known.token_id, Incident.resolved_at.is_(None))
            .execution_options(populate_existing=True)
        )
        place = incident_id, known.element_id, known.element_name
        if again is None:
            return Retried(*place, Ended.WENT_ON)
        return Retried(*place, Ended.STOPPED_AGAIN, again.code, again.message)

    def _failed(self, incident_id: UUID, code: str, message: str) -> Retried:
        with Session(self._database) as session:
            known = session.get(Incident, incident_id)
        place = (known.element_id, known.element_name) if known else ("", "")
        return Retried(incident_id, *place, Ended.FAILED, code, message)

    def _require_administrator(
        self, actor: Actor | None, action: str, incident_ids: Sequence[UUID]
    ) -> None:
        if actor is None or actor.holds("administrator"):
            return
        with Session(self._database) as session:
            about = incident_ids[0] if len(incident_ids) == 1 else None
            line = LogLine(action, self._clock.now(), object_type="incident", object_id=about)
            log_refused(session, actor, line)
        raise AccessDenied

    def _line(self, session: Session, action: str, incident: Incident) -> LogLine:
        """The state of a process tells of its family: the line can be found with the family's."""
        trajectory = _trajectory_of(session, incident.business_key)
        return LogLine(
            action,
            self._clock.now(),
            family_id=trajectory.family_id if trajectory else None,
            trajectory_id=trajectory.id if trajectory else None,
            object_type="process-instance",
            object_id=incident.instance_id,
        )


def _open_one(session: Session, incident_id: UUID) -> Incident:
    found = session.get(Incident, incident_id, populate_existing=True)
    if found is None or found.resolved_at is not None:
        raise IncidentGone(
            "Dit incident is al opgelost, of de plek is daarna opnieuw vastgelopen.",
            "Bekijk de lijst opnieuw.",
            incident_id=incident_id,
        )
    return found


def _trajectory_of(session: Session, business_key: str | None) -> Trajectory | None:
    try:
        return session.get(Trajectory, UUID(str(business_key)))
    except ValueError:
        return None
