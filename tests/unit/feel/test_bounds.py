"""Large expressions end in a clear error, soon."""

from __future__ import annotations

import sys
import time

import pytest

from engine import feel

HUGE = {
    "power": "2 ** 99999999",
    "nested for": "for i in 1..100000, j in 1..100000 return i * j",
    "some": "some i in 1..1000000 satisfies i < 0",
    "recursion": "{f: function(x) f(x + 1)}.f(1)",
    "tree recursion": "{f: function(x) if x = 0 then 0 else f(x - 1) + f(x - 1)}.f(40)",
    "strings": '{a: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", b: a+a+a+a+a+a+a+a+a+a,'
    " c: b+b+b+b+b+b+b+b+b+b, d: c+c+c+c+c+c+c+c+c, e: for i in 1..9000 return d + d}",
    "shared lists": "{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b],"
    " d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e]}",
    "comparing shared lists": "{a: [1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a],"
    " c: [b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d], f: e = e}.f",
    "pattern": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a*)*(a*)*\\1$")',
    "pattern size": 'matches("a", "((a{1000}){1000}){1000}")',
    "sort": "sort(for i in 1..5000 return modulo(i * 7919, 5003), function(x, y) x < y)",
    "brackets": "(" * 3000 + "1" + ")" * 3000,
    "minus": "-" * 5000 + "1",
    "terms": "1" + " + 1" * 2400,
    "path": "a" + ".a" * 4000,
    "branches": "if a then 1 else " * 1000 + "2",
    "length": "1" * 20_000,
    "working days": "for i in 1..100 return ketenspoor.add working days(today(), 1000)",
    "holidays of many years": "for i in 1..9000 return ketenspoor.is working day(date(i, 1, 1))",
    "days": 'for d in @"0001-01-01"..@"9999-12-31" return d',
}


@pytest.mark.parametrize("name", HUGE)
def test_ends_in_a_limit_error(name: str) -> None:
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate(HUGE[name], {})


def watched() -> bool:
    """Whether a tool watches every line, which makes all times meaningless."""
    monitoring = getattr(sys, "monitoring", None)
    return sys.gettrace() is not None or bool(monitoring and monitoring.get_tool(1))


@pytest.mark.parametrize("name", HUGE)
def test_ends_soon(name: str) -> None:
    if watched():
        pytest.skip("times say nothing while coverage is measured")

    def seconds() -> float:
        start = time.process_time()
        with pytest.raises(feel.FeelLimitError):
            feel.evaluate(HUGE[name], {})
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 0.05


def test_repeats_inside_repeats_cost_no_more() -> None:
    assert feel.evaluate('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', {}) is False


def test_a_deep_value_is_refused() -> None:
    value: list[object] = []
    for _ in range(500):
        value = [value]
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("x", {"x": value})
