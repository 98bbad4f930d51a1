"""Small expressions of JUEL, JavaScript, Groovy and Python, read into FEEL.

The grammar is what these languages share: comparisons, and, or, not, arithmetic, literals, names
with dots, and a few calls. What is outside it has no translation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2_000
_DEEPEST: Final = 40
_WRAPPED: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<text>'(?:[^'\\]|\\['\"\\])*'|\"(?:[^\"\\]|\\['\"\\])*\")"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[<>!()+\-*/.,]))"
)
_COMPARE: Final = {
    "==": "=", "===": "=", "eq": "=", "!=": "!=", "!==": "!=", "ne": "!=",
    "<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">=",
}  # fmt: skip
_CONSTANTS: Final = {
    "true": "true", "True": "true", "false": "false", "False": "false",
    "null": "null", "None": "null",
}  # fmt: skip
_OTHER_WORDS: Final = frozenset(
    {"in", "is", "if", "else", "lambda", "instanceof", "new", "typeof", "return", "for", "let"}
)
_WORDS: Final = frozenset({"and", "or", "not", "empty", *_CONSTANTS, *_COMPARE, *_OTHER_WORDS})
_ENGINES_OWN: Final = frozenset(
    {"content", "environment", "execution", "fields", "message", "properties", "task", "this"}
)
"""Names that stand for parts of another engine, and for no variable."""

_VARIABLES: Final = re.compile(
    r"(?<![\w.])(?:this\.)?environment\.(?:variables|output)\.(?=[^\W\d])"
)
_RENAMED: Final = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}


class _Outside(Exception):
    """The text is outside the grammar."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of FEEL, and whether it is a bare name, whose truth has to be asked for."""

    feel: str
    bare: bool = False

    @property
    def as_truth(self) -> str:
        """The piece where true or false is asked: nothing at all counts as false."""
        return f"({self.feel} = true)" if self.bare else self.feel


def unwrapped(text: str) -> str | None:
    """What stands between ``${`` and ``}``; None when the text is not one whole expression."""
    found = _WRAPPED.fullmatch(text)
    return None if found is None or re.search(r"[$#{}]", found[1]) else found[1]


def condition(text: str) -> str | None:
    """A condition in FEEL, without ``=``; None when there is no exact translation."""
    part = _read(text)
    return None if part is None else part.as_truth


def value(text: str) -> str | None:
    """An expression in FEEL, without ``=``; None when there is no exact translation."""
    part = _read(text)
    return None if part is None else part.feel


def _read(text: str) -> _Part | None:
    inner = unwrapped(text)
    source = _VARIABLES.sub("", (text if inner is None else inner).strip().removesuffix(";"))
    called_back = re.fullmatch(r"next\(null,(.*)\)", source, re.DOTALL)
    source = called_back[1] if called_back else source
    if len(source) > LONGEST:
        return None
    try:
        return _Parser(source).whole()
    except _Outside:
        return None


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise _Outside
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self._next = 0
        self._depth = 0

    def whole(self) -> _Part:
        part = self._any_of()
        if self._next < len(self._tokens):
            raise _Outside
        return part

    def _peek(self) -> str:
        if self._next >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._next]
        return "" if kind == "text" else text

    def _take(self, *texts: str) -> str | None:
        found = self._peek()
        if found in texts:
            self._next += 1
            return found
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise _Outside

    def _any_of(self) -> _Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Outside
        parts = [self._all_of()]
        while self._take("||", "or"):
            parts.append(self._all_of())
        self._depth -= 1
        return self._joined(parts, " or ")

    def _all_of(self) -> _Part:
        parts = [self._not()]
        while self._take("&&", "and"):
            parts.append(self._not())
        return self._joined(parts, " and ")

    def _joined(self, parts: list[_Part], word: str) -> _Part:
        if len(parts) == 1:
            return parts[0]
        return _Part(f"({word.join(part.as_truth for part in parts)})")

    def _not(self) -> _Part:
        if self._take("not"):
            return _Part(f"not({self._not().as_truth})")
        return self._comparison()

    def _comparison(self) -> _Part:
        left = self._sum()
        sign = self._take(*_COMPARE)
        if sign is None:
            return left
        right = self._sum()
        if self._peek() in _COMPARE:
            raise _Outside
        return _Part(f"({left.feel} {_COMPARE[sign]} {right.feel})")

    def _sum(self) -> _Part:
        part = self._product()
        while sign := self._take("+", "-"):
            part = _Part(f"({part.feel} {sign} {self._product().feel})")
        return part

    def _product(self) -> _Part:
        part = self._sign()
        while sign := self._take("*", "/"):
            part = _Part(f"({part.feel} {sign} {self._sign().feel})")
        return part

    def _sign(self) -> _Part:
        if self._take("!"):
            return _Part(f"not({self._sign().as_truth})")
        if self._take("-"):
            return _Part(f"(-{self._sign().feel})")
        if self._take("empty"):
            operand = self._sign()
            if not operand.bare:
                raise _Outside
            return _Part(f'({operand.feel} = null or {operand.feel} = "" or {operand.feel} = [])')
        return self._operand()

    def _operand(self) -> _Part:
        if self._next >= len(self._tokens):
            raise _Outside
        kind, text = self._tokens[self._next]
        self._next += 1
        if kind == "number":
            return _Part(text)
        if kind == "text":
            inside = re.sub(r"\\(.)", r"\1", text[1:-1])
            return _Part('"' + inside.replace("\\", "\\\\").replace('"', '\\"') + '"')
        if text == "(":
            part = self._any_of()
            self._need(")")
            return part
        if text in _CONSTANTS:
            return _Part(_CONSTANTS[text])
        if kind != "name" or text in _WORDS:
            raise _Outside
        return self._path(text)

    def _path(self, first: str) -> _Part:
        if first == "loopCounter":  # counts from 0 there and from 1 here
            return _Part("(loopCounter - 1)")
        path = _RENAMED.get(first, first)
        if path in _ENGINES_OWN and not (path == "execution" and self._peek() == "."):
            raise _Outside
        while self._take("."):
            if self._next >= len(self._tokens) or self._tokens[self._next][0] != "name":
                raise _Outside
            name = self._tokens[self._next][1]
            self._next += 1
            if self._peek() == "(":
                return self._call(path, name)
            if path == "execution":
                raise _Outside
            path = f"{path}.{name}"
        if self._peek() == "(":
            raise _Outside
        return _Part(path, bare=True)

    def _call(self, path: str, name: str) -> _Part:
        self._need("(")
        argument = None if self._peek() == ")" else self._any_of()
        self._need(")")
        if self._peek() in (".", "("):
            raise _Outside
        if path == "execution" and name == "getVariable" and argument is not None:
            wanted = argument.feel.strip('"')
            if re.fullmatch(r'"[^\W\d]\w*"', argument.feel):
                return _Part(wanted, bare=True)
        elif argument is not None and name == "equals":
            return _Part(f"({path} = {argument.feel})")
        elif argument is not None and argument.feel.startswith('"'):
            function = {
                "contains": "contains", "startsWith": "starts with", "endsWith": "ends with",
            }.get(name)  # fmt: skip
            if function is not None:
                return _Part(f"{function}({path}, {argument.feel})")
        elif argument is None and name == "isEmpty":
            return _Part(f'({path} = "" or {path} = [])')
        elif argument is None and name == "size":
            return _Part(f"count({path})")
        raise _Outside
