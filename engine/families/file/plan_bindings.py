"""Writes what a form says of the plan: concerns, phases, goals, agreements, handovers."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.families.file import answers, naming
from engine.families.file import handovers as guidance
from engine.families.file.life_domains import (
    CONCERN_LEVELS,
    GOAL_SCORES,
    LIFE_DOMAINS,
    PARTS,
    PHASES,
)
from engine.families.file.recording import Fields, Recording
from engine.families.models import (
    GOAL_STATUSES,
    HANDOVER_STATUSES,
    Agreement,
    ConcernLevel,
    LifeDomainPhase,
    PlanGoal,
)


def concerns(recording: Recording, fields: Fields) -> None:
    """The level of concern of each part of a life domain."""
    for path, value in fields.items():
        domain, _, item = path.partition(".")
        level = answers.choice(value, CONCERN_LEVELS)
        if level is not None and item in PARTS.get(domain, ()):
            recording.session.add(
                ConcernLevel(
                    **recording.place,
                    domain=domain,
                    item=item,
                    level=level,
                    at=recording.at,
                    document_id=recording.document_id,
                )
            )


def phases(recording: Recording, fields: Fields) -> None:
    """The phase of each life domain."""
    for domain, value in fields.items():
        number = answers.choice(value, [str(phase) for phase in PHASES])
        if number is not None and domain in LIFE_DOMAINS:
            recording.session.add(
                LifeDomainPhase(
                    **recording.place,
                    domain=domain,
                    phase=int(number),
                    at=recording.at,
                    document_id=recording.document_id,
                )
            )


def goals(recording: Recording, fields: Fields) -> None:
    """Goals of the plan; a goal that is there already gets its new action and person."""
    session, trajectory = recording.session, recording.trajectory
    stored = select(PlanGoal).where(PlanGoal.trajectory_id == trajectory.id).order_by(PlanGoal.id)
    known = {(goal.domain, goal.goal.casefold()): goal for goal in session.scalars(stored)}
    for row in answers.rows(fields.get("")):
        wording = answers.text(row.get("doel"))
        if wording is None:
            continue
        domain = answers.choice(row.get("leefgebied"), LIFE_DOMAINS)
        goal = known.get((domain, wording.casefold()))
        if goal is None:
            goal = PlanGoal(
                **recording.place, domain=domain, goal=wording, created_at=recording.at,
                document_id=recording.document_id,
            )  # fmt: skip
            session.add(goal)
            known[domain, wording.casefold()] = goal
        goal.action = answers.text(row.get("actie")) or goal.action
        goal.who = naming.person(session, trajectory.family_id, row.get("wie")) or goal.who
        goal.view_family = answers.text(row.get("visieGezin")) or goal.view_family
        goal.view_worker = answers.text(row.get("visieWerker")) or goal.view_worker
        goal.view_referrer = answers.text(row.get("visieVerwijzer")) or goal.view_referrer


def goal_scores(recording: Recording, fields: Fields) -> None:
    """How the goals of a life domain came out."""
    for domain, value in fields.items():
        score = answers.choice(value, GOAL_SCORES)
        if score is None:
            continue
        goals = select(PlanGoal).where(
            PlanGoal.trajectory_id == recording.trajectory.id, PlanGoal.domain == domain
        )
        for goal in recording.session.scalars(goals):
            goal.status, goal.scored_at = score, recording.at


def goal_states(recording: Recording, fields: Fields) -> None:
    """How single goals stand; a goal that was scored and is open again is taken up once more."""
    session, trajectory = recording.session, recording.trajectory
    stored = select(PlanGoal).where(PlanGoal.family_id == trajectory.family_id)
    goals = session.scalars(stored.order_by(PlanGoal.created_at.desc(), PlanGoal.id.desc())).all()
    for row in answers.rows(fields.get("")):
        state = answers.choice(row.get("stand"), GOAL_STATUSES)
        named = (answers.text(row.get("doel")) or "").casefold()
        found = [goal for goal in goals if named in (str(goal.id), goal.goal.casefold())]
        if state is None or not found:
            continue
        wording = found[0].goal.casefold()
        own = [
            goal
            for goal in goals
            if goal.trajectory_id == trajectory.id and goal.goal.casefold() == wording
        ]
        goal = own[0] if own else _taken_along(recording, found[0])
        if goal.status != state:
            goal.status = state
            goal.scored_at = None if state == "open" else recording.at
            goal.reopened_at = recording.at if state == "open" else goal.reopened_at


def _taken_along(recording: Recording, earlier: PlanGoal) -> PlanGoal:
    """A goal of an earlier trajectory of the family, as a goal of this one; that one stays."""
    goal = PlanGoal(
        **recording.place,
        domain=earlier.domain,
        goal=earlier.goal,
        action=earlier.action,
        who=earlier.who,
        view_family=earlier.view_family,
        view_worker=earlier.view_worker,
        view_referrer=earlier.view_referrer,
        status=earlier.status,
        scored_at=earlier.scored_at,
        created_at=recording.at,
        document_id=recording.document_id,
    )
    recording.session.add(goal)
    return goal


def agreements(recording: Recording, fields: Fields) -> None:
    """Promises; the same open one again is no new one."""
    session, trajectory = recording.session, recording.trajectory
    for row in answers.rows(fields.get("")):
        what = answers.text(row.get("wat"))
        if what is None:
            continue
        owner = naming.person(session, trajectory.family_id, row.get("wie"))
        due = answers.day(row.get("datum"))
        again = select(Agreement.id).where(
            Agreement.trajectory_id == trajectory.id,
            Agreement.state == "open",
            func.lower(Agreement.what) == func.lower(what),
            Agreement.owner.is_not_distinct_from(owner),
            Agreement.due.is_not_distinct_from(due),
        )
        if session.scalar(again) is None:
            session.add(
                Agreement(
                    **recording.place,
                    what=what,
                    owner=owner,
                    due=due,
                    created_at=recording.at,
                    created_by=recording.by,
                    document_id=recording.document_id,
                )
            )
            session.flush()


def guidances(recording: Recording, fields: Fields) -> None:
    """Guidances to agencies."""
    for row in answers.rows(fields.get("")):
        organisation = naming.organisation(recording.session, row.get("organisatie"))
        if organisation is None:
            continue
        guidance.begin(
            recording.session,
            recording.trajectory,
            organisation=organisation,
            organisation_id=naming.organisation_id(recording.session, row.get("organisatie")),
            life_domain=answers.choice(row.get("leefgebied"), LIFE_DOMAINS),
            reason=answers.text(row.get("reden")),
            by=recording.by,
            at=recording.at,
        )


def handover(recording: Recording, fields: Fields) -> None:
    """The state of the guidance that the task is about."""
    status = answers.choice(fields.get("status"), HANDOVER_STATUSES)
    if status is None or recording.handover_id is None:
        return
    handover = guidance.of_trajectory(
        recording.session, recording.trajectory.id, recording.handover_id
    )
    if handover is None:
        return
    moment = recording.moment(fields.get("datum"))
    reason = answers.text(fields.get("reden"))
    guidance.move(recording.session, handover, status, reason, by=recording.by, at=moment)
