"""Data that flows into and out of steps as BPMN itself draws it, as mappings of variables.

Only what names variables of the process is read: its properties, and in files of jBPM every name.
Data objects that are drawn beside the steps of a diagram say nothing about a run.
"""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping, translated
from engine.definitions.reading.foreign import of_jbpm
from engine.definitions.reading.xml import Node, child, children, tag_of, text_of
from engine.definitions.reporting import Reporter

PROCESS_MAKER: Final = "http://processmaker.com/BPMN/2.0/Schema.xsd"
_NAME: Final = re.compile(r"[^\W\d]\w*")
_PATH: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_FILLED_IN: Final = re.compile(r"#\{([^{}]*)\}")
_STEPS: Final = frozenset(
    {
        "userTask", "serviceTask", "sendTask", "businessRuleTask", "task", "callActivity",
        "scriptTask", "manualTask",
    }
)  # fmt: skip


_CATCHING: Final = frozenset(
    {"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"}
)


class _Variables:
    """The names that stand for variables of a process."""

    def __init__(self, process: Node) -> None:
        self._named = {one.get("id", "") for one in process.iter("{*}property")} - {""}
        self._any = of_jbpm(process)

    def __contains__(self, name: str) -> bool:
        return name in self._named or (self._any and _NAME.fullmatch(name) is not None)


def translate_data(process: Node, report: Reporter) -> None:
    """Put mappings in the place of associations with the variables of a process."""
    known = _Variables(process)
    names_its_data = _names_its_data(process)
    if of_jbpm(process):
        for node in list(process.iter()):
            if tag_of(node) in _CATCHING:
                _caught(node, known)
    for node in list(process.iter("{*}ioSpecification")):
        step = node.getparent()
        if step is None:
            continue
        _repeated(step, known)
        if names_its_data:
            _repeated_by_name(step)
        if tag_of(step) in _STEPS:
            _step(step, known, report)


def _caught(step: Node, known: _Variables) -> None:
    """What came in with an event goes into a variable; it may come under that name, too."""
    names = {
        one.get("id", ""): one.get("name") or one.get("id") or ""
        for one in step.iter("{*}dataOutput")
    }
    for link in list(children(step, "dataOutputAssociation")):
        name = names.get(text_of(child(link, "sourceRef")), "")
        target = text_of(child(link, "targetRef"))
        plain = child(link, "transformation") is None and child(link, "assignment") is None
        if plain and target in known and _NAME.fullmatch(name):
            step.remove(link)
            mapping(step, "output", f"=if {name} = null then {target} else {name}", target)


def _repeated(step: Node, known: _Variables) -> None:
    """A list that comes in by an association is the variable itself."""
    loop = child(step, "multiInstanceLoopCharacteristics")
    if loop is None:
        return
    for kind, reference, away in (
        ("dataInputAssociation", child(loop, "loopDataInputRef"), ("targetRef", "sourceRef")),
        ("dataOutputAssociation", child(loop, "loopDataOutputRef"), ("sourceRef", "targetRef")),
    ):
        for link in list(children(step, kind)):
            near, far = (text_of(child(link, end)) for end in away)
            if reference is not None and near == text_of(reference) and far in known:
                reference.text = far
                step.remove(link)


def _names_its_data(process: Node) -> bool:
    """Whether the engine of a file takes the name of what goes into a step for a variable."""
    root = process.getroottree().getroot()
    by_editor = (root.get("exporter") or "").startswith("Yaoqiang")
    return by_editor or PROCESS_MAKER in process.nsmap.values()


def _repeated_by_name(step: Node) -> None:
    """A list that nothing is drawn to is the variable of its name."""
    loop = child(step, "multiInstanceLoopCharacteristics")
    for tag in ("loopDataInputRef", "loopDataOutputRef"):
        reference = None if loop is None else child(loop, tag)
        name = None if reference is None else _names(step).get(text_of(reference))
        if reference is not None and name is not None and _NAME.fullmatch(name):
            reference.text = name


def _names(step: Node) -> dict[str, str]:
    """What goes in and out by id: its name, or its id where the name is a title."""
    return {
        one.get("id", ""): name if _NAME.fullmatch(name) else one.get("id", "")
        for tag in ("{*}dataInput", "{*}dataOutput")
        for one in step.iter(tag)
        for name in [one.get("name") or ""]
    }


def _step(step: Node, known: _Variables, report: Reporter) -> None:
    names = _names(step)
    made: list[tuple[str, str, str]] = []
    links = [*children(step, "dataInputAssociation"), *children(step, "dataOutputAssociation")]
    for link in links:
        found = _mapping(link, names, known)
        if found is None:
            return
        made.append(found)
    if not made:
        return
    for link in links:
        step.remove(link)
    for kind, source, target in made:
        if target:
            mapping(step, kind, source, target)
    if tag_of(step) == "callActivity":
        called = extension(step, "calledElement")
        called.set("processId", (step.get("calledElement") or "").rpartition(":")[2])
        called.set("propagateAllParentVariables", "false")
        called.set("propagateAllChildVariables", "false")
    told = ", ".join(target for _kind, _source, target in made if target) or "niets"
    translated(
        report,
        step,
        f"wat erin en eruit gaat (ioSpecification) is gelezen als invoer en uitvoer: {told}.",
        "Kijk bij ‘Wat erin gaat (input)’ en ‘Wat eruit komt (output)’ of het klopt.",
    )


def _mapping(link: Node, names: dict[str, str], known: _Variables) -> tuple[str, str, str] | None:
    """The kind, source and target; no target for data that no run looks at; None when unclear."""
    source, target = text_of(child(link, "sourceRef")), text_of(child(link, "targetRef"))
    if child(link, "transformation") is not None:
        return None
    assigned = list(children(link, "assignment"))
    if tag_of(link) == "dataOutputAssociation":
        name = names.get(source, "")
        whole = not assigned or (len(assigned) == 1 and _ends(assigned[0]) == (".", "."))
        if not whole or target not in known or not _NAME.fullmatch(name):
            return None
        return "output", f"={name}", target
    name = names.get(target, "")
    if not assigned:
        if source not in known:
            return None
        return "input", f"={source}", name if _NAME.fullmatch(name) else ""
    if source:
        part, into = _ends(assigned[0]) if len(assigned) == 1 else ("", "")
        if source not in known or into != "." or not (part == "." or _PATH.fullmatch(part)):
            return None
        made = source if part == "." else f"{source}.{part}"
        return "input", f"={made}", name if _NAME.fullmatch(name) else ""
    value = _value(text_of(child(assigned[0], "from"))) if len(assigned) == 1 else None
    if value is None:
        return None
    return "input", value, name if _NAME.fullmatch(name) else ""


def _ends(assignment: Node) -> tuple[str, str]:
    """From what to what an assignment goes; a point is all of it."""
    return text_of(child(assignment, "from")), text_of(child(assignment, "to"))


def _value(written: str) -> str | None:
    if reading.unwrapped(written) is not None:
        made = reading.value(written)
        return None if made is None else f"={made}"
    *pairs, last = _FILLED_IN.split(written)
    parts: list[str] = []
    for text, inner in zip(pairs[::2], pairs[1::2], strict=True):
        made = reading.value(inner, "mvel")
        if made is None:
            return None
        parts += [_text(text), f'(if ({made}) = null then "" else string({made}))']
    if "#{" in last or "${" in last:
        return None
    return "=" + " + ".join([*parts, _text(last)])


def _text(written: str) -> str:
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'
