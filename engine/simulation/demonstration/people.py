"""The organisations and users of the demonstration, and who is meant by a role in a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import Chain, Organisation, RoleAssignment, SystemRole, User
from engine.access.passwords import hash_password
from engine.access.people import (
    add_chain,
    add_organisation,
    add_user,
    assign_role,
    users_with_role,
)
from engine.definitions.packages import Package

ROLE_SHIFT = {"tweede-medewerker": 1, "neutrale-persoon": 2}
"""Roles that another worker than the trusted one fills."""


PARTICIPANT = "deelnemer"
"""The role of partners in shared packages; the methods that call these need not know it."""


def exists(session: Session, region: Mapping[str, Any]) -> bool:
    """Whether the region's chain is there."""
    return session.scalar(select(Chain.id).where(Chain.name == region["keten"])) is not None


def settle(session: Session, region: Mapping[str, Any], since: datetime) -> None:
    """Make organisations, partners and users; roles hold from ``since`` on."""
    chain = add_chain(session, region["keten"])
    shared = hash_password(region["wachtwoord"])
    for kind, name in region["partners"].items():
        add_organisation(session, name=name, kind=kind, at=since, chain_id=chain.id)
    for entry in (*region["uitvoerders"], *region["overig"]):
        organisation = add_organisation(
            session,
            name=entry["naam"],
            kind=entry.get("soort", "uitvoerder"),
            at=since,
            is_runner="gewicht" in entry,
            chain_id=chain.id,
        )
        for person in entry["mensen"]:
            user = add_user(
                session,
                name=person["naam"],
                email=person["email"],
                organisation_id=organisation.id,
                at=since,
            )
            user.password_hash = shared
            for role in person["functies"]:
                assign_role(session, user.id, SystemRole(role), organisation.id, at=since)


def runners(session: Session, region: Mapping[str, Any]) -> list[Organisation]:
    """The running organisations, each as often as its weight says."""
    found = []
    for entry in region["uitvoerders"]:
        organisation = session.scalars(
            select(Organisation).where(Organisation.name == entry["naam"])
        ).one()
        found.extend([organisation] * entry["gewicht"])
    return found


@dataclass(frozen=True, slots=True)
class FamilyDirectory:
    """Who is meant by roles and partners for the ``index``-th family of an organisation."""

    users: Mapping[str, Sequence[User]]
    partners: Mapping[str, UUID]
    package: Package
    index: int

    def person(self, role: str, number: int) -> str:
        """A user with the system role that the package role maps to; the choice is spread."""
        known = self.package.roles.get(role)
        unknown = SystemRole.PARTNER if role == PARTICIPANT else SystemRole.WORKER
        candidates = self.users[known.function if known else unknown]
        place = self.index + ROLE_SHIFT.get(role, 0) + number - 1
        return str(candidates[place % len(candidates)].id)

    def partner(self, kind: str) -> str:
        """The partner organisation of the kind."""
        return str(self.partners[kind])


def directory(
    session: Session, package: Package, organisation_id: UUID, index: int, at: datetime
) -> FamilyDirectory:
    """The directory for a family of an organisation."""
    users: dict[str, Sequence[User]] = {
        role: users_with_role(session, role, organisation_id, at=at)
        for role in (SystemRole.WORKER, SystemRole.PROJECT_LEADER)
    }
    users[SystemRole.PARTNER] = _partners(session, at)
    users[SystemRole.COORDINATOR] = session.scalars(
        select(User).where(User.email.in_(_coordinators(session, at))).order_by(User.email)
    ).all()
    kinds = session.execute(
        select(Organisation.kind, Organisation.id).order_by(Organisation.name.desc())
    ).tuples()  # of several of a kind, the first by name
    partners = dict(kinds.all())
    return FamilyDirectory(users, partners, package, index)


def _partners(session: Session, at: datetime) -> Sequence[User]:
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role == SystemRole.PARTNER, holds_at(RoleAssignment, at)
    )
    return session.scalars(
        select(User).where(User.active, User.id.in_(held)).order_by(User.email)
    ).all()


def _coordinators(session: Session, at: datetime) -> list[str]:
    return [
        user.email
        for organisation_id in session.scalars(select(Organisation.id))
        for user in users_with_role(session, SystemRole.COORDINATOR, organisation_id, at=at)
    ]
