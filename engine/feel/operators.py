"""Operators as closures: arithmetic, comparison, three-valued logic, between, in, instance of."""

from __future__ import annotations

from collections.abc import Callable

from . import syntax as s
from .arithmetic import OPERATIONS, negate
from .comparison import contains, equal, in_range, less, less_or_equal, same, weight
from .compiler import Compiler, rule
from .errors import NullReason
from .kinds import Range, Value, label_of
from .range_values import make_range, short_range
from .scope import Code, Scope
from .type_rules import type_test

Comparison = Callable[[Value, Value], bool | None]


def _greater(left: Value, right: Value) -> bool | None:
    return less(right, left)


def _greater_or_equal(left: Value, right: Value) -> bool | None:
    return less_or_equal(right, left)


def _unequal(left: Value, right: Value) -> bool | None:
    answer = equal(left, right)
    return None if answer is None else not answer


COMPARISONS: dict[str, Comparison] = {
    "=": equal,
    "!=": _unequal,
    "<": less,
    "<=": less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
}
POWER_COST = 80
"""Steps of a power, which takes longer than other arithmetic."""


@rule(s.Binary)
def _binary(node: s.Binary, compiler: Compiler) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if node.operator in ("and", "or"):
        return _logic(node, left, right)
    if node.operator in COMPARISONS:
        return _comparison(node, left, right)
    return _arithmetic(node, left, right)


def _logic(node: s.Binary, left: Code, right: Code) -> Code:
    decisive = node.operator == "or"
    at, word = node.at, node.operator

    def decide(scope: Scope) -> Value:
        first = left(scope)
        if first is decisive:
            return decisive
        second = right(scope)
        if second is decisive:
            return decisive
        if isinstance(first, bool) and isinstance(second, bool):
            return not decisive
        kinds = f"{label_of(first)} {word} {label_of(second)}"
        scope.run.null(f"{kinds} is niet true of false.", at, "feel.null.logic")
        return None

    return decide


def _comparison(node: s.Binary, left: Code, right: Code) -> Code:
    at, sign, compare = node.at, node.operator, COMPARISONS[node.operator]
    heavy = sign in ("=", "!=")

    def decide(scope: Scope) -> Value:
        first, second = left(scope), right(scope)
        if heavy and second is not None and isinstance(first, (list, dict)):
            scope.run.spend(weight(first))
        answer = compare(first, second)
        if answer is None:
            kinds = f"{label_of(first)} met {label_of(second)}"
            scope.run.null(f"{sign} vergelijkt {kinds} niet.", at, "feel.null.comparison")
        return answer

    nothing = isinstance(node.right, s.Literal) and node.right.value is node.right.source is None
    if heavy and nothing and isinstance(node.left, s.Name):
        return _null_test(node.left.name, sign == "!=", decide)
    return decide


def _null_test(name: str, if_whole: bool, otherwise: Code) -> Code:
    """``name = null`` without converting the whole list or context that the name has."""

    def decide(scope: Scope) -> Value:
        frame = scope
        while frame.parent is not None and name not in frame.values:
            frame = frame.parent
        if isinstance(frame.values.get(name), (list, dict)):
            return if_whole
        return otherwise(scope)

    return decide


