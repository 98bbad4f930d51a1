"""Scripts in Python that choose by ``if`` what they set.

Each variable is set once, by a choice in FEEL; what would need two values of one variable at a time
has no translation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from engine.definitions.dialects.reading_expressions import condition
from engine.definitions.expressions import free_names

MOST: Final = 20
"""The most variables and branches that are read; a longer script is work of somebody."""
_ASKED: Final = re.compile(r"""(['"])([^\W\d]\w*)\1\s+(not\s+)?in\s+(?:locals|globals)\(\)""")
Read: TypeAlias = Callable[[str, str], list[tuple[str, str]] | None]


@dataclass(frozen=True)
class _Branch:
    """What is set where a condition holds, and no earlier one; without a condition, else."""

    when: str | None
    sets: list[tuple[str, str]]


def chosen(script: str, language: str, read: Read) -> list[tuple[str, str]] | None:
    """Variable and FEEL of all that a script sets, choices among it; None where there is no such.

    ``read`` gives what a script without choices sets.
    """
    found: list[tuple[str, str]] = []
    for part in _python(script) or ():
        if isinstance(part, str):
            made = read(part, language)
        else:
            branches = list(_branches(part, language, read))
            made = None if len(branches) < len(part) else _merged(branches)
        if made is None:
            return None
        found += made
    return found or None


_Choice: TypeAlias = list[tuple[str | None, str]]


def _python(script: str) -> list[str | _Choice] | None:
    try:
        body = ast.parse(script).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: list[str | _Choice] = []
    for one in body:
        if not isinstance(one, ast.If):
            found.append(ast.get_source_segment(script, one) or "")
            continue
        choice: _Choice = []
        last: list[ast.stmt] = [one]
        while len(last) == 1 and isinstance(last[0], ast.If):
            test, branch = last[0].test, last[0].body
            choice.append((ast.get_source_segment(script, test) or "", _lines(script, branch)))
            last = last[0].orelse
        if last:
            choice.append((None, _lines(script, last)))
        found.append(choice)
    return found


def _lines(script: str, block: list[ast.stmt]) -> str:
    plain = (one for one in block if not isinstance(one, ast.Pass))
    return "\n".join(ast.get_source_segment(script, one) or "?" for one in plain)


def _branches(choice: _Choice, language: str, read: Read) -> Iterator[_Branch]:
    """The branches of a choice, until one that does anything else."""
    for when, block in choice:
        made = read(block, language)
        test = None if when is None else condition(_ASKED.sub(_there, when), language)
        if made is None or (test is None and when is not None):
            return
        yield _Branch(test, made)


def _there(found: re.Match[str]) -> str:
    return f"{found[2]} {'==' if found[3] else '!='} None"


def _merged(branches: list[_Branch]) -> list[tuple[str, str]] | None:
    names = list(dict.fromkeys(name for one in branches for name, _ in one.sets))
    if max(len(names), len(branches)) > MOST:
        return None
    if any(len(dict(one.sets)) < len(one.sets) for one in branches):
        return None
    tested = frozenset[str]().union(*(free_names(one.when) for one in branches if one.when))
    before: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        for other in tested.intersection(names) - {name}:
            before[other].add(name)  # the choice is made with what was there
        for branch in branches:
            _in_order(branch, name, before)
    try:
        ordered = list(TopologicalSorter(before).static_order())
    except CycleError:
        return None
    return [(name, _choice(name, branches)) for name in ordered]


def _in_order(branch: _Branch, name: str, before: dict[str, set[str]]) -> None:
    """What a value reads is set before it or after it, as in its branch."""
    set_by = [one for one, _ in branch.sets]
    source = dict(branch.sets).get(name)
    for other in free_names(source).intersection(before) - {name} if source is not None else ():
        if other in set_by[: set_by.index(name)]:
            before[name].add(other)
        else:
            before[other].add(name)


def _choice(name: str, branches: list[_Branch]) -> str:
    last = next((one for one in branches if one.when is None), None)
    made = name if last is None else dict(last.sets).get(name, name)
    for branch in reversed([one for one in branches if one.when is not None]):
        held = f"assert({branch.when}, ({branch.when}) != null)"
        made = f"(if {held} then {dict(branch.sets).get(name, name)} else {made})"
    return made
