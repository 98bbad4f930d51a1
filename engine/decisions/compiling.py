"""From boxed expressions to evaluators; everything is compiled once, when the model is loaded.

A FEEL text that does not compile makes its expression null, with the FEEL message as the reason.
"""

from __future__ import annotations

from engine.decisions import elements as el
from engine.decisions.boxed_forms import (
    compile_conditional,
    compile_context,
    compile_filter,
    compile_iterator,
    compile_list,
)
from engine.decisions.functions import (
    Signature,
    compiled_function,
    compiled_invocation,
    external_function,
)
from engine.decisions.instance_types import function_reference
from engine.decisions.run import Evaluator
from engine.decisions.surroundings import Surroundings, compile_text, typed
from engine.decisions.table_compiling import compile_table
from engine.decisions.type_table import TypeTable
from engine.decisions.types import ANY, FunctionType


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


def _compile(expression: el.Expression, around: Surroundings) -> Evaluator:
    inner = around.inside()
    match expression:
        case el.Literal():
            text = el.Text(expression.text, expression.place, expression.language)
            return compile_text(text, around)
        case el.TableBox():
            return compile_table(expression, around)
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


def function_result(type_ref: str, types: TypeTable) -> str:
    """What the type of a function says about its result.

    Modellers write the function's own type there, or just the type of its result.
    """
    definition = types.definition(type_ref)
    if definition is not None and definition.is_function:
        return definition.function_output or ""
    return "" if isinstance(types.get(type_ref), FunctionType) else type_ref


def signature_of(
    box: el.FunctionBox, name: str, types: TypeTable, result_type: str = ""
) -> Signature:
    """What a boxed function takes and gives.

    The result's type stands on what holds the function (``result_type``) or on the function.
    """
    refs = (function_result(ref, types) for ref in (result_type, box.type_ref))
    result = next((ref for ref in refs if types.get(ref) is not ANY), "")
    return Signature(
        name=name,
        parameters=tuple((found, types.get(found.type_ref)) for found in box.parameters),
        result=types.get(result),
        place=box.place,
        reference=function_reference((found.type_ref for found in box.parameters), result, types),
    )
