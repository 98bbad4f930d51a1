"""All checks of a model before it is published.

Codes of the findings (stable):

=====================  ===============================================================
not-feel               a cell or text that is not FEEL
not-feel-language      another expression language, Java or PMML
input-empty            an input column without an expression
unknown-name           a name that nothing declares
input-not-connected    a declared name without a requirement arrow
type-clash             a constant, column or aggregation of the wrong type
type-unknown           a type that does not exist
value-not-allowed      a constant outside the allowed values
constant-invalid       a date, time or duration that does not exist
priority-without-order PRIORITY or OUTPUT ORDER without allowed output values
overlap-unique         two rules match the same input under UNIQUE
overlap-any            two rules match the same input under ANY with different outputs
gap                    an input that no rule matches
rule-unreachable       a rule under FIRST that earlier rules always hide
rule-never-matches     a rule with a cell that nothing satisfies
check-incomplete       cells that the analysis of gaps and overlap cannot judge
check-too-large        too many combinations to analyse
decision-empty         a decision or knowledge model without content
name-twice             two elements with one name
reference-missing      a requirement of something that does not exist
requirement-circle     decisions that require each other
import-not-dmn         an import of something else than DMN
=====================  ===============================================================
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions import elements as el
from engine.decisions.checks.clashes import TypeCheck, clash_findings
from engine.decisions.checks.coverage import coverage_findings
from engine.decisions.checks.graph import graph_findings
from engine.decisions.checks.texts import Owner, is_open, text_findings
from engine.decisions.feel_binding import FeelError
from engine.decisions.findings import Finding
from engine.decisions.needs import required_names
from engine.decisions.requirements import Unit, targets
from engine.decisions.scope_names import names_in
from engine.decisions.texts import tables_of


def check_unit(unit: Unit) -> list[Finding]:
    """Every finding, in the order of the file; errors before warnings on the same line."""
    found = [*graph_findings(unit), *_expressions(unit)]
    return sorted(set(found), key=lambda each: (each.line or 0, each.level, each.message))


def _expressions(unit: Unit) -> Iterator[Finding]:
    names = names_in(unit)
    declared = frozenset(
        element.variable.name for element in (*unit.definitions.valued, *unit.definitions.callable)
    )
    for decision in unit.definitions.decisions:
        required = required_names(unit, decision)
        owner = Owner(
            name=decision.name,
            required=required,
            elsewhere=declared - required,
            names=names,
            open=is_open(decision),
            language=unit.definitions.expression_language,
        )
        yield from _one(unit, decision.expression, owner, _given_types(unit, decision))
    for model in unit.definitions.knowledge:
        # a knowledge model may call itself
        required = required_names(unit, model) | {model.variable.name}
        owner = Owner(
            name=model.name,
            required=required,
            elsewhere=declared - required,
            names=names,
            open=False,
            language=unit.definitions.expression_language,
        )
        yield from _one(unit, model.function, owner, {})


def _one(
    unit: Unit, expression: el.Expression | None, owner: Owner, given: dict[str, str]
) -> Iterator[Finding]:
    found = list(text_findings(expression, owner))
    yield from found
    broken = {each.rule for each in found} & {"not-feel", "not-feel-language"}
    for table in tables_of(expression):
        clashes = list(clash_findings(TypeCheck(table, unit.types, owner.name, owner.names, given)))
        yield from clashes
        wrong = {each.rule for each in clashes} & {"type-clash", "constant-invalid"}
        if not broken and not (wrong and _in_cells(table, clashes)):
            yield from _coverage(unit, table, owner)


def _in_cells(table: el.TableBox, clashes: list[Finding]) -> bool:
    """Whether a clash stands in an input cell, so that the rules' coverage means nothing."""
    cells = {cell.place.element_id for rule in table.rules for cell in rule.inputs}
    columns = {clause.expression.place.element_id for clause in table.inputs}
    return any(each.element_id in cells | columns for each in clashes)


def _coverage(unit: Unit, table: el.TableBox, owner: Owner) -> Iterator[Finding]:
    if not table.inputs or not table.rules:
        return
    try:
        yield from coverage_findings(table, unit.types, owner.names, owner.name)
    except FeelError:
        return  # allowed values of a type that are not FEEL: reported with the type


def _given_types(unit: Unit, decision: el.DecisionElement) -> dict[str, str]:
    required = decision.required_inputs + decision.required_decisions
    return {
        found.element.variable.name: unit.types.base_name(found.element.variable.type_ref)
        for found in targets(unit, required)
        if not found.prefix
    }
