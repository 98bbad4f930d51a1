"""How values of a play read: lengths of time in whole words, nothing rounded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from engine.feel.values import YearsMonthsDuration
from webui.studio.trying.board import key_in_words
from webui.studio.trying.why import in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(days=17), "17 dagen"),
        (timedelta(days=1, hours=2, minutes=5), "1 dag 2 uur 5 minuten"),
        (-timedelta(days=2), "-2 dagen"),
        (timedelta(0), "0"),
        (YearsMonthsDuration(14), "1 jaar 2 maanden"),
        (date(2026, 1, 5), "5 januari 2026"),
        (datetime(2026, 1, 5, 8, tzinfo=UTC), "ma 5 jan 2026, 09:00"),
        (Decimal("3.50"), "3.50"),
        (True, "true"),
        (None, "null"),
        ("past", "past"),
        ({"na": timedelta(days=2), "wie": "ik"}, "na: 2 dagen, wie: ik"),
        ([Decimal(1), "x"], "1; x"),
        ("x" * 1000, "x" * 400 + "…"),
    ],
)
def test_a_value_reads_as_people_say_it(app: Flask, value: object, words: str):
    with app.test_request_context():
        assert in_words(value) == words


@pytest.mark.parametrize(
    ("key", "written"),
    [(None, ""), ("T", ""), ("T:geen-contact", '=trajectId + ":geen-contact"'), ("x", '="x"')],
)
def test_a_message_is_for_the_trajectory_or_for_what_stands_after_it(key: str | None, written: str):
    assert key_in_words("T", key) == written
