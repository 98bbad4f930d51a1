"""Variables that a person corrects where an incident stopped a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.execution.tokens import Token
from engine.feel.values import to_json


def made_by_inputs(token: Token) -> set[str]:
    """The local variables that the element's input mappings make anew when it is entered again."""
    loop = token.element.loop
    own = {loop.input_element} if loop is not None and "inner" in token.internal_data else set()
    return {mapping.target.split(".")[0] for mapping in token.element.inputs} - own


def holders(token: Token) -> dict[str, Token]:
    """By name, the token that holds each variable which a retry will see.

    What the element's input mappings make is left out where a retry maps them again: there the
    variables that they are made from are the ones to correct.
    """
    incident = token.internal_data.get("incident", {})
    remade = made_by_inputs(token) if incident.get("phase") == "run" else set()
    found: dict[str, Token] = {}
    scope: Token | None = token
    while scope is not None:
        for name in scope.data:
            if scope is not token or name not in remade:
                found.setdefault(name, scope)
        scope = scope.scope
    return found


def put(token: Token, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set each variable where it is held, a new one at the process; for the audit what changed."""
    places, root = holders(token), token.workflow.root
    told: dict[str, Any] = {}
    for name, value in values.items():
        place = places.get(name, root)
        told[name] = {
            "before": to_json(place.data.get(name)),
            "after": to_json(value),
            "at": place.element.id,
        }
        place.data[name] = value
    return told
