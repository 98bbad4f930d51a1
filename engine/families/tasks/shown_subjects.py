"""What a task shows of the meeting, agreement or offer that it is about.

Who may read the file sees all of it. Who only has the task sees what the family agreed to share
with them, subject by subject, as long as it agrees: it is asked anew at every look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation
from engine.access.permissions import Action, Relation, permits
from engine.families.file.answers import key
from engine.families.file.guidance_consent import may_receive, told_on_handover
from engine.families.meetings.consent import may_direct, subjects_of
from engine.families.meetings.database import participants_of
from engine.families.meetings.port import SUBJECT_NAMES
from engine.families.models import (
    Agreement,
    CareMeeting,
    CaseDirectionOffer,
    Family,
    Handover,
    MeetingParticipant,
    MeetingPoint,
    Trajectory,
)
from engine.families.rights.discretion import Discreet
from engine.families.tasks.subjects import about


@dataclass(frozen=True, slots=True, repr=False)
class ShownParticipant(Discreet):
    """Somebody at a meeting, with their reply and the reason that they gave.

    ``shared`` are the subjects on which the family said yes, ``withheld`` the others.
    """

    name: str
    state: str
    reason: str | None
    shared: Sequence[str]
    withheld: Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class ShownMeeting(Discreet):
    """A meeting as far as it is shared; points are pairs of subject and text.

    ``subjects`` are those of the reader. Only for who reads the file: ``participants``, and the
    points with the subjects' keys (``raw_...``), for a form that changes them.
    """

    id: UUID
    purpose: str
    state: str
    with_family: bool
    planned_at: datetime | None
    place: str | None
    chair: str | None
    spokesperson: str | None
    subjects: Sequence[str]
    agenda: Sequence[tuple[str, str]]
    minutes: Sequence[tuple[str, str]]
    family_view: str | None
    next_on: date | None
    participants: Sequence[ShownParticipant] = ()
    raw_agenda: Sequence[tuple[str, str]] = ()
    raw_minutes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ShownAgreement(Discreet):
    """An agreement: what, by whom, until when."""

    what: str
    owner: str | None
    due: date | None
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ShownOffer(Discreet):
    """Somebody is asked to direct the case."""

    name: str
    organisation: str | None
    reason: str | None
    state: str
    answer: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ShownHandover(Discreet):
    """A family that is handed over to an agency. ``shared``: what the family agreed to share."""

    organisation: str
    life_domain: str | None
    by_organisation: str
    shared: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ShownSubject(Discreet):
    """What a task is about. ``withheld``: the family does not agree (any more) that it is shown.

    ``family_name`` is ``None`` while it is withheld.
    """

    family_name: str | None = None
    withheld: bool = False
    meeting: ShownMeeting | None = None
    agreement: ShownAgreement | None = None
    offer: ShownOffer | None = None
    handover: ShownHandover | None = None


def subject_of_task(
    session: Session,
    actor: Actor,
    trajectory: Trajectory,
    relation: Relation,
    variables: Mapping[str, Any],
    now: datetime,
) -> ShownSubject:
    """What the actor, let in by the relation, is shown of the subject of a task."""
    ids = about(variables)
    offer = _own(session, CaseDirectionOffer, ids.get("regieId"), trajectory)
    agreement = _own(session, Agreement, ids.get("afspraakId"), trajectory)
    meeting_id = ids.get("overlegId") or (agreement.meeting_id if agreement else None)
    meeting = _own(session, CareMeeting, meeting_id, trajectory)
    family = session.get_one(Family, trajectory.family_id)
    if permits(relation, Action.READ):
        whole = meeting if not agreement else None
        return ShownSubject(
            family.name,
            meeting=shown_meeting(session, whole, now) if whole else None,
            agreement=_agreement(agreement),
            offer=_offer(offer),
        )
    handover = _own(session, Handover, key(variables.get("overdrachtId")), trajectory)
    if handover is not None and meeting is None and offer is None:
        told = may_receive(session, handover, actor, now)
        shown = _handover(session, handover, trajectory, now)
        return ShownSubject(family.name, handover=shown) if told else _WITHHELD
    shared = _shared_with(session, actor, trajectory, meeting, now)
    colleague = trajectory.organisation_id in {organisation for _, organisation in actor.roles}
    if offer is not None:
        asked = offer.user_id == actor.user_id and offer.state != "vervallen"
        agreed = asked and may_direct(session, offer, now)
        return ShownSubject(family.name, offer=_offer(offer)) if agreed else _WITHHELD
    if agreement is not None:
        agreed = agreement.owner_user_id == actor.user_id and (bool(shared) or colleague)
        return ShownSubject(family.name, agreement=_agreement(agreement)) if agreed else _WITHHELD
    if meeting is not None:
        if not shared:
            return _WITHHELD
        return ShownSubject(family.name, meeting=shown_meeting(session, meeting, now, shared))
    return ShownSubject(family.name if colleague else None, withheld=not colleague)


def names_shared_with(
    session: Session, actor: Actor, trajectory_ids: Collection[UUID], now: datetime
) -> set[UUID]:
    """Of which of these trajectories somebody who only has a task of it may see the name."""
    found: set[UUID] = set()
    here = {organisation for _, organisation in actor.roles}
    for trajectory_id in trajectory_ids:
        trajectory = session.get(Trajectory, trajectory_id)
        if trajectory is None:
            continue
        offers = session.scalars(
            select(CaseDirectionOffer).where(
                CaseDirectionOffer.trajectory_id == trajectory_id,
                CaseDirectionOffer.user_id == actor.user_id,
            )
        )
        if (
            trajectory.organisation_id in here
            or _shared_with(session, actor, trajectory, None, now)
            or any(may_direct(session, offer, now) for offer in offers)
            or _receives(session, actor, trajectory_id, now)
        ):
            found.add(trajectory_id)
    return found


def shown_meeting(
    session: Session, meeting: CareMeeting, now: datetime, shared: Collection[str] | None = None
) -> ShownMeeting:
    """A meeting, whole or with the ``shared`` subjects only.

    What the family thinks of the minutes may be about any of them: it is for who knows of all.
    """
    rows = session.scalars(
        select(MeetingPoint)
        .where(MeetingPoint.meeting_id == meeting.id)
        .order_by(MeetingPoint.position)
    ).all()
    points: dict[str, list[tuple[str, str]]] = {"agenda": [], "verslag": []}
    for row in rows:
        if shared is None or row.subject in shared:
            points[row.kind].append((SUBJECT_NAMES[row.subject], row.text))
    whole = shared is None
    raw = [(row.kind, row.subject, row.text) for row in rows if whole]
    told = whole or meeting.minutes_shared_at is not None
    spoken_of = {row.subject for row in rows if row.kind == "verslag"}
    all_of_it = shared is None or spoken_of <= set(shared)
    return ShownMeeting(
        id=meeting.id,
        purpose=meeting.purpose,
        state=meeting.state,
        with_family=meeting.with_family,
        planned_at=meeting.planned_at,
        place=meeting.place,
        chair=meeting.chair,
        spokesperson=meeting.spokesperson,
        subjects=[name for key, name in SUBJECT_NAMES.items() if shared and key in shared],
        agenda=points["agenda"],
        minutes=points["verslag"] if told else (),
        family_view=meeting.family_view if told and all_of_it else None,
        next_on=meeting.next_on,
        participants=_participants(session, meeting, now) if whole else (),
        raw_agenda=[(subject, text) for kind, subject, text in raw if kind == "agenda"],
        raw_minutes=[(subject, text) for kind, subject, text in raw if kind == "verslag"],
    )


def _participants(
    session: Session, meeting: CareMeeting, now: datetime
) -> Sequence[ShownParticipant]:
    people = participants_of(session, meeting.id)
    agreed = subjects_of(session, meeting.family_id, people, now)
    return [
        ShownParticipant(
            name=one.recipient,
            state=one.state,
            reason=one.reason,
            shared=[SUBJECT_NAMES[key] for key in agreed[one.id]],
            withheld=[SUBJECT_NAMES[key] for key in one.subjects if key not in agreed[one.id]],
        )
        for one in people
    ]


_WITHHELD = ShownSubject(withheld=True)


def _shared_with(
    session: Session,
    actor: Actor,
    trajectory: Trajectory,
    meeting: CareMeeting | None,
    now: datetime,
) -> set[str]:
    """Subjects that are shared with the actor: at the meeting, or at any of the trajectory."""
    query = (
        select(MeetingParticipant)
        .join(CareMeeting, CareMeeting.id == MeetingParticipant.meeting_id)
        .where(
            MeetingParticipant.user_id == actor.user_id,
            CareMeeting.trajectory_id == trajectory.id,
        )
    )
    if meeting is not None:
        query = query.where(CareMeeting.id == meeting.id)
    people = session.scalars(query).all()
    shared = subjects_of(session, trajectory.family_id, people, now)
    return {subject for subjects in shared.values() for subject in subjects}


def _own(session: Session, table: Any, key: UUID | None, trajectory: Trajectory) -> Any:
    found = session.get(table, key) if key else None
    return found if found is not None and found.trajectory_id == trajectory.id else None


def _agreement(found: Agreement | None) -> ShownAgreement | None:
    if found is None:
        return None
    return ShownAgreement(found.what, found.owner, found.due, found.state, found.reason)


def _receives(session: Session, actor: Actor, trajectory_id: UUID, now: datetime) -> bool:
    """The family is handed over to the actor's agency, and agrees that it is told."""
    here = {organisation for _, organisation in actor.roles}
    found = session.scalars(
        select(Handover).where(
            Handover.trajectory_id == trajectory_id, Handover.organisation_id.in_(here)
        )
    )
    return any(may_receive(session, one, actor, now) for one in found)


def _handover(
    session: Session, found: Handover, trajectory: Trajectory, now: datetime
) -> ShownHandover:
    by = session.get_one(Organisation, trajectory.organisation_id)
    return ShownHandover(
        found.organisation, found.life_domain, by.name, told_on_handover(session, found, now)
    )


def _offer(found: CaseDirectionOffer | None) -> ShownOffer | None:
    if found is None:
        return None
    return ShownOffer(found.name, found.organisation, found.reason, found.state, found.answer)
