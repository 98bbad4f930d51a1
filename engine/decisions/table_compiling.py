"""From decision tables to compiled tables.

A table with one cell that does not compile is null as a whole: a rule is never skipped in silence.
"""

from __future__ import annotations

from typing import Any

from engine.decisions import elements as el
from engine.decisions.cell_tests import cell_test
from engine.decisions.feel_binding import (
    FeelError,
    Tests,
    compile_expression,
    compile_tests,
    is_feel,
)
from engine.decisions.run import Evaluator, Run
from engine.decisions.surroundings import Surroundings, always_null, typed
from engine.decisions.tables import (
    CompiledRule,
    CompiledTable,
    InputColumn,
    OutputColumn,
    output_name,
    output_type,
)


def compile_table(table: el.TableBox, around: Surroundings) -> Evaluator:
    """The evaluator of a decision table."""
    inner = around.inside()
    try:
        inputs = tuple(_input_column(clause, inner) for clause in table.inputs)
        outputs = tuple(_output_column(clause, table, around) for clause in table.outputs)
        numbers: dict[tuple[int, str, str], int] = {}
        rules = tuple(_rule(rule, inner, numbers) for rule in table.rules)
    except _CellBroken as broken:
        return always_null(broken.message, broken.place)
    return CompiledTable(table, inputs, outputs, rules).evaluate


class _CellBroken(Exception):
    def __init__(self, message: str, place: el.Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def _input_column(clause: el.InputClause, around: Surroundings) -> InputColumn:
    evaluator = _cell_text(clause.expression, around)
    return InputColumn(
        label=clause.label or clause.expression.text.strip(),
        value=typed(evaluator, clause.type_ref, around.types, clause.place),
        allowed=None if clause.allowed is None else _cell_tests(clause.allowed, around),
        place=clause.place,
    )


def _output_column(
    clause: el.OutputClause, table: el.TableBox, around: Surroundings
) -> OutputColumn:
    inner = around.inside()
    return OutputColumn(
        name=output_name(clause),
        type=output_type(clause, table.hit_policy, around.types.get),
        default=None if clause.default is None else _cell_text(clause.default, inner),
        order=_order(_allowed_outputs(clause, table, around), inner),
        place=clause.place,
    )


def _allowed_outputs(
    clause: el.OutputClause, table: el.TableBox, around: Surroundings
) -> el.Text | None:
    if clause.allowed is not None:
        return clause.allowed
    type_refs = [clause.type_ref]
    if len(table.outputs) == 1:
        type_refs += [table.type_ref, around.result_type]
    found = (around.types.allowed_values(name) for name in type_refs if name)
    return next((text for text in found if text is not None), None)


def _order(allowed: el.Text | None, around: Surroundings) -> tuple[Any, ...] | None:
    """The listed values; None when they are not a plain list of values."""
    if allowed is None:
        return None
    try:
        listed = compile_expression(f"[{allowed.text}]", around.names, allowed.place)
    except FeelError:
        return None
    values = listed({}, Run(None, explain=False))
    return tuple(values) if isinstance(values, list) else None


def _rule(
    rule: el.Rule, around: Surroundings, numbers: dict[tuple[int, str, str], int]
) -> CompiledRule:
    tests = []
    for column, cell in enumerate(rule.inputs):
        if cell.text.strip() not in ("", "-"):
            key = (column, cell.text.strip(), cell.language)
            number = numbers.setdefault(key, len(numbers))
            tests.append((column, cell_test(_cell_tests(cell, around)), number))
    outputs = tuple(_cell_text(cell, around) for cell in rule.outputs)
    return CompiledRule(rule, tuple(tests), outputs)


def _cell_tests(cell: el.Text, around: Surroundings) -> Tests:
    _check_language(cell, around)
    try:
        return compile_tests(cell.text, around.names, around.instances)
    except FeelError as error:
        raise _CellBroken(error.message, cell.place) from None


def _cell_text(cell: el.Text, around: Surroundings) -> Evaluator:
    if not cell.text.strip():
        return lambda scope, run: None
    _check_language(cell, around)
    try:
        return compile_expression(cell.text, around.names, cell.place, around.instances)
    except FeelError as error:
        raise _CellBroken(error.message, cell.place) from None


def _check_language(cell: el.Text, around: Surroundings) -> None:
    language = cell.language or around.language
    if not is_feel(language):
        raise _CellBroken(f"De expressietaal '{language}' wordt niet uitgevoerd.", cell.place)
