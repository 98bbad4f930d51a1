"""The practice method on a database of the test's own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.practice import Practice


@pytest.fixture
def practice(engine_db: Engine) -> Practice:
    made = Practice(engine_db)
    made.publish()
    return made
