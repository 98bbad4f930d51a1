"""A process owner in the Studio of the application on a real database."""

from __future__ import annotations

from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from tests.integration.definitions.test_publication import a_package
from tests.screens import Screens

LIBRARY = "/studio/pakketten"


class Studio:
    """The process owner Olga at work."""

    def __init__(self, screens: Screens) -> None:
        self.session = screens.region.session
        publication.publish(self.session, a_package(), at=screens.region.now)
        self.session.commit()
        self.client = screens.client
        screens.sign_in("olga")
        self.token = screens.token(LIBRARY)

    def version(self) -> PackageVersion:
        self.session.expire_all()
        newest = publication.latest(self.session, "proef")
        assert newest is not None
        return newest

    def post(self, path: str, **data: object):
        return self.client.post(path, data={"csrf_token": self.token, **data})

    def edit(self) -> str:
        """A draft of the newest version; the address of its page."""
        answer = self.post("/studio/concepten", versie=self.version().version)
        assert answer.status_code == 302
        return answer.location

    def put(self, draft: str, path: str, content: bytes, seen: int | None):
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return self.client.put(f"{draft}/bestanden/{path}", data=content, headers=headers)
