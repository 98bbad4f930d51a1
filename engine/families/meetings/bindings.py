"""Writes what a form says of a care meeting, an agreement or case direction into the file.

Which of them it is about, the task's variables say (``Recording.about``); without one nothing is
written, as with an answer that makes no sense.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete

from engine.families.file import answers, naming
from engine.families.file.consents import hold
from engine.families.file.recording import Fields, Recording
from engine.families.meetings.answers import (
    AGREEMENT,
    MEETING,
    account,
    note_consent,
    own,
    participant_of,
    somebody,
    subjects_in,
)
from engine.families.meetings.consent import ENDED, recipient_of
from engine.families.meetings.database import key_of, participants_of
from engine.families.meetings.port import purpose_of
from engine.families.models import (
    MEETING_SUBJECTS,
    Agreement,
    CareMeeting,
    MeetingParticipant,
    MeetingPoint,
)

OUTCOMES = ("gehouden", "niet-gehouden", "verzet")
REPLIES = ("komt", "komt-niet")
AGREED = ("alles", "deels", "niets")
KEPT = ("gedaan", "vervallen")


def meeting(recording: Recording, fields: Fields) -> None:
    """What a form says of the meeting (or of one participant's reply)."""
    participant = participant_of(recording)
    reply = answers.choice(fields.get("antwoord"), REPLIES)
    if participant is not None and reply is not None and participant.state not in ENDED:
        participant.state, participant.state_since = reply, recording.at
        participant.reason = answers.text(fields.get("reden"))
    found = own(recording, CareMeeting, MEETING)
    if found is None:
        return
    _plan(recording, found, fields)
    for path, write in _PARTS.items():
        if path in fields:
            write(recording, found, fields)
    recording.session.flush()


def agreement(recording: Recording, fields: Fields) -> None:
    """How the agreement stands that the task is about."""
    found = own(recording, Agreement, AGREEMENT)
    if found is None:
        return
    found.due = answers.day(fields.get("datum")) or found.due
    found.reason = answers.text(fields.get("reden")) or found.reason
    kept = answers.choice(fields.get("stand"), KEPT)
    if kept is not None and found.state == "open":
        found.state = "done" if kept == "gedaan" else "dropped"
        found.completed_at, found.completed_by = recording.at, recording.by


# --- parts of a meeting ---------------------------------------------------------------------------


def _plan(recording: Recording, found: CareMeeting, fields: Fields) -> None:
    people = recording.session, found.family_id
    outcome = answers.choice(fields.get("uitkomst"), OUTCOMES)
    when = answers.instant(fields.get("wanneer"))
    if when is not None:
        found.planned_at = when
        if found.state == "voorbereiding":
            found.state = "gepland"
    found.place = answers.text(fields.get("plaats")) or found.place
    found.chair = naming.person(*people, fields.get("voorzitter")) or found.chair
    found.spokesperson = naming.person(*people, fields.get("woordvoerder")) or found.spokesperson
    found.next_on = answers.day(fields.get("volgende")) or found.next_on
    present = answers.yes_no(fields.get("gezinErbij"))
    found.with_family = found.with_family if present is None else present
    view = answers.text(fields.get("gezinsreactie"))
    if view is not None:
        found.family_view, found.family_view_at = view, recording.at
    if outcome == "verzet":
        found.state = "gepland"
        _reopen(recording, found)
    elif outcome is not None:
        found.state = outcome


def _reopen(recording: Recording, found: CareMeeting) -> None:
    """Another time: everybody is asked again, but for whom a withdrawal takes out."""
    hold(recording.session, found.family_id)
    for one in participants_of(recording.session, found.id):
        if one.state not in (*ENDED, "voorgesteld"):
            one.state, one.state_since, one.reason = "uitgenodigd", recording.at, None


def _name(recording: Recording, found: CareMeeting, fields: Fields) -> None:
    session = recording.session
    known = {one.recipient.casefold(): one for one in participants_of(session, found.id)}
    for row in answers.rows(fields.get("deelnemers")):
        person, user_id, organisation, organisation_id = somebody(session, row)
        recipient = recipient_of(person, organisation)
        subjects = subjects_in(row.get("onderwerpen"))
        if not recipient or not subjects:
            continue
        there = known.get(recipient.casefold())
        if there is not None:
            there.subjects = [*there.subjects, *(s for s in subjects if s not in there.subjects)]
            if there.state in ENDED:
                there.state, there.state_since = "voorgesteld", recording.at
            continue
        known[recipient.casefold()] = added = MeetingParticipant(
            meeting_id=found.id, organisation=organisation, organisation_id=organisation_id,
            person=person, user_id=user_id, recipient=recipient, subjects=subjects,
            state="voorgesteld", state_since=recording.at,
        )  # fmt: skip
        session.add(added)
        session.flush()


def _agree(recording: Recording, found: CareMeeting, fields: Fields) -> None:
    """The family's word on every participant and subject that is not out already."""
    said = answers.choice(fields.get("besluit"), AGREED)
    if said is None:
        return
    chosen = fields.get("toestemming")
    ticked = {str(one) for one in chosen} if isinstance(chosen, list) else set()
    for one in participants_of(recording.session, found.id):
        if one.state in ENDED:
            continue
        agreed = [s for s in one.subjects if said == "alles" or f"{key_of(one)}:{s}" in ticked]
        agreed = [] if said == "niets" else agreed
        for subject in one.subjects:
            note_consent(recording, fields, one.recipient, purpose_of(subject), subject in agreed)
        if not agreed:
            one.state, one.state_since = "geen-toestemming", recording.at


def _points(kind: str, field: str) -> Callable[[Recording, CareMeeting, Fields], None]:
    def write(recording: Recording, found: CareMeeting, fields: Fields) -> None:
        rows = [
            (subject, text)
            for row in answers.rows(fields.get(kind))
            if (subject := answers.choice(row.get("onderwerp"), MEETING_SUBJECTS)) is not None
            and (text := answers.text(row.get(field))) is not None
        ]
        of_kind = MeetingPoint.meeting_id == found.id, MeetingPoint.kind == kind
        recording.session.execute(delete(MeetingPoint).where(*of_kind))
        recording.session.add_all(
            MeetingPoint(meeting_id=found.id, kind=kind, position=at, subject=subject, text=text)
            for at, (subject, text) in enumerate(rows, start=1)
        )

    return write


def _attend(recording: Recording, found: CareMeeting, fields: Fields) -> None:
    chosen = fields.get("aanwezig")
    there = {str(one) for one in chosen} if isinstance(chosen, list) else set()
    for one in participants_of(recording.session, found.id):
        if one.state not in (*ENDED, "voorgesteld"):
            one.state = "aanwezig" if key_of(one) in there else "afwezig"
            one.state_since = recording.at


def _promise(recording: Recording, found: CareMeeting, fields: Fields) -> None:
    session = recording.session
    people = {key_of(one): one for one in participants_of(session, found.id)}
    for row in answers.rows(fields.get("afspraken")):
        what, who = answers.text(row.get("wat")), row.get("wie")
        if what is None:
            continue
        participant = people.get(str(who))
        owner_id = participant.user_id if participant else account(session, who)
        owner = participant.recipient if participant else None
        session.add(
            Agreement(
                **recording.place,
                what=what,
                owner=owner or naming.person(session, found.family_id, who),
                owner_user_id=owner_id,
                meeting_id=found.id,
                due=answers.day(row.get("datum")),
                created_at=recording.at,
                created_by=recording.by,
                document_id=recording.document_id,
            )
        )


_PARTS: dict[str, Callable[[Recording, CareMeeting, Fields], None]] = {
    "deelnemers": _name,
    "besluit": _agree,
    "agenda": _points("agenda", "punt"),
    "aanwezig": _attend,
    "verslag": _points("verslag", "tekst"),
    "afspraken": _promise,
}


KNOWN_PATHS = frozenset(
    {
        f"overleg.{name}"
        for name in (
            "aanwezig",
            "afspraken",
            "agenda",
            "antwoord",
            "besluit",
            "deelnemers",
            "gever",
            "gezinErbij",
            "gezinsreactie",
            "plaats",
            "reden",
            "toestemming",
            "uitkomst",
            "verslag",
            "volgende",
            "voorzitter",
            "vorm",
            "wanneer",
            "woordvoerder",
        )
    }
    | {f"afspraak.{name}" for name in ("stand", "datum", "reden")}
)
"""The paths of this module's writers."""
