"""Evaluating a requirement graph: every decision once, each seeing only what it requires.

Names that the caller gives and that the model does not declare at all are visible to every
decision: dmn-js models without drawn input data work on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.decisions import elements as el
from engine.decisions.compiling import compile_boxed, function_result, signature_of
from engine.decisions.explanation import DecisionTrace
from engine.decisions.functions import Signature, make_function
from engine.decisions.instance_types import InstanceTypes
from engine.decisions.requirements import Target, Unit, targets
from engine.decisions.run import Evaluator, Run, Scope
from engine.decisions.scope_names import names_in
from engine.decisions.surroundings import Surroundings, typed
from engine.decisions.types import coerce
from engine.decisions.wording import type_in_words

Key: TypeAlias = tuple[str, str]


class CompiledGraph:
    """The evaluators of every decision and knowledge model of a unit and its imports."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._names: dict[str, frozenset[str]] = {}
        self._instances: dict[str, InstanceTypes] = {}
        self._evaluators: dict[Key, Evaluator] = {}
        self._signatures: dict[Key, Signature] = {}

    def evaluator(self, target: Target) -> Evaluator:
        """What works out the decision, or the body of the knowledge model."""
        found = self._evaluators.get(target.key)
        if found is None:
            found = self._evaluators[target.key] = self._compile(target)
        return found

    def signature(self, target: Target, box: el.FunctionBox) -> Signature:
        """What a knowledge model takes and gives."""
        found = self._signatures.get(target.key)
        if found is None:
            element = target.element
            found = signature_of(box, element.name, target.unit.types, element.variable.type_ref)
            self._signatures[target.key] = found
        return found

    def surroundings(self, unit: Unit, result_type: str = "") -> Surroundings:
        """What the expressions of a unit are compiled in."""
        namespace = unit.definitions.namespace
        if namespace not in self._names:
            self._names[namespace] = names_in(unit)
            self._instances[namespace] = InstanceTypes(unit.types)
        return Surroundings(
            types=unit.types,
            instances=self._instances[namespace],
            names=self._names[namespace],
            language=unit.definitions.expression_language,
            result_type=result_type,
        )

    def _compile(self, target: Target) -> Evaluator:
        element = target.element
        if isinstance(element, el.DecisionElement):
            around = self.surroundings(target.unit, element.variable.type_ref)
            if element.expression is None:
                return _without_logic(element)
            evaluator = compile_boxed(element.expression, around)
            place = element.variable.place
            return typed(evaluator, element.variable.type_ref, target.unit.types, place)
        if isinstance(element, el.KnowledgeModel) and element.function is not None:
            parameters = (found.name for found in element.function.parameters)
            around = self.surroundings(target.unit).knowing(*parameters)
            return compile_boxed(element.function.body, around)
        return lambda scope, run: None


def _without_logic(element: el.DecisionElement) -> Evaluator:
    def evaluate(scope: Scope, run: Run) -> None:
        run.null(f"De beslissing '{element.name}' heeft geen inhoud.", element.place)

    return evaluate


