"""What an administrator types as a value: FEEL literals or JSON, and clear words for the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from webui.beheer.values import NotAValue, kind_in_words, typed, written

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", Decimal(3)),
        (" -2.5 ", Decimal("-2.5")),
        ('"Zuid-Oost"', "Zuid-Oost"),
        ("true", True),
        ("null", None),
        ('date("2026-03-01")', date(2026, 3, 1)),
        ('@"2026-03-01"', date(2026, 3, 1)),
        ('duration("P3D")', timedelta(days=3)),
        ("[1, 2]", [Decimal(1), Decimal(2)]),
        ('{a: "x", b: [true]}', {"a": "x", "b": [True]}),
        ('{"a": 1e2}', {"a": 100}),
        ("[]", []),
    ],
)
def test_literals_of_feel_and_json_are_values(app: Flask, text: str, value: object) -> None:
    with app.test_request_context():
        assert typed(text, NOW) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("traject", '"traject"'),
        ("gezin.naam", "geen waarde"),
        ("1 +", "niet af"),
        ('"open', "niet gesloten"),
        ('date("gisteren")', "null"),
        ("function(x) x", "functie"),
        ("9" * 20_000, "te lang"),
        ("[" * 5_000, ""),
        ("{'a': 1}", ""),
    ],
)
def test_what_is_no_value_is_told_in_words(app: Flask, text: str, told: str) -> None:
    with app.test_request_context(), pytest.raises(NotAValue) as refused:
        typed(text, NOW)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [3, Decimal("2.5"), "zo", True, None, date(2026, 1, 5), timedelta(days=1), [1, {"a": "b"}]],
)
def test_what_is_shown_can_be_typed_again(app: Flask, value: object) -> None:
    with app.test_request_context():
        assert typed(written(value), NOW) == value
        assert kind_in_words(value) not in ("", "unknown")
