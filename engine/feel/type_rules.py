"""Types: what ``instance of`` and typed parameters ask of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from . import syntax as s
from .kinds import Function, Range, Value, kind_of

TypeTest: TypeAlias = Callable[[Value], bool]

_ALIASES = {
    "dateTime": "date and time",
    "day time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "year month duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "Number": "number",
    "String": "string",
    "Boolean": "boolean",
}
SIMPLE = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    }
)


def type_test(ref: s.TypeRef, types: Mapping[str, TypeTest]) -> TypeTest:
    """A test for a type; null passes as a member of a list or context. An unknown type has no
    instances.
    """
    name = _ALIASES.get(ref.name, ref.name)
    if name in types:
        return types[name]
    if name == "Any":
        return lambda value: True
    if name in ("Null", "null"):
        return lambda value: value is None
    if name == "list" and ref.arguments:
        return _list_of(_nullable(type_test(ref.arguments[0], types)))
    if name == "range" and ref.arguments:
        return _range_of(type_test(ref.arguments[0], types))
    if name == "context" and ref.arguments:
        tests = [_nullable(type_test(argument, types)) for argument in ref.arguments]
        return _context_of(dict(zip(ref.members, tests, strict=True)))
    if name == "function" and (ref.arguments or ref.result is not None):
        return _function_of(ref)
    if name in SIMPLE:
        return lambda value: kind_of(value) == name
    return lambda value: False


def _nullable(test: TypeTest) -> TypeTest:
    return lambda value: value is None or test(value)


def _list_of(test: TypeTest) -> TypeTest:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _range_of(test: TypeTest) -> TypeTest:
    def check(value: Value) -> bool:
        return isinstance(value, Range) and all(
            test(end) for end in (value.start, value.end) if end is not None
        )

    return check


def _context_of(tests: Mapping[str, TypeTest]) -> TypeTest:
    def check(value: Value) -> bool:
        return isinstance(value, dict) and all(
            name in value and test(value[name]) for name, test in tests.items()
        )

    return check


def _function_of(ref: s.TypeRef) -> TypeTest:
    """Parameters may be wider than asked for, the result narrower."""

    def check(value: Value) -> bool:
        if not isinstance(value, Function) or len(value.parameters) != len(ref.arguments):
            return False
        wide = all(
            conforms(asked, parameter.type)
            for asked, parameter in zip(ref.arguments, value.parameters, strict=True)
        )
        return wide and (ref.result is None or conforms(value.result, ref.result))

    return check


def conforms(narrow: object, wide: object) -> bool:
    """Whether every value of one type is of the other. No type given stands for ``Any``."""
    if wide is None or (isinstance(wide, s.TypeRef) and wide.name == "Any"):
        return True
    if not isinstance(narrow, s.TypeRef) or not isinstance(wide, s.TypeRef):
        return False
    if _ALIASES.get(narrow.name, narrow.name) != _ALIASES.get(wide.name, wide.name):
        return False
    if wide.name == "context":
        have = dict(zip(narrow.members, narrow.arguments, strict=True))
        need = zip(wide.members, wide.arguments, strict=True)
        return all(name in have and conforms(have[name], ref) for name, ref in need)
    return not wide.arguments or (
        len(narrow.arguments) == len(wide.arguments)
        and all(map(conforms, narrow.arguments, wide.arguments))
    )
