"""Keys: the later one is the greater one, also as text, and they are what the standard says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from engine import keys
from engine.keys import new_key


def test_a_later_key_is_greater_in_every_notation():
    made = [new_key() for _ in range(5000)]
    assert all(one < other for one, other in pairwise(made))
    assert all(str(one) < str(other) for one, other in pairwise(made))
    assert all(one.bytes < other.bytes for one, other in pairwise(made))


def test_a_clock_that_stands_still_or_goes_back_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    before = new_key()
    for nanoseconds in (1_700_000_000_000_000_000, 1_700_000_000_000_000_000, 1):
        monkeypatch.setattr(keys.time, "time_ns", lambda told=nanoseconds: told)
        after = new_key()
        assert after > before
        before = after


def test_threads_never_get_the_same_one():
    with ThreadPoolExecutor(8) as pool:
        made = [
            one
            for some in pool.map(lambda _: [new_key() for _ in range(500)], range(8))
            for one in some
        ]
    assert len(set(made)) == len(made)


def test_a_key_is_a_uuid_of_version_7_that_begins_with_the_milliseconds(
    monkeypatch: pytest.MonkeyPatch,
):
    later = 4_102_444_800_000  # in 2100
    monkeypatch.setattr(keys.time, "time_ns", lambda: later * 1_000_000)
    own = keys._Keys().next()
    assert (own.version, own.variant) == (7, "specified in RFC 4122")
    assert own.int >> 80 == later
