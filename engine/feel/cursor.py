"""Walking over the tokens of one text: looking ahead, expecting, names, and errors with a mend."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import FeelLimitError, FeelSyntaxError
from .lexer import Token, tokenise
from .limits import MAX_NESTING
from .mends import propose
from .names import FUNCTIONS_WITH_OPERATOR_WORDS, RESERVED, KnownNames, joined


class Cursor:
    """The place in the text where parsing has arrived."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.index = 0
        self.names = KnownNames(names)
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        """A later token; the end token beyond the end."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def is_op(self, *values: str) -> bool:
        """Whether the next token is one of these signs."""
        token = self.token
        return token.kind == "op" and token.value in values

    def is_word(self, *values: str) -> bool:
        """Whether the next token is one of these words."""
        token = self.token
        return token.kind == "word" and token.value in values

    def take(self) -> Token:
        """Read one token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def accept(self, value: str) -> bool:
        """Read this sign or word if it is next."""
        if self.token.value == value and self.token.kind in ("op", "word"):
            self.index += 1
            return True
        return False

    def expect(self, value: str, expected: str = "") -> Token:
        """Read this sign or word; raises `FeelSyntaxError` if something else is there."""
        if self.token.value != value or self.token.kind not in ("op", "word"):
            raise self.error(expected or value)
        return self.take()

    def error(self, expected: str, token: Token | None = None) -> FeelSyntaxError:
        """The error for what stands here, with the most likely mend."""
        token = token or self.token
        seen = (
            "De expressie is niet af."
            if token.kind == "end"
            else f"Hier past {self.text[token.start : token.end]!r} niet."
        )
        remedy = propose(self.text, token.start)
        return FeelSyntaxError(
            seen, text=self.text, position=token.start, expected=expected, remedy=remedy
        )

    def enter(self) -> None:
        """One level deeper; raises `FeelLimitError` beyond the bound."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.too_deep(f"De expressie is meer dan {MAX_NESTING} diep genest.")

    def too_deep(self, message: str) -> FeelLimitError:
        """The error for a text with too many levels."""
        return FeelLimitError(
            message,
            text=self.text,
            position=self.token.start,
            code="feel.limit.nesting",
            remedy="Maak van een deel een eigen beslissing.",
        )

    def leave(self) -> None:
        """One level back."""
        self.depth -= 1

    def name(self, expected: str = "een naam") -> str:
        """Read a name: the longest known one, else the words side by side."""
        token = self.token
        if token.kind == "word":
            known = self.names.match(self.tokens, self.index)
            if known is not None:
                name, length = known
                after = self.peek(length)
                continues = after.kind == "word" and after.value not in RESERVED
                called = after.value == "(" and after.kind == "op"
                if not continues and (called or name not in FUNCTIONS_WITH_OPERATOR_WORDS):
                    self.index += length
                    return name
            if token.value not in RESERVED:
                name, length = joined(self.tokens, self.index)
                self.index += length
                return name
        raise self.error(expected)

    def key(self, closing: tuple[str, ...] = (":",)) -> str:
        """Read everything up to one of these signs as one name, as a context key or a variable
        that is being named.
        """
        first = self.token
        if first.kind == "string":
            self.take()
            self.names.add(first.value)
            return first.value
        if first.kind != "word":
            raise self.error("een naam")
        last = first
        while not (self.token.kind in ("op", "word") and self.token.value in closing):
            token = self.token
            if token.kind in ("string", "at", "end") or token.value in ("(", ")", "{", "}", "["):
                raise self.error(" of ".join(repr(sign) for sign in closing))
            last = self.take()
        name = " ".join(self.text[first.start : last.end].split())
        self.names.add(name)
        return name

    def key_ahead(self) -> bool:
        """Whether a name and a colon come next, as for a named argument."""
        if self.token.kind == "string":
            return self.peek().value == ":" and self.peek().kind == "op"
        ahead = 0
        while True:
            token = self.peek(ahead)
            if token.kind == "op" and token.value == ":":
                return ahead > 0
            if token.kind in ("end", "string", "at") or (
                token.kind == "op" and token.value not in ("-", "+", "*", "/", ".", "'")
            ):
                return False
            ahead += 1
