"""All checks of a model before it is published.

Codes of the findings (stable):

=====================  ===============================================================
not-feel               a cell or text that is not FEEL
not-feel-language      another expression language, Java or PMML
input-empty            an input column without an expression
miscall                a function that is called with too few or too many arguments
unknown-name           a name that nothing declares
input-not-connected    a declared name without a requirement arrow
output-without-name    one of several output columns without a name
output-twice           two output columns of one name
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
decision-empty         a decision, table or knowledge model without content
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
from engine.decisions.checks.columns import column_findings
from engine.decisions.checks.coverage import coverage_findings
from engine.decisions.checks.declared import Declarations
from engine.decisions.checks.graph import graph_findings
from engine.decisions.checks.texts import Owner, is_open, text_findings
from engine.decisions.feel_binding import FeelError
from engine.decisions.findings import Finding, finding
from engine.decisions.needs import required_names
from engine.decisions.requirements import Unit, targets
from engine.decisions.scope_names import names_in
from engine.decisions.texts import tables_of


def check_unit(unit: Unit) -> list[Finding]:
    """Every finding, in the order of the file; errors before warnings on the same line."""
    found = [*graph_findings(unit), *_expressions(unit)]
    return sorted(set(found), key=lambda each: (each.line or 0, each.level, each.message))


def _expressions(unit: Unit) -> Iterator[Finding]:
    definitions = unit.definitions
    names = names_in(unit)
    declared = frozenset(
        element.variable.name for element in (*definitions.valued, *definitions.callable)
    )
    for decision in definitions.decisions:
        required = required_names(unit, decision)
        owner = Owner(
            name=decision.name,
            required=required,
            elsewhere=declared - required,
            names=names,
            open=is_open(decision),
            language=definitions.expression_language,
        )
        declarations = Declarations(unit.types, _given(unit, decision))
        yield from _one(decision.expression, owner, declarations, decision.variable.type_ref)
    for model in definitions.knowledge:
        # a knowledge model may call itself
        required = required_names(unit, model) | {model.variable.name}
        owner = Owner(
            name=model.name,
            required=required,
            elsewhere=declared - required,
            names=names,
            open=False,
            language=definitions.expression_language,
        )
        parameters = model.function.parameters if model.function else ()
        given = {found.name: found.type_ref for found in parameters}
        yield from _one(model.function, owner, Declarations(unit.types, given))


def _one(
    expression: el.Expression | None,
    owner: Owner,
    declarations: Declarations,
    result_type: str = "",
) -> Iterator[Finding]:
    found = list(text_findings(expression, owner))
    yield from found
    broken = {each.rule for each in found} & {"not-feel", "not-feel-language"}
    for table in tables_of(expression):
        if not table.rules:
            yield _without_rules(table, owner)
        yield from column_findings(table, declarations.types, owner.name)
        check = TypeCheck(table, declarations, owner.name, owner.names, result_type)
        clashes = list(clash_findings(check))
        yield from clashes
        wrong = {each.rule for each in clashes} & {"type-clash", "constant-invalid"}
        if not broken and not (wrong and _in_cells(table, clashes)):
            yield from _coverage(table, owner, declarations)


def _without_rules(table: el.TableBox, owner: Owner) -> Finding:
    return finding(
        "error",
        "decision-empty",
        table.place,
        f"De tabel van '{owner.name}' heeft geen regels.",
        "Voeg een regel toe.",
        name=owner.name,
    )


def _in_cells(table: el.TableBox, clashes: list[Finding]) -> bool:
    """Whether a clash stands in an input cell, so that the rules' coverage means nothing."""
    cells = {cell.place.element_id for rule in table.rules for cell in rule.inputs}
    columns = {clause.expression.place.element_id for clause in table.inputs}
    return any(each.element_id in cells | columns for each in clashes)


def _coverage(table: el.TableBox, owner: Owner, declarations: Declarations) -> Iterator[Finding]:
    if not table.rules:
        return
    try:
        yield from coverage_findings(table, declarations, owner.names, owner.name)
    except FeelError:
        return  # allowed values of a type that are not FEEL: reported with the type


def _given(unit: Unit, decision: el.DecisionElement) -> dict[str, str]:
    """The type references of what a decision requires, by name."""
    required = decision.required_inputs + decision.required_decisions
    return {
        found.element.variable.name: found.element.variable.type_ref
        for found in targets(unit, required)
        if not found.prefix
    }
