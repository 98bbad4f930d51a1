"""What a run by itself does with the work of other engines: compute it, or take its answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping, translated
from engine.definitions.dialects.scripts import assignments
from engine.definitions.dialects.times import delayed_cycle, short_time
from engine.definitions.expressions import free_names, problems
from engine.definitions.reading.foreign import DROOLS, of_jbpm
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    local_id,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Reporter

_WORK: Final = frozenset({"serviceTask", "sendTask", "businessRuleTask", "task"})
_CODE: Final = (
    "class", "delegateExpression", "expression", "type", "resultVariable", "resultVariableName",
)  # fmt: skip
_NO_RUN: Final = frozenset(
    {
        "packageName", "version", "adHoc", "import", "global", "selectable", "metaData", "dtype",
        "independent", "waitForCompletion", "elementname", "priority", "bgcolor", "bordercolor",
        "fontsize", "erefname", "esccode", "msgref", "signalref", "boundaryca",
    }
)  # fmt: skip
"""Words of jBPM that say nothing about a run."""


def failing(root: Node, answered: Collection[str]) -> set[str]:
    """The steps of which an answer says that an error ends them: their code need not run."""
    return {
        local_id(border.get("attachedToRef"))
        for border in root.iter(f"{{{BPMN}}}boundaryEvent")
        if border.get("id") in answered and child(border, "errorEventDefinition") is not None
    }


def work_alone(
    process: Node, vendors: Collection[str], answered: Collection[str], report: Reporter
) -> None:
    """Everything about work that a run by itself can do without the engine it was made for."""
    is_jbpm = of_jbpm(process)
    if is_jbpm:
        _drools_order(process)
    for node in list(process.iter(etree.Element)):
        if etree.QName(node).namespace == BPMN:
            if is_jbpm:
                _drools_time(node)
                _drools_words(node)
            _as_script(node, vendors, report)
            if node.get("id") not in answered:
                _computed(node, vendors, report)
            _answered(node, vendors, answered, report)
        elif etree.QName(node).namespace == DROOLS:
            _drools_element(node)


def _drools_order(process: Node) -> None:
    """The flows out of a choice by jBPM's priorities: the lowest number is asked first."""
    for gateway in process.iter(f"{{{BPMN}}}exclusiveGateway"):
        scope = gateway.getparent()
        flows = [
            flow
            for flow in ([] if scope is None else children(scope, "sequenceFlow"))
            if local_id(flow.get("sourceRef")) == gateway.get("id")
        ]
        first = sorted(flows, key=_priority)
        if scope is None or first == flows:
            continue
        places = [scope.index(flow) for flow in flows]
        for flow in flows:
            scope.remove(flow)
        for place, flow in zip(places, first, strict=True):
            scope.insert(place, flow)


def _priority(flow: Node) -> int:
    text = flow.get(f"{{{DROOLS}}}priority", "")
    return int(text) if text.isdecimal() else 1


def _drools_time(node: Node) -> None:
    """A short time; one that says of no second time is a time and no repetition."""
    if tag_of(node) not in ("timeDuration", "timeCycle"):
        return
    made, again = short_time(text_of(node)), delayed_cycle(text_of(node))
    if made is not None or again is not None:
        node.tag = f"{{{BPMN}}}{'timeDuration' if again is None else 'timeCycle'}"
        node.text = made or again


def _drools_words(node: Node) -> None:
    for name in _NO_RUN:
        if name != "adHoc" or node.get(f"{{{DROOLS}}}adHoc") != "true":
            node.attrib.pop(f"{{{DROOLS}}}{name}", None)


def _drools_element(node: Node) -> None:
    """What is said about a diagram, and scripts at a step that only print."""
    name, parent = etree.QName(node).localname, node.getparent()
    prints = name in ("onEntry-script", "onExit-script") and assignments(
        "\n".join("".join(one.itertext()) for one in node)
    )
    if parent is not None and (name in _NO_RUN or prints == []):
        parent.remove(node)


