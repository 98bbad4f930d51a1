"""Syntax tree to closures: the entry, and the simplest parts (literals, names, paths, filters)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from . import syntax as s
from .errors import NullReason
from .kinds import Value, normalise
from .mends import mend_of_name
from .properties import property_of
from .scope import MISSING, READY, Code, Scope, from_outside

Rule: TypeAlias = "Callable[[Any, Compiler], Code]"
RULES: dict[type[s.Node], Rule] = {}
"""How each kind of node is compiled; filled by the modules of this room."""


def rule(kind: type[s.Node]) -> Callable[[Rule], Rule]:
    """Register a function as the compiler of one kind of node."""

    def register(function: Rule) -> Rule:
        RULES[kind] = function
        return function

    return register


class Compiler:
    """What is known while one text is compiled.

    ``types`` are the caller's own types: a name and a test of a value. ``names`` are variables
    that the caller announced, which hide built-in functions of the same name.
    """

    def __init__(
        self,
        builtins: Mapping[str, Value],
        names: frozenset[str] = frozenset(),
        types: Mapping[str, Callable[[Value], bool]] | None = None,
    ) -> None:
        self.builtins = builtins
        self.types = types or {}
        self.hidden = set(names)

    def compile(self, node: s.Node) -> Code:
        """The closure for a node."""
        return RULES[type(node)](node, self)

    def builtin(self, node: s.Node) -> Value:
        """The built-in function that a node names for certain, else None."""
        if isinstance(node, s.Name) and node.name not in self.hidden:
            return self.builtins.get(node.name)
        return None


@rule(s.Literal)
def _literal(node: s.Literal, compiler: Compiler) -> Code:
    value = node.value
    if value is None and node.source is not None:
        text = f"{node.source!r} is geen datum, tijd of duur."

        def unreadable(scope: Scope) -> Value:
            scope.run.null(text, node.at, "feel.null.literal")
            return None

        return unreadable
    return lambda scope: value


@rule(s.Name)
def _name(node: s.Name, compiler: Compiler) -> Code:
    name, at = node.name, node.at
    builtin = compiler.builtins.get(name, MISSING)

    def read(scope: Scope) -> Value:
        frame = scope
        while frame.parent is not None:
            if name in frame.values:
                return frame.values[name]
            frame = frame.parent
        value = frame.values.get(name, MISSING)
        kind = type(value)
        if kind in READY or (kind is Decimal and value.is_finite()):
            return value
        if value is not MISSING:
            return from_outside(frame.run, name, value)
        if builtin is not MISSING:
            return builtin
        remedy = mend_of_name(name)
        scope.run.null(f"{name!r} bestaat hier niet. {remedy}".strip(), at, "feel.null.name")
        return None

    return read


@rule(s.Path)
def _path(node: s.Path, compiler: Compiler) -> Code:
    names = [node.name]
    base = node.base
    while isinstance(base, s.Path):
        names.append(base.name)
        base = base.base
    if isinstance(base, s.Name):
        return _path_of_name(node, base, tuple(reversed(names)), compiler)
    return _path_of_value(compiler.compile(node.base), node.name, node.at)


def _path_of_value(base: Code, name: str, at: int) -> Code:
    def read(scope: Scope) -> Value:
        try:
            return property_of(base(scope), name, scope.run)
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None

    return read


def _path_of_name(node: s.Path, base: s.Name, names: tuple[str, ...], compiler: Compiler) -> Code:
    """``a.b.c`` without converting all of ``a`` when only ``c`` is wanted."""
    first, at = base.name, node.at
    start = compiler.compile(base)

    def read(scope: Scope) -> Value:
        frame = scope
        while frame.parent is not None and first not in frame.values:
            frame = frame.parent
        value = frame.values.get(first)
        done = 0
        if type(value) is dict:
            for name in names:
                if type(value) is not dict or name not in value:
                    break
                value = value[name]
                done += 1
            if type(value) not in READY:
                value = normalise(value)
        else:
            value = start(scope)
        try:
            for name in names[done:]:
                value = property_of(value, name, scope.run)
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None
        return value

    return read


@rule(s.Filter)
def _filter(node: s.Filter, compiler: Compiler) -> Code:
    base, at = compiler.compile(node.base), node.at
    if isinstance(node.condition, s.Literal) and isinstance(node.condition.value, Decimal):
        index = node.condition.value

        def pick(scope: Scope) -> Value:
            value = base(scope)
            return _item(value if isinstance(value, list) else [value], index, scope, at)

        return pick
    condition = compiler.compile(node.condition)

    def select(scope: Scope) -> Value:
        value = base(scope)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if not items:
            answer = condition(Scope({"item": None}, scope, scope.run))
            return _item(items, answer, scope, at) if isinstance(answer, Decimal) else []
        chosen = []
        for number, item in enumerate(items):
            scope.run.spend(2)
            answer = condition(item_scope(item, scope))
            if answer is True:
                chosen.append(item)
            elif number == 0 and isinstance(answer, Decimal):
                return _item(items, answer, scope, at)
        return chosen

    return select


def item_scope(item: Value, scope: Scope) -> Scope:
    """The names inside a filter: ``item`` and, for a context, its entries."""
    inner = Scope({"item": item}, scope, scope.run)
    return Scope(item, inner, scope.run) if isinstance(item, dict) else inner


def _item(items: list[Value], index: Decimal, scope: Scope, at: int) -> Value:
    number = int(index) if index == index.to_integral_value() else 0
    if 0 < number <= len(items):
        return items[number - 1]
    if number < 0 and -number <= len(items):
        return items[number]
    scope.run.null(f"De lijst van {len(items)} heeft geen plaats {index}.", at, "feel.null.index")
    return None


@rule(s.ListLiteral)
def _list(node: s.ListLiteral, compiler: Compiler) -> Code:
    items = [compiler.compile(item) for item in node.items]

    def build(scope: Scope) -> Value:
        scope.run.spend(1 + len(items))
        return [item(scope) for item in items]

    return build


@rule(s.ContextLiteral)
def _context(node: s.ContextLiteral, compiler: Compiler) -> Code:
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)

        def refuse(scope: Scope) -> Value:
            scope.run.null(f"De context heeft {twice!r} twee keer.", node.at, "feel.null.key")
            return None

        return refuse
    hidden = set(compiler.hidden)
    entries = []
    for key, value in node.entries:
        entries.append((key, compiler.compile(value)))
        compiler.hidden.add(key)
    compiler.hidden = hidden

    def build(scope: Scope) -> Value:
        scope.run.spend(1 + len(entries))
        result: dict[str, Value] = {}
        inner = Scope(result, scope, scope.run)
        for key, code in entries:
            result[key] = code(inner)
        return result

    return build
