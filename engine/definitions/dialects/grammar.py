"""The grammar that the expressions of other engines share, and what each part of it is in FEEL."""

from __future__ import annotations

from typing import Final

from engine.definitions.dialects.languages import Language, remainder
from engine.definitions.dialects.operands import COMPARE, Operands
from engine.definitions.dialects.pieces import Outside, Part

_DEEPEST: Final = 40


class Parser(Operands):
    """The operators of an expression, the loosest first."""

    def whole(self) -> Part:
        """All of it in FEEL; ``Outside`` when it is more than the grammar holds."""
        part = self._choice()
        if self._next < len(self._tokens):
            raise Outside
        return part

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
        while sign := self._take(*COMPARE):
            right = self._sum()
            if not (left.rest and right.feel == "0"):  # nothing left has no sign
                left, right = left.settled, right.settled
            compared.append(self._compared(left, COMPARE[sign], right))
            left = right
        if len(compared) > 1 and self._language is not Language.PYTHON:
            raise Outside
        if not compared:
            return left
        return Part(compared[0] if len(compared) == 1 else f"({' and '.join(compared)})")

    def _compared(self, left: Part, sign: str, right: Part) -> str:
        if sign not in ("=", "!="):
            return f"({left.feel} {sign} {right.feel})"
        worked_out = left.worked_out or right.worked_out
        if worked_out and (left.text or right.text) and self._language is Language.JUEL:
            raise Outside  # what is worked out is a number there
        return left.same(right, sign)

    def _member(self, left: Part) -> Part | None:
        """``a in b``, where b is a list or a text; in JavaScript it asks for something else."""
        denied = self._peek() == "not" and self._tokens[self._next + 1 :][:1] == [("name", "in")]
        if denied:
            self._next += 1
        if not self._take("in"):
            return None
        if self._language is Language.PYTHON and self._take("("):
            found = f"list contains([{', '.join(self._rest_of_list(')'))}], {left.feel})"
            if ", " not in found.partition("]")[0]:
                raise Outside  # of one value it is no list
            return Part(f"not({found})" if denied else found)
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
            if sign == "/" and self._language is Language.JAVA:
                raise Outside  # of whole numbers it leaves the rest out
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
            return Part(f"({left.feel} {sign} {right.feel})", worked_out=True)
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
