"""Names in FEEL that nobody in the package gives a value (a spelling mistake, mostly).

Only a warning: what is asked for is compared with everything that any step of the process may
set, with what its callers give it and what the processes that it calls give back, without regard
to order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from engine.definitions.checks.context import (
    Check,
    Surroundings,
    decisions_of,
    surroundings_of,
    trigger_of,
)
from engine.definitions.checks.texts import Text, texts_of_process
from engine.definitions.connectors import KNOWN_MESSAGES, TRAJECTORY_VARIABLES
from engine.definitions.expressions import body, free_names, is_feel
from engine.definitions.model import Element, Event, Kind, Process, Trigger
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean, nearest

_LOOP = (
    "loopCounter",
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
    "activationCount",
)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of one process by another, and what it lets through."""

    caller: str
    called: str
    given: frozenset[str]
    all_down: bool
    all_up: bool


_Link: TypeAlias = tuple[str, str, frozenset[str] | None]
"""From a process to a process: only these names, or all of them (None)."""


class Names:
    """Which names may have a value in each process of a package, and in those it calls."""

    def __init__(self, around: Surroundings) -> None:
        reached = dict(_reached(around))
        self._thrown = _thrown(process for process, _where in reached.values())
        self._thrown_up = {key: _thrown_up(process) for key, (process, _where) in reached.items()}
        self._known = self._settle(
            {key: self._given_by(process, where) for key, (process, where) in reached.items()},
            [call for process, _where in reached.values() for call in _calls(process)],
            {
                key: frozenset(name for name, _needed in declared_inputs(process))
                for key, (process, _where) in reached.items()
            },
        )

    def known_in(self, process_id: str) -> frozenset[str] | None:
        """Every name that may have a value there; None when something may bring any name."""
        return self._known.get(process_id)

    def _settle(
        self,
        own: dict[str, frozenset[str] | None],
        calls: list[_Call],
        declared: dict[str, frozenset[str]],
    ) -> dict[str, frozenset[str] | None]:
        """Let names rise to callers and then sink to what they call, until nothing changes.

        What a process says that it is given does not rise: a caller must have it first.
        """
        if any(call.called not in own for call in calls):
            return {}  # a process chosen at run time, or missing: that is found elsewhere
        always = frozenset((*TRAJECTORY_VARIABLES, *_LOOP))
        known = {key: None if names is None else names | always for key, names in own.items()}
        upward: list[_Link] = [
            (call.called, call.caller, None if call.all_up else self._thrown_up[call.called])
            for call in calls
        ]
        _spread(known, upward)
        known = {
            key: None if names is None else names | declared[key] for key, names in known.items()
        }
        downward: list[_Link] = [
            (call.caller, call.called, None if call.all_down else call.given) for call in calls
        ]
        _spread(known, downward)
        return known

    def _given_by(self, process: Process, where: Surroundings) -> frozenset[str] | None:
        found: set[str] = set()
        for element in process.elements.values():
            brought = self._brought(element, where)
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
            connector = where.connectors.get(element.job_type or "")
            if connector is not None:
                found.update(value.name for value in connector.outputs)
            if element.user is not None and element.user.form_id:
                form = where.forms.get(element.user.form_id)
                if form is None:  # chosen at run time, or missing: that is found elsewhere
                    return None
                found.update(form.process_variables)
        return frozenset(found)

    def _brought(self, element: Element, where: Surroundings) -> frozenset[str] | None:
        """What the message or signal that an element waits for may bring; None: anything."""
        catching = element.kind in (
            Kind.START_EVENT,
            Kind.CATCH_EVENT,
            Kind.BOUNDARY_EVENT,
            Kind.RECEIVE_TASK,
        )
        found: frozenset[str] = frozenset()
        for event in element.event.each if catching and element.event is not None else ():
            brought = self._brought_by(event, where)
            if brought is None:
                return None
            found |= brought
        return found

    def _brought_by(self, event: Event, where: Surroundings) -> frozenset[str] | None:
        name = event.name or ""
        if event.trigger is Trigger.SIGNAL:
            return self._thrown.get(name, frozenset())
        if event.trigger is not Trigger.MESSAGE:
            return frozenset()
        if name in where.entries:
            return frozenset(where.entries[name])
        if name in KNOWN_MESSAGES:
            return frozenset(KNOWN_MESSAGES[name])
        return self._thrown.get(name)


def _spread(
    known: dict[str, frozenset[str] | None],
    links: list[_Link],
) -> None:
    """Carry names along links until nothing changes."""
    changed = True
    while changed:
        changed = False
        for source, target, only in links:
            before = known[target]
            carried = known[source] if only is None else only
            after = None if before is None or carried is None else before | carried
            if after != before:
                known[target] = after
                changed = True


