"""Writes who is asked to direct a family's case, and what they answer, into the file."""

from __future__ import annotations

from sqlalchemy import update

from engine.families.file import answers
from engine.families.file.recording import Fields, Recording
from engine.families.meetings.answers import DIRECTION, note_consent, own, somebody
from engine.families.meetings.consent import recipient_of
from engine.families.meetings.port import DIRECTION_PURPOSE
from engine.families.models import CaseDirectionOffer


def direction(recording: Recording, fields: Fields) -> None:
    """Somebody is asked to direct the case, or answers that; a form does one of both."""
    reply = answers.yes_no(fields.get("antwoord"))
    if reply is not None:
        offer = own(recording, CaseDirectionOffer, DIRECTION)
        if offer is not None and offer.state == "gevraagd":
            offer.state = "aangenomen" if reply else "geweigerd"
            offer.answer, offer.answered_at = answers.text(fields.get("reden")), recording.at
        return
    person, user_id, organisation, organisation_id = somebody(recording.session, fields)
    if not person and not organisation:
        return
    recording.session.execute(
        update(CaseDirectionOffer)
        .where(
            CaseDirectionOffer.family_id == recording.trajectory.family_id,
            CaseDirectionOffer.state == "gevraagd",
        )
        .values(state="vervallen", answered_at=recording.at)
    )
    offer = CaseDirectionOffer(
        **recording.place,
        name=person or organisation or "",
        organisation=organisation if person else None,
        organisation_id=organisation_id,
        user_id=user_id,
        reason=answers.text(fields.get("reden")),
        state="gevraagd",
        asked_at=recording.at,
        asked_by=recording.by,
    )
    recording.session.add(offer)
    agreed = answers.yes_no(fields.get("toestemming"))
    if agreed is not None:
        recipient = recipient_of(offer.name, offer.organisation)
        note_consent(recording, fields, recipient, DIRECTION_PURPOSE, agreed)
    recording.session.flush()


KNOWN_PATHS = frozenset(
    f"regie.{name}"
    for name in (
        "persoon",
        "naam",
        "organisatie",
        "toestemming",
        "gever",
        "vorm",
        "antwoord",
        "reden",
    )
)
"""The paths of this module's writer."""
