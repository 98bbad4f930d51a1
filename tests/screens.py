"""The web application on a real database, a region behind it, and a way to sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from engine.access.models import User
from engine.families.casework import Casework
from tests.region import Region

PASSWORD = "een lang genoeg wachtwoord"


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
