"""Input and output mappings by Camunda 8's rules: which variables stay local, which go out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Kind
from engine.execution import variables
from engine.execution.loops import collected
from engine.execution.tokens import Token


def map_inputs(token: Token) -> None:
    """Make the local variables of the input mappings, each seeing those before it."""
    if not token.element.inputs:
        return
    made: dict[str, Any] = {}
    seen = variables.visible(token, made)
    for mapping in token.element.inputs:
        value = _value(token, mapping.source, seen, f"Invoer {mapping.target}")
        _put(made, mapping.target, value, {})
    token.data.update(made)


def map_outputs(token: Token, scope: Token) -> None:
    """Bring out what the element made: all of it, or what its output mappings say.

    Either all mappings take effect or none, so that a retry after a failure repeats nothing.
    """
    internal, element = token.internal_data, token.element
    if "loop" in internal:
        loop = element.loop
        if loop is not None and loop.output_collection and not loop.standard:
            variables.propagate(scope, {loop.output_collection: collected(token, loop)})
        return
    result: dict[str, Any] = internal.pop("result", {})
    if not element.outputs:
        if "child" in internal and not element.propagate_all_child:
            return
        begins = scope.element.triggered_by_event and element.kind is Kind.START_EVENT
        if begins and not element.brings_all:  # each time it happens has what came with it
            scope.data.update(result)
        else:
            variables.propagate(token, result)
        return
    if element.brings_all:
        variables.propagate(token, result)
    else:
        token.data.update(result)
    target = token if "inner" in internal else scope
    around = own = _NONE
    made: dict[str, Any] = {}
    mine = made  # a part that went out hides nothing of what the element itself has
    if any("." in mapping.target for mapping in element.outputs):
        around, own, mine = variables.visible(target), variables.visible(token), {}
    seen = variables.visible(token, mine)
    for mapping in element.outputs:
        value = _value(token, mapping.source, seen, f"Uitvoer {mapping.target}")
        _put(made, mapping.target, value, around)
        if mine is not made:
            _put(mine, mapping.target, value, own)
    variables.propagate(target, made)


_NONE: Mapping[str, Any] = {}


def _value(token: Token, source: str, seen: Mapping[str, Any], what: str) -> Any:
    return variables.stored(
        variables.evaluate(source, seen, token.workflow.now, what=what), what=what
    )


def _put(made: dict[str, Any], target: str, value: Any, around: Mapping[str, Any]) -> None:
    """Set ``a`` or ``a.b.c``; a path keeps the other fields of what is there already."""
    name, *path = target.split(".")
    if not path:
        made[name] = value
        return
    there = made[name] if name in made else around.get(name)
    whole: dict[str, Any] = dict(there) if isinstance(there, Mapping) else {}
    inner = whole
    for step in path[:-1]:
        below = inner.get(step)
        inner[step] = dict(below) if isinstance(below, Mapping) else {}
        inner = inner[step]
    inner[path[-1]] = value
    made[name] = whole
