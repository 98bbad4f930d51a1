"""What a call of Camunda 7, Activiti or Flowable passes on, and what comes back.

Nothing goes in or comes out but what ``in`` and ``out`` name. What they say stays as it is where it
means something else here: a variable that would stay with the call, or that an error brings out.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping, read_as
from engine.definitions.dialects.untranslated import has_leftovers
from engine.definitions.dialects.written_values import text_or_expression
from engine.definitions.expressions import problems
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, child, is_true, local_id
from engine.definitions.reporting import Reporter

_THROWN: Final = ("error", "escalation")
"""By these a call brings out what it would bring out when it is done; here it does not."""


def translate(node: Node, holder: Node, vendor: str, report: Reporter) -> None:
    """Put mappings in the place of the rows ``in`` and ``out`` of a call."""
    every = holder.findall(f"{{{vendor}}}in") + holder.findall(f"{{{vendor}}}out")
    rows = [row for row in every if row.get("businessKey") is None]
    made: list[tuple[str, str, str]] = []
    whole: dict[str, bool] = {"in": False, "out": False}
    for row in rows:
        side = etree.QName(row).localname
        is_local = is_true(row.get("local"))
        if row.get("variables") == "all" and (side == "out" or not is_local):
            # what is local comes out by the output parameters only, and not at all without them
            whole[side] = whole[side] or not is_local or _brings_out(node)
            continue
        source, target = _source(row), row.get("target")
        if source is None or not target or set(row.attrib) & {"local", "variables"}:
            return
        made.append(("input" if side == "in" else "output", f"={source}", target))
    inherits = node.get(f"{{{vendor}}}inheritVariables")
    if is_true(inherits):
        whole["in"] = True
    elif not every and inherits != "false":
        return
    if _means_something_else(node, vendor, rows, made, whole["out"]):
        return
    node.attrib.pop(f"{{{vendor}}}inheritVariables", None)
    for row in every:
        holder.remove(row)
    called = extension(node, "calledElement")
    if not called.get("processId"):
        called.set("processId", (node.get("calledElement") or "").rpartition(":")[2])
    called.set("propagateAllParentVariables", "true" if whole["in"] else "false")
    called.set("propagateAllChildVariables", "true" if whole["out"] else "false")
    for kind, source, target in made:
        mapping(node, kind, source, target)
    read_as(report, node, "wat de aanroep meegeeft", ", ".join(t for _k, _s, t in made) or "alles")


def pass_nothing_unnamed(process: Node, report: Reporter) -> None:
    """Where a call names nothing, nothing goes in and nothing comes out."""
    for node in process.iter(f"{{{BPMN}}}callActivity"):
        if has_leftovers(node):
            continue
        called = extension(node, "calledElement")
        flags = ("propagateAllParentVariables", "propagateAllChildVariables")
        if any(called.get(flag) for flag in flags):
            continue
        if not called.get("processId"):
            called.set("processId", (node.get("calledElement") or "").rpartition(":")[2])
        for flag in flags:
            called.set(flag, "false")
        read_as(report, node, "wat de aanroep meegeeft", "niets")


def _source(row: Node) -> str | None:
    name, written = row.get("source"), row.get("sourceExpression")
    if name:
        made = reading.value(name) if name.isidentifier() else None
    else:
        made = text_or_expression(written.strip()) if written else None
    return None if made is None or problems(made) else made


def _brings_out(node: Node) -> bool:
    """Whether the call has output parameters, which say what comes out of it."""
    holder = child(node, "extensionElements")
    return holder is not None and next(holder.iter("{*}outputParameter"), None) is not None


def _means_something_else(
    node: Node, vendor: str, rows: list[Node], made: list[tuple[str, str, str]], all_out: bool
) -> bool:
    if is_true(node.get(f"{{{vendor}}}useLocalScopeForOutParameters")):
        return True
    kinds = {kind for kind, _source, _target in made}
    if all_out and not _brings_out(node) and kinds:
        # what went in stays with the call here, and comes out there
        return True
    comes_out = any(etree.QName(row).localname == "out" for row in rows)
    return comes_out and any(_catches(node, kind) and _may_throw(node, kind) for kind in _THROWN)


def _catches(node: Node, kind: str) -> bool:
    """Whether what leaves the called process so is caught at the call or around it."""
    at: Node | None = node
    while at is not None and (scope := at.getparent()) is not None:
        for definition in scope.iter(f"{{{BPMN}}}{kind}EventDefinition"):
            event = definition.getparent()
            if event is None:
                continue
            if local_id(event.get("attachedToRef")) == at.get("id"):
                return True
            around = event.getparent()
            is_handler = around is not None and is_true(around.get("triggeredByEvent"))
            if is_handler and around is not None and around.getparent() is scope:
                return True
        at = scope
    return False


def _may_throw(node: Node, kind: str) -> bool:
    """Whether the called process has such an event in it, or is not known to have none."""
    called = (node.get("calledElement") or "").rpartition(":")[2]
    holder = node.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}calledElement")
    called = called or (holder.get("processId") or "" if holder is not None else "")
    for process in node.getroottree().getroot().iterchildren(f"{{{BPMN}}}process"):
        if process.get("id") == called:
            throws = f"{{{BPMN}}}{kind}EventDefinition", f"{{{BPMN}}}callActivity"
            return next(process.iter(*throws), None) is not None
    return True
