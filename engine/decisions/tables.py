"""Decision tables: compiled once, then evaluated as often as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.decisions.cell_tests import CellTest
from engine.decisions.elements import HitPolicy, OutputClause, Place, Rule, TableBox
from engine.decisions.explanation import MatchedRule, TableTrace
from engine.decisions.feel_binding import FeelError, Tests
from engine.decisions.hit_policies import (
    MULTIPLE_HITS,
    Outputs,
    PolicyBroken,
    Priorities,
    aggregate,
    choose,
)
from engine.decisions.run import Evaluator, Run, Scope
from engine.decisions.types import ANY, ListType, Type, coerce
from engine.decisions.wording import type_in_words


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A compiled input column; ``allowed`` is None when every value is."""

    label: str
    value: Evaluator
    allowed: Tests | None
    place: Place


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A compiled output column; ``order`` lists its allowed values, most important first."""

    name: str
    type: Type
    default: Evaluator | None
    order: tuple[Any, ...] | None
    place: Place


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A compiled rule: only the cells that test something, as (column, test, number).

    Equal cells of one column have one number, so that an evaluation asks each of them once.
    """

    rule: Rule
    tests: tuple[tuple[int, CellTest, int], ...]
    outputs: tuple[Evaluator, ...]


class CompiledTable:
    """A decision table that can be asked for its answer."""

    def __init__(
        self,
        table: TableBox,
        inputs: tuple[InputColumn, ...],
        outputs: tuple[OutputColumn, ...],
        rules: tuple[CompiledRule, ...],
    ) -> None:
        self._table = table
        self._inputs = inputs
        self._outputs = outputs
        self._rules = rules
        self._priorities: Priorities = tuple(column.order for column in outputs)
        self._first_only = table.hit_policy is HitPolicy.FIRST

    def evaluate(self, scope: Scope, run: Run) -> Any:
        """The answer; null with a reason if the hits break the hit policy."""
        try:
            values = self._values(scope, run)
            if values is None:
                return None
            matching = self._matching(values, scope, run)
        except FeelError as error:
            run.null(error.message, self._table.place)
            return None
        hits = [self._outputs_of(rule, scope, run) for rule in matching]
        try:
            answer = self._answer(hits, scope, run)
        except PolicyBroken as broken:
            run.null(f"{broken} Regels: {_numbers(matching)}.", self._table.place)
            answer = None
        if run.tables is not None:
            run.tables.append(self._trace(values, matching, hits, answer))
        return answer

    def _values(self, scope: Scope, run: Run) -> list[Any] | None:
        values = []
        for column in self._inputs:
            value = column.value(scope, run)
            if (
                column.allowed is not None
                and value is not None
                and column.allowed.test(value, scope, run.now) is not True
            ):
                run.null(
                    f"De waarde van '{column.label}' is niet een van de toegestane waarden.",
                    column.place,
                )
                return None
            values.append(value)
        return values

    def _matching(self, values: list[Any], scope: Scope, run: Run) -> list[CompiledRule]:
        found = []
        now = run.now
        answers: dict[int, bool] = {}
        for rule in self._rules:
            for column, test, number in rule.tests:
                answer = answers.get(number)
                if answer is None:
                    answer = test(values[column], scope, now)
                    answers[number] = answer
                if not answer:
                    break
            else:
                found.append(rule)
                if self._first_only:
                    break
        return found

    def _outputs_of(self, rule: CompiledRule, scope: Scope, run: Run) -> Outputs:
        values = []
        for cell, evaluator, column in zip(
            rule.rule.outputs, rule.outputs, self._outputs, strict=True
        ):
            value, fits = coerce(evaluator(scope, run), column.type)
            if not fits:
                run.null(
                    f"De uitkomst van regel {rule.rule.number} in '{column.name}' "
                    f"is geen {type_in_words(column.type.name)}.",
                    cell.place,
                )
            values.append(value)
        return tuple(values)

    def _answer(self, hits: list[Outputs], scope: Scope, run: Run) -> Any:
        policy, aggregation = self._table.hit_policy, self._table.aggregation
        if not hits:
            return self._without_hits(scope, run)
        chosen = choose(policy, hits, self._priorities)
        if policy is HitPolicy.COLLECT and aggregation is not None:
            if len(self._outputs) != 1:
                raise PolicyBroken(
                    f"{aggregation.value} kan alleen bij een tabel met een uitvoerkolom."
                )
            return aggregate(aggregation, [outputs[0] for outputs in chosen])
        if policy in MULTIPLE_HITS:
            return [self._shape(outputs) for outputs in chosen]
        return self._shape(chosen[0])

    def _without_hits(self, scope: Scope, run: Run) -> Any:
        aggregation = self._table.aggregation
        if any(column.default is not None for column in self._outputs):
            default = self._shape(
                tuple(
                    None if column.default is None else column.default(scope, run)
                    for column in self._outputs
                )
            )
            many = self._table.hit_policy in MULTIPLE_HITS and aggregation is None
            return [default] if many and not isinstance(default, list) else default
        if self._table.hit_policy is HitPolicy.COLLECT and aggregation is not None:
            return aggregate(aggregation, [])
        run.null("Geen enkele regel past bij de invoer.", self._table.place)
        return None

    def _shape(self, outputs: Outputs) -> Any:
        """One value for a table with one output column, else a context."""
        if len(self._outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self._outputs, outputs, strict=True)}

    def _trace(
        self, values: list[Any], matching: list[CompiledRule], hits: list[Outputs], answer: Any
    ) -> TableTrace:
        names = [column.name for column in self._outputs]
        return TableTrace(
            hit_policy=self._table.hit_policy.value,
            inputs=tuple(
                (column.label, value) for column, value in zip(self._inputs, values, strict=True)
            ),
            matched=tuple(
                MatchedRule(
                    rule.rule.place.element_id,
                    rule.rule.number,
                    dict(zip(names, outputs, strict=True)),
                    rule.rule.annotations,
                )
                for rule, outputs in zip(matching, hits, strict=True)
            ),
            value=answer,
        )


def output_type(clause: OutputClause, policy: HitPolicy, types: Callable[[str], Type]) -> Type:
    """The type of one cell of an output column.

    Some modellers write the type of the whole answer (a collection) on the column of a table
    that collects; the cells then hold its items.
    """
    found = types(clause.type_ref)
    if policy in MULTIPLE_HITS and isinstance(found, ListType):
        return ANY
    return found


def output_name(clause: OutputClause) -> str:
    """The name of an output column: its name, else its label, else ``output``."""
    return clause.name or clause.label or DEFAULT_OUTPUT_NAME


DEFAULT_OUTPUT_NAME: Final = "output"


def _numbers(rules: list[CompiledRule]) -> str:
    return ", ".join(str(rule.rule.number) for rule in rules)
