"""The lists that form fields choose from (``valuesKey`` of form-js)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, chain_organisations, holds_at
from engine.access.models import Organisation, RoleAssignment, SystemRole, User
from engine.access.permissions import Action, Relation, permits
from engine.families.file import naming
from engine.families.file.answers import key
from engine.families.file.handovers import receivers
from engine.families.meetings import choices as meeting_choices
from engine.families.models import CareMeeting, PlanGoal, Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.visibility import kept_from_later, relation_to
from engine.families.tasks.subjects import about

Choice = dict[str, str]
"""``{"label": what people read, "value": an id as text}``."""


class Lists(Mapping[str, list[Choice]]):
    """Lists by name, each fetched when a field first asks for it: most forms ask for none."""

    def __init__(self, **fetch: Callable[[], list[Choice]]) -> None:
        self._fetch = fetch
        self._fetched: dict[str, list[Choice]] = {}

    def __getitem__(self, name: str) -> list[Choice]:
        if name not in self._fetched:
            self._fetched[name] = self._fetch[name]()
        return self._fetched[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetch)

    def __len__(self) -> int:
        return len(self._fetch)


def datasets(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    *,
    now: datetime,
    relation: Relation | None = None,
    variables: Mapping[str, Any] | None = None,
    logged: bool = False,
) -> Lists:
    """The lists for a form of a trajectory: workers, family members, partners and open goals.

    Members and goals only for who may read the file: somebody who could take a task does not yet.
    ``variables`` are those of the task. ``logged``: they belong to an act that the caller has
    written into the access log.

    Raises:
        AccessDenied: the actor may not work on it. ``relation`` as of ``may_work_on``.
    """
    relation = relation or relation_to(session, actor, trajectory_id, now)
    trajectory = permit(
        session, actor, Action.SEE_TASK, trajectory_id, now=now, relation=relation,
        object_type="choices", log_if_allowed=not logged,
    )  # fmt: skip
    return lists_of(session, trajectory, relation, now, variables)


def lists_of(
    session: Session,
    trajectory: Trajectory,
    relation: Relation | None,
    now: datetime,
    variables: Mapping[str, Any] | None = None,
) -> Lists:
    """The same for who has been let in already by the relation."""
    may_read = permits(relation, Action.READ)
    about_agency = key((variables or {}).get("overdrachtId"))
    of_meetings = _of_meetings(session, trajectory, now, variables or {}) if may_read else {}
    return Lists(
        **of_meetings,
        medewerkers=lambda: candidates(session, trajectory.organisation_id, at=now),
        gezinsleden=lambda: _members(session, trajectory) if may_read else [],
        ketenpartners=lambda: partners(session, trajectory.organisation_id, at=now),
        ontvangers=lambda: _receivers(session, about_agency, now) if may_read else [],
        doelen=lambda: _open_goals(session, trajectory) if may_read else [],
        alleDoelen=lambda: _goals_ever(session, trajectory, now) if may_read else [],
    )


def _of_meetings(
    session: Session, trajectory: Trajectory, now: datetime, variables: Mapping[str, Any]
) -> dict[str, Callable[[], list[Choice]]]:
    def meeting() -> CareMeeting | None:
        return meeting_choices.meeting_of(session, trajectory, about(variables))

    organisation_id = trajectory.organisation_id
    return {
        "personen": lambda: meeting_choices.people(session, organisation_id, now),
        "overlegdeelnemers": lambda: meeting_choices.participants(session, meeting()),
        "overlegonderwerpen": lambda: meeting_choices.subjects(session, meeting()),
        "afspraakhouders": lambda: meeting_choices.owners(session, trajectory, meeting(), now),
    }


def _members(session: Session, trajectory: Trajectory) -> list[Choice]:
    members = naming.members(session, trajectory.family_id)
    return [_choice(member.id, member.name) for member in members]


def _receivers(session: Session, handover_id: UUID | None, now: datetime) -> list[Choice]:
    return [_choice(one.id, one.name) for one in receivers(session, handover_id, now)]


def _open_goals(session: Session, trajectory: Trajectory) -> list[Choice]:
    goals = session.scalars(
        select(PlanGoal)
        .where(PlanGoal.trajectory_id == trajectory.id, PlanGoal.status == "open")
        .order_by(PlanGoal.created_at, PlanGoal.id)
    )
    return [_choice(goal.id, goal.goal) for goal in goals]


def _goals_ever(session: Session, trajectory: Trajectory, now: datetime) -> list[Choice]:
    """The family's goals, those of earlier trajectories too: a goal may be taken up again.

    Of earlier trajectories, what those who work on may read: in the same organisation, unless the
    family said no.
    """
    goals = session.scalars(
        select(PlanGoal)
        .join(Trajectory, Trajectory.id == PlanGoal.trajectory_id)
        .where(
            PlanGoal.family_id == trajectory.family_id,
            or_(
                PlanGoal.trajectory_id == trajectory.id,
                and_(
                    Trajectory.organisation_id == trajectory.organisation_id,
                    ~kept_from_later(Trajectory.family_id, now),
                ),
            ),
        )
        .order_by(
            (PlanGoal.trajectory_id == trajectory.id).desc(), PlanGoal.created_at, PlanGoal.id
        )
    )
    named: dict[str, Choice] = {}
    for goal in goals:
        named.setdefault(goal.goal.casefold(), _choice(goal.id, goal.goal))
    return list(named.values())


def referral_datasets(
    session: Session, organisation_id: UUID, *, now: datetime
) -> dict[str, list[Choice]]:
    """The lists for a referral form, when there is no family yet."""
    return dict(referral_lists(session, organisation_id, now=now))


def referral_lists(session: Session, organisation_id: UUID, *, now: datetime) -> Lists:
    """The same, each fetched when it is asked for."""
    return Lists(
        medewerkers=lambda: candidates(session, organisation_id, at=now),
        gezinsleden=list,
        ketenpartners=lambda: partners(session, organisation_id, at=now),
        doelen=list,
        alleDoelen=list,
    )


def candidates(
    session: Session,
    organisation_id: UUID,
    roles: Collection[str] = (SystemRole.WORKER, SystemRole.PROJECT_LEADER),
    *,
    at: datetime,
) -> list[Choice]:
    """The active users who hold one of the system roles in the organisation, by name."""
    users = session.execute(
        select(User.id, User.name)
        .where(
            User.active,
            User.id.in_(
                select(RoleAssignment.user_id).where(
                    RoleAssignment.organisation_id == organisation_id,
                    RoleAssignment.role.in_(roles),
                    holds_at(RoleAssignment, at),
                )
            ),
        )
        .order_by(User.name, User.id)
    )
    return [_choice(user.id, user.name) for user in users]


def partners(session: Session, organisation_id: UUID, *, at: datetime) -> list[Choice]:
    """The other organisations of the chain, by name; all of them where there is no chain."""
    chain = session.scalars(chain_organisations([organisation_id], at)).all()
    query = select(Organisation.id, Organisation.name).where(Organisation.id != organisation_id)
    if chain:
        query = query.where(Organisation.id.in_(chain))
    rows = session.execute(query.order_by(Organisation.name, Organisation.id))
    return [_choice(row.id, row.name) for row in rows]


def _choice(key: UUID, label: str) -> Choice:
    return {"label": label, "value": str(key)}
