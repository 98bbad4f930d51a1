"""Scripts of other languages cut into statements, and those that only print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_QUOTES: Final = "\"'`"
_OPEN, _CLOSED = "([{", ")]}"
_PRINTS: Final = re.compile(
    r"(?:out\s*:\s*)?(?:print|println|puts|console\.(?:log|info|debug|warn|error)|"
    r"System\.(?:out|err)\.(?:print|println|printf)|Console\.WriteLine|"
    r"(?:log|logger|LOG|LOGGER)\.(?:info|debug|warn|warning|error|trace))"
    r"(?:\s*\((?P<shown>.*)\)|\s+(?P<bare>\S.*)|\s*\(?)",
    re.DOTALL,
)
_TEXT: Final = re.compile(r"[bfru]{0,2}(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)")
_CALL: Final = re.compile(r"(\w+)\s*\(")
_ASKS: Final = re.compile(
    r"(?:get|is|has|to|as)(?:[A-Z_]\w*)?|len|str|repr|int|float|string|size|length|keys|values|"
    r"items|upper|lower|strip|trim|join|format|stringify|dumps|name|type|substring|contains|equals|"
    r"valueOf|Date|now"
)
_SHOWN: Final = re.compile(r"[\w\s.,+\-*/%()\[\]{}:?<>!&|$;]*")
_CHANGES: Final = re.compile(r"\+\+|--|(?<![=!<>])=(?!=)")


def statements(script: str, language: str = "") -> list[str]:
    """What a script does, one thing after another, without comments and without what it prints."""
    found: list[str] = []
    made, depth = "", 0
    for sign, quoted in _signs(script, language):
        if not quoted:
            depth += (sign in _OPEN) - (sign in _CLOSED)
        if not quoted and (sign == ";" or (sign == "\n" and depth < 1)):
            found.append(made)
            made, depth = "", 0
        else:
            made += sign
    stripped = (text.strip() for text in [*found, made])
    return [text for text in stripped if text and not only_prints(text)]


def _signs(script: str, language: str) -> Iterator[tuple[str, bool]]:
    """The signs outside comments, and whether each stands in a text."""
    python = language.casefold().startswith("python")
    quote, before, place = "", "", 0
    while place < len(script):
        sign = script[place : place + 1 + (quote != "" and script[place] == "\\")]
        if not quote and (skipped := _comment(script, place, before, python)):
            place = skipped
            continue
        begins = not quote and sign in _QUOTES
        yield sign, quote != "" or begins
        if begins:
            quote = sign
        elif sign == quote or (sign == "\n" and quote != "`"):
            quote = ""
        before = "" if sign in ";\n" else before + sign
        place += len(sign)


def _comment(script: str, place: int, before: str, python: bool) -> int:
    """Where a comment that begins here ends; 0 when there is none."""
    two = script[place : place + 2]
    if two == "/*":
        end = script.find("*/", place + 2)
        return len(script) if end < 0 else end + 2
    hashed = two[:1] == "#" and two != "#{" and (python or not before.strip())
    slashed = two == "//" and (not python or not before.strip())
    if not (hashed or slashed):
        return 0
    end = script.find("\n", place)
    return len(script) if end < 0 else end


def only_prints(text: str) -> bool:
    """Whether a statement shows something and changes nothing: it asks values for their parts."""
    found = _PRINTS.fullmatch(text)
    if found is None:
        return False
    shown = _TEXT.sub(" ", found["shown"] or found["bare"] or "")
    asks = all(_ASKS.fullmatch(name) for name in _CALL.findall(shown))
    return asks and _SHOWN.fullmatch(shown) is not None and _CHANGES.search(shown) is None