def _as_script(node: Node, vendors: Collection[str], report: Reporter) -> None:
    """A service that computes an expression into a variable is a script."""
    if tag_of(node) != "serviceTask":
        return
    for vendor in vendors:
        written = node.get(f"{{{vendor}}}expression")
        results = [f"{{{vendor}}}{name}" for name in ("resultVariable", "resultVariableName")]
        into = next((node.get(name) for name in results if node.get(name)), None)
        made = None if written is None or into is None else reading.value(written)
        if into is None or made is None or problems(made):
            continue
        for name in (f"{{{vendor}}}expression", *results):
            node.attrib.pop(name, None)
        node.tag = f"{{{BPMN}}}scriptTask"
        settings = extension(node, "script")
        settings.set("expression", f"={made}")
        settings.set("resultVariable", into)
        _said(report, node, f"een script: {into} = {made}")


def _computed(node: Node, vendors: Collection[str], report: Reporter) -> None:
    """A service that computes an expression and keeps nothing of it at most sets variables."""
    if tag_of(node) not in (*_WORK, "messageEventDefinition"):
        return
    for vendor in vendors:
        written = node.get(f"{{{vendor}}}expression")
        made = _set_by(written)
        if made is None or any(problems(source) for _name, source in made):
            continue
        if tag_of(node) == "messageEventDefinition" and not _constant(written or ""):
            continue  # SpiffWorkflow sends along what it gives
        del node.attrib[f"{{{vendor}}}expression"]
        for name, source in made:
            mapping(node, "output", f"={source}", name)
        shown = "; ".join(f"{name} = {source}" for name, source in made)
        _said(report, node, f"uitvoer: {shown}" if shown else "een stap die niets verandert")


def _set_by(written: str | None) -> list[tuple[str, str]] | None:
    """The variables that an expression sets; None when it may do anything."""
    if written is None:
        return None
    inner = reading.unwrapped(written)
    if inner is None:
        return None if "{" in written else []
    made = assignments(inner, "juel")
    return [] if made is None and reading.value(inner, "juel") is not None else made


def _constant(written: str) -> bool:
    made = reading.value(reading.unwrapped(written) or written, "juel")
    return made is not None and not problems(made) and not free_names(made)


def script_answered(node: Node, vendors: Collection[str], report: Reporter) -> None:
    """A script that has no translation and has an answer is worked by its answer."""
    script = child(node, "script")
    if script is None:
        return
    node.remove(script)
    words = [f"{{{vendor}}}{name}" for vendor in vendors for name in ("resource", *_CODE)]
    for name in ("scriptFormat", *words):
        node.attrib.pop(name, None)
    _said(report, node, "werk waarvoor het antwoord gegeven is")


def _answered(
    node: Node, vendors: Collection[str], answered: Collection[str], report: Reporter
) -> None:
    """Code that an answer stands for is work of any kind, and so is work that jBPM hands out."""
    step = node.getparent() if tag_of(node) == "messageEventDefinition" else node
    if step is None or (step is node and tag_of(node) not in _WORK):
        return
    found = [f"{{{DROOLS}}}taskName"]  # such work is done outside, as a job
    if step.get("id") in answered:
        found += [f"{{{vendor}}}{name}" for vendor in vendors for name in _CODE]
        found.append(f"{{{DROOLS}}}ruleFlowGroup")
    taken = [node.attrib.pop(name) for name in found if name in node.attrib]
    if not taken:
        return
    if tag_of(step) == "task":
        step.tag = f"{{{BPMN}}}serviceTask"
    extension(step, "taskDefinition").set("type", step.get("id", ""))
    holder = child(step, "extensionElements")
    for field in [] if holder is None else list(holder):
        is_theirs = etree.QName(field).namespace in vendors
        if holder is not None and is_theirs and etree.QName(field).localname == "field":
            holder.remove(field)
    _said(report, step, "werk van buiten, dat een antwoord kan krijgen")


def _said(report: Reporter, node: Node, what: str) -> None:
    translated(
        report,
        node,
        f"de programmacode is gelezen als {what}.",
        "Open het bestand in de Studio om het te publiceren.",
    )
