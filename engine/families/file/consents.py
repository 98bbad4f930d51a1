"""Consent: whether it is given, and its withdrawal, which stops sharing at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.families.file import naming
from engine.families.file.going_on import open_ones, through
from engine.families.models import Consent
from engine.families.rights.discretion import Discreet
from engine.families.rights.permission import permit, refuse


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


def is_given(
    session: Session, family_id: UUID, purpose: str, recipient: str | None, at: datetime
) -> bool:
    """Whether somebody's latest word on the purpose (and recipient) is a yes that still holds.

    A recipient (name or organisation id) is covered only by a consent that names it.
    """
    latest = (
        select(Consent.id)
        .where(Consent.family_id == family_id, Consent.purpose == purpose, Consent.given_at <= at)
        .distinct(Consent.giver, Consent.recipient)
        .order_by(
            Consent.giver, Consent.recipient, Consent.given_at.desc(), Consent.sequence.desc()
        )
    )
    holding = aliased(Consent)
    query = select(holding.id).where(
        holding.id.in_(latest),
        holding.agreed,
        or_(holding.withdrawn_at.is_(None), holding.withdrawn_at > at),
        or_(holding.expires_at.is_(None), holding.expires_at > at),
    )
    if recipient is not None:
        query = query.where(holding.recipient == naming.organisation(session, recipient))
    return session.scalar(query.limit(1)) is not None


def withdraw_consent(session: Session, actor: Actor, consent_id: UUID, *, now: datetime) -> Consent:
    """Withdraw a consent from now on; the history stays. Again is no change.

    A consent is the family's: who may withdraw one in another trajectory of the family may withdraw
    this one too. Gives the consent; ``told_of`` says which trajectories have to know.

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


def told_of(session: Session, consent: Consent) -> list[UUID]:
    """Trajectories that a withdrawal is told to: the family's open ones, else the consent's own.

    A consent holds in what follows on the trajectory that it was given in.
    """
    return open_ones(session, consent.family_id) or [consent.trajectory_id]


def consents_of(session: Session, family_id: UUID, now: datetime) -> list[ConsentFacts]:
    """Every consent and refusal of a family, newest first."""
    rows = session.scalars(
        select(Consent)
        .where(Consent.family_id == family_id)
        .order_by(Consent.given_at.desc(), Consent.sequence.desc())
    )
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
                and (consent.expires_at is None or consent.expires_at > now),
            )
        )
    return facts
