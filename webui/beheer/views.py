"""The administrator's pages: package versions, users. No family data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import Organisation, RoleAssignment, SystemRole, User
from engine.access.register import NotInRegister, want_second_eyes
from engine.store.unit_of_work import in_transaction
from webui.listing import PAGE, Listed, asked_page, asked_search, pages_for
from webui.people import ROLE_ORDER, actor, only_for
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
        owning = _owning(session)
    return render_template("studio/pakketten.html", packages=found, owning=owning)


@bp.post("/beheer/tweede-ogen")
@only_for("administrator")
def second_eyes() -> ResponseReturnValue:
    """Say whether an organisation wants a second process owner to approve."""
    name, wanted = request.form.get("organisatie", ""), request.form.get("wens") == "ja"
    by, at = actor(), services().clock.now()
    try:
        in_transaction(
            services().database,
            lambda session: want_second_eyes(session, name, wanted, at=at, by=by),
        )
        flash(gettext("Bewaard."), "ok")
    except NotInRegister:
        flash(gettext("Deze organisatie is er niet."), "error")
    return redirect(url_for("beheer.packages"))


@bp.route("/beheer/gebruikers", methods=["GET", "POST"])
@only_for("administrator")
def users() -> ResponseReturnValue:
    """The users with their organisation and roles, a page at a time; a search is sent."""
    with services().reading() as session:
        listed = _listed_users(session, asked_search(), asked_page())
    return render_template(
        "beheer/gebruikers.html",
        listed=listed,
        here=url_for("beheer.users"),
        address_of=lambda number: url_for("beheer.users", pagina=number),
    )


def _owning(session: Session) -> Sequence[Organisation]:
    """The organisations that have process owners."""
    now = services().clock.now()
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.id.in_(
                select(User.organisation_id)
                .join(RoleAssignment, RoleAssignment.user_id == User.id)
                .where(
                    RoleAssignment.role == SystemRole.PROCESS_OWNER, holds_at(RoleAssignment, now)
                )
            )
        )
        .order_by(Organisation.name)
    ).all()


def _listed_users(session: Session, search: str, number: int) -> Listed[UserRow]:
    """A page of the users, by organisation; of a search each word is in a name or address."""
    wanted = [
        or_(
            *(
                column.icontains(word, autoescape=True)
                for column in (User.name, User.email, Organisation.name)
            )
        )
        for word in search.split()
    ]
    found = (
        select(User, Organisation.name)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(*wanted)
    )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = 1 if search else min(number, pages_for(total))
    page = session.execute(
        found.order_by(Organisation.name, User.name, User.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    roles: dict[UUID, set[str]] = {}
    for user_id, role in session.execute(
        select(RoleAssignment.user_id, RoleAssignment.role).where(
            RoleAssignment.user_id.in_([user.id for user, _ in page]),
            holds_at(RoleAssignment, services().clock.now()),
        )
    ):
        roles.setdefault(user_id, set()).add(role)
    rows = [_user(user, name, roles.get(user.id, set())) for user, name in page]
    return Listed(rows, total, number, search)


def _user(user: User, organisation: str, held: Collection[str]) -> UserRow:
    words = [show_word(role, "system_role") for role in ROLE_ORDER if role in held]
    return UserRow(
        user.name, user.active, organisation, ", ".join(words), user.email, user.last_login_at
    )
