"""How points and ranges lie to one another, by table 78 of DMN 1.5."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    "text",
    [
        "before(1, 10)",
        "before(1, (1..10])",
        "before([1..10), 10)",
        "before([1..10), [10..20])",
        "after(10, 5)",
        "after(10, [1..10))",
        "after((11..20], 11)",
        "after([11..20], [1..11))",
        "meets([1..5], [5..10])",
        "met by([5..10], [1..5])",
        "overlaps([1..5], [5..8])",
        "overlaps(range1: [3..8], range2: [1..5])",
        "overlaps before([1..5], [3..8])",
        "overlaps before([1..5), (1..5])",
        "overlaps after([3..8], [1..5])",
        "overlaps after((1..5], [1..5))",
        "finishes(10, [1..10])",
        "finishes([5..10), [1..10))",
        "finished by([1..10], 10)",
        "finished by([1..10], (1..10])",
        "includes([1..10], 1)",
        "includes([1..10], (1..10))",
        "during(5, [1..10])",
        "during((1..5], [1..10])",
        "starts(1, [1..10])",
        "starts([1..10), [1..10])",
        "started by([1..10], 1)",
        "started by([1..10], [1..10))",
        "coincides(5, 5)",
        "coincides([1..5], [1..5])",
        'during(@"2026-05-01", [@"2026-01-01"..@"2026-12-31"])',
    ],
)
def test_holds(text: str) -> None:
    assert feel.evaluate(text, {}) is True


@pytest.mark.parametrize(
    "text",
    [
        "before([1..10], 10)",
        "after(10, [1..10])",
        "meets([1..5), [5..10])",
        "overlaps([1..5), [5..8])",
        "overlaps before([1..5], [1..5])",
        "finishes([5..10), [1..10])",
        "includes((1..10], 1)",
        "during(1, (1..10])",
        "starts(1, (1..10])",
        "coincides((1..5), [1..5])",
    ],
)
def test_does_not_hold(text: str) -> None:
    assert feel.evaluate(text, {}) is False


@pytest.mark.parametrize("text", ['before(1, "a")', "meets(1, [1..2])", "includes([1..2], null)"])
def test_has_no_answer(text: str) -> None:
    assert feel.evaluate(text, {}) is None
