"""Scripts that keep values for themselves, or set one only if something holds, as mappings.

What a script keeps for itself becomes an input mapping: a variable of the step alone. What it sets
becomes an output mapping, which is made after all of those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from engine.definitions.dialects.languages import Language, language_of
from engine.definitions.dialects.reading_expressions import LONGEST, condition
from engine.definitions.dialects.scripts import assignment
from engine.definitions.dialects.statements import only_prints

_BRACED: Final = frozenset({Language.JAVASCRIPT, Language.GROOVY, Language.JAVA})
_IF: Final = re.compile(r"if\s*\(")
_ELSE: Final = re.compile(r"else\b\s*")
_SETS: Final = re.compile(r"execution\.setVariable(Local)?\(")
_OWN: Final = re.compile(r"(?:var|let|const|def)\s+")
_NOTHING: Final = re.compile(r"(?:var|let|def)\s+([^\W\d]\w*)")
_ASKED: Final = re.compile(r"getVariable(?:Local)?\(\s*[\"']([^\"']*)[\"']\s*\)")
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD: Final = re.compile(r"[^\W\d]\w*")
_SPACE: Final = re.compile(r"(?:[\s;]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_OPEN, _CLOSED, _QUOTES = "([{", ")]}", "\"'`"
_DEEPEST: Final = 20

Named = list[tuple[str, str]]
"""Variables, each with its FEEL."""


class _ElseError(Exception):
    """A script does something else than this can say."""


@dataclass(frozen=True, slots=True)
class _Made:
    """One variable that is given a value.

    ``asked`` are the variables that the engine is asked for, ``or_itself`` says that it may stay
    what it was.
    """

    name: str
    source: str
    kept: bool
    asked: frozenset[str]
    or_itself: bool = False


def mappings(
    script: str, language: str, *, keeps: bool, scoped: bool
) -> tuple[Named, Named] | None:
    """What a script keeps for itself and what it sets; None when it does anything else.

    ``keeps`` says whether what it assigns without more is set, ``scoped`` whether the step has
    variables of its own.
    """
    if len(script) > LONGEST or language_of("", language, wrapped=False) not in _BRACED:
        return None
    reader = _Reader(script, language, keeps=keeps, scoped=scoped)
    try:
        made = reader.all_of_it()
    except _ElseError:
        return None
    if not (scoped or any(one.kept for one in made)) or not _as_written(made):
        return None
    return (
        [(one.name, one.source) for one in made if not one.kept],
        [(one.name, one.source) for one in made if one.kept],
    )


def _as_written(made: list[_Made]) -> bool:
    """Whether first all that is kept to itself and then all that is set gives the same."""
    own: set[str] = set()
    set_: set[str] = set()
    used: set[str] = set()
    for one in made:
        words = _words(one.source)
        if one.asked & own:
            return False
        if one.kept:
            if words & set_ & own or (one.or_itself and one.name in own):
                return False
            used |= words
            set_.add(one.name)
        else:
            if words & set_ or one.name in used:
                return False
            own.add(one.name)
    return True


class _Reader:
    """Reads a script from its begin to its end."""

    def __init__(self, script: str, language: str, *, keeps: bool, scoped: bool) -> None:
        self._script, self._language = script, language
        self._keeps, self._scoped = keeps, scoped
        self._place = 0
        self._own: set[str] = set()

    def all_of_it(self) -> list[_Made]:
        """What the script gives a value, in order."""
        made = self._block(0)
        if self._place < len(self._script):
            raise _ElseError
        return made

    def _block(self, depth: int) -> list[_Made]:
        """What is done up to the end, or up to a bracket that closes."""
        made: list[_Made] = []
        while not self._at_end():
            made += self._one(depth)
        return made

    def _at_end(self) -> bool:
        found = _SPACE.match(self._script, self._place)
        self._place = self._place if found is None else found.end()
        return self._script[self._place : self._place + 1] in ("", "}")

    def _one(self, depth: int) -> list[_Made]:
        if depth > _DEEPEST:
            raise _ElseError
        if _IF.match(self._script, self._place):
            return self._choice(depth)
        return self._simple(self._text(), depth)

    def _choice(self, depth: int) -> list[_Made]:
        self._place = self._script.index("(", self._place)
        asked = self._enclosed()
        holds = condition(asked, self._language)
        if holds is None:
            raise _ElseError
        of_condition = frozenset(_ASKED.findall(asked))
        then, other = self._branch(depth), []
        if not self._at_end() and (found := _ELSE.match(self._script, self._place)):
            self._place = found.end()
            other = self._branch(depth)
        made = _chosen(holds, of_condition, then, other)
        changed: set[str] = set()
        for one in made:
            if changed & _words(holds):
                raise _ElseError
            changed.add(one.name)
        return made

    def _branch(self, depth: int) -> list[_Made]:
        if self._at_end():
            raise _ElseError
        if self._script[self._place] != "{":
            return self._one(depth + 1)
        self._place += 1
        made = self._block(depth + 1)
        if self._script[self._place : self._place + 1] != "}":
            raise _ElseError
        self._place += 1
        return made

    def _simple(self, text: str, depth: int) -> list[_Made]:
        if only_prints(text):
            return []
        sets, own = _SETS.match(text), _OWN.match(text)
        if own and depth:
            raise _ElseError
        asked = frozenset(_ASKED.findall(text))
        if (nothing := _NOTHING.fullmatch(text)) is not None:
            self._own.add(nothing[1])
            return [_Made(nothing[1], "null", kept=False, asked=asked)]
        plain = text.replace("setVariableLocal", "setVariable", 1) if sets else text
        found = assignment(plain, self._language)
        if found is None or (sets and sets[1] and not self._scoped):
            raise _ElseError
        name, source = found
        if own or (sets and sets[1]):
            self._own.add(name)
            kept = False
        elif sets or name in self._own or self._keeps:
            kept = bool(sets) or name not in self._own
        else:
            raise _ElseError  # it is lost, and whether that was meant is not known
        return [_Made(name, source, kept=kept, asked=asked)]

    def _text(self) -> str:
        """One statement, up to where it ends."""
        begin, depth = self._place, 0
        while self._place < len(self._script):
            sign = self._script[self._place]
            if sign in _QUOTES:
                self._quoted()
                continue
            comment = self._script.startswith(("//", "/*"), self._place)
            if depth == 0 and (sign in ";\n}" or comment):
                break
            depth += (sign in _OPEN) - (sign in _CLOSED)
            self._place += 1
        return self._script[begin : self._place].strip()

    def _enclosed(self) -> str:
        """What stands between the bracket that opens here and the one that closes it."""
        begin, depth = self._place + 1, 0
        while self._place < len(self._script):
            sign = self._script[self._place]
            if sign in _QUOTES:
                self._quoted()
                continue
            depth += (sign in _OPEN) - (sign in _CLOSED)
            self._place += 1
            if depth == 0:
                return self._script[begin : self._place - 1]
        raise _ElseError

    def _quoted(self) -> None:
        quote = self._script[self._place]
        self._place += 1
        while self._script[self._place : self._place + 1] not in ("", quote):
            self._place += 2 if self._script[self._place] == "\\" else 1
        self._place += 1


def _chosen(
    holds: str, asked: frozenset[str], then: list[_Made], other: list[_Made]
) -> list[_Made]:
    """What is given a value when something holds, and what when it does not."""
    if [(one.name, one.kept) for one in then] == [(one.name, one.kept) for one in other]:
        return [
            _Made(
                one.name,
                f"if {holds} then {one.source} else {another.source}",
                kept=one.kept,
                asked=asked | one.asked | another.asked,
            )
            for one, another in zip(then, other, strict=True)
        ]
    made: list[_Made] = []
    for group, form in ((then, "if {0} then {1} else {2}"), (other, "if {0} then {2} else {1}")):
        for one in group:
            source = form.format(holds, one.source, one.name)
            asks = asked | one.asked
            made.append(_Made(one.name, source, kept=one.kept, asked=asks, or_itself=True))
    return made


def _words(source: str) -> set[str]:
    return set(_WORD.findall(_TEXT.sub("", source)))
