"""Calls of a global task: the task itself, where it is called."""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import translated
from engine.definitions.reading.xml import BPMN, Node, local_id, tag_of
from engine.definitions.reporting import Reporter

_TASKS: Final = {
    "globalTask": "task",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalUserTask": "userTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
_NOT_TAKEN: Final = frozenset({"documentation", "extensionElements", "supportedInterfaceRef"})


def inline_global_tasks(root: Node, report: Reporter) -> None:
    """Put every global task in the place of its calls, where nothing is passed on between them."""
    known = {
        node.get("id", ""): node
        for node in root.iterchildren(etree.Element)
        if tag_of(node) in _TASKS
    }
    for call in list(root.iter(f"{{{BPMN}}}callActivity")):
        task = known.get(local_id(call.get("calledElement")))
        if task is None or _passes_on(call) or _passes_on(task):
            continue
        del call.attrib["calledElement"]
        call.tag = f"{{{BPMN}}}{_TASKS[tag_of(task)]}"
        if language := task.get("scriptLanguage"):
            call.set("scriptFormat", language)
        for part in task.iterchildren(etree.Element):
            if tag_of(part) not in _NOT_TAKEN:
                call.append(deepcopy(part))
        translated(
            report,
            call,
            "de aanroep van een globale taak is gelezen als die taak zelf.",
            "Teken de taak op deze plek, dan kan het ook gepubliceerd worden.",
        )


def _passes_on(node: Node) -> bool:
    tags = ("ioSpecification", "ioBinding", "dataInputAssociation", "extensionElements")
    return any(tag_of(part) in tags for part in node.iterchildren(etree.Element))
