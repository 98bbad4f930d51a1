"""What the engine finds and refuses, in the language of the screen.

The engine says it in Dutch, with names and values filled in. English stands in
``translations/en/engine.json``, from the Dutch with ``{1}``, ``{2}`` … where something is filled in
(:mod:`scripts.engine_texts` keeps it complete). A text is recognised by that; what was filled in is
translated the same way, and stays as it is when it is somebody's own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from engine.errors import KetenspoorError
from webui.languages import current_language

TABLES: Final = Path(__file__).parent / "translations"
_PLACE: Final = re.compile(r"\{(\d)\}")
_BETWEEN: Final = re.compile(r"( en een | en | of |, |; | → | \(|\)$|\) )")
_BETWEEN_ENGLISH: Final = {" en een ": " and a ", " en ": " and ", " of ": " or "}
_ENOUGH: Final = 16
"""Characters of its own by which a text is known whatever was filled in."""
_BEGINS: Final = 12
"""Characters of its own by which a text is known as the beginning of a longer one."""
_JOINTS: Final = " :;,."
"""What may stand between two texts."""
_OF_SOMEBODY: Final = re.compile(
    r"[‘'\"].*[’'\"](?: \([^)]*\))?|\d[\d.,]*|<.*>|\([^)]*\)", re.DOTALL
)
"""What people named, and a number."""


def told(error: KetenspoorError) -> str:
    """What went wrong and how to mend it, in the language of the screen."""
    return " ".join(filter(None, (spoken(error.message), spoken(error.remedy))))


def spoken(text: str) -> str:
    """A text of the engine in the language of the screen; Dutch where it has no other."""
    language = current_language()
    return text if language == "nl" or not text.strip() else in_language(text, language)


@lru_cache(maxsize=4096)
def in_language(text: str, language: str) -> str:
    """A text of the engine in a language that has a table; as it is where it is not in there."""
    for way in (_whole, _parts, _list):
        found = way(text, language)
        if found is not None:
            return found
    return text


@dataclass(frozen=True, slots=True)
class _Template:
    """A text with places to fill: how it is recognised, and its translation."""

    pattern: re.Pattern[str]
    longest: str
    own: int
    closed: bool
    quoted: frozenset[str]
    behind: tuple[str, ...]
    translation: str

    def filled(self, found: re.Match[str], language: str) -> str | None:
        """The translation; ``None`` where so little is the text's own that it may be another."""
        given = found.groupdict()
        for place in self.behind:  # what stands right behind another place may belong to it
            before = f"p{int(place[1:]) - 1}"
            if _whole(given[before] + given[place], language) is not None:
                given[before], given[place] = given[before] + given[place], ""
        values: dict[str, str] = {}
        for place, value in given.items():
            said = _whole(value, language) or _list(value, language)
            theirs = not value or place in self.quoted or _OF_SOMEBODY.fullmatch(value)
            if said is None and not theirs and self.own < _ENOUGH:
                return None
            values[place] = said or value
        return _PLACE.sub(lambda place: values[f"p{place[1]}"], self.translation)


def _whole(text: str, language: str) -> str | None:
    """A text that is known as a whole; also where it begins a sentence."""
    found = _found(text, language)
    if found is None and text[:1].isupper():
        found = _found(text[0].lower() + text[1:], language)
        return found and found[0].upper() + found[1:]
    return found


def _found(text: str, language: str) -> str | None:
    words, templates = _table(language)
    if text in words:
        return words[text]
    for template in templates:
        if template.longest in text and (found := template.pattern.fullmatch(text)):
            said = template.filled(found, language)
            if said is not None:
                return said
    return None


def _list(text: str, language: str) -> str | None:
    """Texts with ``and``, ``or`` or a comma between them, all of which are known."""
    pieces = _BETWEEN.split(text)
    said = [_whole(piece.strip(), language) or _known(piece, language) for piece in pieces[::2]]
    if len(pieces) == 1 or not any(said):
        return None
    for at, (piece, found) in enumerate(zip(pieces[::2], said, strict=True)):
        if found is None and piece.strip() and not _OF_SOMEBODY.fullmatch(piece):
            return None
        pieces[2 * at] = found or piece
    pieces[1::2] = [_BETWEEN_ENGLISH.get(piece, piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _known(piece: str, language: str) -> str | None:
    """A piece that is known with the space before it."""
    return _whole(piece, language) if piece != piece.strip() else None


def _parts(text: str, language: str) -> str | None:
    """A text that was put together of others: beginning by beginning."""
    words, templates = _table(language)
    best, rest = "", text
    lower = text[:1].lower() + text[1:]
    for begin, said in words.items():
        known = len(begin) >= _BEGINS and (text.startswith(begin) or lower.startswith(begin))
        if known and len(text) - len(begin) < len(rest):
            best, rest = said, text[len(begin) :]
    for template in templates:
        if (
            not template.closed
            or template.own < _BEGINS
            or not (template.longest in text or template.longest in lower)
        ):
            continue
        found = template.pattern.match(text) or template.pattern.match(lower)
        if found is None or len(text) - found.end() >= len(rest):
            continue
        filled = template.filled(found, language)
        if filled is not None:
            best, rest = filled, text[found.end() :]
    if not best:
        return None
    if text[:1].isupper():
        best = best[0].upper() + best[1:]
    if (said_rest := _whole(rest, language)) is not None:
        return best + said_rest
    after = rest.lstrip(_JOINTS)
    gap = rest[: len(rest) - len(after)]
    if after.endswith(".") and (said_after := _whole(after[:-1], language)):
        return best + gap + said_after + "."
    return best + gap + (in_language(after, language) if after else "")


@cache
def _table(language: str) -> tuple[dict[str, str], list[_Template]]:
    """Texts without places to fill, and the others: the most telling first."""
    path = TABLES / language / "engine.json"
    known: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
    shown = {text: translation for text, translation in known.items() if translation is not None}
    words = {text: said for text, said in shown.items() if not _PLACE.search(text)}
    templates = [_template(text, said) for text, said in shown.items() if _PLACE.search(text)]
    return words, sorted(templates, key=lambda one: one.own, reverse=True)


def _template(text: str, translation: str) -> _Template:
    pieces = _PLACE.split(text)
    own = pieces[::2]
    pattern = "".join(
        re.escape(piece) if at % 2 == 0 else _place(piece, pieces[at - 1], at > 1)
        for at, piece in enumerate(pieces)
    )
    return _Template(
        pattern=re.compile(pattern, re.DOTALL),
        longest=max(own, key=len),
        own=sum(map(len, own)),
        closed=bool(own[-1].strip()),
        quoted=frozenset(
            f"p{number}"
            for at, number in enumerate(pieces[1::2])
            if own[at].endswith(("‘", "'", '"'))
        ),
        behind=tuple(f"p{number}" for at, number in enumerate(pieces[1::2]) if at and not own[at]),
        translation=translation,
    )


def _place(number: str, before: str, follows: bool) -> str:
    """What may be filled in: an element with its id, inside quotation marks no other quotation,
    right behind another place something with a space before it, or anything.
    """
    if before.endswith("‘"):
        kinds = "[^‘]+?"
    elif follows and not before:
        kinds = "(?:[ .].*?)?"
    else:
        kinds = r"‘[^’]*’(?: \([^)]*\))?|.+?"
    return f"(?P<p{number}>{kinds})"
