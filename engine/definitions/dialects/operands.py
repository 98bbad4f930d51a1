"""What stands between the operators of an expression in another language: values, paths, calls."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Final

from engine.definitions.dialects import calls
from engine.definitions.dialects.languages import Language
from engine.definitions.dialects.pieces import Outside, Part
from engine.definitions.dialects.tokens import Token

COMPARE: Final = {
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
_WORDS: Final = frozenset({"and", "or", "not", "empty", *_CONSTANTS, *COMPARE, *_OTHER_WORDS})
_ENGINES_OWN: Final = frozenset(
    {
        "content", "environment", "execution", "fields", "kcontext", "message", "properties",
        "task", "this", "variables",
    }
)  # fmt: skip
"""Names that stand for parts of another engine, and for no variable."""
_ASKED_OF: Final = {
    "execution": calls.of_execution,
    "kcontext": calls.of_execution,
    "variables": calls.of_variables,
}
"""Those of them that give variables."""
_RENAMED: Final = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}


class Operands(ABC):
    """Reads the pieces of one expression from left to right."""

    def __init__(self, found: list[Token], language: Language) -> None:
        self._tokens = found
        self._language = language
        self._next = 0
        self._depth = 0

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
            raise Outside

    @abstractmethod
    def _choice(self) -> Part:
        """A whole expression, as it may stand between brackets."""

    def _operand(self) -> Part:
        if self._next >= len(self._tokens):
            raise Outside
        kind, text = self._tokens[self._next]
        self._next += 1
        if kind == "number":
            return Part(text, plain=True)
        if kind == "text":
            inside = re.sub(r"\\(.)", r"\1", text[1:-1])
            part = Part(
                '"' + inside.replace("\\", "\\\\").replace('"', '\\"') + '"', plain=True, text=True
            )
            return self._equals(part)
        if text == "(":
            part = self._choice()
            self._need(")")
            return part
        if text == "[":
            return Part(f"[{', '.join(self._rest_of_list(']'))}]")
        if text == "{":
            return self._map()
        if text in _CONSTANTS:
            return Part(_CONSTANTS[text])
        if kind != "name" or text in _WORDS:
            raise Outside
        return self._path(text)

    def _equals(self, text: Part) -> Part:
        """Java's ``"a".equals(b)``: of a text it is the same as a comparison."""
        if [one for _kind, one in self._tokens[self._next :][:3]] != [".", "equals", "("]:
            return text
        self._next += 3
        other = self._choice()
        self._need(")")
        return Part(f"({text.feel} = {other.feel})")

    def _rest_of_list(self, closed: str) -> list[str]:
        found: list[str] = []
        while self._take(closed) is None:
            if found:
                self._need(",")
            found.append(self._choice().feel)
        return found

    def _map(self) -> Part:
        entries: list[str] = []
        while self._take("}") is None:
            if entries:
                self._need(",")
            key = self._operand()
            if not key.feel.startswith('"'):
                raise Outside
            self._need(":")
            entries.append(f"{key.feel}: {self._choice().feel}")
        return Part(f"{{{', '.join(entries)}}}")

    def _path(self, first: str) -> Part:
        if first == "loopCounter":  # counts from 0 there and from 1 here
            return Part("(loopCounter - 1)")
        if first == "len" and self._take("("):
            measured = self._rest_of_list(")")
            return Part(calls.length(measured[0]) if len(measured) == 1 else self._outside())
        part = Part(_RENAMED.get(first, first), bare=True, language=self._language)
        while self._peek() in (".", "["):
            part = self._part_of(part)
        if self._peek() == "(" or part.feel in _ENGINES_OWN:
            raise Outside
        texts = part.bare and self._language is not Language.JUEL
        return replace(part, feel=calls.of_list_or_text(part.feel)) if texts else part

    def _part_of(self, whole: Part) -> Part:
        """A property, an element or what a method gives of a value."""
        path = whole.feel
        asked = _ASKED_OF.get(path)
        if path in _ENGINES_OWN and asked is None:
            raise Outside
        if self._take("["):
            index = self._choice().feel
            self._need("]")
            from_the_end = index.startswith("(-") and self._language is not Language.PYTHON
            found = None if asked or from_the_end else calls.indexed(path, index)
            return (
                Part(found, bare=True, language=self._language) if found else Part(self._outside())
            )
        self._need(".")
        if self._next >= len(self._tokens) or self._tokens[self._next][0] != "name":
            raise Outside
        name = self._tokens[self._next][1]
        self._next += 1
        if self._take("("):
            arguments = self._rest_of_list(")")
            made = asked(name, arguments) if asked else calls.method(path, name, arguments)
            is_path = made is not None and re.fullmatch(r"[\w.\[\]]+", made) is not None
            return Part(made or self._outside(), bare=is_path, language=self._language)
        if asked:
            raise Outside
        return (
            Part(calls.length(path))
            if name == "length"
            else Part(f"{path}.{name}", bare=True, language=self._language)
        )

    def _outside(self) -> str:
        raise Outside