def _calls(process: Process) -> Iterator[_Call]:
    for element in process.elements.values():
        if element.kind is Kind.CALL_ACTIVITY:
            yield _Call(
                caller=process.id,
                called=element.called_process or "",
                given=frozenset(mapping.target for mapping in element.inputs),
                all_down=element.propagate_all_parent,
                all_up=element.propagate_all_child and not element.outputs,
            )


def declared_inputs(process: Process) -> Iterator[tuple[str, bool]]:
    """The names that a process says its callers give it, and whether it needs them.

    They stand in its property ``invoer``: ``aanleiding, uiterlijk?`` (a ``?`` after what may lack).
    """
    for word in process.properties.get("invoer", "").split(","):
        name = word.strip()
        if name:
            yield name.removesuffix("?").strip(), not name.endswith("?")


def _reached(around: Surroundings) -> Iterator[tuple[str, tuple[Process, Surroundings]]]:
    """The package's processes and those of other packages that they lead to, by id."""
    pending = [(process, around) for process in around.processes.values()]
    seen = set(around.processes)
    while pending:
        process, where = pending.pop()
        yield process.id, (process, where)
        for call in _calls(process):
            if call.called in seen:
                continue
            package = around.neighbours.with_process(call.called)
            beside = where.processes.get(call.called)
            if package is not None:
                pending.append((package.processes[call.called], surroundings_of(package)))
            elif beside is not None:
                pending.append((beside, where))
            else:
                continue
            seen.add(call.called)


def _thrown(processes: Iterable[Process]) -> dict[str, frozenset[str]]:
    """Messages and signals that processes send, with the variables that they bring."""
    found: dict[str, frozenset[str]] = {}
    for process in processes:
        for element in process.elements.values():
            sends = element.kind in (Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK)
            for event in element.event.each if sends and element.event is not None else ():
                if event.name:
                    brought = frozenset(mapping.target for mapping in element.inputs)
                    found[event.name] = found.get(event.name, frozenset()) | brought
    return found


def _thrown_up(process: Process) -> frozenset[str]:
    """Variables that errors and escalations of a process bring to whoever catches them."""
    return frozenset(
        mapping.target
        for element in process.elements.values()
        if element.kind in (Kind.THROW_EVENT, Kind.END_EVENT)
        and any(
            trigger_of(one) in (Trigger.ERROR, Trigger.ESCALATION) for one in element.by_trigger
        )
        for mapping in element.inputs
    )


def check_names(check: Check, names: Names) -> None:
    """Report names that nobody gives, and literals that look like a forgotten ``=``."""
    known = names.known_in(check.process.id)
    if known is None:
        return
    for text in texts_of_process(check.process):
        if is_feel(text.text):
            _free(check, text, known | _given_back(check, text, names))
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
        _decision_inputs(check, element, known)


def _given_back(check: Check, text: Text, names: Names) -> frozenset[str]:
    """What an output mapping of a call sees besides: the variables of the called process."""
    called = getattr(text.place, "called_process", None)
    if called is None or not text.what.startswith("de uitvoer"):
        return frozenset()
    return names.known_in(called) or frozenset()


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
                "beslissing of koppeling. Geeft een aanroepend pakket haar mee? Noem haar dan bij "
                "de eigenschap ‘invoer’ van het proces.",
            )


def _looks_like(name: str, known: frozenset[str]) -> bool:
    return nearest(name, known) is not None


def _times(element: Element) -> list[str]:
    timers = element.event.each if element.event else ()
    found = [text for event in timers for text in (event.duration, event.date, event.cycle)]
    return [text for text in found if text is not None and is_feel(text)]


def _decision_inputs(check: Check, element: Element, known: frozenset[str]) -> None:
    decision_id = element.decision_id or ""
    asked = check.around.decisions.get(decision_id)
    if asked is None:
        shared = check.around.neighbours.with_decision(decision_id)
        asked = decisions_of(shared).get(decision_id, ()) if shared else ()
    for name in asked:
        if name not in known:
            check.report.warning(
                "decision-input-unknown",
                element,
                f"{label(element)}: de beslissing ‘{element.decision_id}’ vraagt om ‘{name}’, maar "
                "niets in het proces geeft die naam een waarde.",
                did_you_mean(name, known, "Geef hem mee bij ‘Wat erin gaat (input)’.")
                if _looks_like(name, known)
                else f"Voeg bij ‘Wat erin gaat (input)’ een koppeling toe met de naam ‘{name}’.",
            )
