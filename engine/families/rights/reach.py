"""How far somebody reaches: among which rows those that a rule of ``visibility`` lets pass must be.

The rules decide; a list of a large region would ask them of every row. These sets are found through
indexes, and are never narrower than the rules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Uuid, cast, select, union
from sqlalchemy.orm import aliased

from engine.access.actors import Actor, chain_organisations
from engine.access.models import SystemRole
from engine.families.models import Involvement, Trajectory
from engine.runtime.models import UserTask

# Made once, since that is slow; and never the tables that the lists themselves are made of.
_TASK = aliased(UserTask)
_RUN = aliased(Trajectory)
_WORK = aliased(Involvement)


def trajectories_within_reach(actor: Actor, at: datetime) -> CompoundSelect[tuple[UUID]]:
    """Ids of trajectories: worked for, run by the own organisations or chain, or with a task."""
    key: Any = cast(_TASK.business_key, Uuid)
    found: list[Select[tuple[UUID]]] = [
        select(_WORK.trajectory_id).where(_WORK.user_id == actor.user_id),
        select(key).where(_TASK.status == "open", _TASK.assignee_id == actor.user_id),
    ]
    leads = actor.organisations(SystemRole.PROJECT_LEADER)
    coordinates = actor.organisations(SystemRole.COORDINATOR)
    if leads or coordinates:
        own = leads | coordinates
        found.append(select(_RUN.id).where(_RUN.organisation_id.in_(own)))
    if coordinates:
        chain = chain_organisations(coordinates, at)
        found.append(select(_RUN.id).where(_RUN.organisation_id.in_(chain)))
    return union(*found)
