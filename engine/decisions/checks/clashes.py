"""Type clashes in decision tables: constants that cannot be of the column's type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.decisions.checks.cells import NotSimple, bounds_of, is_constant
from engine.decisions.checks.declared import Declarations
from engine.decisions.checks.spaces import is_dash
from engine.decisions.elements import (
    Aggregation,
    HitPolicy,
    InputClause,
    OutputClause,
    Place,
    TableBox,
    Text,
)
from engine.decisions.feel_binding import (
    FeelError,
    compile_tests,
    constant_of,
    kind_of,
    parse_expression,
    parse_tests,
)
from engine.decisions.findings import Finding, finding
from engine.decisions.texts import column_name
from engine.decisions.type_table import TypeTable
from engine.decisions.wording import type_in_words, value_in_words


@dataclass(frozen=True, slots=True)
class TypeCheck:
    """A table and what its findings need.

    ``result_type`` is the type reference of what holds the table: the decision's variable.
    """

    table: TableBox
    declarations: Declarations
    owner: str
    names: frozenset[str]
    result_type: str = ""

    @property
    def types(self) -> TypeTable:
        """The types of the model."""
        return self.declarations.types


def clash_findings(check: TypeCheck) -> Iterator[Finding]:
    """The clashes of every column and cell, and of the aggregation."""
    for position, clause in enumerate(check.table.inputs):
        yield from _input_column(check, clause, position)
    for position, output in enumerate(check.table.outputs):
        yield from _output_column(check, output, position)
    yield from _aggregation(check)
    yield from _priorities(check)


def _input_column(check: TypeCheck, clause: InputClause, position: int) -> Iterator[Finding]:
    kind = check.types.base_name(clause.type_ref)
    declared = check.declarations.of_text(clause.expression.text).kind
    if kind and declared and not _fit(declared, kind):
        yield _clash(
            check,
            clause.expression.place,
            f"Invoerkolom '{column_name(clause)}' verwacht een {type_in_words(kind)}, "
            f"maar '{clause.expression.text.strip()}' is een {type_in_words(declared)}.",
        )
    kind = kind or declared
    allowed = check.declarations.of_column(clause).allowed
    if clause.allowed is not None:
        where = f"de toegestane waarden van '{column_name(clause)}'"
        yield from _constants(check, clause.allowed, kind, where)
    for rule in check.table.rules:
        cell = rule.inputs[position]
        if not is_dash(cell):
            where = f"regel {rule.number}, kolom '{column_name(clause)}'"
            clashes = list(_constants(check, cell, kind, where))
            yield from clashes or _not_allowed_test(check, cell, allowed, where)


def _constants(check: TypeCheck, cell: Text, kind: str, where: str) -> Iterator[Finding]:
    try:
        bounds = bounds_of(parse_tests(cell.text, check.names))
    except (NotSimple, FeelError):
        return
    for bound in bounds:
        if bound is None and "null" not in cell.text:
            yield finding(
                "error",
                "constant-invalid",
                cell.place,
                f"{_capital(where)}: een waarde in '{cell.text.strip()}' bestaat niet.",
                'Controleer datums, tijden en duren, bijvoorbeeld date("2026-01-31").',
                name=check.owner,
            )
        elif bound is not None and kind and not _is_of(bound, _tested_kind(kind)):
            yield _wrong(check, cell.place, where, bound, kind)


def _not_allowed_test(
    check: TypeCheck, cell: Text, allowed: Text | None, where: str
) -> Iterator[Finding]:
    """An enumerated value that the column does not allow: mostly a typing error."""
    try:
        values = bounds_of(parse_tests(cell.text, check.names))
    except (NotSimple, FeelError):
        return
    if allowed is not None:
        texts = [value for value in values if isinstance(value, str)]
        yield from _outside(check, cell, texts, allowed, where)


def _output_column(check: TypeCheck, output: OutputClause, position: int) -> Iterator[Finding]:
    kind = check.types.base_name(output.type_ref)
    allowed = output.allowed or check.types.allowed_values(output.type_ref)
    cells = [
        (rule.outputs[position], f"regel {rule.number}, kolom '{column_name(output)}'")
        for rule in check.table.rules
    ]
    if output.default is not None:
        cells.append((output.default, f"de standaardwaarde van '{column_name(output)}'"))
    for cell, where in cells:
        for value in _constant_value(check, cell):
            if value is not None and kind and not _is_of(value, kind):
                yield _wrong(check, cell.place, where, value, kind)
            elif value is not None and allowed is not None:
                yield from _outside(check, cell, [value], allowed, where)


def _constant_value(check: TypeCheck, cell: Text) -> list[Any]:
    """The value of an output cell, if it is a constant."""
    if not cell.text.strip():
        return []
    try:
        tree = parse_expression(cell.text, check.names)
    except FeelError:
        return []
    return [constant_of(tree)] if is_constant(tree) else []


def _outside(
    check: TypeCheck, cell: Text, values: list[Any], allowed: Text, where: str
) -> Iterator[Finding]:
    try:
        tests = compile_tests(allowed.text, check.names)
        outside = [value for value in values if tests.test(value, {}) is False]
    except FeelError:
        return  # reported where the limits stand
    for value in outside:
        yield finding(
            "error",
            "value-not-allowed",
            cell.place,
            f"{_capital(where)}: {value_in_words(value)} is geen toegestane waarde.",
            f"Toegestaan zijn: {' '.join(allowed.text.split())}.",
            name=check.owner,
        )


def _aggregation(check: TypeCheck) -> Iterator[Finding]:
    table = check.table
    if table.aggregation is None:
        return
    if table.hit_policy is not HitPolicy.COLLECT:
        yield _clash(
            check,
            table.place,
            f"{table.aggregation.value} hoort bij COLLECT, niet bij {table.hit_policy.value}.",
        )
    elif len(table.outputs) != 1:
        yield _clash(
            check,
            table.place,
            f"{table.aggregation.value} kan alleen bij een tabel met precies een uitvoerkolom.",
        )
    elif table.aggregation is not Aggregation.COUNT:
        yield from _aggregated(check, table.aggregation, table.outputs[0])


def _aggregated(
    check: TypeCheck, aggregation: Aggregation, output: OutputClause
) -> Iterator[Finding]:
    kind = check.types.base_name(output.type_ref)
    summed = ("number", "integer", "days and time duration", "years and months duration")
    wrong = kind not in summed if aggregation is Aggregation.SUM else kind in _UNORDERED
    if kind and wrong:
        yield _clash(
            check,
            check.table.place,
            f"{aggregation.value} kan niet bij uitvoerkolom '{column_name(output)}': "
            f"die geeft een {type_in_words(kind)}.",
        )


_UNORDERED = ("boolean", "list", "context", "function")


def _priorities(check: TypeCheck) -> Iterator[Finding]:
    if check.table.hit_policy not in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        return
    for output in check.table.outputs:
        refs = (output.type_ref, check.table.type_ref, check.result_type)
        if output.allowed or any(check.types.allowed_values(ref) for ref in refs if ref):
            return
    yield finding(
        "error",
        "priority-without-order",
        check.table.place,
        f"{check.table.hit_policy.value} heeft toegestane uitvoerwaarden nodig: "
        "hun volgorde is de voorrang.",
        "Zet bij een uitvoerkolom de toegestane waarden, de belangrijkste eerst.",
        name=check.owner,
    )


def _wrong(check: TypeCheck, place: Place, where: str, value: Any, kind: str) -> Finding:
    return _clash(
        check,
        place,
        f"{_capital(where)}: {value_in_words(value)} is geen {type_in_words(kind)}.",
    )


def _clash(check: TypeCheck, place: Place, message: str) -> Finding:
    remedy = "Verander het type van de kolom, of de waarde."
    return finding("error", "type-clash", place, message, remedy, name=check.owner)


def _tested_kind(kind: str) -> str:
    """A whole number may be compared with any number."""
    return "number" if kind == "integer" else kind


def _is_of(value: Any, kind: str) -> bool:
    if kind == "integer":
        return kind_of(value) == "number" and value == value.to_integral_value()
    if kind in ("list", "context", "function"):
        return True  # a test of a structure may name one of its parts
    return kind_of(value) == kind


def _fit(declared: str, kind: str) -> bool:
    alike = ({"number", "integer"}, {"date", "date and time"})
    return declared in (kind, "list") or {declared, kind} in alike


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
