"""Reading one flow node: its tag, its zeebe extensions, its loop."""

from __future__ import annotations

from typing import Final

from engine.definitions.expressions import as_feel
from engine.definitions.model import (
    AdHoc,
    Element,
    Event,
    Kind,
    Loop,
    Trigger,
    UserWork,
    VariableMapping,
)
from engine.definitions.reading.events import EventReader
from engine.definitions.reading.gathering import KINDS, activation, quantity
from engine.definitions.reading.xml import (
    ZEEBE,
    Extensions,
    Node,
    child,
    documentation_of,
    is_false,
    is_true,
    local_id,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Place, Reporter, label

_EVENTS: Final = frozenset(
    {Kind.START_EVENT, Kind.END_EVENT, Kind.CATCH_EVENT, Kind.THROW_EVENT, Kind.BOUNDARY_EVENT}
)
_THROWING: Final = frozenset({Kind.END_EVENT, Kind.THROW_EVENT})
_CODED: Final = frozenset({Trigger.ERROR, Trigger.ESCALATION})
_BOUND: Final = {
    Kind.CALL_ACTIVITY: "calledElement",
    Kind.BUSINESS_RULE_TASK: "calledDecision",
    Kind.USER_TASK: "formDefinition",
}
_WITH_JOBS: Final = frozenset(
    {
        Kind.SERVICE_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SEND_TASK,
        Kind.END_EVENT,
        Kind.THROW_EVENT,
    }
)


class ElementReader:
    """Reads the flow nodes of one file into :class:`Element`; flows and lanes are put in later."""

    def __init__(
        self, events: EventReader, report: Reporter, *, counts_begun: bool = False
    ) -> None:
        self._events = events
        self._counts_begun = counts_begun
        self._report = report

    def element_of(self, node: Node, place: Place, parent: str) -> Element:
        """The element that the node describes, without its flows."""
        kind = KINDS[tag_of(node)]
        extensions = Extensions(node)
        script, script_result = self._script(node, extensions, kind, place)
        called, binding, version_tag = _called(node, extensions, kind)
        event = self._event(node, kind, place)
        return Element(
            id=place.id,
            kind=kind,
            parent=parent,
            name=place.name,
            line=place.line,
            documentation=documentation_of(node),
            default_flow=local_id(node.get("default")) or None,
            event=event,
            attached_to=local_id(node.get("attachedToRef")) or None,
            interrupting=_interrupting(node, kind),
            triggered_by_event=is_true(node.get("triggeredByEvent")),
            inputs=_mappings(extensions, "input"),
            outputs=_mappings(extensions, "output"),
            loop=self._loop(node, place),
            ad_hoc=self._ad_hoc(node, place) if kind is Kind.AD_HOC_SUB_PROCESS else None,
            user=_user(extensions) if kind is Kind.USER_TASK else None,
            job_type=extensions.get("taskDefinition", "type") if kind in _WITH_JOBS else None,
            job_retries=extensions.get("taskDefinition", "retries") if kind in _WITH_JOBS else None,
            headers=_headers(extensions),
            script=script,
            result_variable=script_result
            or extensions.get("calledDecision", "resultVariable")
            or _code_in(kind, event, extensions),
            decision_id=extensions.get("calledDecision", "decisionId"),
            called_process=called,
            binding=binding,
            version_tag=version_tag,
            propagate_all_child=not is_false(
                extensions.get("calledElement", "propagateAllChildVariables")
            ),
            propagate_all_parent=not is_false(
                extensions.get("calledElement", "propagateAllParentVariables")
            ),
            activation=activation(node, kind, place, self._report),
            start_quantity=quantity(node, "startQuantity"),
            completion_quantity=quantity(node, "completionQuantity"),
            is_compensation=is_true(node.get("isForCompensation")),
            properties=extensions.properties(),
            template_id=node.get(f"{{{ZEEBE}}}modelerTemplate"),
            template_version=_template_version(node),
        )

    def _event(self, node: Node, kind: Kind, place: Place) -> Event | None:
        if kind in _EVENTS:
            return self._events.event_of(node, place, throwing=kind in _THROWING)
        if kind in (Kind.SEND_TASK, Kind.RECEIVE_TASK):
            return self._events.message_of_task(node, place)
        return None

    def _script(
        self, node: Node, extensions: Extensions, kind: Kind, place: Place
    ) -> tuple[str | None, str | None]:
        if kind is not Kind.SCRIPT_TASK:
            return None, None
        written = extensions.get("script", "expression")
        if written is not None:
            script = as_feel(written, "het script", place, self._report)
            return script, extensions.get("script", "resultVariable")
        plain = text_of(child(node, "script"))
        language = (node.get("scriptFormat") or "").strip()
        if extensions.get("taskDefinition", "type"):
            return None, None
        if not plain:
            if language and child(node, "script") is None:
                self._no_script(language, place)
            return None, None
        if "feel" in language.lower():
            return f"={plain.removeprefix('=')}", None
        self._report.error(
            "unsupported-script",
            place,
            f"{label(place)} heeft een script in ‘{language[:40] or 'een onbekende taal'}’. "
            "Alleen FEEL wordt uitgevoerd.",
            "Kies bij de scripttaak ‘FEEL-uitdrukking (FEEL expression)’ en schrijf de berekening "
            "in FEEL.",
        )
        return None, None

    def _no_script(self, language: str, place: Place) -> None:
        """A language without a script; a translated script left its mappings and no language."""
        self._report.error(
            "script-missing",
            place,
            f"{label(place)} heeft een taal (‘{language[:40]}’), maar geen script.",
            "Schrijf de berekening in FEEL, of maak er een gewone taak van.",
        )

    def _loop(self, node: Node, place: Place) -> Loop | None:
        multiple = child(node, "multiInstanceLoopCharacteristics")
        if multiple is not None:
            return self._multi_instance(multiple, place)
        standard = child(node, "standardLoopCharacteristics")
        if standard is None:
            return None
        condition = text_of(child(standard, "loopCondition"))
        return Loop(
            standard=True,
            condition=as_feel(condition, "de herhaalvoorwaarde", place, self._report),
            test_before=is_true(standard.get("testBefore")),
            maximum=self._maximum(standard, place),
        )

    def _ad_hoc(self, node: Node, place: Place) -> AdHoc:
        def feel(text: str, what: str) -> str | None:
            return as_feel(text, what, place, self._report)

        active = Extensions(node).get("adHoc", "activeElementsCollection") or ""
        return AdHoc(
            active=feel(active, "de elementen die beginnen (active elements collection)"),
            condition=feel(text_of(child(node, "completionCondition")), "de stopvoorwaarde"),
            sequential=node.get("ordering") == "Sequential",
            cancel_remaining=not is_false(node.get("cancelRemainingInstances")),
        )

    def _maximum(self, node: Node, place: Place) -> int | None:
        text = (node.get("loopMaximum") or "").strip()
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        self._report.error(
            "loop-maximum",
            place,
            f"{label(place)}: het hoogste aantal herhalingen ‘{text[:40]}’ is geen geheel getal.",
            "Vul een geheel getal in, bijvoorbeeld 10.",
        )
        return None

    def _multi_instance(self, node: Node, place: Place) -> Loop:
        extensions = Extensions(node)

        def feel(name: str, what: str) -> str | None:
            text = extensions.get("loopCharacteristics", name) or ""
            return as_feel(text, what, place, self._report)

        cardinality = text_of(child(node, "loopCardinality"))
        if cardinality and not cardinality.isdigit():
            cardinality = as_feel(cardinality, "het aantal keren", place, self._report) or ""
        self._plain_collection(node, extensions, place)
        return Loop(
            sequential=is_true(node.get("isSequential")),
            input_collection=feel("inputCollection", "de lijst (input collection)"),
            input_element=extensions.get("loopCharacteristics", "inputElement"),
            output_collection=extensions.get("loopCharacteristics", "outputCollection"),
            output_element=feel("outputElement", "het uitvoerelement (output element)"),
            completion_condition=as_feel(
                text_of(child(node, "completionCondition")),
                "de stopvoorwaarde",
                place,
                self._report,
            ),
            cardinality=cardinality or None,
            counts_begun=self._counts_begun,
        )

    def _plain_collection(self, node: Node, extensions: Extensions, place: Place) -> None:
        reference = child(node, "loopDataInputRef")
        if reference is None or extensions.get("loopCharacteristics", "inputCollection"):
            return
        named = text_of(reference)
        self._report.error(
            "loop-data-reference",
            place,
            f"{label(place)} haalt de lijst uit een gegevensobject (loopDataInputRef ‘{named}’). "
            "Dat wordt niet uitgevoerd.",
            f"Vul bij ‘Herhalen’ de ‘Lijst (input collection)’ in, bijvoorbeeld ‘={named}’.",
        )


def _template_version(node: Node) -> int | None:
    """The version of the element template; None where none, or no number, is written."""
    text = (node.get(f"{{{ZEEBE}}}modelerTemplateVersion") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _interrupting(node: Node, kind: Kind) -> bool:
    if kind is Kind.BOUNDARY_EVENT:
        return not is_false(node.get("cancelActivity"))
    if kind is Kind.START_EVENT:
        return not is_false(node.get("isInterrupting"))
    return True


def _mappings(extensions: Extensions, tag: str) -> tuple[VariableMapping, ...]:
    return tuple(
        VariableMapping(found.get("source", "").strip(), found.get("target", "").strip())
        for found in extensions.inside("ioMapping", tag)
    )


def _headers(extensions: Extensions) -> dict[str, str]:
    return {
        found.get("key", ""): found.get("value", "")
        for found in extensions.inside("taskHeaders", "header")
        if found.get("key")
    }


def _user(extensions: Extensions) -> UserWork:
    form = "formDefinition"
    return UserWork(
        form_id=extensions.get(form, "formId")
        or extensions.get(form, "formKey")
        or extensions.get(form, "externalReference"),
        candidate_groups=extensions.get("assignmentDefinition", "candidateGroups"),
        candidate_users=extensions.get("assignmentDefinition", "candidateUsers"),
        assignee=extensions.get("assignmentDefinition", "assignee"),
        due_date=extensions.get("taskSchedule", "dueDate"),
        follow_up_date=extensions.get("taskSchedule", "followUpDate"),
        priority=extensions.get("priorityDefinition", "priority"),
    )


def _code_in(kind: Kind, event: Event | None, extensions: Extensions) -> str | None:
    """The variable for the code of what is caught."""
    if event is None or event.trigger not in _CODED or kind in _THROWING:
        return None
    return extensions.properties().get("code-in")


def _called(node: Node, extensions: Extensions, kind: Kind) -> tuple[str | None, str, str | None]:
    """The called process, and the binding and version tag of what is called or shown."""
    holder = _BOUND.get(kind)
    if holder is None:
        return None, "latest", None
    process = None
    if kind is Kind.CALL_ACTIVITY:
        written = local_id(node.get("calledElement"))
        expression = extensions.get(holder, "processIdExpression")
        process = extensions.get(holder, "processId") or (
            f"={expression}" if expression else written or None
        )
    binding = extensions.get(holder, "bindingType") or "latest"
    return process, binding, extensions.get(holder, "versionTag")
