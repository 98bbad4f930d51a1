"""From boxed expressions to evaluators; everything is compiled once, when the model is loaded.

A FEEL text that does not compile makes its expression null, with the FEEL message as the reason.
A table with one such cell is null as a whole: a rule is never skipped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.decisions import elements as el
from engine.decisions.boxed_forms import (
    compile_conditional,
    compile_context,
    compile_filter,
    compile_iterator,
    compile_list,
)
from engine.decisions.feel_binding import (
    FeelError,
    TypeTests,
    compile_expression,
    compile_tests,
    is_feel,
)
from engine.decisions.functions import (
    Signature,
    compiled_function,
    compiled_invocation,
    external_function,
)
from engine.decisions.run import Evaluator, Run, Scope
from engine.decisions.tables import (
    CompiledRule,
    CompiledTable,
    InputColumn,
    OutputColumn,
    output_name,
    output_type,
)
from engine.decisions.type_table import TypeTable
from engine.decisions.types import ANY, coerce


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression is compiled in.

    Attributes:
        types: the types of the model.
        instances: the same for ``instance of``.
        names: names of more than one word that a FEEL text may contain.
        language: the model's own expression language; empty means FEEL.
        result_type: type reference of what holds the expression (a decision's variable).
    """

    types: TypeTable
    instances: TypeTests
    names: frozenset[str]
    language: str = ""
    result_type: str = ""

    def knowing(self, *names: str) -> Surroundings:
        """The same with more names."""
        return replace(self, names=self.names | set(names), result_type="")

    def inside(self) -> Surroundings:
        """The same for a part of the expression, which has another result."""
        return replace(self, result_type="")


def compile_boxed(expression: el.Expression | None, around: Surroundings) -> Evaluator:
    """The evaluator of a boxed expression; an absent one is null."""
    if expression is None:
        return lambda scope, run: None
    evaluator = _compile(expression, around)
    type_ref = "" if isinstance(expression, el.FunctionBox) else expression.type_ref
    # a table's type may be written for one cell or for the whole answer; the holder's type decides
    if not type_ref or isinstance(expression, el.TableBox):
        return evaluator
    return typed(evaluator, type_ref, around.types, expression.place)


def typed(evaluator: Evaluator, type_ref: str, types: TypeTable, place: el.Place) -> Evaluator:
    """An evaluator whose value is coerced to a type; a value that does not fit becomes null."""
    wanted = types.get(type_ref)
    if wanted is ANY:
        return evaluator

    def evaluate(scope: Scope, run: Run) -> Any:
        value, fits = coerce(evaluator(scope, run), wanted)
        if not fits:
            run.null(f"De waarde past niet bij het type '{wanted.name}'.", place)
        return value

    return evaluate


def _compile(expression: el.Expression, around: Surroundings) -> Evaluator:
    inner = around.inside()
    match expression:
        case el.Literal():
            text = el.Text(expression.text, expression.place, expression.language)
            return compile_text(text, around)
        case el.TableBox():
            return _table(expression, around)
        case el.ContextBox():
            return _context(expression, inner)
        case el.ListBox():
            return compile_list([compile_boxed(item, inner) for item in expression.items])
        case el.RelationBox():
            return _relation(expression, inner)
        case el.FunctionBox():
            return _function(expression, "functie", inner)
        case el.InvocationBox():
            bindings = [
                (found.parameter.name, compile_boxed(found.expression, inner))
                for found in expression.bindings
            ]
            function = compile_boxed(expression.function, inner)
            return compiled_invocation(function, bindings, expression.place)
        case el.ConditionalBox():
            parts = (expression.condition, expression.then, expression.otherwise)
            condition, then, otherwise = (compile_boxed(part, inner) for part in parts)
            return compile_conditional(condition, then, otherwise, expression.place)
        case el.FilterBox():
            match_names = inner.knowing("item")
            return compile_filter(
                compile_boxed(expression.source, inner),
                compile_boxed(expression.match, match_names),
                expression.place,
            )
        case el.IteratorBox():
            name = expression.variable.name
            return compile_iterator(
                expression.kind,
                name,
                compile_boxed(expression.source, inner),
                compile_boxed(expression.body, inner.knowing(name, "partial")),
                expression.place,
            )


def compile_text(text: el.Text, around: Surroundings) -> Evaluator:
    """The evaluator of one FEEL text; an empty text is null."""
    if not text.text.strip():
        return lambda scope, run: None
    if not is_feel(text.language or around.language):
        return _always_null(
            f"De expressietaal '{text.language or around.language}' wordt niet uitgevoerd.",
            text.place,
        )
    try:
        return compile_expression(text.text, around.names, text.place, around.instances)
    except FeelError as error:
        return _always_null(error.message, text.place)


def _always_null(message: str, place: el.Place) -> Evaluator:
    def evaluate(scope: Scope, run: Run) -> None:
        run.null(message, place)

    return evaluate


def _context(box: el.ContextBox, around: Surroundings) -> Evaluator:
    entries: list[tuple[str | None, Evaluator]] = []
    for entry in box.entries:
        if entry.variable is None:
            entries.append((None, compile_boxed(entry.expression, around)))
            continue
        name = entry.variable.name
        if isinstance(entry.expression, el.FunctionBox):
            evaluator = _function(entry.expression, name, around.knowing(name))
        else:
            evaluator = compile_boxed(entry.expression, around)
            evaluator = typed(evaluator, entry.variable.type_ref, around.types, entry.place)
        entries.append((name, evaluator))
        around = around.knowing(name)
    return compile_context(entries)


def _relation(box: el.RelationBox, around: Surroundings) -> Evaluator:
    rows = []
    for row in box.rows:
        cells: list[tuple[str | None, Evaluator]] = []
        for column, cell in zip(box.columns, row, strict=False):
            evaluator = compile_boxed(cell, around)
            place = box.place if cell is None else cell.place
            cells.append((column.name, typed(evaluator, column.type_ref, around.types, place)))
        rows.append(compile_context(cells, visible=False))
    return compile_list(rows)


def _function(box: el.FunctionBox, name: str, around: Surroundings) -> Evaluator:
    signature = signature_of(box, name, around.types)
    if box.kind != "FEEL":
        return external_function(signature, box.kind)
    inner = around.knowing(*(parameter.name for parameter in box.parameters))
    return compiled_function(signature, compile_boxed(box.body, inner))


def signature_of(
    box: el.FunctionBox, name: str, types: TypeTable, result_type: str = ""
) -> Signature:
    """What a boxed function takes and gives."""
    return Signature(
        name=name,
        parameters=tuple((found, types.get(found.type_ref)) for found in box.parameters),
        result=types.get(result_type),
        place=box.place,
    )


def _table(table: el.TableBox, around: Surroundings) -> Evaluator:
    inner = around.inside()
    try:
        inputs = tuple(_input_column(clause, inner) for clause in table.inputs)
        outputs = tuple(_output_column(clause, table, around) for clause in table.outputs)
        rules = tuple(_rule(rule, inner) for rule in table.rules)
    except _CellBroken as broken:
        return _always_null(broken.message, broken.place)
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


def _rule(rule: el.Rule, around: Surroundings) -> CompiledRule:
    tests = tuple(
        (column, _cell_tests(cell, around))
        for column, cell in enumerate(rule.inputs)
        if cell.text.strip() not in ("", "-")
    )
    return CompiledRule(rule, tests, tuple(_cell_text(cell, around) for cell in rule.outputs))


def _cell_tests(cell: el.Text, around: Surroundings) -> Any:
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
