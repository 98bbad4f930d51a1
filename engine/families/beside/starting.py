"""What people start beside a trajectory: which starts they are offered, and starting one.

A shared package says in ``pakket.toml`` (``[naast.<key>]``) what may be started, by whom and with
which form. What is started goes on by itself: it neither pauses nor closes the trajectory, and may
also be started when that is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import SystemRole
from engine.access.permissions import Action, Relation, RelationKind
from engine.clock import Clock
from engine.definitions.manifest import Beside
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.composition import workbench
from engine.families.file.choices import lists_of
from engine.families.models import Trajectory
from engine.families.rights.permission import permit, refuse
from engine.families.rights.visibility import relation_to
from engine.families.sending_in import sent_before

WORKING_ROLES = (SystemRole.WORKER, SystemRole.PROJECT_LEADER)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that an actor may start beside trajectories, of a package's newest version."""

    package: Package
    start: Beside


def offers(session: Session, actor: Actor) -> list[Offer]:
    """What the actor's roles may start, the urgent first; nothing that is not in use."""
    found = list(_offered(session, actor))
    return sorted(found, key=lambda one: (not one.start.urgent, one.package.key, one.start.key))


def _offered(session: Session, actor: Actor) -> Iterator[Offer]:
    for row in publication.all_latest(session):
        package = publication.load_version(session, row.version)
        for start in package.beside.values():
            if actor.holds(*start.by):
                yield Offer(package, start)


def require_offer(
    session: Session,
    actor: Actor,
    package_key: str,
    key: str,
    now: datetime,
    trajectory_id: UUID | None = None,
) -> Offer:
    """One start that the actor is offered.

    Raises:
        AccessDenied: it is not for the actor's roles, or not in use; it is logged.
    """
    newest = publication.latest(session, package_key) if package_key.isprintable() else None
    package = publication.load_version(session, newest.version) if newest else None
    start = package.beside.get(key) if package else None
    if package is None or start is None or not actor.holds(*start.by):
        refuse(
            session, actor, Action.START_BESIDE, now=now, trajectory_id=trajectory_id,
            object_type="start", object_id=_name_of(package_key, key),
        )  # fmt: skip
    return Offer(package, start)


def relation_beside(
    session: Session, actor: Actor, trajectory_id: UUID, now: datetime
) -> Relation | None:
    """The relation by which the actor may start something beside a trajectory, if any.

    Without a part in it, who works in the organisation that runs it may do so as a colleague, and
    sees nothing of the family by that: everybody there may see that something is wrong.
    """
    found = relation_to(session, actor, trajectory_id, now)
    if found is not None:
        return found
    trajectory = session.get(Trajectory, trajectory_id)
    if trajectory is None:
        return None
    works_in = {place for role in WORKING_ROLES for place in actor.organisations(role)}
    return Relation(RelationKind.COLLEAGUE) if trajectory.organisation_id in works_in else None


def start_in(
    session: Session,
    clock: Clock,
    actor: Actor,
    trajectory_id: UUID,
    package_key: str,
    key: str,
    answers: Mapping[str, Any],
    submission_id: UUID | None = None,
) -> UUID | None:
    """Start inside the caller's transaction; as ``Casework.start_beside``."""
    now = clock.now()
    if sent_before(session, actor, submission_id, trajectory_id=trajectory_id) is not None:
        return None
    offer = require_offer(session, actor, package_key, key, now, trajectory_id)
    relation = relation_beside(session, actor, trajectory_id, now)
    trajectory = permit(
        session, actor, Action.START_BESIDE, trajectory_id, now=now, relation=relation,
        object_type="start", object_id=_name_of(package_key, key),
    )  # fmt: skip
    bench = workbench(session, clock, actor, relation, logged=True)
    formless = offer.start.form_id is None and submission_id is not None
    if formless and bench.store.message_seen(f"submission:{submission_id}"):
        return None
    return bench.trajectories.start_beside(
        offer.package,
        key,
        trajectory_id,
        answers,
        datasets=lists_of(session, trajectory, relation, now),
        submission_id=submission_id,
    )


def _name_of(package_key: str, key: str) -> str:
    """What was asked for, as the access log can keep it."""
    return "".join(filter(str.isprintable, f"{package_key}/{key}"))[:120]
