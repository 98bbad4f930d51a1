"""Running the DMN Technology Compatibility Kit against ``engine.decisions``.

    python -m tests.tck.runner [folder of the kit]

prints the figures of each level and every case that fails.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine import decisions
from engine.decisions.errors import DecisionError
from engine.decisions.feel_binding import feel_equal
from tests.tck.cases import Case, read_cases

KIT = Path(os.environ.get("DMN_TCK") or Path(__file__).parents[3] / "shared" / "tck")
TOLERANCE = Decimal("1e-8")

JAVA_FILE = "0076-feel-external-java-test-01"
JAVA_CASES = frozenset(
    f"{JAVA_FILE}/{case}"
    for case in (
        "boxed_001",  # java.lang.Math.max(double, double)
        "literal_001",  # java.lang.Math.cos(double)
        "literal_002",  # java.lang.Math.max(double, double)
        "literal_003",  # java.lang.Math.max(double, double)
        "literal_004",  # java.lang.Math.max(int, int)
        "literal_005",  # java.lang.Short.valueOf(short)
        "literal_006",  # java.lang.Byte.valueOf(byte)
        "literal_007",  # java.lang.String.valueOf(char)
        "literal_008",  # java.lang.Math.max(long, long)
        "literal_009",  # java.lang.Math.max(float, float)
        "literal_010",  # java.lang.Integer.valueOf(String)
        "literal_011",  # java.lang.Float.valueOf(String)
        "literal_012",  # java.lang.Double.valueOf(String)
        "varargs_001",  # java.lang.String.format(String, Object[])
    )
)
"""Cases of external Java functions, which are never run here."""


@dataclass(frozen=True)
class Outcome:
    """What became of one case: empty ``difference`` when it passed."""

    case: Case
    difference: str

    @property
    def passed(self) -> bool:
        """Whether every node had the expected value."""
        return not self.difference

    @property
    def excepted(self) -> bool:
        """Whether the case needs Java, and so does not count."""
        return str(self.case) in JAVA_CASES


def run_level(level: str) -> list[Outcome]:
    """The outcome of every case of one level."""
    return [Outcome(case, difference(case)) for case in read_cases(KIT / level)]


def difference(case: Case) -> str:
    """What differs from the expected results; empty if nothing does."""
    try:
        model = _model(case.model)
        answers = _answers(model, case)
    except DecisionError as error:
        return f"{type(error).__name__}: {error.message}"
    found = []
    for expected in case.expectations:
        actual = answers[expected.name]
        if not same(expected.value, actual):
            found.append(f"{expected.name}: expected {expected.value!r}, got {actual!r}")
    return "; ".join(found)


def _answers(model: decisions.Model, case: Case) -> dict[str, Any]:
    names = [expected.name for expected in case.expectations]
    if not case.invocable:
        return {name: model.evaluate(name, case.inputs) for name in names}
    answer = model.evaluate(case.invocable, case.inputs)
    if len(names) == 1:
        return {names[0]: answer}
    return {name: answer.get(name) for name in names}


@lru_cache(maxsize=4)
def _model(path: Path) -> decisions.Model:
    others = [other.read_bytes() for other in path.parent.glob("*.dmn") if other != path]
    return decisions.load(path.read_bytes(), imports=others)


def same(expected: Any, actual: Any) -> bool:
    """Whether a value is the expected one; numbers to eight digits, as the kit writes them."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(expected - actual) <= TOLERANCE * max(abs(expected), Decimal(1))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            same(value, actual[key]) for key, value in expected.items()
        )
    if expected is None or actual is None:
        return expected is actual
    return expected == actual or feel_equal(expected, actual)


def report(level: str, outcomes: Iterable[Outcome]) -> str:
    """The figures of one level in one line."""
    counted = [found for found in outcomes if not found.excepted]
    passed = sum(found.passed for found in counted)
    share = 100 * passed / len(counted) if counted else 0
    return f"{level}: {passed} of {len(counted)} cases ({share:.1f}%)"


def main() -> None:
    """Run both levels and print what fails."""
    for level in ("compliance-level-2", "compliance-level-3"):
        outcomes = run_level(level)
        for found in outcomes:
            if not found.passed:
                mark = "excepted (Java)" if found.excepted else "FAILED"
                print(f"{mark} {found.case}: {found.difference[:400]}")
        print(report(level, outcomes))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        KIT = Path(sys.argv[1])
    main()
