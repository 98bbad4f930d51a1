"""Parsing the forms that begin with a word or a bracket: if, for, some, every, function, lists,
contexts, ranges and types.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from . import syntax as s
from .cursor import Cursor
from .limits import MAX_BRANCHES

RANGE_ENDS = ("]", ")", "[")
COMPARE_SIGNS = ("<", "<=", ">", ">=", "=", "!=")
TYPE_NAMES = (
    "date and time",
    "days and time duration",
    "years and months duration",
    "day time duration",
    "year month duration",
)


class FormParser(Cursor, ABC):
    """Everything but operators; they come back here through `expression`."""

    @abstractmethod
    def expression(self) -> s.Node:
        """Any expression."""

    @abstractmethod
    def sum(self, *, range_end: bool = False) -> s.Node:
        """An arithmetic expression, without comparison. In a range end, ``[`` closes the range."""

    def if_form(self) -> s.Node:
        """``if c then a else b``; a chain of ``else if`` counts as one level of nesting."""
        branches: list[tuple[int, s.Node, s.Node]] = []
        while not branches or self.is_word("if"):
            at = self.expect("if").start
            condition = self.expression()
            self.expect("then")
            yes = self.expression()
            self.expect("else")
            branches.append((at, condition, yes))
            if len(branches) > MAX_BRANCHES:
                raise self.too_deep(f"Een if heeft meer dan {MAX_BRANCHES} keer else if.")
        result = self.expression()
        for at, condition, yes in reversed(branches):
            result = s.If(at, condition, yes, result)
        return result

    def for_form(self) -> s.Node:
        """``for x in xs, y in 1..3 return body``."""
        at = self.expect("for").start
        iterators = self._iterators()
        self.expect("return")
        return s.For(at, iterators, self.expression())

    def quantified_form(self) -> s.Node:
        """``some x in xs satisfies c``; ``every`` likewise."""
        word = self.take()
        iterators = self._iterators()
        self.expect("satisfies")
        return s.Quantified(word.start, word.value == "every", iterators, self.expression())

    def _iterators(self) -> tuple[s.Iterator, ...]:
        iterators = []
        while True:
            at = self.token.start
            name = self.key(("in",))
            self.expect("in")
            domain = self.expression()
            last = self.expression() if self.accept("..") else None
            iterators.append(s.Iterator(at, name, domain, last))
            if not self.accept(","):
                return tuple(iterators)

    def function_form(self) -> s.Node:
        """``function(a: number, b) body`` and ``function(a) external {...}``."""
        at = self.expect("function").start
        self.expect("(")
        parameters: list[tuple[str, s.TypeRef | None]] = []
        while not self.is_op(")"):
            name = self.key((":", ",", ")"))
            parameters.append((name, self.type_ref() if self.accept(":") else None))
            if not self.accept(","):
                break
        self.expect(")")
        result = self.type_ref() if self.accept(":") else None
        external = self.accept("external")
        return s.FunctionDefinition(at, tuple(parameters), self.expression(), external, result)

    def type_ref(self) -> s.TypeRef:
        """A type, as behind ``instance of``."""
        self.enter()
        at = self.token.start
        name = self._type_name()
        arguments: list[s.TypeRef] = []
        members: list[str] = []
        result = None
        if name in ("list", "range", "context", "function") and self.accept("<"):
            while not self.is_op(">"):
                if name == "context":
                    members.append(self.key())
                    self.expect(":")
                arguments.append(self.type_ref())
                if not self.accept(","):
                    break
            self.expect(">")
        if name == "function" and self.accept("->"):
            result = self.type_ref()
        self.leave()
        return s.TypeRef(at, name, tuple(arguments), tuple(members), result)

    def _type_name(self) -> str:
        for name in TYPE_NAMES:
            words = name.split()
            if [self.peek(ahead).value for ahead in range(len(words))] == words:
                self.index += len(words)
                return name
        if self.accept("function"):
            return "function"
        if self.accept("null"):
            return "null"
        name = self.name("een type")
        while self.is_op(".") and self.peek().kind == "word":
            self.take()
            name += "." + self.name("een type")
        return name

    def context_form(self) -> s.Node:
        """``{name: value, "other name": value}``."""
        at = self.expect("{").start
        entries: list[tuple[str, s.Node]] = []
        while not self.is_op("}"):
            name = self.key()
            self.expect(":")
            entries.append((name, self.expression()))
            if not self.accept(","):
                break
        self.expect("}", "',' of '}'")
        return s.ContextLiteral(at, tuple(entries))

    def bracket_form(self) -> s.Node:
        """A list, a range or an expression in round brackets."""
        opening = self.take()
        if opening.value == "(" and self.is_op(*COMPARE_SIGNS):
            operator = self.take()
            node: s.Node = s.Compare(operator.start, operator.value, self.sum())
            self.expect(")")
            return node
        if opening.value == "[" and self.accept("]"):
            return s.ListLiteral(opening.start, ())
        first = self._bracket_item(opening.value)
        if self.accept(".."):
            return self._range(opening.value, first, opening.start)
        if opening.value == "(":
            self.expect(")")
            return first
        if opening.value == "]":
            raise self.error("'..'")
        items = [first]
        while self.accept(","):
            items.append(self._bracket_item("["))
        self.expect("]", "',' of ']'")
        return s.ListLiteral(opening.start, tuple(items))

    def _bracket_item(self, opening: str) -> s.Node:
        # A list may hold unary tests, as in  x in [< 5, > 10].
        if opening == "[" and self.is_op(*COMPARE_SIGNS):
            operator = self.take()
            return s.Compare(operator.start, operator.value, self.sum())
        return self.expression()

    def _range(self, opening: str, start: s.Node, at: int) -> s.Node:
        end = self.sum(range_end=True)
        if not self.is_op(*RANGE_ENDS):
            raise self.error("']', ')' of '['")
        closing = self.take().value
        return s.RangeLiteral(at, start, end, opening == "[", closing == "]")
