"""Checking a submitted form on the server: what was sent is never trusted.

Hidden, read-only and unknown fields are dropped; whatever comes in, the answer is a result with
an error at the field, never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from engine import feel
from engine.definitions.forms.answers import (
    Node,
    fill,
    mapping_at,
    mapping_in,
    put,
    untouched,
    value_at,
)
from engine.definitions.forms.limits import MAX_ROWS
from engine.definitions.forms.messages import Invalid, ValidationError
from engine.definitions.forms.model import (
    CHOICES_MANY,
    CHOICES_ONE,
    COMPUTED,
    INPUTS,
    Field,
    Option,
)
from engine.definitions.forms.values import EMPTY, Clean, Rules, clean, to_json

Datasets: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """A checked submission.

    Attributes:
        answers: clean values in the form's shape, JSON-ready.
        errors: field path (``naam``, ``doelen[0].wie``) → what is wrong.
        process_variables: name → value for the process (numbers as Decimal, dates as dates);
            ``None`` for a field that is empty or hidden, so that every name has a value.
        bindings: family-file path → answer, JSON-ready; empty answers are left out.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, ValidationError] = field(default_factory=dict)
    process_variables: dict[str, Any] = field(default_factory=dict)
    bindings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


_CHOICES = CHOICES_ONE | CHOICES_MANY
_LIMITS = frozenset({"min", "max", "minLength", "maxLength"})


