"""What is known of a family, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation
from engine.access.permissions import Action, Relation, RelationKind
from engine.families.file import naming
from engine.families.file.consents import ConsentFacts, consents_of
from engine.families.file.framework import frameworks
from engine.families.file.involvements import InvolvedPerson, involved
from engine.families.file.life_domains import PARTS
from engine.families.file.support import ScoreLine, score_lines, support_periods
from engine.families.models import (
    Agreement,
    CaseDirector,
    ConcernLevel,
    Family,
    FamilyMember,
    FrameworkPeriod,
    Handover,
    LifeDomainPhase,
    NetworkMember,
    PlanGoal,
    SupportPeriod,
    Trajectory,
)
from engine.families.rights.discretion import Discreet
from engine.families.rights.permission import permit
from engine.families.rights.visibility import reading_relation, relation_to


@dataclass(frozen=True, slots=True, repr=False)
class FamilyFacts(Discreet):
    """A family as itself. A secret address is shown to those who go there and their leader only."""

    id: UUID
    name: str
    language: str | None
    interpreter_need: str
    address: str | None
    phone: str | None
    secret_address: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class TrajectoryFacts(Discreet):
    """Where a trajectory stands; see the table for the meaning of each."""

    id: UUID
    family_id: UUID
    package_key: str
    package_version: str
    channel: str
    previous_id: UUID | None
    organisation_id: UUID
    organisation: str
    status: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    phase: str | None
    phase_since: datetime | None
    cadence_per_week: float | None
    suspended_since: datetime | None
    review_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class ConcernFacts(Discreet):
    """A part of a life domain: how worrying it is at last."""

    domain: str
    item: str
    latest: str


@dataclass(frozen=True, slots=True, repr=False)
class FamilyOverview(Discreet):
    """A family as whoever works with it may see it. Rows are read-only table rows.

    Attributes:
        trajectories: this one first, then the family's others that the actor may read, newest
            first.
        agreements: of this trajectory, and those that closed ones which the actor may read left
            open.
        phases: the current phase (1-4) of each life domain that has one.
    """

    family: FamilyFacts
    members: Sequence[FamilyMember]
    network: Sequence[NetworkMember]
    trajectory: TrajectoryFacts
    trajectories: Sequence[TrajectoryFacts]
    involvements: Sequence[InvolvedPerson]
    case_director: str | None
    phases: dict[str, int]
    concerns: Sequence[ConcernFacts]
    consents: Sequence[ConsentFacts]
    goals: Sequence[PlanGoal]
    agreements: Sequence[Agreement]
    handovers: Sequence[Handover]
    scores: Sequence[ScoreLine]
    support: Sequence[SupportPeriod]
    frameworks: Sequence[FrameworkPeriod]


def family_overview(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    *,
    now: datetime,
    relation: Relation | None = None,
) -> FamilyOverview:
    """Everything that is known of the family of a trajectory.

    Raises:
        AccessDenied: the actor may not read it.
    """
    relation = relation or relation_to(session, actor, trajectory_id, now)
    trajectory = permit(
        session, actor, Action.READ, trajectory_id, now=now, relation=relation,
        object_type="family",
    )  # fmt: skip
    family_id = trajectory.family_id
    others = session.execute(
        select(Trajectory, Organisation.name)
        .join(Organisation, Organisation.id == Trajectory.organisation_id)
        .where(
            Trajectory.family_id == family_id,
            or_(
                Trajectory.id == trajectory_id,
                reading_relation(actor, Trajectory, now).is_not(None),
            ),
        )
        .order_by(
            (Trajectory.id == trajectory_id).desc(),
            Trajectory.started_at.desc(),
            Trajectory.id.desc(),
        )
    )
    trajectories = [_facts(one, organisation) for one, organisation in others]
    return FamilyOverview(
        family=_family(session, family_id, relation),
        members=naming.members(session, family_id),
        network=session.scalars(
            select(NetworkMember)
            .where(NetworkMember.family_id == family_id)
            .order_by(NetworkMember.name, NetworkMember.id)
        ).all(),
        trajectory=trajectories[0],
        trajectories=trajectories,
        involvements=involved(session, trajectory_id, at=now),
        case_director=case_director(session, family_id, at=now),
        phases=life_domain_phases(session, trajectory_id),
        concerns=concerns(session, trajectory_id),
        consents=consents_of(session, family_id, now),
        goals=session.scalars(
            select(PlanGoal)
            .where(PlanGoal.trajectory_id == trajectory_id)
            .order_by(PlanGoal.domain, PlanGoal.created_at, PlanGoal.id)
        ).all(),
        agreements=session.scalars(
            select(Agreement)
            .where(
                or_(
                    Agreement.trajectory_id == trajectory_id,
                    and_(
                        Agreement.trajectory_id.in_(
                            one.id for one in trajectories[1:] if one.status == "closed"
                        ),
                        Agreement.state == "open",
                    ),
                )
            )
            .order_by(
                (Agreement.state == "open").desc(),
                Agreement.due.nulls_last(),
                Agreement.created_at,
                Agreement.id,
            )
        ).all(),
        handovers=session.scalars(
            select(Handover)
            .where(Handover.trajectory_id == trajectory_id)
            .order_by(Handover.created_at, Handover.organisation, Handover.id)
        ).all(),
        scores=score_lines(session, trajectory_id),
        support=support_periods(session, trajectory_id),
        frameworks=frameworks(session, family_id),
    )


def case_director(session: Session, family_id: UUID, *, at: datetime) -> str | None:
    """Who directs the family's case at an instant, if anybody does."""
    return session.scalar(
        select(CaseDirector.name).where(
            CaseDirector.family_id == family_id,
            CaseDirector.since <= at,
            CaseDirector.until.is_(None) | (CaseDirector.until > at),
        )
    )


