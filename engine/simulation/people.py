"""Invented people and partners that scenarios name with ``@``, and relative dates in answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from engine.simulation.wording import relative_answer

PARTNER = "@ketenpartner:"


class Directory(Protocol):
    """Who is meant by a role or a kind of partner; ids as text."""

    def person(self, role: str, number: int) -> str:
        """The ``number``-th person (from 1) with a role of the package."""
        ...

    def partner(self, kind: str) -> str:
        """A partner organisation of the kind."""
        ...


def fill_in(answers: Any, directory: Directory, now: datetime) -> Any:
    """Answers with ``@``-words replaced: people, partners and dates relative to now."""
    if isinstance(answers, Mapping):
        return {key: fill_in(value, directory, now) for key, value in answers.items()}
    if isinstance(answers, list):
        return [fill_in(value, directory, now) for value in answers]
    if hasattr(answers, "isoformat"):
        return answers.isoformat()
    if not isinstance(answers, str) or not answers.startswith("@"):
        return answers
    moment = relative_answer(answers, now)
    if moment is not None:
        return moment
    if answers.startswith(PARTNER):
        return directory.partner(answers.removeprefix(PARTNER))
    who, colon, subject = answers.partition(":")
    if colon:  # a person with a subject, such as "@deelnemer:opvoeding"
        return f"{fill_in(who, directory, now)}:{subject}"
    role, dash, number = answers.removeprefix("@").rpartition("-")
    if dash and number.isdigit():
        return directory.person(role, int(number))
    return directory.person(answers.removeprefix("@"), 1)
