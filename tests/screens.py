"""The web application on a real database, a region behind it, and a way to sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.access.passwords import hash_password
from engine.families.casework import Casework
from tests.region import Region
from webui.aanmelden.views import attempts
from webui.app import create_app
from webui.services import EXTENSION, Services, WebConfig

PASSWORD = "een lang genoeg wachtwoord"


def application(services: Services) -> Flask:
    """The application on these services; the same one again, so use one at a time.

    Its routes and pages are compiled once for all tests of a process, not for each.
    """
    app = _application()
    app.extensions[EXTENSION] = services
    attempts.forget()
    return app


@cache
def _application() -> Flask:
    return create_app(cast(Services, None), WebConfig(secret_key="only-for-tests"))


def let_all_sign_in(session: Session) -> None:
    """Give everyone the same password."""
    session.execute(update(User).values(password_hash=hash_password(PASSWORD)))


@dataclass
class Screens:
    """The application, a region behind it, and a way to sign in."""

    region: Region
    casework: Casework
    client: FlaskClient

    def token(self, path: str = "/aanmelden") -> str:
        page = self.client.get(path).get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD):
        user = self.region.session.get_one(User, self.region.users[name])
        return self.client.post(
            "/aanmelden",
            data={
                "csrf_token": self.token(),
                "gebruikersnaam": user.email,
                "wachtwoord": password,
                "verder": "/",
            },
        )
