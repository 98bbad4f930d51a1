"""Reading live tables again for what runs: values that came from a table follow its new numbers.

A process reads a table into a variable, and hands that on to the parts it calls. Where a variable
still holds just what the table gives, it gets what the table gives now, there and in the parts
that it was handed on to. What a person corrected, or what was read with other answers, stays.
Timers and due times that run keep their instants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.decisions.errors import DecisionError
from engine.definitions.errors import DefinitionError
from engine.definitions.model import Element, Kind
from engine.definitions.packages import Package
from engine.execution import variables
from engine.execution.errors import ExecutionError
from engine.execution.tokens import Token
from engine.feel.values import to_json
from engine.runtime.store import Instance


@dataclass(frozen=True, slots=True)
class Tables:
    """Two versions of a package between which numbers of live tables changed.

    ``decisions`` are those that may give something else by it.
    """

    before: Package
    after: Package
    decisions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reread:
    """A variable of an instance that has another value by the new numbers."""

    instance_id: UUID
    process_id: str
    name: str
    before: Any
    after: Any


def reread(instances: Sequence[Instance], tables: Tables, now: datetime) -> list[Reread]:
    """Set what came from the tables to what they give now; parents come before children."""
    done: list[Reread] = []
    changed: dict[UUID, dict[str, tuple[Any, Any]]] = {}
    by_id = {instance.id: instance for instance in instances}
    for instance in instances:
        held = instance.execution.variables
        found = dict(_handed_on(instance, by_id, changed, now))
        if instance.package_version == tables.before.version:
            found |= dict(_read_here(instance, tables, now))
        fitting = {
            name: (old, new)
            for name, (old, new) in found.items()
            if name in held and held[name] == old and old != new
        }
        for name, (old, new) in fitting.items():
            held[name] = variables.stored(new, what=name)
            done.append(Reread(instance.id, instance.process_id, name, old, new))
        if fitting:
            changed[instance.id] = fitting
    return done


def tell(
    instance: Instance, found: Sequence[Reread], now: datetime, note: Mapping[str, Any]
) -> None:
    """Put down for the audit what was read again in an instance."""
    execution = instance.execution
    execution.now = now
    told = {
        one.name: {"before": to_json(one.before), "after": to_json(one.after)}
        for one in found
        if one.instance_id == instance.id
    }
    if told:
        execution.report(execution.root, "reread", variables=told, **note)


def _read_here(
    instance: Instance, tables: Tables, now: datetime
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What the instance's own business rule tasks give by the old numbers, and by the new ones."""
    process = instance.execution.definition.process
    for element in process.elements.values():
        if (
            element.kind is not Kind.BUSINESS_RULE_TASK
            or element.decision_id not in tables.decisions
            or element.result_variable is None
        ):
            continue
        try:
            seen = {**instance.execution.variables, **_inputs(element, instance, now)}
            given = [
                one.evaluate_decision(element.decision_id, seen, now)
                for one in (tables.before, tables.after)
            ]
            yield from _outcomes(element, seen, given, now)
        except (ExecutionError, DecisionError, DefinitionError):
            continue  # what it asks is not known here yet: it was not read


def _inputs(element: Element, instance: Instance, now: datetime) -> Mapping[str, Any]:
    made: dict[str, Any] = {}
    for mapping in element.inputs:
        seen = {**instance.execution.variables, **made}
        made[mapping.target] = variables.evaluate(mapping.source, seen, now, what=mapping.target)
    return made


def _outcomes(
    element: Element, seen: Mapping[str, Any], given: Sequence[Any], now: datetime
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    result = element.result_variable or ""
    old, new = (variables.stored(value, what=result) for value in given)
    if not element.outputs:
        yield result, (old, new)
        return
    for mapping in element.outputs:
        if "." in mapping.target:
            continue
        values = [
            variables.evaluate(mapping.source, {**seen, result: one}, now, what=mapping.target)
            for one in (old, new)
        ]
        yield mapping.target, (values[0], values[1])


def _handed_on(
    instance: Instance,
    by_id: Mapping[UUID, Instance],
    changed: Mapping[UUID, Mapping[str, tuple[Any, Any]]],
    now: datetime,
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What the caller gave it, by the old values of the caller's variables and by the new ones."""
    parent_id, token_id = instance.parent_id, instance.parent_token_id
    if parent_id is None or token_id is None or parent_id not in changed:
        return
    token: Token | None = by_id[parent_id].execution.tasks.get(token_id)
    if token is None or token.scope is None:
        return
    values = changed[parent_id]
    after = dict(variables.visible(token.scope))
    before = {
        name: values[name][0] if name in values and value == values[name][1] else value
        for name, value in after.items()
    }
    element = token.element
    if element.propagate_all_parent:
        yield from values.items()
    for mapping in element.inputs:
        name = mapping.target
        try:
            old, new = (
                variables.evaluate(mapping.source, seen, now, what=name) for seen in (before, after)
            )
        except ExecutionError:
            continue
        before[name], after[name] = old, new  # the next mapping sees it
        yield name, (old, new)
        if name in token.data and token.data[name] == old:
            token.data[name] = variables.stored(new, what=name)
