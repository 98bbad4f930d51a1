"""Collecting findings: where an element stands, and the list that a reader or check fills."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from engine.definitions.model import Finding


class Placed(Protocol):
    """Anything with an id, a name and a line: an element, a flow, a process, a place."""

    @property
    def id(self) -> str:
        """The id; '' when there is none."""
        ...

    @property
    def name(self) -> str:
        """The name as drawn; '' when there is none."""
        ...

    @property
    def line(self) -> int:
        """The 1-based line; 0 when unknown."""
        ...


class Place(NamedTuple):
    """A spot in a file that findings can point at."""

    id: str = ""
    name: str = ""
    line: int = 0


NOWHERE = Place()


def label(place: Placed) -> str:
    """How a finding names an element: its name and id, or the id alone."""
    name = " ".join(place.name.split())
    if name and name != place.id:
        return f"‘{name}’ ({place.id})" if place.id else f"‘{name}’"
    return f"‘{place.id}’" if place.id else "Een element zonder id"


class Reporter:
    """Collects the findings of one file; says nothing twice and knows what was found earlier."""

    def __init__(self, file: str, earlier: Iterable[Finding] = ()) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._said: set[tuple[str, str, int, str]] = set()
        self._found = {(finding.rule, finding.element_id) for finding in earlier}

    def error(
        self, rule: str, place: Placed, message: str, remedy: str, path: tuple[str, ...] = ()
    ) -> None:
        """Report what makes publishing impossible."""
        self._add("error", rule, place, message, remedy, path)

    def warning(
        self, rule: str, place: Placed, message: str, remedy: str, path: tuple[str, ...] = ()
    ) -> None:
        """Report what deserves a look."""
        self._add("warning", rule, place, message, remedy, path)

    def has(self, rule: str, element_id: str) -> bool:
        """Whether this rule already found something at this element, here or earlier."""
        return (rule, element_id) in self._found

    def _add(
        self,
        level: str,
        rule: str,
        place: Placed,
        message: str,
        remedy: str,
        path: tuple[str, ...],
    ) -> None:
        key = (rule, place.id, place.line, message)
        if key in self._said:
            return
        self._said.add(key)
        self._found.add((rule, place.id))
        self.findings.append(
            Finding(
                file=self.file,
                level=level,
                rule=rule,
                element_id=place.id,
                element_name=" ".join(place.name.split()),
                line=place.line,
                message=message,
                remedy=remedy,
                path=path,
            )
        )
