"""Values survive JSON."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel.values import (
    FarDate,
    Range,
    YearsMonthsDuration,
    copied,
    from_json,
    read_json,
    to_json,
)

ZONES = st.sampled_from(
    [None, dt.UTC, dt.timezone(dt.timedelta(hours=-3, minutes=-30)), ZoneInfo("Europe/Amsterdam")]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.times(timezones=ZONES),
    st.datetimes(timezones=ZONES),
    st.timedeltas(),
    st.builds(YearsMonthsDuration, st.integers(-(10**8), 10**8)),
    st.builds(FarDate, st.integers(10_000, 999_999_999), st.integers(1, 12), st.integers(1, 28)),
)
KEYS = st.one_of(st.text(), st.sampled_from(["@n", "@o", "@r", "@d", "@", "@@"]))
VALUES = st.recursive(
    st.one_of(SCALARS, st.builds(Range, SCALARS, SCALARS, st.booleans(), st.booleans())),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_from_json_undoes_to_json(value: Any) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@given(VALUES)
def test_what_is_read_at_once_is_what_is_read_piece_by_piece(value: Any) -> None:
    written = json.dumps({"v": 1, "values": [to_json(value)]})
    assert shape(read_json(written.encode())) == shape(from_json(json.loads(written)))


def test_reading_at_once_refuses_an_unknown_tag() -> None:
    with pytest.raises(feel.FeelValueError):
        read_json(b'{"a": {"@x": "1"}}')


def shape(value: Any) -> Any:
    """A value with the types of all that is in it, and how it is written."""
    if isinstance(value, list):
        return [shape(item) for item in value]
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return type(value), str(value), value


@given(VALUES)
def test_a_copy_is_what_storage_would_give_back_and_shares_nothing(value: Any) -> None:
    made = copied(value)
    assert shape(made) == shape(from_json(to_json(value)))
    if isinstance(value, list | dict):
        assert made is not value


@pytest.mark.parametrize("value", [object(), {1: 2}, [Decimal("NaN")], {"f": [print]}])
def test_what_is_no_value_is_not_copied(value: Any) -> None:
    with pytest.raises(feel.FeelValueError):
        copied(value)


def test_what_is_nested_too_deep_is_not_copied() -> None:
    value: Any = 1
    for _ in range(500):
        value = [value]
    with pytest.raises(feel.FeelError):
        copied(value)


@given(st.datetimes(timezones=ZONES))
def test_the_zone_survives_by_name(value: dt.datetime) -> None:
    assert str(from_json(to_json(value)).tzinfo) == str(value.tzinfo)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_digits_of_a_decimal_survive(value: Decimal) -> None:
    assert str(Decimal(from_json(to_json(value)))) == str(value)


def test_plain_values_stay_plain() -> None:
    value = {"naam": "Sem", "leeftijd": Decimal(4), "talen": ["nl", None, True]}
    assert to_json(value) == {"naam": "Sem", "leeftijd": 4, "talen": ["nl", None, True]}


def test_the_second_coming_of_an_hour_survives() -> None:
    late = dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"), fold=1)
    assert from_json(to_json(late)).utcoffset() == late.utcoffset()


@pytest.mark.parametrize(
    "value", [{"@x": 1}, {"@d": "no date"}, {"@n": "x"}, {"@d": 5}, {"@o": 1}, {"@r": []}]
)
def test_unknown_json_is_refused(value: Any) -> None:
    with pytest.raises(feel.FeelValueError):
        from_json(value)


@pytest.mark.parametrize("value", [object(), {1: 2}, Decimal("NaN"), {"f": print}])
def test_what_is_no_value_is_refused(value: Any) -> None:
    with pytest.raises(feel.FeelValueError):
        to_json(value)
