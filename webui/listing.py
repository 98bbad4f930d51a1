"""Long lists: shown a page at a time, searched here because a name never comes into an address."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")

PAGE = 50
"""Rows on a page of a list."""
LONGEST_SEARCH = 100  # characters
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page of a list: its rows, and of how many.

    Attributes:
        search: what was looked for; then the first page of what was found is all there is.
        number: which page it is, from 1.
    """

    rows: Sequence[T]
    total: int
    number: int
    pages: int
    search: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything stands on this page, so that a browser can search in it."""
        return self.pages == 1 and not self.search


def listed(rows: Sequence[T], *, search: str = "", number: int = 1) -> Listed[T]:
    """The page with this number; beyond the last one it is the last."""
    pages = max(1, -(-len(rows) // PAGE))
    number = 1 if search else min(max(number, 1), pages)
    return Listed(rows[(number - 1) * PAGE : number * PAGE], len(rows), number, pages, search)


def found(rows: Iterable[T], search: str, text_of: Callable[[T], str]) -> list[T]:
    """The rows whose text has every word that is looked for, whatever its accents and capitals."""
    words = _plain(search).split()
    return [row for row in rows if all(word in _plain(text_of(row)) for word in words)]


def asked_page() -> int:
    """The page that the address asks for (``?pagina=``), from 1."""
    return min(max(request.args.get("pagina", 1, type=int), 1), MOST_PAGES)


def asked_search() -> str:
    """What was sent to be looked for, in the body and not in the address; empty if nothing was."""
    return request.form.get("zoek", "")[:LONGEST_SEARCH].strip()


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()
