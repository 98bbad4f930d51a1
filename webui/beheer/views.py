"""The administrator's pages: package versions, users. No family data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import Organisation, RoleAssignment, User
from webui.people import ROLE_ORDER, only_for
from webui.presentation import show_word
from webui.services import services
from webui.studio.pages import package_cards

bp = Blueprint("beheer", __name__)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as the list shows them."""

    name: str
    active: bool
    organisation: str
    roles: str
    email: str
    last_login_at: datetime | None


@bp.get("/beheer/pakketten")
@only_for("administrator")
def packages() -> ResponseReturnValue:
    """The published packages with their versions."""
    with services().reading() as session:
        found = package_cards(session)
    return render_template("studio/pakketten.html", packages=found)


@bp.get("/beheer/gebruikers")
@only_for("administrator")
def users() -> ResponseReturnValue:
    """All users with their organisation and roles."""
    with services().reading() as session:
        rows = list(_users(session))
    return render_template("beheer/gebruikers.html", users=rows)


def _users(session: Session) -> Iterable[UserRow]:
    roles: dict[UUID, set[str]] = {}
    now = services().clock.now()
    for user_id, role in session.execute(
        select(RoleAssignment.user_id, RoleAssignment.role).where(
            RoleAssignment.since <= now,
            RoleAssignment.until.is_(None) | (RoleAssignment.until > now),
        )
    ):
        roles.setdefault(user_id, set()).add(role)
    for user, organisation in session.execute(
        select(User, Organisation.name)
        .join(Organisation, Organisation.id == User.organisation_id)
        .order_by(Organisation.name, User.name)
    ):
        held = roles.get(user.id, set())
        words = [show_word(role, "system_role") for role in ROLE_ORDER if role in held]
        yield UserRow(
            user.name, user.active, organisation, ", ".join(words), user.email, user.last_login_at
        )
