"""Errors that nothing catches, in a file of Camunda 7: the way ends there, as at any end.

BPMN leaves it open; Camunda 8 and this engine stop with an incident.
"""

from __future__ import annotations

from typing import Final

from engine.definitions.dialects.parts import translated
from engine.definitions.reading.demands import MadeFor, made_for
from engine.definitions.reading.foreign import ACTIVITI_AND_FLOWABLE
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    is_true,
    local_id,
)
from engine.definitions.reporting import Reporter

_ERROR: Final = "errorEventDefinition"


def translate_uncaught(root: Node, report: Reporter) -> None:
    """Make plain ends of the errors that nothing in the file can catch."""
    spoken = set(root.nsmap.values())
    if made_for(root) is not MadeFor.ACTIVITI_LIKE or spoken.intersection(ACTIVITI_AND_FLOWABLE):
        return
    codes = {error.get("id"): error.get("errorCode") or "" for error in children(root, "error")}
    for process in children(root, "process"):
        if _may_be_called(root, process):
            continue
        for end in process.iter(f"{{{BPMN}}}endEvent"):
            thrown = child(end, _ERROR)
            code = "" if thrown is None else codes.get(local_id(thrown.get("errorRef")), "")
            if thrown is None or not code or "{" in code or _is_caught(end, code, codes):
                continue
            end.remove(thrown)
            translated(
                report,
                end,
                f"de fout ‘{code}’ wordt nergens opgevangen. De gebeurtenis is "
                "gelezen als gewoon einde, zoals Camunda 7 doet.",
                "Vang de fout op, of gebruik een gewoon einde.",
            )


def _may_be_called(root: Node, process: Node) -> bool:
    """Whether another process may call this one, and catch what comes out of it."""
    called = [local_id(call.get("calledElement")) for call in root.iter(f"{{{BPMN}}}callActivity")]
    return any(not name or "{" in name or name == process.get("id") for name in called)


def _is_caught(end: Node, code: str, codes: dict[str | None, str]) -> bool:
    inside: Node = end
    scope = end.getparent()
    while scope is not None and scope.tag != f"{{{BPMN}}}definitions":
        around = scope.getparent()
        catching = [
            event
            for found in children(scope, "subProcess")
            if is_true(found.get("triggeredByEvent")) and found is not inside
            for event in children(found, "startEvent")
        ]
        if around is not None and not is_true(scope.get("triggeredByEvent")):
            catching += [
                border
                for border in children(around, "boundaryEvent")
                if local_id(border.get("attachedToRef")) == scope.get("id")
            ]
        if any(_catches(event, code, codes) for event in catching):
            return True
        inside, scope = scope, around
    return False


def _catches(event: Node, code: str, codes: dict[str | None, str]) -> bool:
    """Whether it catches the code; what cannot be said beforehand counts as if it does."""
    for caught in children(event, _ERROR):
        wanted = codes.get(local_id(caught.get("errorRef")), "")
        if not wanted or "{" in wanted or wanted == code:
            return True
    return False
