"""The login page. A demonstration shows its users and their shared password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user, login_required, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from engine.access.errors import LoginRefused, TooManyAttempts
from engine.access.login import authenticate
from engine.access.models import Organisation, RoleAssignment, User
from webui.aanmelden.throttle import Throttle
from webui.languages import local_path
from webui.navigation import start_of
from webui.people import ROLE_ORDER, SignedIn, signed_in
from webui.presentation import show_word
from webui.services import services, web_config

bp = Blueprint("aanmelden", __name__)
attempts = Throttle("60 per minute; 600 per hour")


@dataclass(frozen=True, slots=True)
class DemonstrationUser:
    """A user of the demonstration as the login page shows them."""

    username: str
    name: str
    role_names: str


@dataclass(frozen=True, slots=True)
class DemonstrationGroup:
    """The users of one organisation."""

    organisation: str
    people: Sequence[DemonstrationUser]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The shared password and the users to choose from."""

    password: str
    groups: Sequence[DemonstrationGroup]


@bp.get("/aanmelden")
def sign_in() -> ResponseReturnValue:
    """The login page."""
    if current_user.is_authenticated:
        return redirect(start_of(signed_in()))
    return render_template(
        "aanmelden/aanmelden.html",
        onward=local_path(request.args.get("verder")),
        demonstration=_demonstration(),
        signed_out="af" in request.args,
    )


@bp.post("/aanmelden")
def sign_in_now() -> ResponseReturnValue:
    """Check name and password. An account that is tried too often is closed for a while."""
    if seconds := attempts.seconds_to_wait(request.remote_addr or ""):
        raise TooManyRequests(retry_after=seconds)
    username = request.form.get("gebruikersnaam", "")
    onward = local_path(request.form.get("verder"))
    problem = ""
    try:
        with services().reading() as work:
            actor = authenticate(
                work, username, request.form.get("wachtwoord", "")[:1000], services().clock
            )
    except LoginRefused:
        problem = gettext("Het e-mailadres of het wachtwoord klopt niet. Probeer het opnieuw.")
    except TooManyAttempts as refused:
        problem = ngettext(
            "Er is te vaak geprobeerd om aan te melden. Wacht %(num)d minuut.",
            "Er is te vaak geprobeerd om aan te melden. Wacht %(num)d minuten.",
            refused.minutes,
        )
    if problem:
        page = render_template(
            "aanmelden/aanmelden.html",
            problem=problem,
            username=username[:320],
            onward=onward,
            demonstration=_demonstration(),
        )
        return page, 422
    language = session.get("taal", actor.language)
    session.clear()
    session["taal"] = language
    session.permanent = True
    user = SignedIn(actor)
    login_user(user)
    return redirect(start_of(user) if onward == "/" else onward)


@bp.post("/afmelden")
@login_required
def sign_out() -> ResponseReturnValue:
    """End the session."""
    language = session.get("taal")
    logout_user()
    session.clear()
    if language:
        session["taal"] = language
    flash(gettext("Je bent afgemeld."), "ok")
    return redirect(url_for("aanmelden.sign_in", af=1))


@bp.get("/sessie")
@login_required
def current_session() -> ResponseReturnValue:
    """Who is signed in and the session's token, for a page that was open before signing in again.

    Other sites cannot read it: no answer here allows them to (CORS), and cookies stay same-site.
    """
    return jsonify(user=signed_in().id, csrf=generate_csrf())


def _demonstration() -> Demonstration | None:
    password = web_config().demonstration_password
    if not password:
        return None
    with services().reading() as work:
        rows = work.execute(
            select(User.id, User.email, User.name, Organisation.name, RoleAssignment.role)
            .join(Organisation, Organisation.id == User.organisation_id)
            .join(RoleAssignment, RoleAssignment.user_id == User.id)
            .where(User.active, User.password_hash.is_not(None), RoleAssignment.until.is_(None))
            .order_by(Organisation.name, User.name, User.id)
        ).all()
    groups: dict[str, dict[str, tuple[str, set[str]]]] = {}
    for _, email, name, organisation, role in rows:
        people = groups.setdefault(organisation, {})
        people.setdefault(email, (name, set()))[1].add(role)
    return Demonstration(
        password,
        [
            DemonstrationGroup(
                organisation,
                [
                    DemonstrationUser(email, name, _in_words(roles))
                    for email, (name, roles) in people.items()
                ],
            )
            for organisation, people in groups.items()
        ],
    )


def _in_words(roles: set[str]) -> str:
    return ", ".join(show_word(role, "system_role") for role in ROLE_ORDER if role in roles)
