"""Regular expressions of forms: only those that can't take for ever on a hostile text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from engine.definitions.forms.limits import MAX_PATTERN

_REPEATED_GROUP: Final = re.compile(r"\)(?:[*+]|\{\d*,\d*\})")
_OPEN_ENDED: Final = re.compile(r"(?<!\\)[*+]|\{\d+,\}|\{\d*,\d+\}|(?<!\\)\|")
_UNBOUNDED: Final = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\})")
_MAX_UNBOUNDED: Final = 3


@lru_cache(maxsize=512)
def safe_pattern(text: str) -> re.Pattern[str] | None:
    """The compiled pattern; None when it is wrong, too long, or could take exponential time.

    A repeated group that itself repeats or chooses (``(a+)+``, ``(a|aa)*``) is the classic trap,
    as are back references and many open-ended repetitions in a row.
    """
    if len(text) > MAX_PATTERN or _is_risky(text):
        return None
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return None


def _is_risky(text: str) -> bool:
    if re.search(r"\\[1-9]|\(\?P=", text) or len(_UNBOUNDED.findall(text)) > _MAX_UNBOUNDED:
        return True
    opened: list[int] = []
    in_class = escaped = False
    for at, sign in enumerate(text):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            inside = text[opened.pop() + 1 : at]
            if _REPEATED_GROUP.match(text, at) and _OPEN_ENDED.search(inside):
                return True
    return False
