"""Dutch first, English second: which language a request speaks, and the texts' formats."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel

LANGUAGES = {"nl": "Nederlands", "en": "English"}
FIRST_LANGUAGE = "nl"

bp = Blueprint("taal", __name__)


def current_language() -> str:
    """The language that the user chose, else Dutch."""
    chosen = session.get("taal")
    return chosen if chosen in LANGUAGES else FIRST_LANGUAGE


def set_up_languages(app: Flask) -> None:
    """Dutch is written in the templates; English comes from `translations/en`."""
    app.config["BABEL_DEFAULT_LOCALE"] = FIRST_LANGUAGE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Amsterdam"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=current_language)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(current_language=current_language, LANGUAGES=LANGUAGES)


def local_path(address: str | None) -> str:
    """The address when it lies in this application, else the start page; never another site."""
    if not address:
        return "/"
    parts = urlsplit(address)
    same_site = not parts.netloc or parts.netloc == request.host
    if not same_site or parts.scheme not in ("", "http", "https"):
        return "/"
    path = parts.path
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    return f"{path}?{parts.query}" if parts.query else path


@bp.post("/taal")
def choose() -> ResponseReturnValue:
    """Remember the chosen language for this session and go back to where the user was."""
    language = request.form.get("taal", "")
    if language not in LANGUAGES:
        abort(400)
    session["taal"] = language
    return redirect(local_path(request.referrer))
