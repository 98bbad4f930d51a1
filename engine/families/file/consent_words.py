"""What a family's words on sharing come to: to whom it agrees, for what, at an instant.

Pure: the file on the database and the one in memory ask the same rule. A withdrawal is a no, said
when it was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Pair = tuple[str, str | None]
"""A purpose and a recipient; ``None``: nobody in particular."""


@dataclass(frozen=True, slots=True)
class Word:
    """A yes or a no of somebody (``giver``; empty: the family). A yes may run out at ``until``."""

    giver: str
    purpose: str
    recipient: str | None
    agreed: bool
    until: datetime | None = None


def agreed_pairs(words: Iterable[Word], at: datetime) -> set[Pair]:
    """What the family agrees to, after these words, the earliest first.

    Somebody's yes, and nobody's no: of everybody the latest word counts. A word that names nobody
    is the family's, and stands for everybody's until somebody says another.
    """
    said = list(words)
    pairs = {(word.purpose, word.recipient) for word in said if word.agreed}
    return {pair for pair in pairs if _holds([w for w in said if _is_about(w, pair)], at)}


def _is_about(word: Word, pair: Pair) -> bool:
    """A yes is about its own pair only; a no reaches further.

    A no to nobody in particular is one to everybody, a no to an organisation one to its people, and
    a no to a purpose one to its parts (``zorgoverleg``, and ``zorgoverleg: opvoeding``).
    """
    if word.agreed:
        return (word.purpose, word.recipient) == pair
    purpose, recipient = pair
    to = recipient or ""
    return (purpose == word.purpose or purpose.startswith(f"{word.purpose}:")) and (
        word.recipient in (None, recipient) or to.endswith(f" ({word.recipient})")
    )


def _holds(words: Sequence[Word], at: datetime) -> bool:
    latest: dict[str, Word] = {}
    for word in words:
        latest = latest if word.giver else {}
        latest.pop("", None)
        latest[word.giver] = word
    counting = [w for w in latest.values() if not w.agreed or w.until is None or w.until > at]
    return bool(counting) and all(word.agreed for word in counting)
