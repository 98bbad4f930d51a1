"""Durations and the calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel.values import (
    YearsMonthsDuration,
    add_duration,
    duration_text,
    parse_duration,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P14D", dt.timedelta(days=14)),
        ("P2W", dt.timedelta(days=14)),
        ("PT36H", dt.timedelta(hours=36)),
        ("-P1DT2H3M4.5S", -dt.timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P1Y2M", YearsMonthsDuration(14)),
        ("-P3M", YearsMonthsDuration(-3)),
    ],
)
def test_duration_is_read(text: str, expected: object) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "14D", "P1Y2D", "P1H", "R3/P1D", "P-1D"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(feel.FeelValueError, match="geen duur"):
        parse_duration(text)


@given(st.timedeltas())
def test_text_of_a_duration_reads_back(duration: dt.timedelta) -> None:
    assert parse_duration(duration_text(duration)) == duration


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-03-31", "-P1M", "2026-02-28"),
        ("2026-11-21", "P14D", "2026-12-05"),
    ],
)
def test_months_end_within_the_month(start: str, duration: str, expected: str) -> None:
    result = add_duration(dt.date.fromisoformat(start), parse_duration(duration))
    assert result.isoformat() == expected


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        # summer time begins on 29 March and ends on 25 October 2026
        ("2026-03-28T09:00:00", "P1D", "2026-03-29T09:00:00+02:00"),
        ("2026-03-28T09:00:00", "P1M", "2026-04-28T09:00:00+02:00"),
        ("2026-03-29T01:30:00", "PT1H", "2026-03-29T03:30:00+02:00"),
        ("2026-10-24T23:59:59", "P1D", "2026-10-25T23:59:59+01:00"),
        ("2026-03-28T02:30:00", "P1D", "2026-03-29T03:30:00+02:00"),
        ("2026-10-26T09:00:00", "-P2D", "2026-10-24T09:00:00+02:00"),
    ],
)
def test_summer_time_does_not_shift_a_local_due_time(
    start: str, duration: str, expected: str
) -> None:
    moment = dt.datetime.fromisoformat(start).replace(tzinfo=AMSTERDAM)
    assert add_duration(moment, parse_duration(duration)).isoformat() == expected


def test_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(feel.FeelValueError):
        add_duration(dt.date(9999, 12, 31), dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(date("-2017-12-31"))', "-2017-12-31"),
        ('date("999999999-12-31").year', 999999999),
        ('date("10000-01-01") - date("9999-12-31")', dt.timedelta(days=1)),
        ('string(date("9999-12-31") + duration("P1D"))', "10000-01-01"),
        ('string(date("10000-01-01") - duration("P1D"))', "9999-12-31"),
        ('date("10000-01-01") > date("9999-12-31")', True),
        ('string(date and time("99999-12-31T11:22:33Z"))', "99999-12-31T11:22:33Z"),
        ('date("01211-12-31")', None),
        ('date("9999999999-12-31")', None),
    ],
)
def test_years_beyond_the_calendar_of_python(text: str, expected: object) -> None:
    assert feel.evaluate(text, {}) == expected
