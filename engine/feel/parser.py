"""FEEL text to syntax tree: operators by precedence, and what may follow a value."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from . import syntax as s
from .errors import FeelLimitError
from .forms import COMPARE_SIGNS, RANGE_ENDS, FormParser
from .kinds import DECIMAL128
from .literals import parse_at_literal

_LITERAL_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_FOREIGN_LITERALS = frozenset({"None", "True", "False", "NULL", "TRUE", "FALSE", "undefined"})
"""What other languages write for null, true and false; a variable may still be announced so."""


class Parser(FormParser):
    """Recursive descent, one method per level of precedence, loosest first."""

    def expression(self) -> s.Node:
        """Any expression: disjunction is the loosest."""
        self.enter()
        left = self._conjunction()
        while self.is_word("or"):
            at = self.take().start
            left = s.Binary(at, "or", left, self._conjunction())
        self.leave()
        return left

    def _conjunction(self) -> s.Node:
        left = self._comparison()
        while self.is_word("and"):
            at = self.take().start
            left = s.Binary(at, "and", left, self._comparison())
        return left

    def _comparison(self) -> s.Node:
        left = self.sum()
        while True:
            if self.is_op(*COMPARE_SIGNS):
                sign = self.take()
                left = s.Binary(sign.start, sign.value, left, self.sum())
            elif self.is_word("between"):
                at = self.take().start
                low = self.sum()
                self.expect("and")
                left = s.Between(at, left, low, self.sum())
            elif self.is_word("in"):
                at = self.take().start
                left = s.In(at, left, self._in_tests())
            else:
                return left

    def _in_tests(self) -> s.Tests:
        at = self.token.start
        if self.is_op("("):
            start = self.index
            self.take()
            tests = [self._test()]
            if self.is_op(".."):
                self.index = start
            else:
                while self.accept(","):
                    tests.append(self._test())
                self.expect(")", "',' of ')'")
                after = self.token
                goes_on = after.kind == "op" and after.value in (".", "+", "-", "*", "/", "**")
                if len(tests) > 1 or not goes_on:
                    return s.Tests(at, tuple(tests))
                self.index = start
        return s.Tests(at, (self._test(arithmetic=True),))

    def _test(self, *, arithmetic: bool = False) -> s.Node:
        """One positive unary test."""
        if self.is_op(*COMPARE_SIGNS):
            sign = self.take()
            return s.Compare(sign.start, sign.value, self.sum())
        return self.sum() if arithmetic else self.expression()

    def unary_tests(self) -> s.Tests:
        """The content of a decision table's input cell."""
        at = self.token.start
        if self.is_op("-") and self.peek().kind == "end":
            self.take()
            return s.Tests(at, (), any_value=True)
        if self.is_word("not") and self.peek().value == "(":
            start = self.index
            self.index += 2
            tests = self._tests()
            self.expect(")", "',' of ')'")
            if self.token.kind == "end":
                return s.Tests(at, tests, negated=True)
            self.index = start
        return s.Tests(at, self._tests())

    def _tests(self) -> tuple[s.Node, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def sum(self, *, range_end: bool = False) -> s.Node:
        """Addition and subtraction."""
        left = self._product(range_end)
        while self.is_op("+", "-"):
            sign = self.take()
            left = s.Binary(sign.start, sign.value, left, self._product(range_end))
        return left

    def _product(self, range_end: bool) -> s.Node:
        left = self._power(range_end)
        while self.is_op("*", "/"):
            sign = self.take()
            left = s.Binary(sign.start, sign.value, left, self._power(range_end))
        return left

    def _power(self, range_end: bool) -> s.Node:
        left = self._unary(range_end)
        while self.is_op("**"):
            at = self.take().start
            left = s.Binary(at, "**", left, self._unary(range_end))
        return left

    def _unary(self, range_end: bool) -> s.Node:
        if self.is_op("-"):
            self.enter()
            at = self.take().start
            operand = self._unary(range_end)
            self.leave()
            if isinstance(operand, s.Literal) and isinstance(operand.value, Decimal):
                return s.Literal(at, operand.value.copy_negate())
            return s.Negation(at, operand)
        node = self._postfix(range_end)
        while self.is_word("instance"):
            at = self.take().start
            self.expect("of")
            node = s.InstanceOf(at, node, self.type_ref())
        return node

    def _postfix(self, range_end: bool) -> s.Node:
        node = self._primary()
        links = 0
        while True:
            at = self.token.start
            if self.is_op("."):
                self.take()
                node = s.Path(at, node, self.name("de naam van een eigenschap"))
            elif self.is_op("[") and not (range_end and not self._filter_in_range_end()):
                self.take()
                node = s.Filter(at, node, self.expression())
                self.expect("]")
            elif self.is_op("("):
                node = self._call(node)
            else:
                break
            links += 1
            self.enter()
        self.depth -= links
        return node

    def _filter_in_range_end(self) -> bool:
        """In ``[1..x[`` the bracket closes the range, in ``[1..x[2]]`` it is a filter."""
        level = 0
        for ahead in range(64):
            token = self.peek(ahead)
            if token.kind == "end":
                return False
            if token.kind == "op":
                level += (token.value == "[") - (token.value == "]")
            if level == 0:
                after = self.peek(ahead + 1)
                return after.kind == "op" and after.value in RANGE_ENDS
        return False

    def _call(self, function: s.Node) -> s.Node:
        at = self.expect("(").start
        arguments: list[s.Node] = []
        names: list[str] = []
        while not self.is_op(")"):
            if self.key_ahead():
                names.append(self.key())
                self.expect(":")
            elif names:
                raise self.error("een argument met naam")
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", "',' of ')'")
        if names and len(names) != len(arguments):
            raise self.error("alleen argumenten met naam")
        return s.Call(at, function, tuple(arguments), tuple(names) if names else None)

    def _primary(self) -> s.Node:
        token = self.token
        if token.kind == "number":
            return s.Literal(self.take().start, self._number(token.value, token.start))
        if token.kind == "string":
            return s.Literal(self.take().start, token.value)
        if token.kind == "at":
            self.take()
            return s.Literal(token.start, parse_at_literal(token.value), token.value)
        if token.kind == "word":
            return self._word()
        if self.is_op("[", "(", "]"):
            self.enter()
            node = self.bracket_form()
            self.leave()
            return node
        if self.is_op("{"):
            return self.context_form()
        raise self.error("een waarde")

    def _number(self, text: str, at: int) -> Decimal:
        try:
            return DECIMAL128.create_decimal(text)
        except ArithmeticError:
            raise FeelLimitError(
                "Het getal is te groot.",
                text=self.text,
                position=at,
                code="feel.limit.number",
            ) from None

    def _word(self) -> s.Node:
        word, at = self.token.value, self.token.start
        known = self.names.match(self.tokens, self.index)
        if known is None or word in ("if", "for"):
            if word in _LITERAL_WORDS:
                return s.Literal(self.take().start, _LITERAL_WORDS[word])
            if word == "if":
                return self.if_form()
            if word == "for":
                return self.for_form()
            if word in ("some", "every"):
                return self.quantified_form()
            if word == "function":
                return self.function_form()
            if word == "not" and self.peek().value == "(":
                return s.Name(self.take().start, "not")
        first = self.token
        name = self.name("een waarde")
        if name not in self.names.all and not _FOREIGN_LITERALS.isdisjoint(name.split()):
            raise self.error("een waarde", first)
        return s.Name(at, name)


def parse(text: str, names: Iterable[str] = ()) -> s.Node:
    """The tree of an expression. ``names`` are known names with spaces or signs in them.

    Raises `FeelSyntaxError` or `FeelLimitError`.
    """
    parser = Parser(text, names)
    node = parser.expression()
    _expect_end(parser)
    return node


def parse_unary(text: str, names: Iterable[str] = ()) -> s.Tests:
    """The tree of unary tests. Raises `FeelSyntaxError` or `FeelLimitError`."""
    parser = Parser(text, names)
    tests = parser.unary_tests()
    _expect_end(parser)
    return tests


def _expect_end(parser: Parser) -> None:
    if parser.token.kind != "end":
        raise parser.error("een operator of het einde van de expressie")
