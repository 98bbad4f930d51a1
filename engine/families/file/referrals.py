"""A family comes in, or comes again: who runs its trajectory, and the rows that it begins with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, chain_organisations
from engine.access.models import Organisation
from engine.families.errors import AlreadyRunning, NoRunningOrganisation
from engine.families.models import Family, Trajectory
from engine.keys import new_key
from engine.plain_text import plain
from engine.store.adopting import adopt
from engine.store.round_trips import Rows


def running_organisation(session: Session, actor: Actor | None, at: datetime) -> UUID:
    """Who runs what this actor refers: the own organisation, else the chain's first by name.

    Without an actor, from the public, the first of all by name.

    Raises:
        NoRunningOrganisation: there is none.
    """
    runners = select(Organisation.id).where(Organisation.is_runner).order_by(Organisation.name)
    if actor is None:
        found = session.scalar(runners.limit(1))
    elif actor.runs:
        found = actor.organisation_id
    else:
        chain = chain_organisations([actor.organisation_id], at)
        found = session.scalar(runners.where(Organisation.id.in_(chain)).limit(1))
    if found is None:
        raise NoRunningOrganisation(
            "Er is hier geen organisatie die trajecten uitvoert.",
            "Laat de beheerder aangeven welke organisatie uitvoert.",
        )
    return found


def make(
    session: Session,
    *,
    name: str,
    organisation_id: UUID,
    package_key: str,
    package_version: str,
    channel: str,
    at: datetime,
) -> Trajectory:
    """A new family and its trajectory, referred at an instant."""
    family = dict.fromkeys(_FAMILIES.columns) | {
        "id": new_key(),
        "name": name,
        "plain_name": plain(name),
        "interpreter_need": UNKNOWN_NEED,
        "secret_address": False,
        "created_at": at,
    }
    _FAMILIES.write(session, [family])
    adopt(session, Family, family)
    return _run(
        session,
        family_id=family["id"],
        organisation_id=organisation_id,
        package_key=package_key,
        package_version=package_version,
        channel=channel,
        started_at=at,
    )


def make_after(
    session: Session,
    previous: Trajectory,
    *,
    package_key: str,
    package_version: str,
    channel: str,
    at: datetime,
) -> Trajectory:
    """A trajectory of the same family, run by the same organisation, after the previous one."""
    return _run(
        session,
        family_id=previous.family_id,
        organisation_id=previous.organisation_id,
        package_key=package_key,
        package_version=package_version,
        channel=channel,
        previous_id=previous.id,
        started_at=at,
    )


def begun_after(session: Session, previous: Trajectory, package_key: str) -> Trajectory | None:
    """The trajectory of a method that follows on this one and is not closed, if there is one.

    From here to the end of the transaction nobody else begins one for the family.
    """
    lock_family(session, previous.family_id)
    return session.scalar(
        select(Trajectory)
        .where(
            Trajectory.family_id == previous.family_id,
            Trajectory.previous_id == previous.id,
            Trajectory.package_key == package_key,
            Trajectory.status != "closed",
        )
        .order_by(Trajectory.started_at, Trajectory.id)
        .limit(1)
    )


def require_no_other(session: Session, previous: Trajectory, package_key: str) -> None:
    """Refuse a second trajectory of one method beside another of the same family.

    Raises:
        AlreadyRunning: the organisation runs one that is not closed.
    """
    lock_family(session, previous.family_id)
    running = select(Trajectory.id).where(
        Trajectory.family_id == previous.family_id,
        Trajectory.organisation_id == previous.organisation_id,
        Trajectory.package_key == package_key,
        Trajectory.status != "closed",
    )
    if session.scalar(running.limit(1)) is not None:
        raise AlreadyRunning(
            "Dit gezin heeft al een traject van deze methode dat nog loopt.",
            "Ga verder in dat traject, of kies een andere methode.",
        )


def lock_family(session: Session, family_id: UUID) -> None:
    """Let nobody else begin a trajectory for the family before this transaction ends."""
    session.execute(select(Family.id).where(Family.id == family_id).with_for_update())


def _run(session: Session, **given: object) -> Trajectory:
    trajectory = dict.fromkeys(_TRAJECTORIES.columns) | {
        "id": uuid4(),  # random from its first digit on: people name it by the first eight
        "status": "referred",
        **given,
    }
    _TRAJECTORIES.write(session, [trajectory])
    return adopt(session, Trajectory, trajectory)


UNKNOWN_NEED = "onbekend"
_FAMILIES = Rows(Family)
_TRAJECTORIES = Rows(Trajectory)
