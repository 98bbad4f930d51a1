"""Regular expressions of XPath 2.0, as DMN prescribes, on top of the `regex` package.

A pattern is read by XPath's rules and written anew, so that nothing of Python's own syntax gets
through. Matching is stopped after `limits.PATTERN_SECONDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

try:
    import regex
except ImportError:
    regex = None

from .errors import FeelLimitError, NullReason
from .limits import MAX_PATTERN, PATTERN_SECONDS, check_string

if TYPE_CHECKING:
    Pattern = regex.Pattern[str]

T = TypeVar("T")
_CLASSES = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": r"[\p{L}\p{Nl}_:]",
    "I": r"[^\p{L}\p{Nl}_:]",
    "c": r"[\p{L}\p{N}\p{M}_:.\-\u00b7]",
    "C": r"[^\p{L}\p{N}\p{M}_:.\-\u00b7]",
}
_CONTROLS = {"n": r"\n", "r": r"\r", "t": r"\t"}
_ESCAPABLE = set(r"\|.-^?*+{}()[]$")
_CATEGORY = re.compile(r"\{(Is[A-Za-z0-9\-]+|[LMNPZSC][a-z]?)\}")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{([0-9]{1,3})(?:,([0-9]{1,3})?)?\})\??")
_GROUP_REFERENCE = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)


class _Translator:
    """One pattern on its way from XPath's syntax to that of `regex`."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.single_line = "s" in flags
        self.multi_line = "m" in flags
        self.opened = 0
        self.closed: set[int] = set()
        self.stack: list[int] = []

    def wrong(self, what: str) -> NullReason:
        return NullReason(f"The pattern {self.pattern!r} {what}.", "feel.null.pattern")

    def translate(self) -> str:
        result: list[str] = []
        repeatable = False
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char in "?*+{":
                if not repeatable:
                    raise self.wrong(f"repeats nothing at {char!r}")
                result.append(self._quantifier())
                repeatable = False
                continue
            result.append(self._atom(char))
            repeatable = char not in "(|^$"
        if self.stack:
            raise self.wrong("does not close a bracket")
        return "".join(result)

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if found is None:
            raise self.wrong("has a wrong number of repeats")
        low, high = found.groups()
        if low and high and int(low) > int(high):
            raise self.wrong("has a wrong number of repeats")
        self.at = found.end()
        return found.group()

    def _atom(self, char: str) -> str:
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._set()
        self.at += 1
        if char == "(":
            return self._open()
        if char == ")":
            return self._close()
        if char in "]}":
            raise self.wrong(f"has a lonely {char!r}")
        if char == ".":
            return "(?s:.)" if self.single_line else r"[^\n\r]"
        if char == "^":
            return "(?m:^)" if self.multi_line else r"\A"
        if char == "$":
            return r"(?:(?=\n)|\Z)" if self.multi_line else r"\Z"
        return "|" if char == "|" else regex.escape(char)

    def _open(self) -> str:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            self.stack.append(0)
            return "(?:"
        if self.pattern.startswith("?", self.at):
            raise self.wrong("has an unknown group")
        self.opened += 1
        self.stack.append(self.opened)
        return "("

    def _close(self) -> str:
        if not self.stack:
            raise self.wrong("closes a bracket that is not open")
        self.closed.add(self.stack.pop())
        return ")"

    def _escape(self, *, in_set: bool = False) -> str:
        char = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _CLASSES:
            return _CLASSES[char]
        if char in ("p", "P"):
            return self._category(char)
        if char and char in _ESCAPABLE:
            return "\\" + char
        if char.isdigit() and char != "0" and not in_set:
            return self._back_reference(char)
        raise self.wrong(f"has an unknown escape \\{char}")

    def _back_reference(self, digits: str) -> str:
        while (more := self.pattern[self.at : self.at + 1]).isdigit() and int(
            digits + more
        ) <= self.opened:
            digits += more
            self.at += 1
        if int(digits) not in self.closed:
            raise self.wrong(f"refers to a group {digits} that is not there")
        return f"(?:\\{digits})"

    def _category(self, letter: str) -> str:
        found = _CATEGORY.match(self.pattern, self.at)
        if found is None:
            raise self.wrong("has an unknown character category")
        self.at = found.end()
        name = found.group(1)
        return f"\\{letter}{{Block={name[2:]}}}" if len(name) > 2 else f"\\{letter}{{{name}}}"

    def _set(self) -> str:
        """``[a-z]``, ``[^a-z]`` and subtraction ``[a-z-[aeiou]]``."""
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        items: list[str] = []
        minus = ""
        while not self.pattern.startswith("]", self.at) or not items:
            if self.at >= len(self.pattern):
                raise self.wrong("does not close a set")
            if self.pattern.startswith("-[", self.at) and items:
                self.at += 1
                minus = "--" + self._set()
                break
            items.append(self._set_item())
        if not self.pattern.startswith("]", self.at):
            raise self.wrong("does not close a set")
        self.at += 1
        body = f"[{'^' if negated else ''}{''.join(items)}]"
        return f"[{body}{minus}]" if minus else body

    def _set_item(self) -> str:
        first = self._set_char()
        is_range = (
            self.pattern.startswith("-", self.at)
            and self.pattern[self.at + 1 : self.at + 2] not in ("]", "[", "")
        )
        if not is_range or len(first) > 2 or first[0] == "\\" and first[1] in "pP":
            return first
        self.at += 1
        last = self._set_char()
        low, high = _plain(first), _plain(last)
        if low is None or high is None:
            raise self.wrong("has a range between classes")
        if low > high:
            raise self.wrong("has a range that goes downwards")
        return f"{first}-{last}"

    def _set_char(self) -> str:
        char = self.pattern[self.at]
        if char == "\\":
            return self._escape(in_set=True)
        if char in "[]":
            raise self.wrong(f"has a lonely {char!r} in a set")
        self.at += 1
        return "\\" + char if char in "-&~|^.$" else char


