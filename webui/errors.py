"""Pages for what goes wrong, in words that help; an unexpected fault gets a number to report."""

from __future__ import annotations

import secrets
import traceback

import structlog
from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from engine.access.errors import AccessDenied
from engine.definitions.drafts.drafts import NoSuchDraft
from engine.families.errors import MoveUnknown
from engine.runtime.errors import (
    InstanceChanged,
    InstanceNotFound,
    TaskClaimed,
    TaskNotFound,
    TaskNotOpen,
)
from engine.store.errors import TryAgain
from webui.people import wants_json

log = structlog.get_logger("webui")

ALONE = "fouten/onbereikbaar.html"
"""A page that needs nobody and nothing else."""


class NotThere(LookupError):
    """What the address names does not exist (any more)."""


def _answer(status: int, title: str, text: str, number: str = "") -> ResponseReturnValue:
    if wants_json():
        return jsonify(title=title, message=text, number=number), status
    if request.headers.get("HX-Request"):
        return render_template("fouten/melding.html", text=text), status
    page = render_template("fouten/fout.html", title=title, text=text, number=number)
    return page, status


def not_allowed() -> ResponseReturnValue:
    """403: the same answer whether or not the thing exists."""
    return _answer(
        403,
        gettext("Hier mag je niet bij"),
        gettext(
            "Je ziet alleen gezinnen en taken waar jij bij betrokken bent. "
            "Werk je met dit gezin? Vraag de projectleider om je te koppelen."
        ),
    )


def not_found() -> ResponseReturnValue:
    """404."""
    return _answer(
        404,
        gettext("Deze pagina is er niet"),
        gettext("Misschien is de taak al klaar of is het adres niet goed overgenomen."),
    )


def in_the_way() -> ResponseReturnValue:
    """409: somebody else was first."""
    return _answer(
        409,
        gettext("Iemand was je net voor"),
        gettext("Een collega heeft dit zojuist veranderd. Open de pagina opnieuw en kijk even."),
    )


def _unreachable(error: Exception) -> ResponseReturnValue:
    """503: the database is away, restarts, or has no room; nothing was done by halves."""
    log.warning("database-away", endpoint=request.endpoint, error=type(error).__name__)
    title = gettext("De gegevens zijn even niet bereikbaar")
    text = gettext(
        "Er is nu niets veranderd of verloren. Wacht een minuut en probeer het opnieuw. "
        "Duurt het langer, bel dan de beheerder."
    )
    if wants_json():
        answer = make_response(jsonify(title=title, message=text, number=""), 503)
    else:  # without what other pages are given: for that, the database is asked who is signed in
        name = "fouten/melding.html" if request.headers.get("HX-Request") else ALONE
        page = current_app.jinja_env.get_template(name).render(title=title, text=text)
        answer = make_response(page, 503)
    answer.headers["Retry-After"] = "10"
    return answer


def _places(error: Exception) -> list[str]:
    """File, line and function of every frame, without values or messages."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def set_up_errors(app: Flask) -> None:
    """Register the pages."""
    for error in (AccessDenied, 403):
        app.register_error_handler(error, lambda _: not_allowed())
    for missing in (NotThere, TaskNotFound, InstanceNotFound, NoSuchDraft, MoveUnknown, 404):
        app.register_error_handler(missing, lambda _: not_found())
    for taken in (TaskNotOpen, TaskClaimed, InstanceChanged, TryAgain, 409):
        app.register_error_handler(taken, lambda _: in_the_way())
    for away in (OperationalError, InterfaceError):
        app.register_error_handler(away, _unreachable)

    @app.errorhandler(CSRFError)
    def stale(_: CSRFError) -> ResponseReturnValue:
        return _answer(
            400,
            gettext("Deze pagina was verlopen"),
            gettext("Ga terug, ververs de pagina en probeer het nog eens."),
        )

    @app.errorhandler(405)
    def wrong_method(error: MethodNotAllowed) -> ResponseReturnValue:
        answer = app.make_response(
            _answer(
                405,
                gettext("Dat kan hier niet"),
                gettext("Dit adres kan niet op deze manier worden gebruikt. Begin bij je taken."),
            )
        )
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return answer

    @app.errorhandler(413)
    def too_much(_: HTTPException) -> ResponseReturnValue:
        return _answer(
            413,
            gettext("Dit is te veel tekst"),
            gettext("Wat je verstuurt is te groot. Maak de tekst korter en probeer het nog eens."),
        )

    @app.errorhandler(429)
    def too_many(error: TooManyRequests) -> ResponseReturnValue:
        text = gettext("Er kwamen heel veel verzoeken achter elkaar. Wacht een minuut.")
        answer = app.make_response(_answer(429, gettext("Even rustig aan"), text))
        answer.headers["Retry-After"] = str(error.retry_after or 60)
        return answer

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return _answer(
            error.code,
            gettext("Dat lukte niet"),
            gettext("Dit verzoek klopt niet. Ga terug en probeer het nog eens."),
        )

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        number = secrets.token_hex(4).upper()
        # Where it went wrong, not with what: messages and addresses may tell of families.
        log.error(
            "unexpected-fault",
            number=number,
            endpoint=request.endpoint,
            error=type(error).__name__,
            trace=_places(error),
        )
        return _answer(
            500,
            gettext("Er ging iets mis bij ons"),
            gettext(
                "Wat je al bewaard had, is er nog. Probeer het zo opnieuw. "
                "Blijft het misgaan, geef dan dit foutnummer door aan de beheerder."
            ),
            number,
        )