def _arithmetic(node: s.Binary, left: Code, right: Code) -> Code:
    at, operation = node.at, OPERATIONS[node.operator]
    cost = POWER_COST if node.operator == "**" else 0

    def calculate(scope: Scope) -> Value:
        try:
            result = operation(left(scope), right(scope))
            if cost:
                scope.run.spend(cost)
            elif type(result) is str:
                scope.run.spend(len(result) // 50)
            return result
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None

    return calculate


@rule(s.Negation)
def _negation(node: s.Negation, compiler: Compiler) -> Code:
    operand = compiler.compile(node.operand)

    def calculate(scope: Scope) -> Value:
        try:
            return negate(operand(scope))
        except NullReason as why:
            scope.run.null(why.message, node.at, why.code)
            return None

    return calculate


@rule(s.Between)
def _between(node: s.Between, compiler: Compiler) -> Code:
    value, low, high = (compiler.compile(part) for part in (node.value, node.low, node.high))

    def decide(scope: Scope) -> Value:
        subject = value(scope)
        above, below = less_or_equal(low(scope), subject), less_or_equal(subject, high(scope))
        if above is None or below is None:
            scope.run.null(
                "between kan deze waarden niet vergelijken.", node.at, "feel.null.comparison"
            )
            return None
        return above and below

    return decide


@rule(s.RangeLiteral)
def _range(node: s.RangeLiteral, compiler: Compiler) -> Code:
    constant = _constant_range(node)
    if constant is not None:
        return lambda scope: constant
    start, end = compiler.compile(node.start), compiler.compile(node.end)

    def build(scope: Scope) -> Value:
        try:
            return make_range(start(scope), end(scope), node.start_included, node.end_included)
        except NullReason as why:
            scope.run.null(why.message, node.at, why.code)
            return None

    return build


def _constant_range(node: s.RangeLiteral) -> Range | None:
    """The range, if it is the same in every context."""
    start, end = node.start, node.end
    if not isinstance(start, s.Literal) or not isinstance(end, s.Literal):
        return None
    try:
        return make_range(start.value, end.value, node.start_included, node.end_included)
    except NullReason:
        return None


@rule(s.Compare)
def _compare(node: s.Compare, compiler: Compiler) -> Code:
    operand = compiler.compile(node.operand)
    return lambda scope: short_range(node.operator, operand(scope))


@rule(s.InstanceOf)
def _instance_of(node: s.InstanceOf, compiler: Compiler) -> Code:
    value = compiler.compile(node.value)
    test = type_test(node.type, compiler.types)

    def decide(scope: Scope) -> Value:
        subject = value(scope)
        scope.run.spend(weight(subject))
        return subject is not None and test(subject)

    return decide


@rule(s.In)
def _in(node: s.In, compiler: Compiler) -> Code:
    value, tests = compiler.compile(node.value), compile_tests(node.tests, compiler)

    def decide(scope: Scope) -> Value:
        subject = value(scope)
        answer = tests(Scope({"?": subject}, scope, scope.run))
        if answer is None:
            scope.run.null("in kan deze waarden niet vergelijken.", node.at, "feel.null.comparison")
        return answer

    return decide


@rule(s.Tests)
def compile_tests(node: s.Tests, compiler: Compiler) -> Code:
    """Unary tests about the value ``?`` of the scope; the answer is True, False or None."""
    if node.any_value:
        return lambda scope: True
    tests = [_unary_test(test, compiler) for test in node.tests]
    if len(tests) == 1 and not node.negated:
        return tests[0]

    def decide(scope: Scope) -> Value:
        result: bool | None = False
        for test in tests:
            answer = test(scope)
            if answer is True:
                return not node.negated
            if answer is None:
                result = None
        return None if result is None else node.negated

    return decide


def _unary_test(node: s.Node, compiler: Compiler) -> Code:
    if isinstance(node, s.Compare):
        return _operator_test(node, compiler)
    code = compiler.compile(node)
    if isinstance(node, s.Literal):
        value = node.value
        return lambda scope: equal(scope.values["?"], value)
    interval = _constant_range(node) if isinstance(node, s.RangeLiteral) else None
    if interval is not None:
        return lambda scope: matches(scope.values["?"], interval, scope)
    asks, is_range = s.mentions(node, "?"), isinstance(node, s.RangeLiteral)

    def test(scope: Scope) -> Value:
        subject = scope.values["?"]
        answer = code(scope)
        if isinstance(answer, bool) and (asks or not isinstance(subject, bool)):
            return answer
        if answer is None and (asks or is_range):
            return None
        return matches(subject, answer, scope)

    return test


def _operator_test(node: s.Compare, compiler: Compiler) -> Code:
    compare, operand = COMPARISONS[node.operator], compiler.compile(node.operand)
    if isinstance(node.operand, s.Literal):
        value = node.operand.value
        return lambda scope: compare(scope.values["?"], value)
    return lambda scope: compare(scope.values["?"], operand(scope))


def matches(subject: Value, answer: Value, scope: Scope) -> bool | None:
    """Whether a value is, or is in, what a test came to."""
    if isinstance(answer, Range):
        if isinstance(subject, Range):
            return equal(subject, answer)
        return in_range(subject, answer)
    if isinstance(answer, list):
        scope.run.spend(weight(answer))
        if any(in_range(subject, item) for item in answer if isinstance(item, Range)):
            return True
        return contains(answer, subject) or same(subject, answer)
    return equal(subject, answer)
