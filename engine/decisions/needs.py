"""What a decision needs from its caller and what it gives back.

The check of a BPMN file uses it to see whether a business rule task offers what the decision
asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.decisions import elements as el
from engine.decisions.feel_binding import FeelError, free_names
from engine.decisions.requirements import Required, Target, Unit, references, targets
from engine.decisions.scope_names import names_in
from engine.decisions.tables import output_name
from engine.decisions.texts import ANY_NAME, texts_of


@dataclass(frozen=True, slots=True)
class InputNeed:
    """A value that the caller must give.

    Attributes:
        name: the name under which it is given.
        type_name: FEEL's own type (``number``, ``string``…, ``list``, ``context``); empty if any.
        element_id: the input data element; empty when the model does not draw it and the name
            stands only in a FEEL text.
    """

    name: str
    type_name: str
    element_id: str = ""


@dataclass(frozen=True, slots=True)
class OutputPromise:
    """A value that comes back; several make a context, one comes back by itself."""

    name: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as its callers see it.

    Attributes:
        id, name: either can be given to :meth:`Model.evaluate`.
        inputs: every value it needs, also by way of the decisions it requires.
        outputs: the columns of its table, or the decision itself when it has no table.
        is_list: whether the answer is a list (collecting tables).
    """

    id: str
    name: str
    inputs: tuple[InputNeed, ...]
    outputs: tuple[OutputPromise, ...]
    is_list: bool = False

    @property
    def required_names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(need.name for need in self.inputs)


def describe(unit: Unit, decision: el.DecisionElement) -> Decision:
    """What one decision of a unit needs and gives."""
    needs: dict[str, InputNeed] = {}
    for need in _needs(Target(unit, decision, ""), set()):
        needs.setdefault(need.name, need)
    table = decision.expression if isinstance(decision.expression, el.TableBox) else None
    return Decision(
        id=decision.place.element_id,
        name=decision.name,
        inputs=tuple(needs.values()),
        outputs=_outputs(unit, decision, table),
        is_list=table is not None and gives_list(table),
    )


def gives_list(table: el.TableBox) -> bool:
    """Whether a table's answer is a list of outputs."""
    several = (el.HitPolicy.COLLECT, el.HitPolicy.RULE_ORDER, el.HitPolicy.OUTPUT_ORDER)
    return table.hit_policy in several and table.aggregation is None


def undeclared_names(unit: Unit, decision: el.DecisionElement) -> Iterator[str]:
    """Names in a decision's texts that it neither binds nor requires, built-in ones excepted."""
    required = required_names(unit, decision)
    known = names_in(unit)
    for cell in texts_of(decision.expression):
        if cell.role == "limits" or ANY_NAME in cell.bound or not cell.text.text.strip():
            continue
        try:
            used = free_names(cell.text.text, cell.is_tests, known | cell.bound)
        except FeelError:
            continue
        yield from (name for name in used if name not in required and name not in cell.bound)


def required_names(unit: Unit, element: Required) -> frozenset[str]:
    """The names that an element's requirements give it."""
    names = set()
    for found in targets(unit, references(element)):
        names.add(found.prefix or found.element.variable.name)
        if isinstance(found.element, el.DecisionElement) and found.element.place.element_id:
            names.add(found.element.place.element_id)
    return frozenset(names)


def _needs(target: Target, seen: set[tuple[str, str]]) -> Iterator[InputNeed]:
    element, unit = target.element, target.unit
    if target.key in seen:
        return
    seen.add(target.key)
    if isinstance(element, el.InputData):
        type_name = unit.types.base_name(element.variable.type_ref)
        yield InputNeed(element.variable.name, type_name, element.place.element_id)
        return
    if isinstance(element, el.DecisionElement):
        for needed in targets(unit, element.required_inputs + element.required_decisions):
            yield from _needs(needed, seen)
        declared = {found.variable.name for found in unit.definitions.valued}
        types = _column_types(unit, element)
        for name in undeclared_names(unit, element):
            if name not in declared:
                yield InputNeed(name, types.get(name, ""))


def _column_types(unit: Unit, decision: el.DecisionElement) -> dict[str, str]:
    if not isinstance(decision.expression, el.TableBox):
        return {}
    return {
        clause.expression.text.strip(): unit.types.base_name(clause.type_ref)
        for clause in decision.expression.inputs
    }


def _outputs(
    unit: Unit, decision: el.DecisionElement, table: el.TableBox | None
) -> tuple[OutputPromise, ...]:
    if table is None:
        type_name = unit.types.base_name(decision.variable.type_ref)
        return (OutputPromise(decision.variable.name, type_name),)
    if len(table.outputs) == 1 and not table.outputs[0].name:
        clause = table.outputs[0]
        type_ref = clause.type_ref or decision.variable.type_ref
        return (OutputPromise(decision.variable.name, unit.types.base_name(type_ref)),)
    return tuple(
        OutputPromise(output_name(clause), unit.types.base_name(clause.type_ref))
        for clause in table.outputs
    )
