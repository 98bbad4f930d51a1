"""Names in FEEL that nobody in the package gives a value (a spelling mistake, mostly).

Only a warning: the sum of everything that any step of the process, its callers and the processes
it calls may set is compared with what is asked for, without regard to order.
"""

from __future__ import annotations

from engine.definitions.checks.context import Check, Surroundings, trigger_of
from engine.definitions.checks.texts import Text, texts_of_process
from engine.definitions.connectors import KNOWN_MESSAGES, TRAJECTORY_VARIABLES
from engine.definitions.expressions import body, free_names, is_feel
from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean, nearest

_LOOP = (
    "loopCounter",
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)


class Names:
    """What every process of a package gives, and to which others it passes it on."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._thrown = _thrown_messages(around)
        self._own = {key: self._given_by(process) for key, process in around.processes.items()}
        self._linked: dict[str, set[str]] = {key: {key} for key in around.processes}
        for key, process in around.processes.items():
            for element in process.elements.values():
                called = element.called_process
                if element.kind is Kind.CALL_ACTIVITY and called in self._linked:
                    self._linked[str(called)].add(key)
                    self._linked[key].add(str(called))

    def known_in(self, process_id: str) -> frozenset[str] | None:
        """Every name that may have a value there; None when a message can bring anything."""
        found: set[str] = {*TRAJECTORY_VARIABLES, *_LOOP}
        pending, seen = [process_id], set[str]()
        while pending:
            key = pending.pop()
            if key in seen:
                continue
            seen.add(key)
            own = self._own.get(key)
            if own is None:
                return None
            found |= own
            pending.extend(self._linked.get(key, ()))
        return frozenset(found)

    def _given_by(self, process: Process) -> frozenset[str] | None:
        found: set[str] = set()
        for element in process.elements.values():
            brought = self._brought(element)
            if brought is None:
                return None
            found |= brought
            found.update(mapping.target.partition(".")[0] for mapping in element.inputs)
            found.update(mapping.target.partition(".")[0] for mapping in element.outputs)
            if element.result_variable:
                found.add(element.result_variable)
            if element.loop is not None:
                found.update(
                    filter(None, (element.loop.input_element, element.loop.output_collection))
                )
            connector = self._around.connectors.get(element.job_type or "")
            if connector is not None:
                found.update(value.name for value in connector.outputs)
            if element.user is not None and element.user.form_id:
                form = self._around.forms.get(element.user.form_id)
                if form is None:  # chosen at run time, or missing: that is found elsewhere
                    return None
                found.update(form.process_variables)
        return frozenset(found)

    def _brought(self, element: Element) -> frozenset[str] | None:
        """What the message or signal that an element waits for may bring; None: anything."""
        event = element.event
        catching = element.kind in (
            Kind.START_EVENT,
            Kind.CATCH_EVENT,
            Kind.BOUNDARY_EVENT,
            Kind.RECEIVE_TASK,
        )
        if event is None or not catching:
            return frozenset()
        if event.trigger is not Trigger.MESSAGE:
            return frozenset()
        name = event.name or ""
        if name in self._around.entries:
            return frozenset(self._around.entries[name])
        if name in KNOWN_MESSAGES:
            return frozenset(KNOWN_MESSAGES[name])
        return frozenset() if name in self._thrown else None


def _thrown_messages(around: Surroundings) -> frozenset[str]:
    """Messages that a process of the package sends; their variables are input mappings there."""
    return frozenset(
        element.event.name
        for process in around.processes.values()
        for element in process.elements.values()
        if element.event is not None
        and element.event.name
        and element.kind in (Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK)
    )


def check_names(check: Check, names: Names) -> None:
    """Report names that nobody gives, and literals that look like a forgotten ``=``."""
    known = names.known_in(check.process.id)
    if known is None:
        return
    for text in texts_of_process(check.process):
        if is_feel(text.text):
            _free(check, text, known)
        elif text.what.startswith(("de invoer", "de uitvoer")) and text.text in known:
            check.report.warning(
                "literal-source",
                text.place,
                f"{label(text.place)}: {text.what} krijgt letterlijk de tekst ‘{text.text}’.",
                f"Bedoelde u de variabele? Schrijf dan ‘={text.text}’.",
            )
    for element in check.elements.values():
        for time in _times(element):
            _free(check, Text("de tijd van de timer", time, element), known)
        if element.decision_id in check.around.decisions:
            _decision_inputs(check, element, known)


def _free(check: Check, text: Text, known: frozenset[str]) -> None:
    for name in sorted(free_names(body(text.text))):
        if name not in known and name.partition(".")[0] not in known:
            check.report.warning(
                "unknown-name",
                text.place,
                f"{label(text.place)}: {text.what} gebruikt ‘{name}’, maar niets in het proces "
                "geeft die naam een waarde.",
                did_you_mean(name, known, "Controleer de spelling.")
                if _looks_like(name, known)
                else "Controleer de spelling, of vul de variabele eerst met een formulier, "
                "beslissing of koppeling.",
            )


def _looks_like(name: str, known: frozenset[str]) -> bool:
    return nearest(name, known) is not None


def _times(element: Element) -> list[str]:
    if element.event is None or trigger_of(element) is not Trigger.TIMER:
        return []
    found = (element.event.duration, element.event.date, element.event.cycle)
    return [text for text in found if text is not None and is_feel(text)]


def _decision_inputs(check: Check, element: Element, known: frozenset[str]) -> None:
    for name in check.around.decisions[element.decision_id or ""]:
        if name not in known:
            check.report.warning(
                "decision-input-unknown",
                element,
                f"{label(element)}: de beslissing ‘{element.decision_id}’ vraagt om ‘{name}’, maar "
                "niets in het proces geeft die naam een waarde.",
                did_you_mean(name, known, "Geef hem mee bij ‘Inputs’.")
                if _looks_like(name, known)
                else f"Voeg bij ‘Inputs’ een koppeling toe met de naam ‘{name}’.",
            )
