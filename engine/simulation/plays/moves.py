"""What somebody who plays a trajectory did, move by move, as plain data that can be kept.

A move names things by their place in the diagram and their turn among those that look the same,
never by an id that another run would not have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from engine.simulation.errors import PlayRefused

KINDS: Final = (
    "ingang", "aanroep", "alleen", "taak", "contact", "naast", "bericht", "terug", "wacht",
)  # fmt: skip
"""``alleen`` begins with what is started beside a trajectory in which nothing runs."""

BEGINNINGS: Final = frozenset({"ingang", "aanroep", "alleen"})
MOST_MOVES: Final = 1000
MOST_TEXT: Final = 2 * 1024 * 1024
"""Characters of all moves together, as JSON."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move.

    Attributes:
        what: the entry, process, start, task's element or message; for ``terug`` the package
            and its entry, with a slash between them.
        turn: the how-manieth from 0 of the open tasks of one element, the oldest first.
        role: who does it, as a role of the package.
        answers: what is filled in, or what a message carries.
        key: whom a message is for, as scenarios write it; empty for the trajectory.
        until: when a waiting ends.
    """

    kind: str
    what: str = ""
    turn: int = 0
    role: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    until: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; what is empty is left out."""
        kept: dict[str, Any] = {
            "what": self.what,
            "turn": self.turn,
            "role": self.role,
            "answers": dict(self.answers),
            "key": self.key,
            "until": self.until.isoformat() if self.until else None,
        }
        return {"kind": self.kind, **{name: value for name, value in kept.items() if value}}


def move_from(kept: Mapping[str, Any]) -> Move:
    """The move that ``as_dict`` kept."""
    until = kept.get("until")
    return Move(
        kind=str(kept["kind"]),
        what=str(kept.get("what", "")),
        turn=int(kept.get("turn", 0)),
        role=kept.get("role"),
        answers=kept.get("answers") or {},
        key=str(kept.get("key", "")),
        until=datetime.fromisoformat(until) if until else None,
    )


def require_bounded(moves: Sequence[Move]) -> None:
    """Refuse a play that grew too long.

    Raises:
        PlayRefused: too many moves, or too much text in them.
    """
    text = json.dumps([move.as_dict() for move in moves], default=str)
    if len(moves) > MOST_MOVES or len(text) > MOST_TEXT:
        raise PlayRefused(
            f"Deze proef is te lang: hoogstens {MOST_MOVES} stappen en twee miljoen tekens.",
            "Bewaar de proef als scenario, of begin opnieuw.",
        )
