"""Scripts that throw a BPMN error and do nothing else: work that ends in that error."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from engine.definitions.dialects.parts import extension, translated
from engine.definitions.reading.foreign import ACTIVITI_AND_FLOWABLE, CAMUNDA_7
from engine.definitions.reading.xml import BPMN, Node, child, text_of
from engine.definitions.reporting import Reporter

THROWS: Final = "bpmn-fout:"
"""How the job of such a script begins; the code follows."""
_THROWN: Final = re.compile(
    r"(?:import\s+[\w.]+;?\s*)*throw\s+new\s+(?:[\w.]+\.)?BpmnError\(\s*"
    r"(?P<quote>[\"'])(?P<code>[^\"']+)(?P=quote)(?:\s*,\s*(?:\"[^\"]*\"|'[^']*'))?\s*\)\s*;?"
)
_STORES: Final = "autoStoreVariables"


def translate_thrown(
    process: Node, vendors: Collection[str], answered: Collection[str], report: Reporter
) -> None:
    """Make a job of every script that throws, unless an answer stands for it."""
    for node in list(process.iter(f"{{{BPMN}}}scriptTask")):
        script = child(node, "script")
        found = None if script is None else _THROWN.fullmatch(text_of(script))
        if script is None or found is None or node.get("id") in answered:
            continue
        node.remove(script)
        for name in ("scriptFormat", *(f"{{{vendor}}}{_STORES}" for vendor in vendors)):
            node.attrib.pop(name, None)
        extension(node, "taskDefinition").set("type", THROWS + found["code"])
        translated(
            report,
            node,
            f"het script is gelezen als werk dat de fout ‘{found['code']}’ werpt.",
            "Teken een eind-gebeurtenis met deze fout om het te publiceren.",
        )


def keeps_nothing(node: Node) -> bool:
    """Whether what a script assigns is lost: Activiti and Flowable keep it when they are told to.

    Camunda 7 keeps it always.
    """
    stored = [value for name, value in node.attrib.items() if str(name).endswith(_STORES)]
    if stored:
        return stored[0] != "true"
    named = set(node.getroottree().getroot().nsmap.values())
    lossy = named.intersection(ACTIVITI_AND_FLOWABLE)
    return bool(lossy) and named.isdisjoint(CAMUNDA_7)
