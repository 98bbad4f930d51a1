"""Hit policies give what the specification says, for any outputs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import load
from engine.decisions.elements import Aggregation, HitPolicy
from engine.decisions.hit_policies import PolicyBroken, aggregate, choose
from tests.unit.decisions.dmn import table_model

VALUES = ["laag", "midden", "hoog"]
HITS = st.lists(st.tuples(st.sampled_from(VALUES), st.integers(0, 2).map(Decimal)), max_size=5)
ORDER = (tuple(VALUES), None)


@given(HITS)
def test_unique_takes_one_hit_and_no_more(hits: list[tuple[Any, ...]]) -> None:
    if len(hits) > 1:
        with pytest.raises(PolicyBroken):
            choose(HitPolicy.UNIQUE, hits, ORDER)
    else:
        assert choose(HitPolicy.UNIQUE, hits, ORDER) == hits


@given(HITS)
def test_any_takes_equal_outputs_only(hits: list[tuple[Any, ...]]) -> None:
    if len(set(hits)) > 1:
        with pytest.raises(PolicyBroken):
            choose(HitPolicy.ANY, hits, ORDER)
    else:
        assert choose(HitPolicy.ANY, hits, ORDER) == hits[:1]


@given(HITS)
def test_first_takes_the_first(hits: list[tuple[Any, ...]]) -> None:
    assert choose(HitPolicy.FIRST, hits, ORDER) == hits[:1]


@given(HITS, st.sampled_from([HitPolicy.COLLECT, HitPolicy.RULE_ORDER]))
def test_collect_and_rule_order_keep_the_order_of_the_rules(
    hits: list[tuple[Any, ...]], policy: HitPolicy
) -> None:
    assert choose(policy, hits, ORDER) == hits


@given(HITS)
def test_output_order_sorts_by_the_allowed_values_and_keeps_ties(
    hits: list[tuple[Any, ...]],
) -> None:
    expected = [hit for value in VALUES for hit in hits if hit[0] == value]
    assert choose(HitPolicy.OUTPUT_ORDER, hits, ORDER) == expected


@given(HITS)
def test_priority_is_the_first_of_output_order(hits: list[tuple[Any, ...]]) -> None:
    ordered = choose(HitPolicy.OUTPUT_ORDER, hits, ORDER)
    assert choose(HitPolicy.PRIORITY, hits, ORDER) == ordered[:1]


@given(st.lists(st.integers(-1000, 1000).map(Decimal), min_size=1, max_size=6))
def test_aggregations_are_those_of_arithmetic(values: list[Decimal]) -> None:
    assert aggregate(Aggregation.SUM, values) == sum(values)
    assert aggregate(Aggregation.MIN, values) == min(values)
    assert aggregate(Aggregation.MAX, values) == max(values)
    assert aggregate(Aggregation.COUNT, values) == len(values)


def test_values_that_cannot_be_added_break_the_policy() -> None:
    with pytest.raises(PolicyBroken):
        aggregate(Aggregation.SUM, ["a", Decimal(1)])


RULES = [["< 10", "1"], ["< 20", "2"], ["< 30", "3"]]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", 1),
        ("UNIQUE", "", None),
        ("ANY", "", None),
        ("COLLECT", "", [1, 2, 3]),
        ("RULE ORDER", "", [1, 2, 3]),
        ("COLLECT", "SUM", 6),
        ("COLLECT", "COUNT", 3),
        ("COLLECT", "MIN", 1),
        ("COLLECT", "MAX", 3),
    ],
)
def test_a_table_follows_its_policy(policy: str, aggregation: str, expected: object) -> None:
    model = load(table_model(RULES, hit_policy=policy, aggregation=aggregation))
    assert model.evaluate("besluit", {"x": 5}) == expected


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", 3), ("OUTPUT ORDER", [3, 1, 2])])
def test_output_values_set_the_priority(policy: str, expected: object) -> None:
    xml = table_model(RULES, hit_policy=policy, allowed_outputs=["3, 1, 2"])
    assert load(xml).evaluate("besluit", {"x": 5}) == expected


def test_counting_nothing_gives_zero() -> None:
    model = load(table_model(RULES, hit_policy="COLLECT", aggregation="COUNT"))
    assert model.evaluate("besluit", {"x": 50}) == 0


def test_a_sum_over_several_columns_is_null_with_a_reason() -> None:
    xml = table_model(
        [["-", "1", "2"]],
        outputs=[("a", ""), ("b", "")],
        hit_policy="COLLECT",
        aggregation="SUM",
    )
    explained = load(xml).evaluate("besluit", {"x": 1}, explain=True)
    assert explained.value is None
    assert "SUM" in explained.problems[0].message
