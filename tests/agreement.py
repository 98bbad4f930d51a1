"""Whether a database agrees with itself; used at the end of many tests."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.runtime.doctor import examine


def assert_healthy(database: Engine) -> None:
    """The doctor finds nothing."""
    with Session(database) as session:
        assert [finding.as_dict() for finding in examine(session)] == []
