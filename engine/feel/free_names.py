"""Which variables an expression takes from its context, for lint."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from . import syntax as s


class FreeNames(NamedTuple):
    """``certain`` must come from the context; ``possible`` stand in a filter, where they may be
    entries of the items, or are named like a built-in function.
    """

    certain: frozenset[str]
    possible: frozenset[str]


class _Collector:
    def __init__(self, builtins: Collection[str]) -> None:
        self.builtins = builtins
        self.certain: set[str] = set()
        self.possible: set[str] = set()

    def visit(self, node: s.Node, bound: frozenset[str], in_filter: bool) -> None:
        if isinstance(node, s.Name):
            self._name(node.name, bound, in_filter)
        elif isinstance(node, s.Filter):
            self.visit(node.base, bound, in_filter)
            self.visit(node.condition, bound | {"item"}, True)
        elif isinstance(node, (s.For, s.Quantified)):
            self._iteration(node, bound, in_filter)
        elif isinstance(node, s.FunctionDefinition):
            if not node.external:
                names = {name for name, _ in node.parameters}
                self.visit(node.body, bound | names, in_filter)
        elif isinstance(node, s.ContextLiteral):
            for key, value in node.entries:
                self.visit(value, bound, in_filter)
                bound |= {key}
        elif isinstance(node, s.In):
            self.visit(node.value, bound, in_filter)
            self.visit(node.tests, bound | {"?"}, in_filter)
        elif not isinstance(node, s.TypeRef):
            for child in s.children(node):
                self.visit(child, bound, in_filter)

    def _name(self, name: str, bound: frozenset[str], in_filter: bool) -> None:
        if name not in bound:
            unsure = in_filter or name in self.builtins
            (self.possible if unsure else self.certain).add(name)

    def _iteration(
        self, node: s.For | s.Quantified, bound: frozenset[str], in_filter: bool
    ) -> None:
        if isinstance(node, s.For):
            bound |= {"partial"}
        for iterator in node.iterators:
            self.visit(iterator.domain, bound, in_filter)
            if iterator.last is not None:
                self.visit(iterator.last, bound, in_filter)
            bound |= {iterator.name}
        self.visit(node.body, bound, in_filter)


def free_names(node: s.Node, builtins: Collection[str]) -> FreeNames:
    """The free variables of a tree."""
    collector = _Collector(builtins)
    collector.visit(node, frozenset(), False)
    called = _called_builtins(node, builtins)
    return FreeNames(frozenset(collector.certain), frozenset(collector.possible - called))


def _called_builtins(node: s.Node, builtins: Collection[str]) -> set[str]:
    """Built-in names that occur as a function that is called."""
    result: set[str] = set()
    if isinstance(node, s.Call) and isinstance(node.function, s.Name):
        result |= {node.function.name} & set(builtins)
    for child in s.children(node):
        result |= _called_builtins(child, builtins)
    return result
