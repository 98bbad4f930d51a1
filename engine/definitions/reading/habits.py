"""What some modellers write in a way of their own, evened out before anything is judged."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.reading.foreign import of_jbpm
from engine.definitions.reading.xml import BPMN, Node, children, text_of

SHARED: Final = ("message", "signal", "error", "escalation")


def evened(root: Node) -> None:
    """Take away what is only said twice, and call what stands in lanes by its whole name."""
    if of_jbpm(root):
        _once_each(root)
    for process in children(root, "process"):
        _whole_names(process)


def _once_each(root: Node) -> None:
    """The modeller of jBPM writes a signal or escalation for every use of it: the same is one."""
    seen: set[bytes] = set()
    for node in list(children(root, *SHARED)):
        written = etree.tostring(node, with_tail=False)
        if written in seen:
            root.remove(node)
        seen.add(written)


def _whole_names(process: Node) -> None:
    """Lanes of Visual Paradigm name a step without the process, which its id begins with."""
    ids = {node.get("id") for node in process.iter(etree.Element)}
    for reference in process.iter(f"{{{BPMN}}}flowNodeRef"):
        whole = f"{process.get('id')}.{text_of(reference)}"
        if text_of(reference) not in ids and whole in ids:
            reference.text = whole
