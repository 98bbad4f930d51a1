"""The web application, put together from its parts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import text

from webui.compression import set_up_compression
from webui.errors import set_up_errors
from webui.languages import set_up_languages
from webui.navigation import set_up_navigation
from webui.people import set_up_people
from webui.presentation import set_up_presentation
from webui.security import secure
from webui.services import EXTENSION, Services, WebConfig

STATIC = Path(__file__).resolve().parent / "static"


class Screens(Flask):
    """Flask without coroutines: it need not look at every call whether it is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(services: Services, config: WebConfig) -> Flask:
    """The screens as a WSGI application on the given services."""
    app = Screens(__name__, static_folder=str(STATIC))
    app.secret_key = config.secret_key
    app.extensions[EXTENSION] = services
    app.extensions[f"{EXTENSION}-config"] = config
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, get_locale=get_locale)
    secure(app, https=config.https)
    set_up_compression(app)
    set_up_languages(app)
    set_up_presentation(app)
    set_up_people(app)
    set_up_navigation(app)
    set_up_errors(app)
    _register_rooms(app)

    @app.get("/health")
    def health() -> ResponseReturnValue:
        """Whether the web process and its database work; for load balancers."""
        with services.reading() as session:
            session.execute(text("select 1"))
        return {"status": "ok"}

    return app


def _register_rooms(app: Flask) -> None:
    from webui.aanmelden.views import bp as aanmelden
    from webui.beheer import incidents  # noqa: F401 - it adds its pages to it
    from webui.beheer.views import bp as beheer
    from webui.gezinnen import documents, referrals, returns  # noqa: F401 - they add pages to it
    from webui.gezinnen.views import bp as gezinnen
    from webui.keten.views import bp as keten
    from webui.naast.views import bp as naast
    from webui.rapporten.views import bp as rapporten
    from webui.studio import package_page, running  # noqa: F401 - they add pages to it
    from webui.studio.comparing import views as comparing  # noqa: F401
    from webui.studio.drafts import (  # noqa: F401
        opening,
        publishing,
        saves,
        scenario_editing,
        taking_over,
    )
    from webui.studio.drafts import views as drafts  # noqa: F401
    from webui.studio.moving import views as moving  # noqa: F401
    from webui.studio.scenarios import views as scenarios  # noqa: F401
    from webui.studio.trying import saving  # noqa: F401
    from webui.studio.trying import views as trying  # noqa: F401
    from webui.studio.views import bp as studio
    from webui.taken.views import bp as taken
    from webui.traject import aside, due_times, mending, undoing  # noqa: F401 - they add pages
    from webui.traject.views import bp as traject
    from webui.uitgaand.views import bp as uitgaand

    families = (gezinnen, naast, rapporten, traject)
    for blueprint in (aanmelden, taken, *families, keten, studio, beheer, uitgaand):
        app.register_blueprint(blueprint)


def asset(path: str) -> str:
    """The address of a static file, with its fingerprint so that browsers may keep it forever."""
    return url_for("static", filename=path, v=_fingerprint(path))


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
