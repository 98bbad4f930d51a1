"""When a row of the chain page asks attention; the bounds are settings."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from engine.families.chain import ChainRow
from webui.keten.pages import FAR_TOO_LATE, LATE, Bounds, risk

DEFAULTS = Bounds(LATE.default, FAR_TOO_LATE.default)


def row(ratio: float, *, overdue: int = 0, incidents: int = 0, worker: str | None = "Samira"):
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return ChainRow(
        trajectory_id=uuid4(),
        family_id=uuid4(),
        family_name="Testani",
        package_key="tussen-in",
        status="running",
        phase="2",
        phase_since=now,
        days_in_phase=3,
        started_at=now,
        last_contact_at=now,
        days_since_contact=3,
        cadence_per_week=2.0,
        contact_ratio=ratio,
        open_handovers=0,
        overdue_tasks=overdue,
        open_incidents=incidents,
        worker_id=None,
        worker=worker,
        organisation_id=uuid4(),
        organisation="De Brug",
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (row(1.0), "calm"),
        (row(1.1), "raised"),
        (row(0.5, overdue=1), "raised"),
        (row(0.5, worker=None), "raised"),
        (row(1.1, overdue=1), "high"),
        (row(2.0), "high"),
        (row(0.0, incidents=1), "high"),
    ],
)
def test_risk_with_the_default_bounds(found: ChainRow, expected: str) -> None:
    assert risk(found, DEFAULTS) == expected


def test_a_region_may_set_other_bounds() -> None:
    assert risk(row(2.0), Bounds(late=2.5, far_too_late=4.0)) == "calm"
