"""Fixtures for tests of the screens on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.families.casework import Casework
from tests.region import region
from tests.screens import Screens, application, let_all_sign_in
from tests.studio import Studio
from webui.services import Services


@pytest.fixture
def screens(engine_db: Engine) -> Iterator[Screens]:
    with Session(engine_db, expire_on_commit=False) as session:
        made = region(session)
        let_all_sign_in(session)
        session.commit()
        casework = Casework(engine_db, made.clock)
        app = application(Services(database=engine_db, clock=made.clock, casework=casework))
        yield Screens(made, casework, app.test_client())


@pytest.fixture
def studio(screens: Screens) -> Studio:
    """The process owner Olga, with one package published."""
    return Studio(screens)