class Frame:
    """The values of one evaluation of the graph, or of one call of a decision service."""

    def __init__(
        self, graph: CompiledGraph, inputs: Mapping[str, Any], free: Scope, run: Run
    ) -> None:
        self._graph = graph
        self._inputs = inputs
        self._free = free
        self._run = run
        self._values: dict[Key, Any] = {}
        self._busy: set[Key] = set()

    def give(self, target: Target, value: Any) -> None:
        """Set the value of a decision or input beforehand, as a service's arguments do."""
        self._values[target.key] = value

    def value(self, target: Target) -> Any:
        """The value of an input or decision, or the function of a knowledge model or service."""
        key = target.key
        if key in self._values:
            return self._values[key]
        if key in self._busy:
            self._run.null("De beslissingen vragen in een kring naar elkaar.", target.element.place)
            return None
        self._busy.add(key)
        try:
            value = self._work_out(target)
        finally:
            self._busy.discard(key)
        self._values[key] = value
        return value

    def call_service(
        self, target: Target, service: el.DecisionService, arguments: Mapping[str, Any]
    ) -> Any:
        """The answer of a decision service: one value, or a context for several outputs."""
        frame = Frame(self._graph, {}, self._free, self._run)
        for needed in targets(target.unit, service.input_data + service.input_decisions):
            frame.give(needed, arguments.get(needed.element.variable.name))
        outputs = list(targets(target.unit, service.output_decisions))
        if len(outputs) == 1:
            return frame.value(outputs[0])
        return {found.element.variable.name: frame.value(found) for found in outputs}

    def _work_out(self, target: Target) -> Any:
        element = target.element
        if isinstance(element, el.InputData):
            return self._input(target, element)
        if isinstance(element, el.KnowledgeModel):
            return self._knowledge(target, element)
        if isinstance(element, el.DecisionService):
            return self._service(target, element)
        scope = self._scope(target.unit, element)
        value = self._graph.evaluator(target)(scope, self._run)
        if self._run.decisions is not None:
            trace = DecisionTrace(element.place.element_id, element.name, value)
            self._run.decisions.append(trace)
        return value

    def _input(self, target: Target, element: el.InputData) -> Any:
        name = element.variable.name
        given = self._given(name, target.prefix)
        if given is _MISSING:
            self._run.null(f"De invoer '{name}' is niet gegeven.", element.place)
            return None
        wanted = target.unit.types.get(element.variable.type_ref)
        value, fits = coerce(given, wanted)
        if not fits:
            self._run.null(
                f"De invoer '{name}' is geen {type_in_words(wanted.name)}.", element.place
            )
        return value

    def _given(self, name: str, prefix: str) -> Any:
        """The caller's value: under the name, under ``prefix.name``, or inside ``prefix``."""
        for key in (name, f"{prefix}.{name}"):
            if key in self._inputs:
                return self._inputs[key]
        nested = self._inputs.get(prefix)
        return nested.get(name, _MISSING) if isinstance(nested, Mapping) else _MISSING

    def _scope(self, unit: Unit, element: el.DecisionElement | el.KnowledgeModel) -> Scope:
        scope = dict(self._free)
        required = element.required_knowledge
        if isinstance(element, el.DecisionElement):
            required = element.required_decisions + element.required_inputs + required
        self._bind(scope, unit, required)
        return scope

    def _bind(self, scope: Scope, unit: Unit, required: tuple[str, ...]) -> None:
        imported: dict[str, dict[str, Any]] = {}
        for needed in targets(unit, required):
            value = self.value(needed)
            name = needed.element.variable.name
            if needed.prefix:
                imported.setdefault(needed.prefix, {})[name] = value
            else:
                scope[name] = value
                if isinstance(needed.element, el.DecisionElement):
                    # Camunda Modeler lets texts use a required decision's id as well
                    scope.setdefault(needed.element.place.element_id, value)
        scope.update(imported)

    def _knowledge(self, target: Target, element: el.KnowledgeModel) -> Any:
        box = element.function
        if box is None:
            return None
        signature = self._graph.signature(target, box)
        if box.kind != "FEEL":
            return self._foreign(signature, box.kind)
        evaluator = self._graph.evaluator(target)
        # the knowledge it requires is looked up at the call, so that models may call in a circle
        return make_function(
            signature,
            lambda local: evaluator(self._scope(target.unit, element) | local, self._run),
            self._run,
        )

    def _foreign(self, signature: Signature, kind: str) -> Any:
        def refuse(local: Scope) -> None:
            message = f"'{signature.name}' is een {kind}-functie; die worden niet uitgevoerd."
            self._run.null(message, signature.place)

        return make_function(signature, refuse, self._run)

    def _service(self, target: Target, element: el.DecisionService) -> Any:
        needed = targets(target.unit, element.input_data + element.input_decisions)
        variables = [(found.unit, found.element.variable) for found in needed]
        types = target.unit.types
        signature = Signature(
            name=element.name,
            parameters=tuple((found, unit.types.get(found.type_ref)) for unit, found in variables),
            result=types.get(function_result(element.variable.type_ref, types)),
            place=element.place,
        )
        return make_function(
            signature, lambda local: self.call_service(target, element, local), self._run
        )


_MISSING = object()
