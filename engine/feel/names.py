"""Names with spaces and signs: which tokens together are one name.

A known name (a built-in function, a name given by the caller, a name bound in the text) is taken
whole, the longest first. Otherwise words that stand side by side are one name, since FEEL has no
other meaning for them: ``Monthly Salary * 12`` reads without knowing that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .errors import FeelError
from .lexer import Token, tokenise

INFIX_WORDS = frozenset(
    {"and", "or", "in", "between", "instance", "then", "else", "return", "satisfies"}
)
RESERVED = INFIX_WORDS | frozenset(
    {"if", "for", "some", "every", "function", "true", "false", "null", "not"}
)


NAME_SIGNS = (".", "/", "-", "'", "+", "*")
"""Signs that DMN allows inside a name."""
FUNCTIONS_WITH_OPERATOR_WORDS = (
    "date and time",
    "years and months duration",
    "get or else",
)
"""Built-in functions that would otherwise be read as an operator between two names."""


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    try:
        tokens = tokenise(name)[:-1]
    except FeelError:
        return ()
    if all(token.kind in ("word", "number") or token.value in NAME_SIGNS for token in tokens):
        return tuple(token.value for token in tokens)
    return ()


class KnownNames:
    """Names of more than one word, by their first word."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.all: set[str] = set()
        for name in (*FUNCTIONS_WITH_OPERATOR_WORDS, *names):
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; names of one plain word need no joining."""
        self.all.add(name)
        if name.isidentifier():
            return
        words = _words(name)
        if len(words) > 1:
            known = self._by_first.setdefault(words[0], [])
            if (words, name) not in known:
                known.append((words, name))
                known.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: list[Token], position: int) -> tuple[str, int] | None:
        """The longest known name at this token and how many tokens it takes."""
        for words, name in self._by_first.get(tokens[position].value, ()):
            stretch = tokens[position : position + len(words)]
            if len(stretch) == len(words) and all(
                token.value == word and token.kind != "string"
                for token, word in zip(stretch, words, strict=True)
            ):
                return name, len(words)
        return None


def joined(tokens: list[Token], position: int) -> tuple[str, int]:
    """The words from this token on that stand side by side, as one name."""
    words = [tokens[position].value]
    while True:
        token = tokens[position + len(words)]
        is_word = token.kind == "word" and token.value not in RESERVED and token.value != "?"
        if not is_word and not (token.kind == "number" and token.value.isdigit()):
            return " ".join(words), len(words)
        words.append(token.value)
