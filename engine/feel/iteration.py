"""Forms as closures: if, for, some, every, and functions defined in FEEL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from . import syntax as s
from .compiler import Compiler, rule
from .errors import FeelLimitError, NullReason
from .kinds import Function, Parameter, Range, Value, kind_of
from .limits import MAX_CALLS, check_list
from .moments import add_days
from .scope import Code, Scope
from .signatures import convert
from .type_rules import type_test

Each = Callable[[Scope], Iterator[Scope]]


@rule(s.If)
def _if(node: s.If, compiler: Compiler) -> Code:
    condition = compiler.compile(node.condition)
    yes, no = compiler.compile(node.yes), compiler.compile(node.no)
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def _domain(node: s.Iterator, compiler: Compiler) -> Callable[[Scope], Iterator[Value]]:
    """The values that one iterator runs through. Raises `NullReason` if it has none."""
    first = compiler.compile(node.domain)
    if node.last is None:

        def items(scope: Scope) -> Iterator[Value]:
            value = first(scope)
            if isinstance(value, Range):
                return _steps(*_whole(value))
            if value is None:
                raise NullReason("for, some en every hebben een lijst nodig.", "feel.null.domain")
            return iter(value if isinstance(value, list) else [value])

        return items
    last = compiler.compile(node.last)
    return lambda scope: _steps(first(scope), last(scope))


def _whole(interval: Range) -> tuple[Value, Value]:
    """First and last whole value of a range."""
    start, end = interval.start, interval.end
    if kind_of(start) == "number":
        start = start if interval.start_included else start + 1
        end = end if interval.end_included else end - 1
    elif kind_of(start) == "date":
        start = start if interval.start_included else add_days(start, 1)
        end = end if interval.end_included else add_days(end, -1)
    return start, end


def _steps(start: Value, end: Value) -> Iterator[Value]:
    """Whole numbers or days from start to end, upwards or downwards."""
    kinds = {kind_of(start), kind_of(end)}
    if kinds == {"number"}:
        return _numbers(start, end)
    if kinds == {"date"}:
        return _days(start, end)
    raise NullReason("for loopt langs getallen of datums.", "feel.null.domain")


def _numbers(start: Decimal, end: Decimal) -> Iterator[Value]:
    if start != start.to_integral_value() or end != end.to_integral_value():
        raise NullReason("for loopt langs hele getallen.", "feel.null.domain")
    step = 1 if end >= start else -1
    return (Decimal(number) for number in range(int(start), int(end) + step, step))


def _days(start: Value, end: Value) -> Iterator[Value]:
    count = end.toordinal() - start.toordinal()
    step = 1 if count >= 0 else -1
    return (add_days(start, days) for days in range(0, count + step, step))


def _each(iterators: tuple[s.Iterator, ...], compiler: Compiler) -> Each:
    """A scope for every combination of the iterators' values, the last one fastest."""
    name = iterators[0].name
    domain = _domain(iterators[0], compiler)
    compiler.hidden.add(name)
    rest = _each(iterators[1:], compiler) if len(iterators) > 1 else None

    def run(scope: Scope) -> Iterator[Scope]:
        for value in domain(scope):
            scope.run.spend(1)
            inner = Scope({name: value}, scope, scope.run)
            if rest is None:
                yield inner
            else:
                yield from rest(inner)

    return run


@rule(s.For)
def _for(node: s.For, compiler: Compiler) -> Code:
    hidden = set(compiler.hidden)
    each = _each(node.iterators, compiler)
    body = compiler.compile(node.body)
    compiler.hidden = hidden
    at, looks_back = node.at, s.mentions(node.body, "partial")

    def collect(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inner in each(scope):
                results.append(body(_with_partial(inner, results) if looks_back else inner))
                check_list(len(results))
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None
        return results

    return collect


def _with_partial(scope: Scope, results: list[Value]) -> Scope:
    """A scope in which ``partial`` is what the iteration has come to so far."""
    scope.run.spend(1 + len(results) // 10)
    return Scope({"partial": results.copy()}, scope, scope.run)


@rule(s.Quantified)
def _quantified(node: s.Quantified, compiler: Compiler) -> Code:
    hidden = set(compiler.hidden)
    each = _each(node.iterators, compiler)
    body = compiler.compile(node.body)
    compiler.hidden = hidden
    decisive, at = not node.every, node.at

    def decide(scope: Scope) -> Value:
        result: bool | None = not decisive
        try:
            for inner in each(scope):
                answer = body(inner)
                if answer is decisive:
                    return decisive
                if not isinstance(answer, bool):
                    result = None
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None
        if result is None:
            scope.run.null("Een voorwaarde is niet true of false.", at, "feel.null.logic")
        return result

    return decide


@rule(s.FunctionDefinition)
def _function(node: s.FunctionDefinition, compiler: Compiler) -> Code:
    if node.external:

        def refuse(scope: Scope) -> Value:
            scope.run.null(
                "Functies buiten FEEL worden niet uitgevoerd.", node.at, "feel.null.external"
            )
            return None

        return refuse
    parameters = tuple(Parameter(name, ref) for name, ref in node.parameters)
    names = [parameter.name for parameter in parameters]
    tests = [type_test(ref, compiler.types) if ref else None for _, ref in node.parameters]
    hidden = set(compiler.hidden)
    compiler.hidden.update(names)
    body = compiler.compile(node.body)
    compiler.hidden = hidden

    def define(scope: Scope) -> Value:
        def call(arguments: list[Value]) -> Value:
            values = {
                name: value if test is None else convert(value, test, name)
                for name, value, test in zip(names, arguments, tests, strict=True)
            }
            return _guarded(body, Scope(values, scope, scope.run))

        return Function("", parameters, call, node.result)

    return define


def _guarded(body: Code, scope: Scope) -> Value:
    run = scope.run
    run.spend(2)
    run.calls += 1
    if run.calls > MAX_CALLS:
        raise FeelLimitError(
            f"Functies roepen elkaar meer dan {MAX_CALLS} diep aan.", code="feel.limit.calls"
        )
    try:
        return body(scope)
    finally:
        run.calls -= 1
