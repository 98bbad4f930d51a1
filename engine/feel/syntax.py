"""The syntax tree of FEEL. ``at`` is the 0-based offset in the text and plays no part in
equality, so that two texts that mean the same have equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    at: int = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or ``@"..."`` value; ``source`` is the text of the latter."""

    value: Any
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function by name, spaces normalised."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``base.name``."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``base[condition]`` or ``base[index]``."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """An arithmetic, comparison or logical operator between two expressions."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests; ``negated`` for ``not(...)``, ``any_value`` for ``-``."""

    tests: tuple[Node, ...]
    negated: bool = False
    any_value: bool = False


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A unary test with an operator, such as ``>= 10``; as an expression, a range."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class TypeRef(Node):
    """A type: a name, or ``list``/``range`` with one argument, ``context`` with named members,
    ``function`` with parameter types and a result.
    """

    name: str
    arguments: tuple[TypeRef, ...] = ()
    members: tuple[str, ...] = ()
    result: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: TypeRef


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in domain`` or ``name in domain..last``."""

    name: str
    domain: Node
    last: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterators return body``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every`` iterators ``satisfies`` body."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``function(parameters) body``; an external one has no body that can be run here."""

    parameters: tuple[tuple[str, TypeRef | None], ...]
    body: Node
    external: bool = False
    result: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function call, with ``names`` for named arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b, c]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{key: value, ...}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """``[start..end]`` with either side open or closed."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


def children(node: Node) -> list[Node]:
    """The parts of a node, in the order of the text."""
    result: list[Node] = []
    for name in node.__dataclass_fields__:
        _collect(getattr(node, name), result)
    return result


def _collect(part: object, result: list[Node]) -> None:
    if isinstance(part, Node):
        result.append(part)
    elif isinstance(part, tuple):
        for item in part:
            _collect(item, result)


def mentions(node: Node, name: str) -> bool:
    """Whether a name occurs in a tree."""
    if isinstance(node, Name):
        return node.name == name
    return any(mentions(child, name) for child in children(node))
