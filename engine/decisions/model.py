"""The interface of this room: load a DMN file, evaluate its decisions, check it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, overload

from engine.decisions import elements as el
from engine.decisions.checking import check_unit
from engine.decisions.errors import InputRefused, ModelInvalid, TooMuchWork, UnknownDecision
from engine.decisions.evaluation import CompiledGraph, Frame
from engine.decisions.explanation import Explanation
from engine.decisions.feel_binding import FeelError, call_by_name, to_feel
from engine.decisions.findings import Finding
from engine.decisions.imports import load_unit
from engine.decisions.needs import Decision, describe
from engine.decisions.requirements import Required, Target, Unit
from engine.decisions.run import Run
from engine.decisions.xml_reading import MAX_BYTES


def load(xml: bytes, *, imports: Iterable[bytes] = (), max_bytes: int = MAX_BYTES) -> Model:
    """Read and compile a DMN 1.3, 1.4 or 1.5 file.

    A FEEL text that is wrong does not stop the loading; :meth:`Model.check` finds it.

    Args:
        xml: the file.
        imports: other DMN files that this one imports, found by their namespace.
        max_bytes: largest size of each file.

    Raises:
        XmlRefused, XmlMalformed, NotDmn, ModelInvalid: see :mod:`engine.decisions.errors`.
    """
    try:
        return Model(load_unit(xml, imports, max_bytes))
    except RecursionError:
        raise ModelInvalid(
            "Het model is te diep: een te lange keten van beslissingen of te diepe expressies.",
            "Splits het model.",
        ) from None


class Model:
    """A loaded decision model. Immutable and safe to share between threads."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._graph = CompiledGraph(unit)
        self._declared = frozenset(found.variable.name for found in unit.definitions.valued)
        self._targets = _by_name_and_id(unit)
        self._decisions = tuple(describe(unit, found) for found in unit.definitions.decisions)
        for decision in unit.definitions.decisions:
            self._graph.evaluator(Target(unit, decision, ""))

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._unit.definitions.name

    @property
    def definitions(self) -> el.Definitions:
        """What the file says, as plain data."""
        return self._unit.definitions

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision of the file in its order, with the inputs it needs and its outputs."""
        return self._decisions

    @overload
    def evaluate(
        self,
        decision_name_or_id: str,
        inputs: Mapping[str, Any],
        explain: Literal[False] = False,
        now: datetime | None = None,
    ) -> Any: ...

    @overload
    def evaluate(
        self,
        decision_name_or_id: str,
        inputs: Mapping[str, Any],
        explain: Literal[True],
        now: datetime | None = None,
    ) -> Explanation: ...

    def evaluate(
        self,
        decision_name_or_id: str,
        inputs: Mapping[str, Any],
        explain: bool = False,
        now: datetime | None = None,
    ) -> Any:
        """The value of a decision, service or knowledge model; with ``explain`` an Explanation.

        Args:
            decision_name_or_id: an id goes before a name.
            inputs: values by the names of the input data (int and float become Decimal).
            explain: also say which rules matched and why values became null.
            now: the instant that ``now()`` and ``today()`` stand for, aware.

        Raises:
            UnknownDecision: no decision or service of that name or id.
            InputRefused: a value of a type that FEEL does not know.
            TooMuchWork: the evaluation goes beyond its bounds.
        """
        target = self._targets.get(decision_name_or_id)
        if target is None:
            raise UnknownDecision(
                f"Er is geen beslissing '{decision_name_or_id}' in dit model.",
                "Bekend zijn: " + ", ".join(found.name for found in self._decisions) + ".",
                element_id=decision_name_or_id,
            )
        run = Run(now, explain)
        try:
            value = self._value(target, _values(inputs), run)
        except RecursionError:
            raise TooMuchWork(
                "De beslissing vraagt een te lange keten van andere beslissingen.",
                "Splits het model.",
            ) from None
        if not explain:
            return value
        return Explanation(
            decision_id=target.element.place.element_id,
            decision_name=target.element.name,
            value=value,
            tables=tuple(run.tables or ()),
            decisions=tuple(run.decisions or ()),
            problems=tuple(run.problems or ()),
        )

    def check(self) -> list[Finding]:
        """Everything that is wrong or doubtful, before the model is published."""
        return check_unit(self._unit)

    def _value(self, target: Target, inputs: Mapping[str, Any], run: Run) -> Any:
        free = {name: value for name, value in inputs.items() if name not in self._declared}
        frame = Frame(self._graph, inputs, free, run)
        element = target.element
        if isinstance(element, el.DecisionService):
            return frame.call_service(target, element, inputs)
        if isinstance(element, el.KnowledgeModel):
            parameters = element.function.parameters if element.function else ()
            given = {found.name: inputs.get(found.name) for found in parameters}
            return call_by_name(frame.value(target), given, run, element.place)
        return frame.value(target)


def _by_name_and_id(unit: Unit) -> dict[str, Target]:
    definitions = unit.definitions
    elements: tuple[Required, ...] = (*definitions.callable, *definitions.decisions)
    found: dict[str, Target] = {}
    for element in elements:
        found.setdefault(element.variable.name, Target(unit, element, ""))
    for element in reversed(elements):
        found[element.name] = Target(unit, element, "")
    for element in elements:
        if element.place.element_id:
            found[element.place.element_id] = Target(unit, element, "")
    return found


def _values(inputs: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {" ".join(str(name).split()): to_feel(value) for name, value in inputs.items()}
    except FeelError as error:
        raise InputRefused(
            f"Een invoerwaarde kan niet worden gebruikt: {error.message}",
            "Geef getallen, teksten, ja/nee, datums, tijden, duren, lijsten en structuren.",
        ) from None
