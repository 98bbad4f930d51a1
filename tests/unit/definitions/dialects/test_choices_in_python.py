"""Scripts in Python that choose by ``if`` what they set."""

from __future__ import annotations

import pytest

from engine.definitions.dialects.scripts import assignments
from engine.feel import evaluate

PYTHON = """if n > 5:
    size = 'big; }'
elif n == 5:
    size = 'five'
else:
    size = 'small'
done = True"""


def _after(script: str, given: dict[str, object]) -> dict[str, object]:
    made = assignments(script, "python")
    assert made is not None
    for name, source in made:
        given[name] = evaluate(source, given)
    return given


@pytest.mark.parametrize(("n", "size"), [(6, "big; }"), (5, "five"), (4, "small")])
def test_one_of_several_branches(n: int, size: str):
    found = _after(PYTHON, {"n": n})
    assert (found["size"], found["done"]) == (size, True)


def test_what_a_branch_sets_is_read_after_it_and_what_was_there_before_it():
    script = "if a > 1:\n  c = b\n  b = 7\n  d = b"
    assert _after(script, {"a": 2, "b": 3}) == {"a": 2, "b": 7, "c": 3, "d": 7}


def test_the_choice_is_made_before_what_it_reads_is_set():
    script = "if a > 1:\n  a = 0\n  b = 1\nelse:\n  b = 2"
    assert _after(script, {"a": 2}) == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    "script",
    [
        "if a > 1:\n  a = 0\n  b = a",
        "if a > 1:\n  b = 1\n  b = b + 1",
        "if a > 1:\n  if a > 2:\n    b = 1",
        "if a > 1:\n  raise",
        "if f(a):\n  b = 1",
        "if a > 1:\n  for one in many:\n    b = one",
        "while a:\n  if a > 1:\n    b = 1",
        "if a > 1:\nb = 1",
    ],
)
def test_what_has_no_one_value_is_not_guessed_at(script: str):
    assert assignments(script, "python") is None
