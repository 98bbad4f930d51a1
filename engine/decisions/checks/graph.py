"""Checks of the requirement graph and the types: references, circles, imports, empty decisions."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions import elements as el
from engine.decisions.feel_binding import FeelError, compile_tests
from engine.decisions.findings import Finding, finding
from engine.decisions.requirements import Required, Target, Unit, references, targets
from engine.decisions.xml_reading import DMN_NAMESPACES


def graph_findings(unit: Unit) -> Iterator[Finding]:
    """Everything about how the elements of a model hang together."""
    definitions = unit.definitions
    yield from _double_names(unit)
    for wanted in definitions.imports:
        if wanted.import_type not in DMN_NAMESPACES:
            yield finding(
                "error",
                "import-not-dmn",
                wanted.place,
                f"De import '{wanted.name}' is geen DMN-model; Java en PMML worden niet "
                "uitgevoerd.",
                "Verwijder de import, of bouw de berekening na in FEEL.",
            )
    elements: tuple[Required, ...] = (*definitions.decisions, *definitions.callable)
    for element in elements:
        yield from _dangling(unit, element)
    yield from _circles(unit)
    yield from _empty(definitions)
    yield from _unknown_types(unit)
    for item in definitions.item_definitions:
        yield from _item_limits(item)


def _double_names(unit: Unit) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in unit.definitions.valued:
        name = element.variable.name
        if name in seen:
            yield finding(
                "error",
                "name-twice",
                element.place,
                f"De naam '{name}' komt twee keer voor in het model.",
                "Geef een van de twee een andere naam.",
            )
        seen.add(name)


def _dangling(unit: Unit, element: Required) -> Iterator[Finding]:
    for reference in references(element):
        if unit.resolve(reference) is None:
            yield finding(
                "error",
                "reference-missing",
                element.place,
                f"'{element.name}' verwijst naar '{reference}', maar dat element bestaat niet.",
                "Verwijder de pijl en teken hem opnieuw.",
            )


def _circles(unit: Unit) -> Iterator[Finding]:
    for decision in unit.definitions.decisions:
        if _reaches(Target(unit, decision, ""), decision, set()):
            yield finding(
                "error",
                "requirement-circle",
                decision.place,
                f"'{decision.name}' heeft, via andere beslissingen, zijn eigen uitkomst nodig.",
                "Verwijder een van de pijlen in de kring.",
            )


def _reaches(start: Target, wanted: Required, seen: set[tuple[str, str]]) -> bool:
    element = start.element
    if not isinstance(element, el.DecisionElement):
        return False
    for target in targets(start.unit, element.required_decisions):
        if target.element is wanted:
            return True
        if target.key not in seen:
            seen.add(target.key)
            if _reaches(target, wanted, seen):
                return True
    return False


def _empty(definitions: el.Definitions) -> Iterator[Finding]:
    for decision in definitions.decisions:
        if decision.expression is None:
            yield finding(
                "error",
                "decision-empty",
                decision.place,
                f"De beslissing '{decision.name}' heeft geen inhoud.",
                "Geef haar een beslistabel of een FEEL-expressie.",
            )
    for model in definitions.knowledge:
        if model.function is None or model.function.body is None:
            yield finding(
                "error",
                "decision-empty",
                model.place,
                f"Het kennismodel '{model.name}' heeft geen inhoud.",
                "Geef het een beslistabel of een FEEL-expressie.",
            )
        elif model.function.kind != "FEEL":
            yield finding(
                "error",
                "not-feel-language",
                model.place,
                f"Het kennismodel '{model.name}' is een {model.function.kind}-functie; "
                "die worden niet uitgevoerd.",
                "Bouw de berekening na in FEEL.",
            )


def _unknown_types(unit: Unit) -> Iterator[Finding]:
    for parameter in _typed(unit.definitions):
        if parameter.type_ref and unit.types.find(parameter.type_ref) is None:
            yield finding(
                "error",
                "type-unknown",
                parameter.place,
                f"Het type '{parameter.type_ref}' van '{parameter.name}' bestaat niet.",
                "Kies een bestaand type, of maak het aan.",
            )


def _typed(definitions: el.Definitions) -> Iterator[el.Parameter]:
    for element in definitions.valued:
        yield element.variable
    for model in definitions.knowledge:
        if model.function is not None:
            yield from model.function.parameters
    for item in definitions.item_definitions:
        yield from _item_types(item)


def _item_types(item: el.ItemDefinition) -> Iterator[el.Parameter]:
    yield el.Parameter(item.name, item.type_ref, item.place)
    for part in item.components:
        yield from _item_types(part)


def _item_limits(item: el.ItemDefinition) -> Iterator[Finding]:
    for limits in (item.allowed, item.type_constraint):
        if limits is None:
            continue
        try:
            compile_tests(limits.text)
        except FeelError:
            yield finding(
                "error",
                "not-feel",
                item.place,
                f"De toegestane waarden van het type '{item.name}' zijn geen FEEL.",
                'Schrijf waarden met komma\'s ertussen, bijvoorbeeld "laag", "hoog".',
            )
    for part in item.components:
        yield from _item_limits(part)
