"""Notices to the people of a trajectory: whom they reach, and the little that they say.

A notice says that there is something to do and nothing else. Its texts are those of the diagram,
which are the same for every family, or the product's own; no value of a trajectory gets in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.access.actors import chain_organisations, holds_at
from engine.access.models import RoleAssignment, SystemRole, User
from engine.definitions.published.publication import load_version
from engine.execution.errors import ConnectorFailed
from engine.families.file import answers
from engine.families.meetings.choices import part_of_chain
from engine.families.models import Involvement, Trajectory
from engine.runtime.connectors import Connector, ConnectorCall
from engine.runtime.outward import NobodyToReach, Outgoing
from engine.runtime.outward_models import OutwardMessage

NOTIFY = "melding-mailen"
"""The job type of notices by mail."""

_STANDARD = {
    "nl": ("Er staat iets voor u klaar", "Er is een taak waar u naar moet kijken."),
    "en": ("Something is waiting for you", "There is a task that needs your attention."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told. The address is a worker's; it reaches no log."""

    address: str = field(repr=False)
    language: str
    subject: str
    text: str


def notices(session: Session, call: ConnectorCall) -> list[Outgoing]:
    """One notice for everybody whom the service task names, in their language.

    That is who has the role ``aan``, or the one person ``aanPersoon``.

    Raises:
        ConnectorFailed: the diagram asks something that cannot be.
        NobodyToReach: nobody has the role.
    """
    trajectory = _trajectory(session, call.business_key, call.element_id)
    role = call.variables.get("aan")
    person = answers.key(call.variables.get("aanPersoon"))
    if person is not None:
        user = part_of_chain(session, person, trajectory.organisation_id, call.now)
        if user is None:
            raise NobodyToReach(
                "Deze persoon heeft geen account meer in de keten: de melding kan niet weg.",
                "Vraag de organisatie wie het overneemt, of sla de melding over.",
                element_id=call.element_id,
            )
        return [Outgoing(call.token_id, user.id, _notice(user, call.headers))]
    if not isinstance(role, str) or not role:
        raise ConnectorFailed(
            f"De koppeling '{NOTIFY}' kreeg geen bruikbare invoer 'aan' of 'aanPersoon'.",
            "Geef bij de servicetaak een invoer 'aan' met een rol uit pakket.toml.",
            element_id=call.element_id,
            field="aan",
        )
    people = recipients(session, trajectory, role, call.package_version, call.now)
    if not people:
        raise NobodyToReach(
            f"Niemand heeft de rol '{role}': de melding kan naar niemand.",
            "Geef iemand de rol bij dit gezin, of de functie ervan, en probeer het opnieuw.",
            element_id=call.element_id,
        )
    return [Outgoing(call.token_id, user.id, _notice(user, call.headers)) for user in people]


def played(session: Session) -> Connector:
    """The same without mail, for scenarios that are played on the database: recorded as sent."""

    def play(call: ConnectorCall) -> Mapping[str, Any]:
        told = notices(session, call)
        session.add_all(
            OutwardMessage(
                token_id=one.token_id,
                recipient_id=one.recipient_id,
                job_type=call.job_type,
                instance_id=call.instance_id,
                business_key=call.business_key,
                process_id=call.process_id,
                element_id=call.element_id,
                attempt=1,
                sent_at=call.now,
            )
            for one in told
        )
        return {"aantal": len(told)}

    return play


def recipients(
    session: Session, trajectory: Trajectory, role: str, package_version: str, now: datetime
) -> Sequence[User]:
    """The active people in a package role of the trajectory; without any, those of its function.

    ``role`` may also be a system role: then everybody who holds it where the trajectory runs.
    Coordinators are those of the whole chain.

    Raises:
        ConnectorFailed: there is no such role.
    """
    known = load_version(session, package_version).roles.get(role)
    if known is not None:
        involved = session.scalars(
            select(User)
            .join(Involvement, Involvement.user_id == User.id)
            .where(
                User.active,
                Involvement.trajectory_id == trajectory.id,
                Involvement.role == role,
                holds_at(Involvement, now),
            )
            .order_by(User.id)
            .distinct()
        ).all()
        if involved:
            return involved
    function = known.function if known is not None else role
    if function not in list(SystemRole):
        raise ConnectorFailed(
            f"Er is geen rol of functie '{role}'.",
            "Kies bij de servicetaak een rol uit pakket.toml.",
            field="aan",
        )
    return _holders(session, function, trajectory.organisation_id, now)


def _holders(
    session: Session, function: str, organisation_id: UUID, now: datetime
) -> Sequence[User]:
    where = RoleAssignment.organisation_id == organisation_id
    if function == SystemRole.COORDINATOR:
        chain = chain_organisations([organisation_id], now)
        where = or_(where, RoleAssignment.organisation_id.in_(chain))
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role == function, holds_at(RoleAssignment, now), where
    )
    query = select(User).where(User.active, User.id.in_(held)).order_by(User.id)
    return session.scalars(query).all()


def _notice(user: User, headers: Mapping[str, str]) -> Notice:
    language = user.language if user.language in _STANDARD else "nl"
    suffix = "" if language == "nl" else f"-{language}"
    subject, text = _STANDARD[language]
    given = headers.get(f"onderwerp{suffix}"), headers.get(f"tekst{suffix}")
    return Notice(user.email, language, given[0] or subject, given[1] or text)


def _trajectory(session: Session, business_key: str | None, element_id: str) -> Trajectory:
    try:
        found = session.get(Trajectory, UUID(str(business_key)))
    except ValueError:
        found = None
    if found is None:
        raise ConnectorFailed(
            f"De koppeling '{NOTIFY}' werkt alleen in het traject van een gezin.",
            "Start het proces vanuit een aanmelding.",
            element_id=element_id,
        )
    return found
