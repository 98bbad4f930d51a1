"""Makes the family page out of the engine's rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, permits
from engine.clock import BUSINESS_ZONE
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.file.contact_meter import ContactMeter, contact_meter
from engine.families.file.overview import TrajectoryFacts, family_overview
from engine.families.meetings.overview import directions_of, meetings_of
from engine.families.models import Contact, Trajectory
from engine.families.rights.permission import permit, refuse
from engine.families.rights.visibility import reading_relation, relation_to
from engine.families.tasks.lists import tasks_for
from engine.families.tasks.worklist import open_tasks_of
from engine.runtime.models import Incident, ProcessInstance, Timer
from webui.gezinnen import rows
from webui.gezinnen.history import history
from webui.gezinnen.models import (
    FamilyPage,
    Meter,
    TrajectoryCard,
    Waiting,
)
from webui.naast.pages import links_for_family, rows_beside
from webui.presentation import days_between
from webui.services import Services
from webui.taken.agencies import agencies_of_tasks, repeated
from webui.taken.family import interpreter_need
from webui.taken.pages import item_card, task_card
from webui.words import (
    element_name,
    entry_name,
    method_name,
    people_with_roles,
)


def trajectory_of_family(
    session: Session, actor: Actor, family_id: UUID, now: datetime, wanted: UUID | None = None
) -> UUID:
    """The family's trajectory that the actor may know of: a running one first, then the newest.

    ``wanted`` is the one that was asked for.

    Raises:
        AccessDenied: there is none; it is logged, and nothing tells whether the family exists.
    """
    of_family = select(Trajectory.id).where(Trajectory.family_id == family_id)
    if wanted is not None:
        asked = session.scalar(of_family.where(Trajectory.id == wanted))
    else:
        asked = session.scalar(
            of_family.where(reading_relation(actor, Trajectory, now).is_not(None))
            .order_by(
                (Trajectory.status == "closed"),
                Trajectory.started_at.desc(),
                Trajectory.id.desc(),
            )
            .limit(1)
        )
        if asked is not None:
            return asked
        asked = session.scalar(of_family.order_by(Trajectory.id).limit(1))
    if asked is None:
        refuse(session, actor, Action.READ, now=now, object_type="family", object_id=family_id)
    return permit(
        session, actor, Action.READ, asked, now=now, object_type="family",
        log_if_allowed=False,
    ).id  # fmt: skip


def family_page(
    session: Session,
    given: Services,
    actor: Actor,
    family_id: UUID,
    *,
    whole: bool,
    wanted: UUID | None = None,
) -> FamilyPage:
    """Everything of a family on one page, seen from one of its trajectories.

    Raises:
        AccessDenied: the actor may not read it.
    """
    now = given.clock.now()
    trajectory_id = trajectory_of_family(session, actor, family_id, now, wanted)
    relation = relation_to(session, actor, trajectory_id, now)
    overview = family_overview(session, actor, trajectory_id, now=now, relation=relation)
    facts, family = overview.trajectory, overview.family
    package = publication.load_version(session, facts.package_version)
    past = history(session, actor, overview, relation=relation, now=now, whole=whole)
    meter = contact_meter(session, actor, trajectory_id, now=now, relation=relation)
    tasks = open_tasks_of(session, actor, trajectory_id, now)
    alike = repeated(task.name for task in tasks)
    about = agencies_of_tasks(session, [task.id for task in tasks if task.name in alike], now)
    own = {item.task_id: item for item in tasks_for(session, actor, trajectory_id, now)}
    return FamilyPage(
        id=family.id,
        name=family.name,
        language=family.language or "",
        interpreter=interpreter_need(family.interpreter_need),
        address=family.address or (gettext("geheim") if family.secret_address else ""),
        phone=family.phone or "",
        case_director=overview.case_director or "",
        members=rows.members(overview, now),
        network=rows.network(overview),
        workers=people_with_roles(package, ((one.name, one.role) for one in overview.involvements)),
        trajectory=_trajectory_card(facts, package, now),
        others=[
            _trajectory_card(one, publication.load_version(session, one.package_version), now)
            for one in overview.trajectories
            if one.id != trajectory_id
        ],
        tasks=[
            item_card(session, own[task.id], actor, now, about.get(task.id, ""))
            if task.id in own
            else task_card(
                session, task, (family.id, family.name), actor, now, about.get(task.id, "")
            )
            for task in tasks
        ],
        own_tasks=frozenset(own),
        next_timer=_next_timer(session, trajectory_id),
        meter=_meter(session, meter, trajectory_id, now)
        if facts.status != "closed" and facts.suspended_since is None
        else None,
        domains=rows.domains(overview),
        goals=rows.goals(overview),
        meetings=meetings_of(session, trajectory_id, now),
        directors=directions_of(session, family.id),
        scores=rows.scores(overview),
        support=rows.support(overview),
        consents=rows.consents(overview),
        agreements=rows.agreements(overview, now),
        handovers=rows.handovers(overview, now),
        chronology=past.days,
        now=now,
        may_write=permits(relation, Action.WRITE),
        may_note=permits(relation, Action.RECORD_CONTACT) and facts.status != "closed",
        asked=wanted,
        may_begin_another=permits(relation, Action.FOLLOW_UP),
        more_chronology=past.more,
        stuck=_is_stuck(session, trajectory_id),
        starts=links_for_family(session, actor, trajectory_id),
        beside=rows_beside(session, trajectory_id),
        frameworks=rows.frameworks(overview),
    )


def _is_stuck(session: Session, trajectory_id: UUID) -> bool:
    """Whether some part of the trajectory cannot go on for a technical reason."""
    found = select(Incident.id).where(
        Incident.business_key == str(trajectory_id), Incident.resolved_at.is_(None)
    )
    return session.scalar(found.limit(1)) is not None


def _next_timer(session: Session, trajectory_id: UUID) -> Waiting | None:
    """The timer that is due first, with the name of what it starts."""
    found = session.execute(
        select(Timer, ProcessInstance.package_version, ProcessInstance.process_id)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(Timer.business_key == str(trajectory_id))
        .order_by(Timer.due_at, Timer.token_id)
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    timer, version, process_id = found
    package = publication.load_version(session, version)
    host = element_name(package, process_id, timer.host_id) if timer.host_id else ""
    return Waiting(timer.element_name or host or timer.element_id, timer.due_at)


def _meter(
    session: Session, meter: ContactMeter, trajectory_id: UUID, now: datetime
) -> Meter | None:
    if meter.per_week is None:
        return None
    missed = session.scalar(
        select(func.count())
        .select_from(Contact)
        .where(
            Contact.trajectory_id == literal(trajectory_id),
            Contact.no_show,
            func.date(func.timezone(str(BUSINESS_ZONE), Contact.at)) >= meter.period_start,
            Contact.at <= now,
        )
    )
    return Meter(
        planned=meter.planned_in_period,
        done=meter.done_in_period,
        missed=missed or 0,
        since=meter.period_start,
        weeks=meter.period_weeks,
    )


def _trajectory_card(facts: TrajectoryFacts, package: Package, now: datetime) -> TrajectoryCard:
    return TrajectoryCard(
        id=facts.id,
        method_name=method_name(package, facts.package_key),
        organisation=facts.organisation,
        channel=entry_name(package, facts.channel),
        status=facts.status,
        phase=facts.phase or "",
        phase_since=facts.phase_since,
        phase_days=days_between(facts.phase_since, now) if facts.phase_since else 0,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        outcome=(facts.outcome or "").replace("-", " "),
        suspended_since=facts.suspended_since,
        review_at=facts.review_at,
    )
