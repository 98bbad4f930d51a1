"""Long lists: shown a page at a time, searched by a form because no name comes into an address."""

from __future__ import annotations

from collections.abc import Sequence
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
    search: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are: one, if there is nothing."""
        return pages_for(self.total)

    @property
    def whole(self) -> bool:
        """Whether everything stands on this page, so that a browser can search in it."""
        return self.pages == 1 and not self.search


def pages_for(total: int) -> int:
    """How many pages so many rows take: one, if there are none."""
    return max(1, -(-total // PAGE))


def asked_page() -> int:
    """The page that the address asks for (``?pagina=``), from 1."""
    return min(max(request.args.get("pagina", 1, type=int), 1), MOST_PAGES)


def asked_search() -> str:
    """What was sent to be looked for, in the body and not in the address; empty if nothing was."""
    return request.form.get("zoek", "")[:LONGEST_SEARCH].strip()
