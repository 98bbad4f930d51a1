"""Syntax tree back to FEEL text, with only the brackets that are needed.

Parsing the text again, with the same known names, gives an equal tree.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import syntax as s
from .lexer import quote

_ANY, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _UNARY, _POSTFIX, _PRIMARY = range(10)
_LEVELS = {
    "or": _OR,
    "and": _AND,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "**": _POWER,
}


def print_tree(node: s.Node) -> str:
    """The FEEL text of a tree."""
    return _tests(node) if isinstance(node, s.Tests) else _at(node, _ANY)


def _at(node: s.Node, level: int) -> str:
    """A node where at least this precedence is needed; else in brackets."""
    text, own = _PRINTERS[type(node)](node)
    return text if own >= level else f"({text})"


def _literal(node: s.Literal) -> tuple[str, int]:
    value = node.value
    if node.source is not None:
        return f"@{quote(node.source)}", _PRIMARY
    if isinstance(value, Decimal):
        return str(value), _UNARY if value.is_signed() else _PRIMARY
    if isinstance(value, str):
        return quote(value), _PRIMARY
    return {True: "true", False: "false", None: "null"}[value], _PRIMARY


def _name(node: s.Name) -> tuple[str, int]:
    return node.name, _PRIMARY


def _path(node: s.Path) -> tuple[str, int]:
    return f"{_at(node.base, _POSTFIX)}.{node.name}", _POSTFIX


def _filter(node: s.Filter) -> tuple[str, int]:
    return f"{_at(node.base, _POSTFIX)}[{_at(node.condition, _ANY)}]", _POSTFIX


def _negation(node: s.Negation) -> tuple[str, int]:
    return f"-{_at(node.operand, _UNARY)}", _UNARY


def _binary(node: s.Binary) -> tuple[str, int]:
    level = _LEVELS.get(node.operator, _COMPARISON)
    left, right = _at(node.left, level), _at(node.right, level + 1)
    return f"{left} {node.operator} {right}", level


def _between(node: s.Between) -> tuple[str, int]:
    value, low, high = _at(node.value, _COMPARISON), _at(node.low, _SUM), _at(node.high, _SUM)
    return f"{value} between {low} and {high}", _COMPARISON


def _in(node: s.In) -> tuple[str, int]:
    tests = ", ".join(map(_test, node.tests.tests))
    return f"{_at(node.value, _COMPARISON)} in ({tests})", _COMPARISON


def _test(node: s.Node) -> str:
    if isinstance(node, s.Compare):
        return f"{node.operator} {_at(node.operand, _SUM)}"
    return _at(node, _ANY)


def _tests(node: s.Tests) -> str:
    if node.any_value:
        return "-"
    tests = ", ".join(map(_test, node.tests))
    return f"not({tests})" if node.negated else tests


def _compare(node: s.Compare) -> tuple[str, int]:
    return f"({_test(node)})", _PRIMARY


def _instance_of(node: s.InstanceOf) -> tuple[str, int]:
    return f"{_at(node.value, _POSTFIX)} instance of {type_text(node.type)}", _UNARY


def type_text(ref: s.TypeRef) -> str:
    """A type as FEEL writes it."""
    arguments = [type_text(argument) for argument in ref.arguments]
    if ref.members:
        pairs = zip(ref.members, arguments, strict=True)
        arguments = [f"{_key(name)}: {argument}" for name, argument in pairs]
    text = ref.name + (f"<{', '.join(arguments)}>" if arguments or ref.result else "")
    return f"{text} -> {type_text(ref.result)}" if ref.result else text


def _if(node: s.If) -> tuple[str, int]:
    condition, yes, no = (_at(part, _ANY) for part in (node.condition, node.yes, node.no))
    return f"if {condition} then {yes} else {no}", _ANY


def _iterators(iterators: tuple[s.Iterator, ...]) -> str:
    parts = []
    for iterator in iterators:
        last = "" if iterator.last is None else f"..{_at(iterator.last, _ANY)}"
        parts.append(f"{iterator.name} in {_at(iterator.domain, _ANY)}{last}")
    return ", ".join(parts)


def _for(node: s.For) -> tuple[str, int]:
    return f"for {_iterators(node.iterators)} return {_at(node.body, _ANY)}", _ANY


def _quantified(node: s.Quantified) -> tuple[str, int]:
    word = "every" if node.every else "some"
    body = _at(node.body, _ANY)
    return f"{word} {_iterators(node.iterators)} satisfies {body}", _ANY


def _function(node: s.FunctionDefinition) -> tuple[str, int]:
    parameters = ", ".join(
        name if ref is None else f"{name}: {type_text(ref)}" for name, ref in node.parameters
    )
    result = f": {type_text(node.result)}" if node.result else ""
    external = " external" if node.external else ""
    return f"function({parameters}){result}{external} {_at(node.body, _ANY)}", _ANY


def _call(node: s.Call) -> tuple[str, int]:
    arguments = [_at(argument, _ANY) for argument in node.arguments]
    if node.names is not None:
        pairs = zip(node.names, arguments, strict=True)
        arguments = [f"{_key(name)}: {argument}" for name, argument in pairs]
    return f"{_at(node.function, _POSTFIX)}({', '.join(arguments)})", _POSTFIX


def _list(node: s.ListLiteral) -> tuple[str, int]:
    return f"[{', '.join(_at(item, _ANY) for item in node.items)}]", _PRIMARY


def _key(name: str) -> str:
    return name if name.isidentifier() else quote(name)


def _context(node: s.ContextLiteral) -> tuple[str, int]:
    entries = (f"{_key(key)}: {_at(value, _ANY)}" for key, value in node.entries)
    return f"{{{', '.join(entries)}}}", _PRIMARY


def _range(node: s.RangeLiteral) -> tuple[str, int]:
    opening = "[" if node.start_included else "("
    closing = "]" if node.end_included else ")"
    # A filter in the last place could be taken for the end of the range.
    simple = isinstance(node.end, (s.Literal, s.Name, s.Path))
    end = _at(node.end, _SUM) if simple else f"({_at(node.end, _ANY)})"
    return f"{opening}{_at(node.start, _SUM)}..{end}{closing}", _PRIMARY


_PRINTERS: dict[type[s.Node], Callable[[Any], tuple[str, int]]] = {
    s.Literal: _literal,
    s.Name: _name,
    s.Path: _path,
    s.Filter: _filter,
    s.Negation: _negation,
    s.Binary: _binary,
    s.Between: _between,
    s.In: _in,
    s.Compare: _compare,
    s.InstanceOf: _instance_of,
    s.If: _if,
    s.For: _for,
    s.Quantified: _quantified,
    s.FunctionDefinition: _function,
    s.Call: _call,
    s.ListLiteral: _list,
    s.ContextLiteral: _context,
    s.RangeLiteral: _range,
}
