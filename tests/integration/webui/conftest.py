"""Fixtures for tests of the screens on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.access.people import set_password
from engine.families.casework import Casework
from tests.region import region
from tests.screens import PASSWORD, Screens
from tests.studio import Studio
from webui.app import create_app
from webui.services import Services, WebConfig


@pytest.fixture
def screens(engine_db: Engine) -> Iterator[Screens]:
    with Session(engine_db, expire_on_commit=False) as session:
        made = region(session)
        for user in session.scalars(select(User)):
            set_password(session, user, PASSWORD, at=made.now)
        session.commit()
        casework = Casework(engine_db, made.clock)
        app = create_app(
            Services(database=engine_db, clock=made.clock, casework=casework),
            WebConfig(secret_key="only-for-tests"),
        )
        yield Screens(made, casework, app.test_client())


@pytest.fixture
def studio(screens: Screens) -> Studio:
    """The process owner Olga, with one package published."""
    return Studio(screens)
