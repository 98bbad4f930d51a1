"""The register of organisations and people, by the names that administrators use.

Ids are for programs: here organisations go by name, people by e-mail address, and what cannot be
is refused with what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, holds_at
from engine.access.errors import AccessError
from engine.access.log import LogLine, log_allowed
from engine.access.models import (
    Chain,
    ChainMembership,
    Organisation,
    RoleAssignment,
    SystemRole,
    User,
)
from engine.access.people import (
    add_chain,
    add_organisation,
    add_user,
    assign_role,
    end_role,
    set_password,
)

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_KIND = re.compile(r"[a-z][a-z0-9-]*")
LONGEST_NAME = 200


class NotInRegister(AccessError):
    """There is no organisation of this name, or no person with this address."""

    code = "not-in-register"


class AlreadyInRegister(AccessError):
    """There is one of this name or address already."""

    code = "already-in-register"


class EntryRefused(AccessError):
    """A name, kind, address or role that cannot be."""

    code = "entry-refused"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as the register shows them; ``roles`` are pairs of role and organisation name."""

    email: str
    name: str
    organisation: str
    language: str
    active: bool
    last_login_at: datetime | None
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation as the register shows it, with the chains that it is in now."""

    name: str
    kind: str
    runs: bool
    chains: tuple[str, ...]
    second_eyes: bool = False


def enter_organisation(
    session: Session, *, name: str, kind: str, runs: bool, chain: str | None, at: datetime
) -> Organisation:
    """A new organisation, in a chain (made when it is new) where one is named.

    Raises:
        AlreadyInRegister, EntryRefused.
    """
    name = _named(name)
    if session.scalar(select(Organisation.id).where(Organisation.name == name)) is not None:
        raise AlreadyInRegister(
            f"Er is al een organisatie '{name}'.",
            "Gebruik die, of kies een andere naam.",
            name=name,
        )
    if not _KIND.fullmatch(kind):
        raise EntryRefused(
            f"'{kind}' is geen soort organisatie.",
            "Schrijf een soort als woord in kleine letters, zoals uitvoerder of schuldhulp.",
            kind=kind,
        )
    chain_id = None
    if chain is not None:
        wanted = _named(chain)
        found = session.scalar(select(Chain).where(Chain.name == wanted))
        chain_id = (found or add_chain(session, wanted)).id
    made = add_organisation(session, name=name, kind=kind, at=at, is_runner=runs, chain_id=chain_id)
    _note(session, "organisation.add", made.id, at)
    return made


def enter_person(
    session: Session,
    *,
    email: str,
    name: str,
    organisation: str,
    roles: Collection[str],
    language: str = "nl",
    password: str | None = None,
    at: datetime,
) -> User:
    """A new person, with roles in the own organisation from now on.

    Raises:
        AlreadyInRegister, NotInRegister, EntryRefused, PasswordTooWeak.
    """
    address = email.strip().lower()
    if not _ADDRESS.fullmatch(address) or len(address) > 320:
        raise EntryRefused(
            f"'{email}' is geen e-mailadres.", "Schrijf het zoals naam@organisatie.nl.", email=email
        )
    if session.scalar(select(User.id).where(func.lower(User.email) == address)) is not None:
        raise AlreadyInRegister(
            f"Er is al iemand met het adres {address}.",
            "Geef die persoon de rol, of gebruik een ander adres.",
            email=address,
        )
    held = [_role(role) for role in roles]
    own = organisation_named(session, organisation)
    user = add_user(
        session, name=_named(name), email=address, organisation_id=own.id, at=at,
        password=password, language=language,
    )  # fmt: skip
    for role in held:
        assign_role(session, user.id, role, own.id, at=at)
    _note(session, "user.add", user.id, at)
    return user


def organisation_named(session: Session, name: str) -> Organisation:
    """The organisation of this name.

    Raises:
        NotInRegister: there is none; the message names those that are.
    """
    found = session.scalar(select(Organisation).where(Organisation.name == name.strip()))
    if found is None:
        known = session.scalars(select(Organisation.name).order_by(Organisation.name).limit(30))
        raise NotInRegister(
            f"Er is geen organisatie '{name}'.",
            f"Bekend zijn: {', '.join(known) or 'nog geen'}.",
            name=name,
        )
    return found


def person_with(session: Session, email: str) -> User:
    """The person with this e-mail address.

    Raises:
        NotInRegister: there is none.
    """
    address = email.strip().lower()
    found = session.scalar(select(User).where(func.lower(User.email) == address))
    if found is None:
        raise NotInRegister(
            f"Er is niemand met het adres {address}.",
            "Bekijk wie er is met 'ketenspoor user list'.",
            email=address,
        )
    return found


def give_role(
    session: Session, email: str, role: str, organisation: str | None, *, at: datetime
) -> None:
    """Let a person hold a role from now on, in the own organisation unless another is named.

    Raises:
        NotInRegister, EntryRefused.
    """
    user = person_with(session, email)
    where = organisation_named(session, organisation).id if organisation else user.organisation_id
    assign_role(session, user.id, _role(role), where, at=at)
    _note(session, "user.role", user.id, at)


def take_role(
    session: Session, email: str, role: str, organisation: str | None, *, at: datetime
) -> None:
    """Let a person hold a role no longer. Raises as ``give_role``."""
    user = person_with(session, email)
    where = organisation_named(session, organisation).id if organisation else user.organisation_id
    end_role(session, user.id, _role(role), where, at=at)
    _note(session, "user.role", user.id, at)


def change_password(session: Session, email: str, password: str, *, at: datetime) -> None:
    """Give a person another password.

    Raises:
        NotInRegister, PasswordTooWeak.
    """
    user = person_with(session, email)
    set_password(session, user, password, at=at)
    _note(session, "user.password", user.id, at)


def set_active(session: Session, email: str, *, active: bool, at: datetime) -> None:
    """Close an account, which ends its sessions at their next request, or open it again.

    Raises:
        NotInRegister: there is no such person.
    """
    user = person_with(session, email)
    user.active = active
    _note(session, "user.reopen" if active else "user.close", user.id, at)


def want_second_eyes(
    session: Session, name: str, wanted: bool, *, at: datetime, by: Actor | None = None
) -> None:
    """Say whether a second process owner approves what those of an organisation publish.

    Raises:
        NotInRegister: there is no such organisation.
    """
    found = organisation_named(session, name)
    found.second_eyes = wanted
    action = "organisation.second-eyes" if wanted else "organisation.one-pair-of-eyes"
    line = LogLine(action, at, object_type="register", object_id=found.id)
    log_allowed(session, by, line)


def people(session: Session, at: datetime) -> Sequence[PersonFacts]:
    """Everybody in the register, by organisation and name, with the roles held at an instant."""
    names = {row.id: row.name for row in session.scalars(select(Organisation))}
    held: dict[Any, list[tuple[str, str]]] = {}
    assigned = select(RoleAssignment).where(holds_at(RoleAssignment, at))
    for one in session.scalars(assigned.order_by(RoleAssignment.role, RoleAssignment.id)):
        held.setdefault(one.user_id, []).append((one.role, names[one.organisation_id]))
    found = [
        PersonFacts(
            user.email,
            user.name,
            names[user.organisation_id],
            user.language,
            user.active,
            user.last_login_at,
            tuple(held.get(user.id, ())),
        )
        for user in session.scalars(select(User).order_by(User.email))
    ]
    return sorted(found, key=lambda one: (one.organisation.casefold(), one.name.casefold()))


def organisations(session: Session, at: datetime) -> Sequence[OrganisationFacts]:
    """Every organisation by name, with the chains that it is in at an instant."""
    chains: dict[Any, list[str]] = {}
    members = (
        select(ChainMembership.organisation_id, Chain.name)
        .join(Chain, Chain.id == ChainMembership.chain_id)
        .where(holds_at(ChainMembership, at))
        .order_by(Chain.name)
    )
    for organisation_id, chain in session.execute(members):
        chains.setdefault(organisation_id, []).append(chain)
    rows = session.scalars(select(Organisation).order_by(Organisation.name))
    return [
        OrganisationFacts(
            row.name, row.kind, row.is_runner, tuple(chains.get(row.id, ())), row.second_eyes
        )
        for row in rows
    ]


def _note(session: Session, action: str, object_id: UUID, at: datetime) -> None:
    """A line in the access log: who takes part decides who may see what."""
    log_allowed(session, None, LogLine(action, at, object_type="register", object_id=object_id))


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise EntryRefused(
            "Een naam heeft minstens één en hoogstens 200 tekens.", "Kies een andere naam."
        )
    return name


def _role(role: str) -> SystemRole:
    try:
        return SystemRole(role)
    except ValueError:
        raise EntryRefused(
            f"'{role}' is geen rol.", f"De rollen zijn: {', '.join(SystemRole)}.", role=role
        ) from None
