"""now() and today() go by the clock that is passed in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from engine import feel

LATE = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)


def test_today_is_the_day_in_the_netherlands() -> None:
    assert feel.evaluate("today()", {}, LATE) == dt.date(2026, 11, 21)


def test_now_is_in_the_zone_of_the_netherlands() -> None:
    assert feel.evaluate("string(now())", {}, LATE) == "2026-11-21T00:30:00@Europe/Amsterdam"


def test_a_clock_without_zone_is_taken_for_utc() -> None:
    assert feel.evaluate("now()", {}, LATE.replace(tzinfo=None)) == LATE


def test_a_unary_test_goes_by_the_same_clock() -> None:
    assert feel.compile_unary("< today()").test(dt.date(2026, 11, 20), {}, LATE) is True


def test_an_explanation_goes_by_the_same_clock() -> None:
    assert feel.compile("today()").explain({}, LATE).value == dt.date(2026, 11, 21)


def test_without_a_clock_it_is_now() -> None:
    before = dt.datetime.now(dt.UTC)
    assert before <= feel.evaluate("now()", {}) <= dt.datetime.now(dt.UTC)


def test_age_is_that_of_today() -> None:
    assert feel.evaluate('ketenspoor.age(@"2014-11-21")', {}, LATE) == Decimal(12)
