"""What a relation to a family permits. Everything that is not listed is refused.

Who has which relation is for the family file to say (``engine.families.rights.visibility``); this
room decides what follows from it and writes the access log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.log import LogLine, log_allowed, log_refused


class Action(StrEnum):
    """What somebody wants to do."""

    OPEN = "trajectory.open"
    FOLLOW_UP = "trajectory.follow-up"
    READ = "family.read"
    WRITE = "family.write"
    RECORD_CONTACT = "contact.record"
    WITHDRAW_CONSENT = "consent.withdraw"
    SIGNAL = "trajectory.signal"
    START_BESIDE = "trajectory.beside"
    INVOLVE = "trajectory.involve"
    RESCHEDULE = "trajectory.reschedule"
    MEND = "trajectory.mend"
    LOOK_TO_MEND = "trajectory.look-to-mend"
    SEE_TASK = "task.see"
    WORK_ON_TASK = "task.work"
    LIST = "trajectories.list"
    LIST_TASKS = "tasks.list"


class RelationKind(StrEnum):
    """In what way somebody has to do with a family."""

    INVOLVED = "involved"  # works for the trajectory now
    HOLDS_TASK = "holds-task"  # took a task of it, and has it until it is done
    LEADS = "leads"  # project leader of the organisation that runs it
    COORDINATES = "coordinates"  # coordinator of the chain of that organisation
    OWNS_PROCESS = "owns-process"  # process owner of who runs it or its chain: sees no family
    FOLLOWS = "follows"  # works now for a later trajectory of the family in the organisation
    MAY_TAKE = "may-take"  # could take a task of it, since nobody has its role
    COLLEAGUE = "colleague"  # works where it runs, without a part in it
    ASSIGNED = "assigned"  # the diagram gave this person a task of it: that task and no more
    EMPLOYED = "employed"  # holds a role in an organisation; no relation to any family yet


@dataclass(frozen=True, slots=True)
class Relation:
    """An actor's relation to a trajectory; ``role`` is the package role of an involved one."""

    kind: RelationKind
    role: str | None = None

    @property
    def basis(self) -> str:
        """How the access log names it: ``involved:vertrouwenspersoon``."""
        return f"{self.kind}:{self.role}" if self.role else str(self.kind)


_TASK = frozenset({Action.SEE_TASK, Action.WORK_ON_TASK})
_FILE = frozenset(
    {
        Action.READ,
        Action.WRITE,
        Action.RECORD_CONTACT,
        Action.WITHDRAW_CONSENT,
        Action.SIGNAL,
        Action.START_BESIDE,
    }
)
_MENDING = frozenset({Action.MEND, Action.LOOK_TO_MEND})
PERMITTED: dict[RelationKind, frozenset[Action]] = {
    RelationKind.INVOLVED: _FILE | _TASK | {Action.LIST, Action.FOLLOW_UP},
    RelationKind.HOLDS_TASK: _TASK | {Action.READ, Action.LIST, Action.START_BESIDE},
    RelationKind.LEADS: _FILE
    | _TASK
    | {Action.LIST, Action.INVOLVE, Action.RESCHEDULE, Action.FOLLOW_UP}
    | _MENDING,
    RelationKind.COORDINATES: _TASK
    | {
        Action.READ,
        Action.SIGNAL,
        Action.LIST,
        Action.RESCHEDULE,
        Action.START_BESIDE,
        Action.FOLLOW_UP,
    },
    RelationKind.OWNS_PROCESS: _MENDING | {Action.RESCHEDULE},
    RelationKind.FOLLOWS: frozenset({Action.READ}),
    RelationKind.MAY_TAKE: _TASK,
    RelationKind.COLLEAGUE: frozenset({Action.START_BESIDE}),
    RelationKind.ASSIGNED: _TASK,
    RelationKind.EMPLOYED: frozenset({Action.OPEN, Action.LIST_TASKS}),
}


def permits(relation: Relation | None, action: Action) -> bool:
    """Whether the relation permits the action."""
    return relation is not None and action in PERMITTED[relation.kind]


def authorize(
    session: Session,
    actor: Actor,
    action: Action,
    relation: Relation | None,
    *,
    at: datetime,
    family_id: UUID | None = None,
    trajectory_id: UUID | None = None,
    object_type: str | None = None,
    object_id: UUID | str | None = None,
    log_if_allowed: bool = True,
) -> None:
    """Let the action pass or refuse it, and write one line to the access log.

    ``log_if_allowed=False`` is for repeats of one act, such as a draft that is kept every second.

    Raises:
        AccessDenied: the relation does not permit it; tells nothing of the family.
    """
    line = LogLine(
        action=action,
        at=at,
        basis=relation.basis if relation else None,
        family_id=family_id,
        trajectory_id=trajectory_id,
        object_type=object_type,
        object_id=object_id,
    )
    if not permits(relation, action):
        log_refused(session, actor, line)
        raise AccessDenied
    if log_if_allowed:
        log_allowed(session, actor, line)
