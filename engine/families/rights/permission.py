"""The one gate to family data: find the relation, ask whether it permits, log, or refuse."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.log import LogLine, log_refused
from engine.access.permissions import Action, Relation, authorize
from engine.families.models import Trajectory
from engine.families.rights.visibility import relation_to
from engine.store.adopting import known


def permit(
    session: Session,
    actor: Actor,
    action: Action,
    trajectory_id: UUID,
    *,
    now: datetime,
    relation: Relation | None = None,
    object_type: str | None = None,
    object_id: UUID | str | None = None,
    log_if_allowed: bool = True,
) -> Trajectory:
    """The trajectory, if the actor may do this with it. Every service of this room starts here.

    ``relation`` is given where it follows from a task (``visibility.may_work_on``); else it is
    that of the actor to the trajectory.

    Raises:
        AccessDenied: not permitted, or no such trajectory; the two cannot be told apart.
    """
    trajectory = known(session, Trajectory, trajectory_id)
    if trajectory is not None and relation is None:
        relation = relation_to(session, actor, trajectory_id, now)
    authorize(
        session,
        actor,
        action,
        relation if trajectory is not None else None,
        at=now,
        family_id=trajectory.family_id if trajectory else None,
        trajectory_id=trajectory_id,
        object_type=object_type,
        object_id=object_id,
        log_if_allowed=log_if_allowed,
    )
    if trajectory is None:  # authorize has refused
        raise AssertionError
    return trajectory


def refuse(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    now: datetime,
    object_type: str,
    object_id: UUID | str,
    trajectory_id: UUID | None = None,
) -> NoReturn:
    """Refuse what concerns something that does not exist, as if it were somebody else's.

    Raises:
        AccessDenied: always.
    """
    line = LogLine(
        action, now, trajectory_id=trajectory_id, object_type=object_type, object_id=object_id
    )
    log_refused(session, actor, line)
    raise AccessDenied
