"""Answers of forms become values; rubbish becomes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.families.file import answers

json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_like)
def test_whatever_comes_can_be_stored(value):
    stored = json.dumps(answers.storable(value), allow_nan=False, ensure_ascii=False)
    assert "\x00" not in stored
    stored.encode("utf-8")


@given(json_like)
def test_reading_never_fails(value):
    for read in (
        answers.text,
        answers.yes_no,
        answers.day,
        answers.instant,
        answers.key,
        answers.rows,
    ):
        read(value)


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        (True, True),
        ("ja", True),
        (" Nee ", False),
        ("false", False),
        ("misschien", None),
        (2, None),
    ],
)
def test_yes_and_no_are_ticked_or_said(value, meaning):
    assert answers.yes_no(value) is meaning


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2026-07-01T10:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-01-01T10:00", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("2026-07-01T10:00:00Z", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("9999-12-31T23:59-12:00", None),
        ("1 juli", None),
        (20260701, None),
    ],
)
def test_a_time_without_a_zone_is_local(value, instant):
    assert answers.instant(value) == instant


def test_a_day_is_the_local_one():
    assert answers.day("2026-06-30T22:30:00Z") == date(2026, 7, 1)
    assert answers.day("2026-02-30") is None


def test_a_text_is_cut_and_a_list_is_joined():
    assert answers.text(" lang verhaal ", 4) == "lang"
    assert answers.text(["praktisch", "", None, "geld"]) == "praktisch, geld"
    assert answers.text({"a": 1}) is None
