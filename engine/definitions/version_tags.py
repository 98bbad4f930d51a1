"""Version tags of decisions, as Camunda Modeler 8 writes them into DMN files."""

from __future__ import annotations

from collections.abc import Iterable

from engine.decisions.errors import DecisionError
from engine.decisions.xml_reading import read_xml
from engine.definitions.reading.xml import ZEEBE

_TAG = f"{{{ZEEBE}}}versionTag"


def tags_of_decisions(files: Iterable[bytes]) -> dict[str, str]:
    """The tag by the decision's id, for those that have one; unreadable files have none."""
    found: dict[str, str] = {}
    for content in files:
        if b"versionTag" not in content:
            continue
        try:
            root = read_xml(content)
        except DecisionError:
            continue
        for node in root.iter(_TAG):
            extensions = node.getparent()
            decision = None if extensions is None else extensions.getparent()
            value = (node.get("value") or "").strip()
            if decision is not None and value:
                found.setdefault(decision.get("id", ""), value)
    return found
