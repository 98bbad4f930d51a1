"""Errors and signals that a file refers to and does not declare.

Engines that grew from Activiti take the reference to an error itself as the code, jBPM that to a
signal as its name.
"""

from __future__ import annotations

from lxml import etree

from engine.definitions.dialects.data import of_jbpm
from engine.definitions.dialects.parts import translated
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, children, local_id
from engine.definitions.reporting import Reporter


def declare_errors(root: Node, report: Reporter) -> None:
    """Declare every error that is only referred to. Camunda 8 refuses that, and so it stays."""
    if ZEEBE in root.nsmap.values():
        return
    known = {error.get("id") for error in children(root, "error")}
    taken = {node.get("id") for node in root.iter(f"{{{BPMN}}}*")} - known
    for node in list(root.iter(f"{{{BPMN}}}errorEventDefinition")):
        code = local_id(node.get("errorRef"))
        if not code or code in known or code in taken:
            continue
        known.add(code)
        made = etree.Element(f"{{{BPMN}}}error", {"id": code, "errorCode": code})
        root.insert(0, made)
        translated(
            report,
            node,
            f"de fout waarnaar dit verwijst staat nergens. De verwijzing ‘{code}’ is "
            "gelezen als de foutcode.",
            "Maak bij de gebeurtenis een fout aan met deze code.",
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
