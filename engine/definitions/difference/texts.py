"""Texts next to each other: by line with the equal parts left out, and by word within a setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from engine.definitions.difference.model import Detail, Line, Sort, Span

AROUND: Final = 2
"""Equal lines that are told before and after each change."""
MAX_LINES: Final = 4_000
"""Longer texts are told as wholly other, so that comparing stays quick."""
MAX_WORDS: Final = 600
ENOUGH_IN_COMMON: Final = 0.35
_WORD: Final = re.compile(r"(?:\w+|[^\w\s])\s*|\s+")


def detail(what: str, before: str, after: str, about: str = "") -> Detail:
    """A setting that is different, word by word where both texts resemble each other."""
    return Detail(what, before, after, about, spans(before, after))


def spans(before: str, after: str) -> tuple[Span, ...]:
    """Both texts at once; empty when they have too little in common, or one of them is empty."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) < 3 or len(new) < 3 or max(len(old), len(new)) > MAX_WORDS:
        return ()
    matcher = SequenceMatcher(None, old, new)
    if matcher.ratio() < ENOUGH_IN_COMMON:
        return ()
    found: list[Span] = []
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            found.append(Span(Sort.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append(Span(Sort.REMOVED, "".join(old[a:b])))
        if d > c:
            found.append(Span(Sort.ADDED, "".join(new[c:d])))
    return tuple(found)


def lines(before: str, after: str) -> tuple[Line, ...]:
    """The lines that differ, each with a few equal ones around it; empty when nothing does."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return ()
    if max(len(old), len(new)) > MAX_LINES:
        return (*_removed(old[:MAX_LINES], 0), *_added(new[:MAX_LINES], 0))
    matcher = SequenceMatcher(None, old, new)
    found: list[Line] = []
    reached = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > reached:
            found.append(Line(Sort.SAME))
        for operation, a, b, c, d in group:
            if operation == "equal":
                found.extend(
                    Line(Sort.SAME, a + at + 1, c + at + 1, old[a + at]) for at in range(b - a)
                )
            else:
                found.extend(_removed(old[a:b], a))
                found.extend(_added(new[c:d], c))
        reached = group[-1][2]
    if reached < len(old):
        found.append(Line(Sort.SAME))
    return tuple(found)


def _removed(texts: list[str], start: int) -> Iterator[Line]:
    for at, text in enumerate(texts, start + 1):
        yield Line(Sort.REMOVED, number_before=at, text=text)


def _added(texts: list[str], start: int) -> Iterator[Line]:
    for at, text in enumerate(texts, start + 1):
        yield Line(Sort.ADDED, number_after=at, text=text)


def as_text(content: bytes) -> str:
    """A file as text, whatever it is."""
    return content.decode("utf-8-sig", "replace")
