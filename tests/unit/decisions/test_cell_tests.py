"""The short way of plain cells gives the same answers as FEEL."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.decisions.cell_tests import cell_test
from tests.unit.decisions.test_gaps_and_overlap import NUMBER_CELLS, TEXT_CELLS

CELLS = st.one_of(
    NUMBER_CELLS,
    TEXT_CELLS,
    st.sampled_from(
        ["-1", "> -2", "[-1..1]", "null", "not(null)", "true", '"a", 1', "]0..2[", "x"]
    ),
)
VALUES = st.one_of(
    st.integers(-4, 8).map(lambda halves: Decimal(halves) / 2),
    st.sampled_from(["", "a", "b", "c", "ab"]),
    st.sampled_from([None, True, False, [Decimal(1)], ["a"], {"a": Decimal(1)}]),
)


@given(CELLS, VALUES)
def test_a_cell_answers_as_feel_does(cell: str, value: object) -> None:
    tests = feel.compile_unary(cell)
    scope = {"x": Decimal(2)}
    assert cell_test(tests)(value, scope, None) is (tests.test(value, scope) is True)
