"""Agreements: made, kept or dropped, by whoever works with the family."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, permits
from engine.families.file import answers
from engine.families.file.going_on import through
from engine.families.models import Agreement
from engine.families.rights.permission import permit, refuse
from engine.families.rights.visibility import relation_to


def add_agreement(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    *,
    what: str,
    owner: str | None,
    due: date | None,
    now: datetime,
) -> UUID:
    """Note what somebody promised; the id of the agreement.

    Raises:
        AccessDenied: the actor may not write here.
    """
    trajectory = permit(
        session, actor, Action.WRITE, trajectory_id, now=now, object_type="agreement"
    )
    agreement = Agreement(
        trajectory_id=trajectory.id,
        family_id=trajectory.family_id,
        what=answers.text(what) or "",
        owner=answers.text(owner, 200),
        due=due,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(agreement)
    session.flush()
    return agreement.id


def complete_agreement(
    session: Session, actor: Actor, agreement_id: UUID, *, now: datetime, kept: bool = True
) -> None:
    """The agreement was kept (or, ``kept=False``, dropped). Again is no change.

    One of a closed trajectory goes on: who reads that and writes in a later one may tick it off.

    Raises:
        AccessDenied: not permitted, or no such agreement.
    """
    agreement = session.get(Agreement, agreement_id, with_for_update=True)
    if agreement is None:
        refuse(
            session, actor, Action.WRITE, now=now, object_type="agreement", object_id=agreement_id
        )
    by = own = agreement.trajectory_id
    if permits(relation_to(session, actor, own, now), Action.READ):
        by = through(session, actor, Action.WRITE, own, agreement.family_id, now=now)
    permit(
        session, actor, Action.WRITE, by, now=now, object_type="agreement", object_id=agreement_id
    )
    if agreement.state == "open":
        agreement.state = "done" if kept else "dropped"
        agreement.completed_at, agreement.completed_by = now, actor.user_id
        session.flush()
