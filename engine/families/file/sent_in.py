"""What people send in: a referral that begins a trajectory, a form that goes into the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.file import answers, course, documents, referrals
from engine.families.file.submissions import Submission
from engine.families.models import Trajectory
from engine.families.rights.permission import permit
from engine.store.round_trips import send_ahead


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends something in, and what is known of that already.

    Attributes:
        actor: the user, who is checked and whose access is logged; ``None`` for the process and
            for the public.
        organisation_id: who runs a trajectory that is begun; else ``referrals`` chooses.
        relation: the relation by which the actor works on a task (``may_work_on``); else the
            relation to the trajectory counts.
        logged: the caller has already written the access log's line of what is done.
    """

    actor: Actor | None
    organisation_id: UUID | None = None
    relation: Relation | None = None
    logged: bool = False


def begin(
    session: Session,
    sender: Sender,
    submission: Submission,
    *,
    package_key: str,
    package_version: str,
    channel: str,
    at: datetime,
    after: UUID | None = None,
) -> Trajectory:
    """A trajectory of a new family, or of that of ``after``; the submission is stored.

    Raises:
        AccessDenied: the actor may not refer families, or not this one again.
        AlreadyRunning: the family has a trajectory of this method that is not closed.
        NoRunningOrganisation: no organisation runs trajectories here.
    """
    if after is None:
        trajectory = _of_new_family(
            session, sender, submission, package_key, package_version, channel, at
        )
    else:
        previous = _known_again(session, sender, after, at)
        referrals.require_no_other(session, previous, package_key)
        trajectory = referrals.make_after(
            session, previous, package_key=package_key, package_version=package_version,
            channel=channel, at=at,
        )  # fmt: skip
    documents.store(session, trajectory, submission, at)
    send_ahead(session)  # the database writes all of it while the process begins
    return trajectory


def record(
    session: Session, sender: Sender, trajectory_id: UUID, submission: Submission, at: datetime
) -> UUID:
    """The document of a form; one that came before changes nothing and gives what it made then.

    Raises:
        AccessDenied: the actor may not write here.
        SubmissionReused: the same submission id came with another trajectory or form.
    """
    if sender.actor is None:
        trajectory = course.trajectory_of(session, trajectory_id)
    else:
        trajectory = permit(
            session,
            sender.actor,
            _action_of(submission),
            trajectory_id,
            now=at,
            relation=sender.relation,
            object_type="form",
            object_id=submission.form_id,
            log_if_allowed=not sender.logged,
        )
    earlier = documents.find(session, submission, trajectory_id)
    if earlier is not None:
        return earlier.id
    stored = documents.store(session, trajectory, submission, at)
    if any(path.startswith("contact.") for path in submission.bindings):
        send_ahead(session)  # half a millisecond of writing, while the process goes on
    return stored


def _known_again(session: Session, sender: Sender, trajectory_id: UUID, at: datetime) -> Trajectory:
    if sender.actor is None:
        return course.trajectory_of(session, trajectory_id)
    return permit(
        session, sender.actor, Action.FOLLOW_UP, trajectory_id, now=at,
        object_type="trajectory", object_id=trajectory_id,
    )  # fmt: skip


def _of_new_family(
    session: Session,
    sender: Sender,
    submission: Submission,
    package_key: str,
    package_version: str,
    channel: str,
    at: datetime,
) -> Trajectory:
    actor = sender.actor
    trajectory = referrals.make(
        session,
        name=answers.text(submission.bindings.get("gezin.naam"), 200) or "",
        organisation_id=sender.organisation_id
        or referrals.running_organisation(session, actor, at),
        package_key=package_key,
        package_version=package_version,
        channel=channel,
        at=at,
    )
    if actor is not None:
        authorize(
            session,
            actor,
            Action.OPEN,
            Relation(RelationKind.EMPLOYED) if actor.roles else None,
            at=at,
            family_id=trajectory.family_id,
            trajectory_id=trajectory.id,
            object_type="form",
            object_id=submission.form_id,
        )
    return trajectory


def _action_of(submission: Submission) -> Action:
    if submission.task_id is not None:
        return Action.WORK_ON_TASK
    return Action.START_BESIDE if submission.starts_beside else Action.RECORD_CONTACT
