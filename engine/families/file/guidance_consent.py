"""Consent on which a guidance to an agency rests: once it is withdrawn, the guidance is told.

A guidance rests on a yes to its agency, or on a general yes to a purpose. Its diagram says which,
by the key with which it waits for the message: the id of the guidance, in the second case followed
by the purpose. Nothing is told of a guidance that was only talked about: nothing was shared.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.families.file.consents import is_given
from engine.families.file.handovers import ENDED
from engine.families.models import Consent, Handover

GUIDANCE_UNCONSENTED = "toeleiding-zonder-toestemming"
"""The message that a guidance gets when the consent that it rests on is withdrawn."""

HANDOVER_PURPOSE = "warme overdracht"
"""The purpose of a consent: who takes over in the agency may know what was told there."""

NOTHING_SHARED = "besproken"


def keys_of(
    handover_id: UUID, organisation: str, purpose: str | None, recipient: str | None
) -> list[str]:
    """The keys by which a guidance may wait to hear that a consent was withdrawn."""
    if recipient not in (None, organisation):
        return []
    own = [] if recipient is None else [str(handover_id)]
    return own if purpose is None else [*own, f"{handover_id}:{purpose}"]


def told_guidances(session: Session, consent: Consent) -> list[str]:
    """The same keys for all guidances of the family that run."""
    running = session.scalars(
        select(Handover)
        .where(
            Handover.family_id == consent.family_id,
            Handover.status.not_in((*ENDED, NOTHING_SHARED)),
        )
        .order_by(Handover.created_at, Handover.id)
    )
    return [
        key
        for one in running
        for key in keys_of(one.id, one.organisation, consent.purpose, consent.recipient)
    ]


def may_receive(session: Session, handover: Handover, actor: Actor, at: datetime) -> bool:
    """Whether the actor is of the agency, and the family agrees to what is handed over to it."""
    here = {organisation for _, organisation in actor.roles}
    if handover.organisation_id not in here or handover.status in ENDED:
        return False
    return is_given(session, handover.family_id, HANDOVER_PURPOSE, handover.organisation, at)


def told_on_handover(session: Session, handover: Handover, at: datetime) -> str | None:
    """What the family said may be told, in its latest yes to handing over to this agency."""
    return session.scalar(
        select(Consent.what)
        .where(
            Consent.family_id == handover.family_id,
            Consent.purpose == HANDOVER_PURPOSE,
            Consent.recipient == handover.organisation,
            Consent.agreed,
            Consent.withdrawn_at.is_(None),
            Consent.given_at <= at,
        )
        .order_by(Consent.given_at.desc(), Consent.sequence.desc())
        .limit(1)
    )
