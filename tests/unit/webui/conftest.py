"""The web application without a database: enough for pages that show no family."""

from __future__ import annotations

from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Engine

from engine.clock import SystemClock
from engine.families.casework import Casework
from webui.app import create_app
from webui.services import Services, WebConfig


def make_app(*, https: bool = False) -> Flask:
    """The application on services that are never reached."""
    nothing = cast(Engine, None)
    clock = SystemClock()
    app = create_app(
        Services(database=nothing, clock=clock, casework=Casework(nothing, clock)),
        WebConfig(secret_key="only-for-tests", https=https),
    )
    app.testing = True
    return app


@pytest.fixture
def app() -> Flask:
    return make_app()
