"""Diagrams that were only drawn: what is needed to run them, and what only their owner can say."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import extension
from engine.definitions.model import Kind
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.undecided import tell_undecided
from engine.definitions.opening.unnamed import name_events
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    is_true,
    local_id,
    place_of,
    tag_of,
)
from engine.definitions.reporting import label

_ELEMENTS: Final = frozenset(map(str, Kind))
_PLATFORM: Final = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
_KEY: Final = "=trajectId"


def is_for_camunda_8(root: Node) -> bool:
    """Whether a file was written for an engine that reads zeebe's words."""
    if "cloud" in root.get(_PLATFORM, "").lower():
        return True
    return next(root.iter(f"{{{ZEEBE}}}*"), None) is not None


def make_runnable(root: Node, notes: Notes) -> None:
    """Say of a drawing which process runs, what its messages are about, and what tasks are."""
    _which_runs(root, notes)
    _called_run_too(root, notes)
    name_events(root, notes)
    _messages(root, notes)
    for process in children(root, "process"):
        if is_true(process.get("isExecutable")):
            tell_undecided(process, notes)


def _which_runs(root: Node, notes: Notes) -> None:
    filled = [one for one in children(root, "process") if _size(one)]
    if not filled or any(is_true(one.get("isExecutable")) for one in filled):
        return
    chosen = max(filled, key=_size)
    chosen.set("isExecutable", "true")
    if len(filled) == 1:
        notes.changed(
            "executable",
            chosen,
            f"Het proces {label(place_of(chosen))} stond als tekening (niet uitvoerbaar). Het is "
            "op uitvoerbaar gezet.",
            "U hoeft niets te doen.",
        )
        return
    others = ", ".join(label(place_of(one)) for one in filled if one is not chosen)
    notes.decide(
        "executable",
        chosen,
        f"In de tekening staan {len(filled)} processen. {label(place_of(chosen))} is het grootste "
        f"en op uitvoerbaar gezet; dit zijn de andere: {others}.",
        "Zet ‘Uitvoerbaar (executable)’ aan bij wat u zelf uitvoert, en uit bij wat een ander "
        "doet.",
    )


def _called_run_too(root: Node, notes: Notes) -> None:
    """What a running process calls in the same file has to run as well."""
    processes = {one.get("id", ""): one for one in children(root, "process")}
    pending = [one for one in processes.values() if is_true(one.get("isExecutable"))]
    while pending:
        for call in pending.pop().iter(f"{{{BPMN}}}callActivity"):
            called = processes.get(local_id(call.get("calledElement")))
            if called is None or is_true(called.get("isExecutable")) or not _size(called):
                continue
            called.set("isExecutable", "true")
            pending.append(called)
            notes.changed(
                "executable",
                called,
                f"Het proces {label(place_of(called))} wordt aangeroepen door "
                f"{label(place_of(call))} en is op uitvoerbaar gezet.",
                "U hoeft niets te doen.",
            )


def _size(process: Node) -> int:
    return sum(tag_of(node) in _ELEMENTS for node in process.iter(etree.Element))


def _messages(root: Node, notes: Notes) -> None:
    """A message that is waited for belongs to its trajectory, unless its key says otherwise."""
    known = {message.get("id", ""): message for message in children(root, "message")}
    for node in root.iter(
        f"{{{BPMN}}}intermediateCatchEvent", f"{{{BPMN}}}boundaryEvent", f"{{{BPMN}}}receiveTask"
    ):
        holder = node if tag_of(node) == "receiveTask" else child(node, "messageEventDefinition")
        message = None if holder is None else known.get(local_id(holder.get("messageRef")))
        if message is None or child(message, "extensionElements") is not None:
            continue
        extension(message, "subscription").set("correlationKey", _KEY)
        notes.changed(
            "correlation",
            node,
            f"{label(place_of(node))} wacht op een bericht. Het hoort nu bij het traject dat erop "
            f"wacht (correlatiesleutel {_KEY}).",
            "Kies een andere sleutel als het bericht ergens anders over gaat.",
        )
