"""The main places of each kind of user, and where each of them starts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from webui.people import SignedIn, signed_in

bp = Blueprint("start", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the main menu."""

    name: str
    icon: str
    address: str
    current: bool


def places() -> list[Place]:
    """The main menu of the signed-in user: only what is theirs."""
    user = signed_in()
    found: list[tuple[str, str, str, tuple[str, ...]]] = []
    if user.holds("worker", "project_leader", "coordinator", "partner"):
        found.append((gettext("Taken"), "taken", "taken.task_list", ("taken.",)))
    if user.holds("project_leader", "coordinator"):
        found.append((gettext("Keten"), "keten", "keten.overview", ("keten.",)))
    if user.holds("worker", "project_leader"):
        found.append((gettext("Notitie"), "notitie", "gezinnen.choose_for_note", ("gezinnen.c",)))
    if user.holds("worker", "project_leader", "coordinator"):
        found.append(
            (
                gettext("Gezinnen"),
                "gezinnen",
                "gezinnen.families",
                ("gezinnen.f", "traject."),
            )
        )
    if user.holds("worker", "project_leader"):
        found.append(
            (
                gettext("Aanmelding"),
                "aanmelding",
                "gezinnen.new_referral",
                ("gezinnen.new_referral", "gezinnen.referral"),
            )
        )
    if user.holds("process_owner"):
        rooms = ("studio.",) if user.holds("project_leader") else ("studio.", "traject.")
        found.append((gettext("Pakketten"), "pakketten", "studio.packages", rooms))
    if user.holds("administrator"):
        found.append(
            (gettext("Incidenten"), "incidenten", "beheer.incidents", ("beheer.incident",))
        )
        found.append((gettext("Uitgaand"), "uitgaand", "uitgaand.overview", ("uitgaand.",)))
        found.append((gettext("Pakketten"), "pakketten", "beheer.packages", ("beheer.p",)))
        found.append((gettext("Gebruikers"), "gebruikers", "beheer.users", ("beheer.u",)))
    endpoint = request.endpoint or ""
    return [
        Place(name, icon, url_for(target), endpoint.startswith(starts))
        for name, icon, target, starts in found
    ]


def start_of(user: SignedIn) -> str:
    """The address of the user's start page."""
    if user.holds("coordinator"):
        return url_for("keten.overview")
    if user.holds("worker", "project_leader"):
        return url_for("taken.task_list")
    if user.holds("administrator"):
        return url_for("beheer.incidents")
    if user.holds("process_owner"):
        return url_for("studio.packages")
    return url_for("taken.task_list")


@bp.get("/")
@login_required
def start() -> ResponseReturnValue:
    """To the start page of the user's role."""
    return redirect(start_of(signed_in()))


def set_up_navigation(app: Flask) -> None:
    """Give the templates the main menu."""
    app.register_blueprint(bp)
    app.jinja_env.globals["places"] = places
