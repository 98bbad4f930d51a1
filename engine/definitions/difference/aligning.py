"""Two sequences of things that have an id: which is which, in one order, and what moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the common order, as indexes from 0."""

    before: int | None
    after: int | None
    moved: bool = False


def aligned(
    old: Sequence[T],
    new: Sequence[T],
    identity: Callable[[T], str],
    content: Callable[[T], object],
) -> list[Step]:
    """The order of ``new``, with what was removed put where it stood.

    Things are the same by id; what is left by content, so that a new id alone is no change.
    """
    pairs = _pairs(old, new, identity, content)
    kept = _in_order([before for _after, before in sorted(pairs.items())])
    gone = [at for at in range(len(old)) if at not in set(pairs.values())]
    steps: list[Step] = []
    for after in range(len(new)):
        before = pairs.get(after)
        if before is not None and before in kept:
            while gone and gone[0] < before:
                steps.append(Step(gone.pop(0), None))
        steps.append(Step(before, after, moved=before is not None and before not in kept))
    steps.extend(Step(at, None) for at in gone)
    return steps


def _pairs(
    old: Sequence[T],
    new: Sequence[T],
    identity: Callable[[T], str],
    content: Callable[[T], object],
) -> dict[int, int]:
    """Index before by index after."""
    by_id = {identity(one): at for at, one in enumerate(old)}
    found = {at: by_id.pop(identity(one)) for at, one in enumerate(new) if identity(one) in by_id}
    left: dict[str, list[int]] = {}
    for at in sorted(by_id.values()):
        left.setdefault(repr(content(old[at])), []).append(at)
    for at, one in enumerate(new):
        if at not in found and (same := left.get(repr(content(one)))):
            found[at] = same.pop(0)
    return found


def _in_order(numbers: Sequence[int]) -> set[int]:
    """The most of these numbers that already follow each other upwards; the rest moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    found = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
