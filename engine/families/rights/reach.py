"""How far somebody reaches: among which rows those that a rule of ``visibility`` lets pass must be.

The rules decide; a list of a large region would ask them of every row. This set is found through
indexes, and is never narrower than the rules.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Uuid, cast, select, union
from sqlalchemy.orm import aliased

from engine.access.actors import Actor
from engine.families.models import Involvement
from engine.runtime.models import UserTask

# Made once, since that is slow; and never the tables that the lists themselves are made of.
_TASK = aliased(UserTask)
_WORK = aliased(Involvement)


def own_trajectories(actor: Actor) -> CompoundSelect[tuple[UUID]]:
    """Ids of trajectories that the actor works for, or has a task of."""
    key: Any = cast(_TASK.business_key, Uuid)
    return union(
        select(_WORK.trajectory_id).where(_WORK.user_id == actor.user_id),
        select(key).where(_TASK.status == "open", _TASK.assignee_id == actor.user_id),
    )
