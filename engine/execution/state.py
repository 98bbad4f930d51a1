"""The state of an instance as JSON: its tokens only, never its definition and never its history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution.definition import Definition
from engine.execution.errors import UnreadableState, VariablesTooLarge
from engine.execution.machine import DEFAULT_STEP_BUDGET, Execution
from engine.execution.tokens import Token
from engine.feel.values import from_json, read_json, to_json

Document = dict[str, Any]

FORMAT = 1
"""The form that is written. Another form gets the next number, and a step for the one before."""

STEPS: dict[int, Callable[[Document], Document]] = {}
"""By the number of an older form, what makes a state of the next form of it."""

DEFAULT_SIZE_LIMIT = 4_000_000


def dump(execution: Execution, size_limit: int = DEFAULT_SIZE_LIMIT) -> bytes:
    """The state as UTF-8 JSON.

    Raises:
        VariablesTooLarge: it has more than ``size_limit`` bytes.
    """
    standing = execution.walk()
    places = {token: index for index, token in enumerate(standing)}
    tokens = [
        [
            token.id.hex,
            None if token.scope is None else token.element.id,
            None if token.scope is None else places[token.scope],
            token.state,
            to_json(token.data) if token.data else {},
            to_json(token.internal_data),
        ]
        for token in standing
    ]
    document = {"v": FORMAT, "status": execution.status, "tokens": tokens}
    raw = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if len(raw) > size_limit:
        raise VariablesTooLarge(
            f"De gegevens van dit traject zijn te groot ({len(raw)} bytes).",
            "Bewaar teksten en lijsten in het gezinsdossier en houd in het proces alleen keuzes.",
        )
    return raw


def load(
    definition: Definition,
    raw: bytes,
    now: datetime,
    *,
    has_parent: bool = False,
    step_budget: int = DEFAULT_STEP_BUDGET,
) -> Execution:
    """The execution as it was when ``raw`` was dumped.

    Raises:
        UnreadableState: the state is damaged, of a newer form, or does not fit the definition.
    """
    execution = Execution(definition, now, has_parent=has_parent, step_budget=step_budget)
    try:
        document = read_json(raw)
        if document["v"] != FORMAT:
            document = from_json(_brought_up(json.loads(raw)))
        execution.status = document["status"]
        placed: list[Token] = []
        for hex_id, element_id, place, state, data, internal in document["tokens"]:
            spec = definition.root if element_id is None else definition.spec(element_id)
            parent = None if place is None else placed[place]
            token = Token(execution, spec, parent=parent, state=state, id=UUID(int=int(hex_id, 16)))
            token.data, token.internal_data = data, internal
            placed.append(token)
        execution.task_tree = placed[0]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnreadableState(
            "De bewaarde stand past niet bij de procesversie.",
            "Controleer of de juiste versie van het pakket gepubliceerd is.",
            process=definition.process.id,
        ) from error
    execution.variables = execution.root.data
    return execution


def _brought_up(document: Document) -> Document:
    """A state of any older form in the form of today."""
    while (form := document["v"]) != FORMAT:
        step = STEPS.get(form)
        if step is None:
            raise UnreadableState(
                f"De bewaarde stand heeft een vorm ({form}) die deze versie niet kent.",
                "Gebruik de nieuwere versie van Ketenspoor die haar schreef.",
            )
        document = {**step(document), "v": form + 1}
    return document
