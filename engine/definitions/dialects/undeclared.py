"""Errors, escalations and signals that a file refers to and does not declare.

Engines that grew from Activiti take the reference to an error itself as the code, and Flowable that
to an escalation, too; jBPM takes that to a signal as its name. An event sub-process without an id
is one none the less: nothing refers to it.
"""

from __future__ import annotations

from itertools import count
from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import translated
from engine.definitions.reading.foreign import of_jbpm
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, children, is_true, local_id
from engine.definitions.reporting import Reporter

_FLOWABLE: Final = "http://flowable.org/bpmn"


def declare_errors(root: Node, report: Reporter) -> None:
    """Declare every error that is only referred to. Camunda 8 refuses that, and so it stays."""
    if ZEEBE not in root.nsmap.values():
        _declare(root, "error", "fout", report)


def declare_escalations(root: Node, report: Reporter) -> None:
    """Declare every escalation of a file of Flowable that is only referred to."""
    if _FLOWABLE in root.nsmap.values():
        _declare(root, "escalation", "escalatie", report)


def _declare(root: Node, tag: str, word: str, report: Reporter) -> None:
    known = {one.get("id") for one in children(root, tag)}
    taken = {node.get("id") for node in root.iter(f"{{{BPMN}}}*")} - known
    for node in list(root.iter(f"{{{BPMN}}}{tag}EventDefinition")):
        code = local_id(node.get(f"{tag}Ref"))
        if not code or code in known or code in taken:
            continue
        known.add(code)
        made = etree.Element(f"{{{BPMN}}}{tag}", {"id": code, f"{tag}Code": code})
        root.insert(0, made)
        translated(
            report,
            node,
            f"de {word} waarnaar dit verwijst staat nergens. De verwijzing ‘{code}’ is "
            "gelezen als de code.",
            f"Maak bij de gebeurtenis een {word} aan met deze code.",
        )


def name_event_sub_processes(root: Node, report: Reporter) -> None:
    """Give every event sub-process without an id one. Camunda 8 refuses that, and so it stays."""
    if ZEEBE in root.nsmap.values():
        return
    taken = {node.get("id") for node in root.iter(f"{{{BPMN}}}*")}
    numbers = (str(number) for number in count(1))
    for node in list(root.iter(f"{{{BPMN}}}subProcess")):
        if (node.get("id") or "").strip() or not is_true(node.get("triggeredByEvent")):
            continue
        own = next(id_ for n in numbers if (id_ := f"eventSubProcess-{n}") not in taken)
        node.set("id", own)
        translated(
            report,
            node,
            f"dit gebeurtenis-deelproces heeft geen id. Het heet in deze proef ‘{own}’.",
            "Open het bestand in de modelleeromgeving en sla het opnieuw op.",
        )


def declare_signals(root: Node, report: Reporter) -> None:
    """Declare every signal of a file of jBPM that is only referred to, by its name."""
    if not of_jbpm(root):
        return
    known = {signal.get("id") for signal in children(root, "signal")}
    for node in list(root.iter(f"{{{BPMN}}}signalEventDefinition")):
        name = (node.get("signalRef") or "").strip()
        if not name or local_id(name) in known:
            continue
        known.add(local_id(name))
        made = etree.Element(f"{{{BPMN}}}signal", {"id": local_id(name), "name": name})
        root.insert(0, made)
        translated(
            report,
            node,
            f"het signaal waarnaar dit verwijst staat nergens. De verwijzing ‘{name}’ is "
            "gelezen als zijn naam.",
            "Maak bij de gebeurtenis een signaal aan met deze naam.",
        )
