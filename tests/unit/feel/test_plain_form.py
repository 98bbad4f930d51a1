"""FEEL values as the JSON that others write."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.feel.plain_form import to_plain_json


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("1.50"), 1.5),
        (Decimal("3.0"), 3),
        (2.5, 2.5),
        (2**60, 2**60),
        (True, True),
        (None, None),
        (dt.date(2026, 2, 24), "2026-02-24"),
        (dt.datetime(2026, 2, 24, 4, 20, tzinfo=dt.UTC), "2026-02-24T04:20:00Z"),
        (dt.timedelta(days=1), "P1D"),
        (feel.YearsMonthsDuration(27), "P2Y3M"),
        ({"@n": [Decimal("0.1")]}, {"@n": [0.1]}),
        (Decimal("1E+6000"), {"@n": "1E+6000"}),
    ],
)
def test_a_value_is_what_others_write(value: Any, plain: Any) -> None:
    found = to_plain_json(value)
    assert (found, type(found)) == (plain, type(plain))
    json.dumps(found, allow_nan=False)


def test_a_range_has_no_other_form_than_the_kept_one() -> None:
    assert to_plain_json(feel.evaluate("[1..5)", {})) == {"@r": [1, 5, True, False, ""]}
