"""Answers in the shape of their form: nodes with rows and groups, and values at paths."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.forms.messages import Invalid
from engine.definitions.forms.model import Field
from engine.definitions.forms.values import EMPTY, Clean


@dataclass(slots=True)
class Node:
    """A field with what was answered; a list holds its rows."""

    field: Field
    value: Clean = EMPTY
    error: Invalid | None = None
    children: list[Node] = dataclasses.field(default_factory=list)
    rows: list[list[Node]] = dataclasses.field(default_factory=list)


def untouched(node: Node) -> bool:
    """Whether nothing was filled in, in a field of a row or anything below it."""
    if node.error is not None or (not node.value.is_empty and node.value.json is not False):
        return False
    return all(map(untouched, node.children)) and all(
        untouched(inner) for row in node.rows for inner in row
    )


def value_at(data: object, path: tuple[str, ...]) -> object:
    """The value at a path; None when there is none."""
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def mapping_at(data: Mapping[Any, object], path: tuple[str, ...]) -> Mapping[Any, object]:
    """The mapping at a path; an empty one when there is none."""
    found = value_at(data, path)
    return found if isinstance(found, Mapping) else {}


def mapping_in(target: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The dict at a path of ``target``, made where it is missing."""
    for key in path:
        inner = target.get(key)
        # a copy, so that the caller's own context is never written to
        target[key] = dict(inner) if isinstance(inner, Mapping) else {}
        target = target[key]
    return target


def put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value at a path of ``target``."""
    mapping_in(target, path[:-1])[path[-1]] = value


def fill(scope: dict[str, Any], nodes: list[Node]) -> None:
    """Put every declared field into a scope, empty ones as None, so that FEEL knows the names."""
    for node in nodes:
        found = node.field
        if found.type == "group":
            inner = mapping_in(scope, found.path)
            fill(inner, node.children)
        elif found.type == "dynamiclist" and found.path:
            rows: list[dict[str, Any]] = []
            for row in node.rows:
                local: dict[str, Any] = {}
                fill(local, row)
                rows.append(local)
            put(scope, found.path, rows)
        elif found.path:
            put(scope, found.path, node.value.feel)
