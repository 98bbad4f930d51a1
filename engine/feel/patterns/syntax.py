"""Reading a pattern by the rules of XPath 2.0 and compiling it for the machine."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import FeelLimitError, NullReason
from ..limits import MAX_NESTING, MAX_PATTERN
from . import characters as chars
from .machine import ASSERT, BACK, CHAR, JUMP, MATCH, SAVE, SPLIT, Instruction, Program

MAX_CODE = 4000
"""Instructions of one pattern, after counted repeats are written out."""

_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE = r"\|.-^?*+{}()[]$"
_QUANTIFIER = re.compile(r"(?:([?*+])|\{([0-9]{1,4})(,([0-9]{1,4})?)?\})(\??)", re.ASCII)
_CATEGORY = re.compile(r"\{([A-Za-z0-9\-]+)\}", re.ASCII)
_BOUNDS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}

Piece = list[Instruction]
"""Instructions whose jumps count from their own place."""


def _at_start(text: str, position: int) -> bool:
    return position == 0


def _at_end(text: str, position: int) -> bool:
    return position == len(text)


def _at_line_start(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] == "\n"


def _at_line_end(text: str, position: int) -> bool:
    return position == len(text) or text[position] == "\n"


def _any_char(char: str) -> bool:
    return True


def _not_line_end(char: str) -> bool:
    return char not in "\n\r"


def compile_pattern(pattern: str, flags: str) -> Program:
    """The program for a pattern; ``flags`` are of s, m, i and x.

    Raises `NullReason` for a pattern or flag that XPath does not know, `FeelLimitError` for one
    that is too large.
    """
    if set(flags) - set("smix"):
        raise NullReason(f"De vlaggen {flags!r} zijn niet s, m, i of x.", "feel.null.pattern")
    if len(pattern) > MAX_PATTERN:
        raise FeelLimitError(
            f"Een patroon heeft ten hoogste {MAX_PATTERN} tekens.", code="feel.limit.pattern"
        )
    reader = _Reader(_without_space(pattern) if "x" in flags else pattern, flags)
    body = reader.alternatives()
    if reader.at < len(reader.pattern):
        raise reader.wrong("sluit een haakje dat niet open is")
    code: Piece = [(SAVE, 0, 0), *body, (SAVE, 1, 0), (MATCH, 0, 0)]
    fixed = [
        (operation, first + at, second + at)
        if operation in (SPLIT, JUMP)
        else (operation, first, second)
        for at, (operation, first, second) in enumerate(code)
    ]
    fold = str.casefold if "i" in flags else str
    return Program(fixed, reader.opened, reader.looks_back, fold)


def _without_space(pattern: str) -> str:
    """The pattern under flag x: white space has no meaning outside of sets."""
    result: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if char in " \t\n\r" and not depth:
            continue
        result.append(char)
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        escaped = char == "\\" and not escaped
    return "".join(result)


class _Reader:
    """One pattern while it is read."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.any_case = "i" in flags
        lines = "m" in flags
        self.marks: dict[str, Callable[[str, int], bool]] = {
            "^": _at_line_start if lines else _at_start,
            "$": _at_line_end if lines else _at_end,
        }
        self.dot = _any_char if "s" in flags else _not_line_end
        self.opened = 0
        self.closed: set[int] = set()
        self.depth = 0
        self.looks_back = False

    def wrong(self, what: str) -> NullReason:
        return NullReason(f"Het patroon {self.pattern!r} {what}.", "feel.null.pattern")

    def ahead(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def alternatives(self) -> Piece:
        """``a|b|c`` up to a closing bracket or the end."""
        branches = [self._branch()]
        while self.ahead("|"):
            self.at += 1
            branches.append(self._branch())
        result = branches.pop()
        for branch in reversed(branches):
            result = [
                (SPLIT, 1, len(branch) + 2),
                *branch,
                (JUMP, len(result) + 1, 0),
                *result,
            ]
        return self._sized(result)

    def _branch(self) -> Piece:
        result: Piece = []
        while self.at < len(self.pattern) and not self.ahead("|") and not self.ahead(")"):
            mark = self.marks.get(self.pattern[self.at])
            if mark is not None:
                self.at += 1
                result.append((ASSERT, mark, 0))
            else:
                result += self._repeated(self._atom())
        return self._sized(result)

    def _sized(self, piece: Piece) -> Piece:
        if len(piece) > MAX_CODE:
            raise FeelLimitError("Het patroon herhaalt te veel.", code="feel.limit.pattern")
        return piece

    def _repeated(self, piece: Piece) -> Piece:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if found is None:
            if self.ahead("{"):
                raise self.wrong("heeft een verkeerd aantal herhalingen")
            return piece
        self.at = found.end()
        sign, low_text, comma, high_text, lazy = found.groups()
        if sign:
            low, high = _BOUNDS[sign]
        else:
            low = int(low_text)
            high = int(high_text) if high_text else None if comma else low
        if high is not None and high < low:
            raise self.wrong("heeft een verkeerd aantal herhalingen")
        if len(piece) * max(low, high or 0, 1) > MAX_CODE:
            self._sized(piece * (MAX_CODE // len(piece) + 1))
        return _times(piece, low, high, lazy=bool(lazy))

    def _atom(self) -> Piece:
        char = self.pattern[self.at]
        if char == "(":
            return self._group()
        if char == "\\":
            digit = self.pattern[self.at + 1 : self.at + 2]
            if digit in tuple("123456789"):
                return self._back_reference()
            return [(CHAR, self._escape(), 0)]
        if char == "[":
            return [(CHAR, self._set(), 0)]
        if char in "?*+{":
            raise self.wrong("herhaalt niets")
        if char in "]}":
            raise self.wrong(f"heeft een losse {char!r}")
        self.at += 1
        test = self.dot if char == "." else chars.in_range(char, char, any_case=self.any_case)
        return [(CHAR, test, 0)]

    def _group(self) -> Piece:
        self.at += 1
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelLimitError("Het patroon is te diep genest.", code="feel.limit.pattern")
        number = 0
        if self.ahead("?:"):
            self.at += 2
        elif self.ahead("?"):
            raise self.wrong("heeft een onbekende groep")
        else:
            self.opened += 1
            number = self.opened
        inner = self.alternatives()
        if not self.ahead(")"):
            raise self.wrong("sluit een haakje niet")
        self.at += 1
        self.depth -= 1
        if not number:
            return inner
        self.closed.add(number)
        return [(SAVE, 2 * number, 0), *inner, (SAVE, 2 * number + 1, 0)]

    def _back_reference(self) -> Piece:
        number = int(self.pattern[self.at + 1])
        self.at += 2
        while self.at < len(self.pattern) and self.pattern[self.at] in "0123456789":
            longer = number * 10 + int(self.pattern[self.at])
            if longer > self.opened:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise self.wrong(f"verwijst naar groep {number}, die er niet is")
        self.looks_back = True
        return [(BACK, number, 0)]

    def _escape(self) -> chars.CharTest:
        """An escape that stands for one character or a class of them."""
        char = self.pattern[self.at + 1 : self.at + 2]
        if char in chars.CLASSES:
            self.at += 2
            return chars.CLASSES[char]
        if char in ("p", "P"):
            found = _CATEGORY.match(self.pattern, self.at + 2)
            test = chars.category(found.group(1)) if found else None
            if found is None or test is None:
                raise self.wrong("heeft een onbekende tekensoort")
            self.at = found.end()
            return test if char == "p" else chars.inverse(test)
        plain = self._single()
        return chars.in_range(plain, plain, any_case=self.any_case)

    def _single(self) -> str:
        """One character, as itself or escaped."""
        char = self.pattern[self.at]
        self.at += 1
        if char != "\\":
            return char
        escaped = self.pattern[self.at : self.at + 1]
        self.at += 1
        if escaped in _CONTROLS:
            return _CONTROLS[escaped]
        if not escaped or escaped not in _ESCAPABLE:
            raise self.wrong(f"heeft een onbekend teken \\{escaped}")
        return escaped

    def _set(self) -> chars.CharTest:
        """``[a-z]``, ``[^a-z]`` and subtraction ``[a-z-[aeiou]]``."""
        self.at += 1
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelLimitError("Het patroon is te diep genest.", code="feel.limit.pattern")
        negated = self.ahead("^")
        self.at += negated
        tests: list[chars.CharTest] = []
        without: chars.CharTest | None = None
        while not self.ahead("]") or not tests:
            if self.at >= len(self.pattern):
                raise self.wrong("sluit een verzameling niet")
            if tests and self.ahead("-["):
                self.at += 1
                without = self._set()
                break
            tests.append(self._set_part())
        if not self.ahead("]"):
            raise self.wrong("sluit een verzameling niet")
        self.at += 1
        self.depth -= 1
        test = chars.inverse(chars.either(tests)) if negated else chars.either(tests)
        return chars.but_not(test, without) if without else test

    def _set_part(self) -> chars.CharTest:
        following = self.pattern[self.at + 1 : self.at + 2]
        if self.ahead("\\") and (following in chars.CLASSES or following in ("p", "P")):
            return self._escape()
        if self.ahead("[") or self.ahead("]"):
            raise self.wrong("heeft een los haakje in een verzameling")
        low = high = self._single()
        after = self.pattern[self.at + 1 : self.at + 2]
        if self.ahead("-") and after not in ("]", "[", ""):
            self.at += 1
            high = self._single()
            if high < low:
                raise self.wrong("heeft een bereik dat omlaag gaat")
        return chars.in_range(low, high, any_case=self.any_case)


def _times(piece: Piece, low: int, high: int | None, *, lazy: bool) -> Piece:
    """A piece so many times; without ``high`` as often as it goes."""
    size = len(piece)

    def choice(go_on: int, leave: int) -> Instruction:
        return (SPLIT, leave, go_on) if lazy else (SPLIT, go_on, leave)

    result = piece * low
    if high is None:
        return [*result, choice(1, size + 2), *piece, (JUMP, -size - 1, 0)]
    optional = high - low
    for left in range(optional, 0, -1):
        result = [*result, choice(1, left * (size + 1)), *piece]
    return result
