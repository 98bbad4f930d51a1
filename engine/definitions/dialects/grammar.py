"""The grammar that the expressions of other engines share, and what each part of it is in FEEL."""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.dialects import calls
from engine.definitions.dialects.languages import Language, remainder
from engine.definitions.dialects.pieces import Outside, Part
from engine.definitions.dialects.tokens import Token

_DEEPEST: Final = 40
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


class Parser:
    """Reads the pieces of one expression from left to right."""

    def __init__(self, found: list[Token], language: Language) -> None:
        self._tokens = found
        self._language = language
        self._next = 0
        self._depth = 0

    def whole(self) -> Part:
        """All of it in FEEL; ``Outside`` when it is more than the grammar holds."""
        part = self._choice()
        if self._next < len(self._tokens):
            raise Outside
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
            raise Outside

    def _choice(self) -> Part:
        """One of two values: ``a ? b : c``, or Python's ``b if a else c``."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Outside
        part = self._any_of()
        if self._take("?"):
            yes = self._choice()
            self._need(":")
            part = self._one_of(part, yes, self._choice())
        elif self._take("if"):
            asked = self._any_of()
            self._need("else")
            part = self._one_of(asked, part, self._choice())
        self._depth -= 1
        return part

    def _one_of(self, asked: Part, yes: Part, no: Part) -> Part:
        made = f"(if {asked.as_truth} then {yes.feel} else {no.feel})"
        return Part(made, plain=yes.plain or no.plain, picked=yes.picked or no.picked)

    def _any_of(self) -> Part:
        parts = [self._all_of()]
        while self._take("||", "or"):
            parts.append(self._all_of())
        return self._joined(parts, " or ")

    def _all_of(self) -> Part:
        parts = [self._not()]
        while self._take("&&", "and"):
            parts.append(self._not())
        return self._joined(parts, " and ")

    def _joined(self, parts: list[Part], word: str) -> Part:
        if len(parts) == 1:
            return parts[0]
        picked = any(part.bare or part.plain or part.picked for part in parts)
        return Part(f"({word.join(part.as_truth for part in parts)})", picked=picked)

    def _not(self) -> Part:
        if self._take("not"):
            return Part(f"not({self._not().as_truth})")
        return self._comparison()

    def _comparison(self) -> Part:
        left = self._sum()
        if member := self._member(left):
            return member
        if self._take("is"):
            same = "!=" if self._take("not") else "="
            self._need("None")
            return Part(f"({left.feel} {same} null)")
        compared: list[str] = []
        while sign := self._take(*_COMPARE):
            right = self._sum()
            if not (left.rest and right.feel == "0"):  # nothing left has no sign
                left, right = left.settled, right.settled
            compared.append(f"({left.feel} {_COMPARE[sign]} {right.feel})")
            left = right
        if len(compared) > 1 and self._language is not Language.PYTHON:
            raise Outside
        if not compared:
            return left
        return Part(compared[0] if len(compared) == 1 else f"({' and '.join(compared)})")

    def _member(self, left: Part) -> Part | None:
        """``a in b``, where b is a list or a text; in JavaScript it asks for something else."""
        denied = self._peek() == "not" and self._tokens[self._next + 1 :][:1] == [("name", "in")]
        if denied:
            self._next += 1
        if not self._take("in"):
            return None
        is_list = self._peek() == "["
        if not is_list and self._language not in (Language.PYTHON, Language.GROOVY):
            raise Outside
        where = self._sum().settled
        found = f"list contains({where.feel}, {left.feel})"
        if not is_list and not where.bare:
            raise Outside
        if not is_list:
            found = (
                f"(if {where.feel} instance of string then contains({where.feel}, {left.feel}) "
                f"else {found})"
            )
        return Part(f"not({found})" if denied else found)

    def _sum(self) -> Part:
        part = self._product()
        while sign := self._take("+", "-"):
            part = self._both(part, sign, self._product())
        return part

    def _product(self) -> Part:
        part = self._sign()
        while sign := self._take("*", "/", "%", "//"):
            other = self._sign()
            if sign == "//":
                part = self._both(part, "/", other)
                if self._language is not Language.PYTHON:
                    raise Outside  # the rest is a comment
                part = Part(f"floor{part.feel}")
            elif sign == "%":
                part = self._rest(part.settled, other.settled)
            else:
                part = self._both(part, sign, other)
        return part

    def _rest(self, part: Part, other: Part) -> Part:
        left = f"modulo({part.feel}, {other.feel})"
        if self._language is Language.PYTHON:
            return Part(left, plain=True)
        return Part(left, rest=remainder(part.feel, other.feel), plain=True)

    def _both(self, left: Part, sign: str, right: Part) -> Part:
        left, right = left.settled, right.settled
        if left.picked or right.picked:
            raise Outside
        if left.feel.startswith("[") or right.feel.startswith("["):
            raise Outside  # lists are put together in another way
        if sign != "+" or not (left.text or right.text):
            return Part(f"({left.feel} {sign} {right.feel})")
        if self._language is Language.JUEL:
            raise Outside  # it makes a number of every text
        one, other = (part.feel if part.text else f"string({part.feel})" for part in (left, right))
        return Part(f"({one} + {other})", text=True)

    def _sign(self) -> Part:
        if self._take("!"):
            return Part(f"not({self._sign().as_truth})")
        if self._take("-"):
            return Part(f"(-{self._sign().feel})")
        if self._take("empty"):
            operand = self._sign()
            if not operand.bare:
                raise Outside
            return Part(f'({operand.feel} = null or {operand.feel} = "" or {operand.feel} = [])')
        return self._operand()

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
        return part

    def _part_of(self, whole: Part) -> Part:
        """A property, an element or what a method gives of a value."""
        path = whole.feel
        asked = _ASKED_OF.get(path)
        if path in _ENGINES_OWN and asked is None:
            raise Outside
        if self._take("["):
            index = self._choice().feel
            self._need("]")
            found = None if asked else calls.indexed(path, index)
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