class Validator:
    """One validation of one submission."""

    def __init__(
        self,
        datasets: Datasets,
        now: datetime,
        context: Mapping[str, Any] | None,
    ) -> None:
        self._datasets = datasets
        self._now = now
        self._context = dict(context or {})
        self._result = ValidationResult()
        self._hiding: dict[str, bool] = {}

    def validate(self, fields: tuple[Field, ...], data: object) -> ValidationResult:
        """The result for the data of a whole form."""
        if not isinstance(data, Mapping):
            self._result.errors[""] = ValidationError("wrong-type")
            data = {}
        nodes = self._read(fields, data)
        scope = {**self._context}
        fill(scope, nodes)
        self._compute(nodes, scope)
        self._collect(nodes, scope, self._result.answers, "", top=True)
        return self._result

    def _read(self, fields: tuple[Field, ...], raw: Mapping[Any, object]) -> list[Node]:
        return [self._node(found, raw) for found in fields]

    def _node(self, found: Field, raw: Mapping[Any, object]) -> Node:
        node = Node(found)
        if found.type == "group":
            node.children = self._read(found.children, mapping_at(raw, found.path))
        elif found.type == "dynamiclist":
            self._rows(node, value_at(raw, found.path))
        elif found.type in INPUTS and found.path:
            source = self._context if found.locked is True else raw
            answer = value_at(source, found.path)
            if answer is None or answer == "":
                return node
            try:
                node.value = clean(found, answer, self._rules(found, answer))
            except Invalid as error:
                node.error = error
        return node

    def _rows(self, node: Node, raw: object) -> None:
        if raw is None:
            return
        if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
            node.error = Invalid("wrong-type")
        elif len(raw) > MAX_ROWS:
            node.error = Invalid("too-many-rows", limit=MAX_ROWS)
        else:
            node.rows = [self._read(node.field.children, row) for row in raw]

    def _rules(self, found: Field, answer: object) -> Rules:
        chosen = found.type in _CHOICES and answer not in (None, "", [])
        options = self._options(found) if chosen else ()  # a list may have to be fetched
        if _LIMITS.isdisjoint(found.rules):
            return Rules(options=options, now=self._now)
        return Rules(
            options=options,
            minimum=self._number(found.rules.get("min")),
            maximum=self._number(found.rules.get("max")),
            min_length=_whole(self._number(found.rules.get("minLength"))),
            max_length=_whole(self._number(found.rules.get("maxLength"))),
            now=self._now,
        )

    def _options(self, found: Field) -> Sequence[Option]:
        given: object = None
        if found.options_key is not None:
            given = self._datasets.get(found.options_key)
            if given is None:
                given = value_at(self._context, tuple(found.options_key.split(".")))
        elif found.options_expression is not None:
            given = to_json(self._evaluate(found.options_expression, self._context))
        else:
            return found.options
        if not isinstance(given, Sequence) or isinstance(given, str):
            return ()
        return tuple(
            Option(str(item.get("label", "")), item.get("value"))
            if isinstance(item, Mapping)
            else Option(str(item), item)
            for item in given
        )

    def _number(self, value: object) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, str) and value.strip().startswith("="):
            value = self._evaluate(value.strip().removeprefix("="), self._context)
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float | Decimal | str):
            try:
                number = Decimal(str(value).strip())
            except ArithmeticError:
                return None
            return number if number.is_finite() else None
        return None

    def _evaluate(self, expression: str, scope: Mapping[str, Any]) -> Any:
        try:
            return feel.compile(expression).evaluate(scope, now=self._now)
        except feel.FeelError:
            return None

    def _compute(self, nodes: list[Node], scope: dict[str, Any]) -> None:
        """Expression fields, in order; each sees those before it."""
        for node in nodes:
            if node.field.type in COMPUTED and node.field.expression and node.field.path:
                value = self._evaluate(node.field.expression, scope)
                node.value = Clean(to_json(value), value)
                put(scope, node.field.path, value)
            elif node.field.type == "group":
                self._compute(node.children, scope)

    def _collect(
        self,
        nodes: list[Node],
        scope: Mapping[str, Any],
        answers: dict[str, Any],
        prefix: str,
        *,
        top: bool,
        hidden: bool = False,
    ) -> None:
        for node in nodes:
            found = node.field
            gone = hidden or self._is_hidden(found, scope, top=top)
            path = prefix + ".".join(found.path)
            if found.type == "group":
                inner = mapping_in(answers, found.path) if not gone else {}
                at = f"{path}." if found.path else prefix
                self._collect(node.children, scope, inner, at, top=top, hidden=gone)
                continue
            if not found.path or found.type not in INPUTS | COMPUTED | {"dynamiclist"}:
                continue
            locked = found.locked is True or (
                isinstance(found.locked, str) and self._evaluate(found.locked, scope) is True
            )
            if locked and found.locked is not True:
                self._from_context(node)
            value = EMPTY if gone else self._value(node, scope, path, locked=locked)
            if not value.is_empty or isinstance(value.json, bool):
                put(answers, found.path, value.json)
            if top:
                self._travels(found, value)

    def _is_hidden(self, found: Field, scope: Mapping[str, Any], *, top: bool) -> bool:
        """Fields that hide together share a condition: outside rows it is asked once."""
        condition = found.hide
        if condition is None:
            return False
        if not top:
            return self._evaluate(condition, scope) is True
        known = self._hiding.get(condition)
        if known is None:
            known = self._hiding[condition] = self._evaluate(condition, scope) is True
        return known

    def _from_context(self, node: Node) -> None:
        node.error = None
        try:
            raw = value_at(self._context, node.field.path)
            node.value = clean(node.field, raw, self._rules(node.field, raw))
        except Invalid as error:
            node.error = error

    def _value(self, node: Node, scope: Mapping[str, Any], path: str, *, locked: bool) -> Clean:
        """The value of a shown field; what is wrong goes to the result's errors."""
        found = node.field
        if locked and node.error is not None:
            return EMPTY
        if node.error is not None:
            self._wrong(node, path, node.error.code, node.error.params)
            return EMPTY
        value = self._row_values(node, scope, path) if found.type == "dynamiclist" else node.value
        missing = value.is_empty or (found.type == "checkbox" and value.json is False)
        if missing and found.required and not locked:
            self._wrong(node, path, _required_code(found), {})
        if found.type == "checkbox" and value.json is None:
            return Clean(False, False)
        return value

    def _row_values(self, node: Node, scope: Mapping[str, Any], path: str) -> Clean:
        kept: list[dict[str, Any]] = []
        for index, row in enumerate(node.rows):
            if all(untouched(inner) for inner in row):
                continue
            local: dict[str, Any] = {}
            fill(local, row)
            inner_scope = {**scope, **local, "this": local, "parent": scope, "i": index + 1}
            self._compute(row, inner_scope)
            answers: dict[str, Any] = {}
            self._collect(row, inner_scope, answers, f"{path}[{index}].", top=False)
            kept.append(answers)
        return Clean(kept, [dict(row) for row in kept]) if kept else EMPTY

    def _wrong(self, node: Node, path: str, code: str, params: Mapping[str, object]) -> None:
        self._result.errors[path] = ValidationError(
            code, dict(params), field_id=node.field.id, label=node.field.label
        )

    def _travels(self, found: Field, value: Clean) -> None:
        if found.process_variable:
            name = found.path[-1]
            if not value.is_empty or name not in self._result.process_variables:
                self._result.process_variables[name] = None if value.is_empty else value.feel
        if found.dossier is not None and not value.is_empty:
            self._result.bindings[found.dossier] = value.json


def _required_code(found: Field) -> str:
    if found.type == "checkbox":
        return "required-check"
    if found.type == "dynamiclist":
        return "required-row"
    return "required-choice" if found.type in _CHOICES else "required"


def _whole(number: Decimal | None) -> int | None:
    return None if number is None or not 0 <= number <= 1_000_000 else int(number)
