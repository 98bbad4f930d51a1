"""Consent on which a guidance to an agency rests: once it is withdrawn, the guidance is told.

A guidance rests on a yes to its agency, or on a general yes to a purpose. Its diagram says which,
by the key with which it waits for the message: the id of the guidance, in the second case followed
by the purpose. A part of it that rests on a yes of its own, as the warm handover does, waits with
the id and that purpose. Nothing is told of a guidance that was only talked about: nothing was
shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.families.file.consent_words import Pair
from engine.families.file.consents import is_given
from engine.families.file.handovers import ENDED
from engine.families.meetings.port import DIRECTION_PURPOSE
from engine.families.models import Consent, Handover

GUIDANCE_UNCONSENTED = "toeleiding-zonder-toestemming"
"""The message that a guidance gets when the consent that it rests on is withdrawn."""

HANDOVER_PURPOSE = "warme overdracht"
"""The purpose of a consent: who takes over in the agency may know what was told there."""

PARTS = (HANDOVER_PURPOSE, "duo-coaching", DIRECTION_PURPOSE, "zorgoverleg")
"""Purposes of what an agency does beside taking the family in: without them, the guidance goes on.
"""

NOTHING_SHARED = "besproken"


def keys_of(handover_id: UUID, organisation: str, purpose: str, recipient: str | None) -> list[str]:
    """The keys by which a guidance may wait to hear that a consent was withdrawn."""
    if recipient not in (None, organisation):
        return []
    own = recipient is not None and purpose.partition(":")[0] not in PARTS
    return [*([str(handover_id)] if own else []), f"{handover_id}:{purpose}"]


def told_guidances(session: Session, family_id: UUID, gone: Iterable[Pair]) -> list[str]:
    """The same keys for all guidances of the family that run, each once."""
    running = session.scalars(
        select(Handover)
        .where(
            Handover.family_id == family_id,
            Handover.status.not_in((*ENDED, NOTHING_SHARED)),
        )
        .order_by(Handover.created_at, Handover.id)
    )
    pairs = list(gone)
    keys = (
        key for one in running for pair in pairs for key in keys_of(one.id, one.organisation, *pair)
    )
    return list(dict.fromkeys(keys))


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
