"""Consent: whether it is given, and its withdrawal, which stops sharing at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.families.file import naming
from engine.families.file.consent_words import Pair, Word, agreed_pairs
from engine.families.file.going_on import through
from engine.families.models import Consent, Family
from engine.families.rights.discretion import Discreet
from engine.families.rights.permission import permit, refuse
from engine.store.base import table_of
from engine.store.round_trips import Statement, read_together


@dataclass(frozen=True, slots=True, repr=False)
class ConsentFacts(Discreet):
    """A consent (or refusal) as given. ``holds`` says whether it is a yes that holds now."""

    id: UUID
    giver: str
    capacity: str | None
    purpose: str
    recipient: str | None
    what: str | None
    form: str
    agreed: bool
    given_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    holds: bool


def hold(session: Session, family_id: UUID) -> None:
    """Let nobody change what the family agrees to before this transaction ends.

    For whoever goes on by an answer: who takes it back waits, and then finds what went on.
    """
    read_together(session, (_HOLD, {"family_id": family_id}))


def hold_to_change(session: Session, family_id: UUID) -> None:
    """Let nobody change what the family agrees to, or go on by it, before this transaction ends."""
    read_together(session, (_HOLD_TO_CHANGE, {"family_id": family_id}))


def agreed_to(session: Session, family_id: UUID, at: datetime) -> set[Pair]:
    """The purposes and recipients to which the family agrees at an instant."""
    rows = session.scalars(
        select(Consent).where(Consent.family_id == family_id, Consent.given_at <= at)
    ).all()
    return agreed_pairs(_words(rows, at), at)


def is_given(
    session: Session, family_id: UUID, purpose: str, recipient: str | None, at: datetime
) -> bool:
    """Whether the family agrees to the purpose, towards the recipient where there is one.

    A recipient (name or organisation id) is covered only by a consent that names it.
    """
    given = agreed_to(session, family_id, at)
    if recipient is None:
        return any(named == purpose for named, _ in given)
    return (purpose, naming.organisation(session, recipient)) in given


def _words(rows: Iterable[Consent], at: datetime) -> list[Word]:
    """What was said until an instant, the earliest first; a withdrawal is a no of its own."""
    said: list[tuple[datetime, int, Word]] = []
    for one in rows:
        about = one.giver, one.purpose, one.recipient
        said.append((one.given_at, one.sequence, Word(*about, one.agreed, one.expires_at)))
        if one.withdrawn_at is not None and one.withdrawn_at <= at:
            said.append((one.withdrawn_at, one.sequence, Word(*about, agreed=False)))
    return [word for _, _, word in sorted(said, key=lambda one: one[:2])]


def withdraw_consent(session: Session, actor: Actor, consent_id: UUID, *, now: datetime) -> Consent:
    """Withdraw a consent from now on; the history stays. Again is no change.

    A consent is the family's: who may withdraw one in another trajectory of the family may withdraw
    this one too. ``consent_stops`` says what follows from it.

    Raises:
        AccessDenied: not permitted, or no such consent.
    """
    consent = session.get(Consent, consent_id)
    if consent is None:
        refuse(
            session, actor, Action.WITHDRAW_CONSENT, now=now,
            object_type="consent", object_id=consent_id,
        )  # fmt: skip
    action = Action.WITHDRAW_CONSENT
    by = through(session, actor, action, consent.trajectory_id, consent.family_id, now=now)
    permit(session, actor, action, by, now=now, object_type="consent", object_id=consent_id)
    if consent.agreed and consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_by = now, actor.user_id
        session.flush()
    return consent


def consents_of(session: Session, family_id: UUID, now: datetime) -> list[ConsentFacts]:
    """Every consent and refusal of a family, newest first."""
    rows = session.scalars(
        select(Consent)
        .where(Consent.family_id == family_id)
        .order_by(Consent.given_at.desc(), Consent.sequence.desc())
    ).all()
    given = agreed_pairs(_words([one for one in rows if one.given_at <= now], now), now)
    answered: set[tuple[str, str, str | None]] = set()
    facts = []
    for consent in rows:
        latest = (consent.giver, consent.purpose, consent.recipient) not in answered
        answered.add((consent.giver, consent.purpose, consent.recipient))
        facts.append(
            ConsentFacts(
                id=consent.id,
                giver=consent.giver,
                capacity=consent.capacity,
                purpose=consent.purpose,
                recipient=consent.recipient,
                what=consent.what,
                form=consent.form,
                agreed=consent.agreed,
                given_at=consent.given_at,
                expires_at=consent.expires_at,
                withdrawn_at=consent.withdrawn_at,
                holds=latest
                and consent.agreed
                and (consent.withdrawn_at is None or consent.withdrawn_at > now)
                and (consent.expires_at is None or consent.expires_at > now)
                and (consent.purpose, consent.recipient) in given,
            )
        )
    return facts


_FAMILY = table_of(Family)
_OF_FAMILY = select(_FAMILY.c.id).where(_FAMILY.c.id == bindparam("family_id", type_=Uuid()))
_HOLD = Statement(_OF_FAMILY.with_for_update(read=True))
_HOLD_TO_CHANGE = Statement(_OF_FAMILY.with_for_update(key_share=True))
