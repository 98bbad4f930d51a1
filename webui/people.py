"""Who is signed in: the engine's actor, as Flask-Login and the templates want it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from flask import Flask, abort, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_required
from werkzeug.exceptions import Forbidden

from engine.access.actors import Actor, actor_by_id
from engine.access.errors import AccessDenied, ActorChanged
from webui.presentation import show_word
from webui.services import services

ROLE_ORDER = (
    "project_leader",
    "coordinator",
    "worker",
    "process_owner",
    "administrator",
    "partner",
)


class SignedIn(UserMixin):
    """The signed-in user; ``actor`` is what the engine's services take."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.user_id)
        self.name = actor.name
        self.organisation_name = actor.organisation

    @property
    def initials(self) -> str:
        """Two letters for the round sign beside the name."""
        words = [word for word in self.name.split() if word[:1].isupper()] or self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))

    def holds(self, *roles: str) -> bool:
        """Whether the user holds one of the system roles."""
        return self.actor.holds(*roles)

    def roles(self) -> list[str]:
        """The system roles, the one that decides the start page first."""
        return [role for role in ROLE_ORDER if self.actor.holds(role)]

    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(show_word(role, "system_role") for role in self.roles())


def signed_in() -> SignedIn:
    """The user of this request, who is certainly signed in."""
    return cast(SignedIn, current_user._get_current_object())


def actor() -> Actor:
    """The actor of this request."""
    return signed_in().actor


def wants_json() -> bool:
    """Whether a script of ours asked, which wants an answer it can read."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def only_for(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view be seen by users with one of the roles; others are told that they may not."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not signed_in().holds(*roles):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate


def confirms_actor(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a view whose first statement confirms who its actor is (``confirms``).

    Its request needs no look-up of its own: the actor is as this process saw it last. Who changed
    since is looked up, and the view called, anew. So is whoever would be sent away by what this
    process remembers: the role may be given since, and shown by another process.
    """

    @wraps(view)
    def confirmed(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except (ActorChanged, Forbidden) as error:
            if isinstance(error, Forbidden) and not g.get(_REMEMBERED, False):
                raise
            current_app.extensions[_SEEN].pop(signed_in().id, None)
            g.pop("_login_user", None)
            g.pop(_REMEMBERED, None)
            return view(*args, **kwargs)

    _CONFIRMING.add(confirmed)
    return confirmed


def _is_confirmed_later() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view in _CONFIRMING


MOST_SEEN = 1_000
"""People whom a process remembers for views that confirm them."""
_SEEN = "ketenspoor-seen"
_CONFIRMING: set[Callable[..., Any]] = set()
"""The views that confirm their actor."""
_REMEMBERED = "ketenspoor-remembered"


def set_up_people(app: Flask) -> None:
    """Sessions by Flask-Login; each request looks the user and roles up anew, or confirms them."""
    manager = LoginManager(app)
    manager.session_protection = "basic"

    seen: dict[str, Actor] = {}
    app.extensions[_SEEN] = seen

    @manager.user_loader
    def load(user_id: str) -> SignedIn | None:
        before = seen.get(user_id) if _is_confirmed_later() else None
        if before is not None:
            setattr(g, _REMEMBERED, True)
            return SignedIn(before)
        try:
            found = actor_by_id(services().database, UUID(user_id), services().clock.now())
        except (AccessDenied, ValueError):
            return None
        for longest_ago in list(seen)[: max(0, len(seen) + 1 - MOST_SEEN)]:
            seen.pop(longest_ago, None)
        seen[user_id] = found
        return SignedIn(found)

    @manager.unauthorized_handler
    def unauthorized() -> ResponseReturnValue:
        if wants_json():
            return jsonify(message=gettext("Je bent afgemeld.")), 401
        if request.headers.get("HX-Request"):
            answer = app.make_response(("", 401))
            answer.headers["HX-Redirect"] = url_for("aanmelden.sign_in")
            return answer
        onward = request.full_path.rstrip("?") if request.method == "GET" else ""
        return redirect(url_for("aanmelden.sign_in", verder=onward or None))
