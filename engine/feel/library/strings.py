"""Built-in functions on texts. Positions count characters from 1."""

from __future__ import annotations

from decimal import Decimal

from .. import patterns
from ..errors import NullReason
from ..kinds import Value
from ..limits import Run, check_string
from .registry import Library

LIBRARY = Library()


@LIBRARY.define("substring(string: string, start position: number, length?: number)")
def _substring(text: str, position: Decimal, length: Decimal | None) -> str:
    start = int(position)
    if start == 0 or start < -len(text):
        raise NullReason(f"De tekst heeft geen plaats {position}.", "feel.null.index")
    if length is not None and length < 1:
        raise NullReason("De lengte is ten minste 1.", "feel.null.argument")
    begin = start - 1 if start > 0 else len(text) + start
    return text[begin:] if length is None else text[begin : begin + int(length)]


@LIBRARY.define("string length(string: string)")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@LIBRARY.define("upper case(string: string)")
def _upper_case(text: str) -> str:
    return text.upper()


@LIBRARY.define("lower case(string: string)")
def _lower_case(text: str) -> str:
    return text.lower()


@LIBRARY.define("substring before(string: string, match: string)")
def _substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@LIBRARY.define("substring after(string: string, match: string)")
def _substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@LIBRARY.define("contains(string: string, match: string)")
def _contains(text: str, match: str) -> bool:
    return match in text


@LIBRARY.define("starts with(string: string, match: string)")
def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@LIBRARY.define("ends with(string: string, match: string)")
def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@LIBRARY.define("matches(input: string, pattern: string, flags?: string)", run=True)
def _matches(run: Run, text: str, pattern: str, flags: str | None) -> bool:
    return patterns.matches(run, text, pattern, flags or "")


@LIBRARY.define(
    "replace(input: string, pattern: string, replacement: string, flags?: string)", run=True
)
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    return patterns.replace(run, text, pattern, replacement, flags or "")


@LIBRARY.define("split(string: string, delimiter: string)", run=True)
def _split(run: Run, text: str, delimiter: str) -> list[Value]:
    return list(patterns.split(run, text, delimiter))


@LIBRARY.define("string join(list: list, delimiter?: string)")
def _string_join(items: list[Value], delimiter: str | None) -> str:
    texts = [item for item in items if item is not None]
    for text in texts:
        if not isinstance(text, str):
            raise NullReason("Alleen teksten kunnen worden samengevoegd.", "feel.null.argument")
    check_string(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)
