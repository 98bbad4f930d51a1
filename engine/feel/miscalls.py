"""Calls of built-in functions that can't be made, whatever the values of their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from . import syntax as s
from .errors import NullReason
from .library import BUILTINS
from .signatures import Builtin, takes


def miscalls(node: s.Node) -> Iterator[str]:
    """Why calls in a tree can't be made, in the words of the first way to make them."""
    if isinstance(node, s.Call) and isinstance(node.function, s.Name):
        builtin = BUILTINS.get(node.function.name)
        if isinstance(builtin, Builtin):
            try:
                takes(builtin, len(node.arguments), node.names)
            except NullReason as why:
                yield why.message
    for part in _parts(node):
        yield from miscalls(part)


def _parts(node: object) -> Iterator[s.Node]:
    """The nodes directly inside a node, also those in its lists and pairs."""
    values = [getattr(node, one.name) for one in fields(node)] if is_dataclass(node) else []
    while values:
        value = values.pop(0)
        if isinstance(value, s.Node):
            yield value
        elif isinstance(value, tuple | list):
            values[:0] = value
        elif is_dataclass(value):
            yield from _parts(value)
