"""Names behind the ids that people choose from lists: members, users, organisations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import Organisation, User
from engine.families.file import answers
from engine.families.models import FamilyMember


def members(session: Session, family_id: UUID) -> Sequence[FamilyMember]:
    """The members of a family, in the order in which they became known."""
    return session.scalars(
        select(FamilyMember)
        .where(FamilyMember.family_id == family_id)
        .order_by(FamilyMember.created_at, FamilyMember.id)
    ).all()


def person(session: Session, family_id: UUID, chosen: object) -> str | None:
    """The name of a chosen member of this family or user; any other text stands for itself."""
    person_id = answers.key(chosen)
    if person_id is not None:
        member = session.get(FamilyMember, person_id)
        if member is not None and member.family_id == family_id:
            return member.name
        user = session.get(User, person_id)
        if user is not None:
            return user.name
        if member is not None:
            return None  # of another family: its name must not appear here
    return answers.text(chosen, 200)


def organisation(session: Session, chosen: object) -> str | None:
    """The name of a chosen organisation; any other text stands for itself."""
    organisation_id = answers.key(chosen)
    known = session.get(Organisation, organisation_id) if organisation_id else None
    return known.name if known else answers.text(chosen, 200)


def organisation_id(session: Session, chosen: object) -> UUID | None:
    """The id of a chosen organisation, also where its exact name was typed."""
    wanted = answers.key(chosen)
    if wanted is not None:
        known = session.get(Organisation, wanted)
        return known.id if known else None
    name = answers.text(chosen, 200)
    return session.scalar(select(Organisation.id).where(Organisation.name == name))
