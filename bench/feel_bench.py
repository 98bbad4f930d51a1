"""FEEL: compiling, first and repeated evaluation of ten typical expressions, comparisons a second.

Side by side with ``bkflow-feel`` from PyPI where that is installed and can do the same. It keeps
no compiled form, so its one figure stands beside our compiling and evaluating.
"""

from __future__ import annotations

import datetime as dt
import importlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import Measurement
from engine import feel
from engine.feel import expression, parser
from engine.feel.compiler import Compiler
from engine.feel.library import BUILTINS

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
CONTEXT: dict[str, Any] = {
    "a": 3,
    "aantalContacten": 2,
    "gezin": {
        "naam": "De Vries",
        "fase": "begeleiding",
        "kinderen": [{"naam": "Sem", "leeftijd": 4}, {"naam": "Noor", "leeftijd": 13}],
    },
    "laatsteContact": dt.date(2026, 11, 7),
}
EXPRESSIONS = {
    "comparison": "a > 2",
    "between": "a between 1 and 5",
    "range": "a in [1..10]",
    "text": 'contains(gezin.naam, "Vries")',
    "path and logic": 'gezin.fase = "begeleiding" and aantalContacten >= 2',
    "if": 'if gezin.fase = "aftercare" then "P14D" else "P7D"',
    "filter": "count(gezin.kinderen[leeftijd >= 12])",
    "quantifier": "some kind in gezin.kinderen satisfies kind.leeftijd < 5",
    "date": 'laatsteContact + duration("P14D") < today()',
    "for": "for kind in gezin.kinderen return kind.leeftijd + 1",
}
FEWEST_COMPARISONS = 300_000


def seconds(action: Callable[[], object], least: float = 0.1) -> float:
    """The time of one call: the best of three runs of many."""
    times = 1
    while (spent := _run(action, times)) < least / 10:
        times *= 4
    times = max(1, int(times * least / max(spent, 1e-9)))
    return min(_run(action, times) for _ in range(3)) / times


def _run(action: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        action()
    return time.perf_counter() - start


def _compile(text: str) -> feel.Expression:
    return expression.Expression(text, parser.parse(text), Compiler(BUILTINS))


def _first(text: str) -> object:
    return _compile(text).evaluate(CONTEXT, NOW)


def measure() -> Iterator[Measurement]:
    """The measurements, in microseconds where nothing else is said."""
    other = _other_engine()
    for name, text in EXPRESSIONS.items():
        compiled = feel.compile(text)
        ready = seconds(lambda: compiled.evaluate(CONTEXT, NOW))  # noqa: B023 - called at once
        yield Measurement(f"{name}: compile", seconds(lambda: _compile(text)) * 1e6, "us")  # noqa: B023
        yield Measurement(f"{name}: first evaluation", seconds(lambda: _first(text)) * 1e6, "us")  # noqa: B023
        yield Measurement(f"{name}: repeated evaluation", ready * 1e6, "us")
        if other is not None:
            yield from _side_by_side(name, text, other)
    yield from _comparisons()


def _comparisons() -> Iterator[Measurement]:
    compiled, cell = feel.compile("a > 2"), feel.compile_unary("> 2")
    each = seconds(lambda: compiled.evaluate(CONTEXT), 0.3)
    test = seconds(lambda: cell.test(3), 0.3)
    yield Measurement("one simple comparison", each * 1e6, "us", 1e6 / FEWEST_COMPARISONS)
    yield Measurement("simple comparisons in a second", 1 / each, "1/s")
    yield Measurement("one simple cell of a table", test * 1e6, "us", 1e6 / FEWEST_COMPARISONS)


def _other_engine() -> Callable[[str, dict[str, Any]], Any] | None:
    try:
        found = importlib.import_module("bkflow_feel.api")
    except ImportError:
        return None
    logging.getLogger("bkflow_feel").setLevel(logging.CRITICAL)
    return found.parse_expression  # type: ignore[no-any-return]


def _side_by_side(
    name: str, text: str, other: Callable[[str, dict[str, Any]], Any]
) -> Iterator[Measurement]:
    try:
        same = other(text, CONTEXT) == feel.compile(text).evaluate(CONTEXT, NOW)
    except Exception:  # noqa: BLE001 - whatever another engine cannot do, it says in its own way
        same = False
    if same:
        spent = seconds(lambda: other(text, CONTEXT))
        yield Measurement(f"{name}: bkflow-feel, every evaluation", spent * 1e6, "us")
    else:
        yield Measurement(f"{name}: bkflow-feel cannot do this", float("nan"), "us")
