"""Reading event definitions and what they refer to: messages, signals, errors, escalations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.definitions.expressions import as_feel, as_text, is_feel, problems
from engine.definitions.model import Event, Trigger
from engine.definitions.reading.xml import (
    Extensions,
    Node,
    child,
    children,
    is_false,
    is_true,
    local_id,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Place, Reporter, label
from engine.definitions.times import is_iso_timer

TRIGGERS: Final = {
    "messageEventDefinition": Trigger.MESSAGE,
    "timerEventDefinition": Trigger.TIMER,
    "signalEventDefinition": Trigger.SIGNAL,
    "errorEventDefinition": Trigger.ERROR,
    "escalationEventDefinition": Trigger.ESCALATION,
    "conditionalEventDefinition": Trigger.CONDITIONAL,
    "terminateEventDefinition": Trigger.TERMINATE,
    "linkEventDefinition": Trigger.LINK,
    "compensateEventDefinition": Trigger.COMPENSATION,
    "cancelEventDefinition": Trigger.CANCEL,
}

_DUTCH: Final = {
    "message": "bericht",
    "signal": "signaal",
    "error": "fout",
    "escalation": "escalatie",
}


@dataclass(slots=True)
class Definitions:
    """The root elements that events refer to, by id."""

    messages: dict[str, Node] = field(default_factory=dict)
    signals: dict[str, Node] = field(default_factory=dict)
    errors: dict[str, Node] = field(default_factory=dict)
    escalations: dict[str, Node] = field(default_factory=dict)
    event_definitions: dict[str, Node] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Node) -> Definitions:
        """What stands directly under ``definitions``."""
        found = cls()
        shelves = {
            "message": found.messages,
            "signal": found.signals,
            "error": found.errors,
            "escalation": found.escalations,
            **dict.fromkeys(TRIGGERS, found.event_definitions),
        }
        for node in children(root, *shelves):
            shelves[tag_of(node)].setdefault(node.get("id", ""), node)
        return found


class EventReader:
    """Reads the event definitions of one file."""

    def __init__(
        self, definitions: Definitions, report: Reporter, *, names_needed: bool = False
    ) -> None:
        self._definitions = definitions
        self._report = report
        self._names_needed = names_needed

    def event_of(self, node: Node, place: Place, *, throwing: bool) -> Event:
        """What an event element waits for or throws."""
        found = self._definition_nodes(node, place)
        if not found:
            return Event(Trigger.NONE, line=place.line)
        events = [self._event(one, place, throwing, Extensions(node)) for one in found]
        if len(events) == 1:
            return events[0]
        together = not throwing and is_true(node.get("parallelMultiple"))
        trigger = Trigger.PARALLEL if together else Trigger.MULTIPLE
        return Event(trigger, line=events[0].line, parts=tuple(events))

    def message_of_task(self, node: Node, place: Place) -> Event | None:
        """The message of a send or receive task; None when it names none."""
        reference = node.get("messageRef")
        if not reference:
            return None
        throwing = tag_of(node) == "sendTask"
        name, key = self._message(reference, place)
        if throwing:
            key = self._throw_key(Extensions(node), place) or key
        return Event(Trigger.MESSAGE, name=name, correlation_key=key, line=place.line)

    def _definition_nodes(self, node: Node, place: Place) -> list[Node]:
        found = list(children(node, *TRIGGERS))
        for reference in children(node, "eventDefinitionRef"):
            known = self._definitions.event_definitions.get(local_id(text_of(reference)))
            if known is not None:
                found.append(known)
            else:
                self._report.error(
                    "unknown-event-definition",
                    place,
                    f"{label(place)} verwijst naar een gebeurtenisdefinitie die niet bestaat: "
                    f"‘{text_of(reference)}’.",
                    "Kies het soort gebeurtenis opnieuw in de modelleeromgeving.",
                )
        return found

    def _event(self, node: Node, place: Place, throwing: bool, holder: Extensions) -> Event:
        trigger = TRIGGERS[tag_of(node)]
        line = node.sourceline or place.line
        match trigger:
            case Trigger.MESSAGE:
                name, key = self._message(node.get("messageRef"), place)
                if throwing:
                    key = self._throw_key(holder, place) or key
                return Event(trigger, name=name, correlation_key=key, line=line)
            case Trigger.SIGNAL:
                return Event(trigger, name=self._named("signal", node, place), line=line)
            case Trigger.ERROR:
                name = self._coded("error", node, place, throwing)
                return Event(trigger, name=name, line=line)
            case Trigger.ESCALATION:
                name = self._coded("escalation", node, place, throwing)
                return Event(trigger, name=name, line=line)
            case Trigger.TIMER:
                return Event(
                    trigger,
                    duration=self._time(node, "timeDuration", place),
                    date=self._time(node, "timeDate", place),
                    cycle=self._time(node, "timeCycle", place),
                    line=line,
                )
            case Trigger.CONDITIONAL:
                condition = self._condition(node, place)
                return Event(trigger, condition=condition, line=line)
            case Trigger.LINK:
                return Event(trigger, name=(node.get("name") or "").strip() or None, line=line)
            case Trigger.COMPENSATION:
                if throwing and is_false(node.get("waitForCompletion")):
                    self._report.error(
                        "compensation-without-waiting",
                        place,
                        f"{label(place)}: een compensatie waarop niet gewacht wordt "
                        "(waitForCompletion=false) wordt niet uitgevoerd.",
                        "Zet ‘Wachten tot het klaar is (wait for completion)’ aan.",
                    )
                reference = local_id(node.get("activityRef")) or None
                return Event(trigger, activity_ref=reference, line=line)
            case _:
                return Event(trigger, line=line)

    def _message(self, reference: str | None, place: Place) -> tuple[str | None, str | None]:
        """Name and correlation key of the message that is referred to."""
        node = self._referred("message", self._definitions.messages, reference, place)
        if node is None:
            return None, None
        key = Extensions(node).get("subscription", "correlationKey")
        if key is not None:
            key = as_feel(key, "de correlatiesleutel", place, self._report)
        return self._name_of("message", node, "name", place), key

    def _throw_key(self, holder: Extensions, place: Place) -> str | None:
        key = holder.properties().get("correlatie", "")
        if key:
            return as_feel(key, "de eigenschap ‘correlatie’", place, self._report)
        published = holder.get("publishMessage", "correlationKey")
        return published if published is None or is_feel(published) else as_text(published)

    def _named(self, kind: str, node: Node, place: Place) -> str | None:
        found = self._referred(kind, self._definitions.signals, node.get(f"{kind}Ref"), place)
        return None if found is None else self._name_of(kind, found, "name", place)

    def _coded(self, kind: str, node: Node, place: Place, throwing: bool) -> str | None:
        shelf = self._definitions.errors if kind == "error" else self._definitions.escalations
        found = self._referred(kind, shelf, node.get(f"{kind}Ref"), place)
        if found is None:
            return None
        if not throwing and not (found.get(f"{kind}Code") or "").strip():
            return None  # it catches every one
        return self._name_of(kind, found, f"{kind}Code", place, needed=throwing)

    def _referred(
        self, kind: str, shelf: dict[str, Node], reference: str | None, place: Place
    ) -> Node | None:
        if not reference:
            return None
        found = shelf.get(local_id(reference))
        if found is None:
            self._report.error(
                f"unknown-{kind}",
                place,
                f"{label(place)} verwijst naar een {_DUTCH[kind]} dat niet in het bestand staat: "
                f"‘{reference}’.",
                f"Kies een bestaand {_DUTCH[kind]}, of maak het opnieuw aan.",
            )
        return found

    def _name_of(
        self, kind: str, node: Node, attribute: str, place: Place, *, needed: bool = True
    ) -> str:
        """The name or code; without one the id, which serves as well inside one file.

        What is ``needed`` may not be empty. A code that is thrown may not lack either (BPMN asks
        it of what is executed), nor a name where the engine that the file was made for asks it.
        """
        value = (node.get(attribute) or "").strip()
        if value:
            return value
        own = Place(node.get("id", ""), node.get("name", ""), node.sourceline or 0)
        word = "naam" if attribute == "name" else "code"
        must = self._names_needed or attribute != "name" or node.get(attribute) is not None
        refused = needed and must
        say = self._report.error if refused else self._report.warning
        say(
            f"{kind}-without-{'name' if attribute == 'name' else 'code'}",
            own,
            f"{label(own)}: dit {_DUTCH[kind]} heeft geen {word}; de id wordt als {word} gebruikt "
            f"(door {label(place)}).",
            f"Geef het {_DUTCH[kind]} een {word}.",
        )
        return node.get("id", "")

    def _time(self, node: Node, name: str, place: Place) -> str | None:
        text = text_of(child(node, name))
        if not text or text.startswith("=") or is_iso_timer(name, text):
            return text or None
        if ("(" in text or text.startswith('"')) and not problems(text):
            return as_feel(text, "de tijd", place, self._report)
        return text

    def _condition(self, node: Node, place: Place) -> str | None:
        text = text_of(child(node, "condition"))
        return as_feel(text, "de voorwaarde", place, self._report)
