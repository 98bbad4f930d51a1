"""Ketenspoor's own functions: working days, age, end of day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ketenspoor.add working days(@"2026-04-29", 5)', dt.date(2026, 5, 7)),
        ('ketenspoor.add working days(@"2027-04-30", 5)', dt.date(2027, 5, 11)),
        (
            'ketenspoor.add working days(@"2027-04-30", 5, [@"2027-05-07"])',
            dt.date(2027, 5, 12),
        ),
        ('ketenspoor.add working days(@"2026-05-07", -5)', dt.date(2026, 4, 29)),
        ('ketenspoor.add working days(from: @"2026-11-21", days: 0)', dt.date(2026, 11, 21)),
        ('ketenspoor.count working days(@"2026-04-29", @"2026-05-07")', 5),
        ('ketenspoor.is working day(@"2026-05-05")', False),
        ('ketenspoor.is working day(@"2026-04-03")', False),
        ('ketenspoor.is working day(@"2026-11-23")', True),
        ('ketenspoor.is working day(@"2026-11-23", [@"2026-11-23"])', False),
        ('ketenspoor.age(@"2012-02-29", @"2026-02-28")', 13),
        ('ketenspoor.age(@"2012-02-29", @"2026-03-01")', 14),
        ('ketenspoor.age(@"2027-01-01", @"2026-01-01")', None),
        ('string(ketenspoor.end of day(@"2026-03-29"))', "2026-03-29T23:59:59@Europe/Amsterdam"),
        ('string(ketenspoor.end of day(@"2026-03-28T23:30:00Z").time offset)', "PT2H"),
        ('ketenspoor.add working days(@"2026-04-29", 1.5)', None),
    ],
)
def test_function_gives(text: str, expected: Any) -> None:
    assert feel.evaluate(text, {}) == expected