def life_domain_phases(session: Session, trajectory_id: UUID) -> dict[str, int]:
    """The current phase of each life domain that has one, in the method's order."""
    rows = session.execute(
        select(LifeDomainPhase.domain, LifeDomainPhase.phase)
        .where(LifeDomainPhase.trajectory_id == trajectory_id)
        .order_by(LifeDomainPhase.at, LifeDomainPhase.id)
    )
    latest = {row.domain: row.phase for row in rows}
    return {domain: latest[domain] for domain in PARTS if domain in latest}


def concerns(session: Session, trajectory_id: UUID) -> list[ConcernFacts]:
    """The latest level of every part that was ever judged, in the method's order."""
    latest: dict[tuple[str, str], str] = {}
    for level in session.scalars(
        select(ConcernLevel)
        .where(ConcernLevel.trajectory_id == trajectory_id)
        .order_by(ConcernLevel.at, ConcernLevel.id)
    ):
        latest[level.domain, level.item] = level.level
    order = [(domain, item) for domain, items in PARTS.items() for item in items]
    return [ConcernFacts(*part, latest[part]) for part in order if part in latest]


def _family(session: Session, family_id: UUID, relation: Relation | None) -> FamilyFacts:
    family = session.get_one(Family, family_id)
    goes_there = relation is not None and relation.kind in (
        RelationKind.INVOLVED,
        RelationKind.HOLDS_TASK,
        RelationKind.LEADS,
    )
    return FamilyFacts(
        id=family.id,
        name=family.name,
        language=family.language,
        interpreter_need=family.interpreter_need,
        address=family.address if goes_there or not family.secret_address else None,
        phone=family.phone,
        secret_address=family.secret_address,
        created_at=family.created_at,
    )


def _facts(trajectory: Trajectory, organisation: str) -> TrajectoryFacts:
    cadence = trajectory.cadence_per_week
    return TrajectoryFacts(
        id=trajectory.id,
        family_id=trajectory.family_id,
        package_key=trajectory.package_key,
        package_version=trajectory.package_version,
        channel=trajectory.channel,
        previous_id=trajectory.previous_id,
        organisation_id=trajectory.organisation_id,
        organisation=organisation,
        status=trajectory.status,
        outcome=trajectory.outcome,
        started_at=trajectory.started_at,
        ended_at=trajectory.ended_at,
        phase=trajectory.phase,
        phase_since=trajectory.phase_since,
        cadence_per_week=None if cadence is None else float(cadence),
        suspended_since=trajectory.suspended_since,
        review_at=trajectory.review_at,
    )
