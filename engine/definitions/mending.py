"""What a modeller probably meant: habits of other languages rewritten as FEEL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_TEXT: Final = re.compile(r'("(?:[^"\\]|\\.)*")')
_WHOLE: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL), r"\1"),
    (re.compile(r"[$#]\{([^{}]*)\}"), r"\1"),
    (re.compile(r"^\s*=(?!=)"), ""),
    (re.compile(r"'([^'\"\\]*)'"), r'"\1"'),
    (re.compile(r"[“”„]([^“”„\"]*)[“”]"), r'"\1"'),
)
_PARTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"={2,3}"), "="),
    (re.compile(r"!=="), "!="),
    (re.compile(r"<>"), "!="),
    (re.compile(r"=<"), "<="),
    (re.compile(r"=>"), ">="),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"\bis\s+not\s+None\b"), "!= null"),
    (re.compile(r"\bis\s+None\b"), "= null"),
    (re.compile(r"\bTrue\b|\bTRUE\b|\bwaar\b"), "true"),
    (re.compile(r"\bFalse\b|\bFALSE\b|\bonwaar\b"), "false"),
    (re.compile(r"\bNone\b|\bNULL\b|\bundefined\b"), "null"),
    (re.compile(r"\bAND\b|\ben\b"), "and"),
    (re.compile(r"\bOR\b|\bof\b"), "or"),
    (re.compile(r"\bNOT\b"), "not"),
    (re.compile(r"\beq\b"), "="),
    (re.compile(r"\bne\b"), "!="),
    (re.compile(r"\bgt\b"), ">"),
    (re.compile(r"\blt\b"), "<"),
    (re.compile(r"\bge\b"), ">="),
    (re.compile(r"\ble\b"), "<="),
    (re.compile(r"\b([\w.]+)\s+not\s+in\s+(\S.*)$"), r"not(\1 in \2)"),
    (re.compile(r"\bnot\s+(?!\()([\w.]+)"), r"not(\1)"),
    (re.compile(r"!\s*(?=[\w(])\(?([\w.]+)\)?"), r"not(\1)"),
    (re.compile(r"\bnot\s+empty\s+([\w.]+)"), r"\1 != null"),
    (re.compile(r"\bempty\s+([\w.]+)"), r"\1 = null"),
    (re.compile(r"\blen\("), "count("),
    (re.compile(r"\bstr\("), "string("),
    (re.compile(r"\b(?:int|float)\("), "number("),
    (re.compile(r"(\w)\[[\"']([A-Za-z_]\w*)[\"']\]"), r"\1.\2"),
    (re.compile(r"\.equals\(([^()]*)\)"), r" = \1"),
    (re.compile(r"\.getValue\(\)|\.value\(\)"), ""),
    (re.compile(r";\s*$"), ""),
)
_CHOICE: Final = re.compile(r"^([^?]+)\?([^?:]+):([^?:]+)$")
_LONGEST: Final = 2_000


def mend(text: str, is_right: Callable[[str], bool]) -> str | None:
    """A FEEL text that ``is_right`` accepts, made from one that is wrong; None if none is found."""
    if len(text) > _LONGEST:
        return None
    whole = text
    for pattern, replacement in _WHOLE:
        whole = pattern.sub(replacement, whole)
    for candidate in (whole.strip(), _rewritten(whole), _choice(_rewritten(whole))):
        if candidate and candidate != text.strip() and is_right(candidate):
            return candidate
    return None


def _rewritten(text: str) -> str:
    """The text with every habit rewritten, what stands between double quotes left alone."""
    pieces = _TEXT.split(text)
    if len(pieces) == 1:
        return _part(text).strip()
    # A habit may reach over a quoted text (x.equals("a")), so quotes are put back by number.
    quoted = pieces[1::2]
    marked = "".join(
        piece if index % 2 == 0 else f"QQ{index // 2}QQ" for index, piece in enumerate(pieces)
    )
    mended = _part(marked)
    for index, original in enumerate(quoted):
        mended = mended.replace(f"QQ{index}QQ", original)
    return mended.strip()


def _part(text: str) -> str:
    for pattern, replacement in _PARTS:
        text = pattern.sub(replacement, text)
    return text


def _choice(text: str) -> str:
    match = _CHOICE.match(text)
    if match is None:
        return ""
    condition, yes, no = (part.strip() for part in match.groups())
    return f"if {condition} then {yes} else {no}"