def _plain(item: str) -> str | None:
    """The one character that a translated item stands for, or None."""
    if len(item) == 1:
        return item
    if len(item) == 2:
        return {"n": "\n", "r": "\r", "t": "\t"}.get(item[1], item[1])
    return None


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


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Pattern:
    if set(flags) - set("smix"):
        raise NullReason(f"The flags {flags!r} are not of s, m, i and x.", "feel.null.pattern")
    if len(pattern) > MAX_PATTERN:
        raise FeelLimitError(
            f"A pattern has at most {MAX_PATTERN} characters.", code="feel.limit.pattern"
        )
    source = _without_space(pattern) if "x" in flags else pattern
    translated = _Translator(source, flags).translate()
    options = regex.VERSION1 | (regex.IGNORECASE if "i" in flags else 0)
    try:
        return regex.compile(translated, options)
    except (regex.error, OverflowError, RecursionError):
        raise NullReason(f"The pattern {pattern!r} cannot be read.", "feel.null.pattern") from None


def _in_time(work: Callable[[], T]) -> T:
    try:
        return work()
    except TimeoutError:
        raise FeelLimitError(
            "The pattern takes too long on this text.",
            code="feel.limit.pattern",
            remedy="Avoid repeats inside repeats, such as (a+)+.",
        ) from None


def matches(text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern occurs in the text. Raises `NullReason` for a wrong pattern."""
    compiled = _compiled(pattern, flags)
    return _in_time(lambda: compiled.search(text, timeout=PATTERN_SECONDS) is not None)


def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """The text with every occurrence replaced; ``$1`` stands for a group, ``$0`` for all."""
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        raise NullReason(f"The pattern {pattern!r} matches nothing at all.", "feel.null.pattern")
    parts = _replacement(replacement, compiled.groups)
    size = 0

    def fill(found: regex.Match[str]) -> str:
        nonlocal size
        result = "".join(
            part if isinstance(part, str) else (found.group(part) or "") for part in parts
        )
        size += len(result)
        check_string(size)
        return result

    result: str = _in_time(lambda: compiled.sub(fill, text, timeout=PATTERN_SECONDS))
    check_string(len(result))
    return result


def _replacement(text: str, groups: int) -> list[str | int]:
    """Plain pieces and group numbers. Raises `NullReason` for a stray ``$`` or backslash."""
    parts: list[str | int] = []
    last = 0
    for found in _GROUP_REFERENCE.finditer(text):
        parts.append(text[last : found.start()])
        last = found.end()
        escaped, digits, stray = found.groups()
        if stray or (escaped and escaped not in "\\$"):
            raise NullReason(
                "In a replacement, $ stands before a digit and \\ before $ or \\.",
                "feel.null.pattern",
            )
        if escaped:
            parts.append(escaped)
            continue
        number, rest = int(digits[0]), digits[1:]
        while rest and number * 10 + int(rest[0]) <= groups:
            number, rest = number * 10 + int(rest[0]), rest[1:]
        parts.append(number if number <= groups else "")
        parts.append(rest)
    parts.append(text[last:])
    return parts


def split(text: str, delimiter: str) -> list[str]:
    """The pieces of a text between occurrences of a pattern."""
    compiled = _compiled(delimiter, "")
    if compiled.search("") is not None:
        raise NullReason(f"The pattern {delimiter!r} matches nothing at all.", "feel.null.pattern")

    def work() -> list[str]:
        pieces, last = [], 0
        for found in compiled.finditer(text, timeout=PATTERN_SECONDS):
            pieces.append(text[last : found.start()])
            last = found.end()
        return [*pieces, text[last:]]

    return _in_time(work)
