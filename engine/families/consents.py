"""Consent: whether it is given, and its withdrawal, which stops sharing at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.families import naming
from engine.families.models import Consent
from engine.families.permission import permit, refuse


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

    Gives the consent, whose ``trajectory_id`` the message ``toestemming-ingetrokken`` needs.

    Raises:
        AccessDenied: not permitted, or no such consent.
    """
    consent = session.get(Consent, consent_id)
    if consent is None:
        refuse(
            session, actor, Action.WITHDRAW_CONSENT, now=now,
            object_type="consent", object_id=consent_id,
        )  # fmt: skip
    permit(
        session, actor, Action.WITHDRAW_CONSENT, consent.trajectory_id, now=now,
        object_type="consent", object_id=consent_id,
    )  # fmt: skip
    if consent.agreed and consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_by = now, actor.user_id
        session.flush()
    return consent
