"""Process diagrams written as lines of text, and the cases made of them.

A line is an element (``user a``, ``catch c timer=PT1H``), flows (``s > a > e``), a flow with a
condition (``g > a ? =x > 1``), a default flow (``g >! b``) or an association (``assoc b h``). A
sub-process ends its line with ``{`` and is closed by ``}``. ``process q`` begins another process.
``raw`` puts XML as it is. A flow's id is ``f_source_target``. An event with several triggers has
several of them, or names with ``&`` between them; ``all`` where all of them must come.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:activiti="http://activiti.org/bpmn" xmlns:drools="http://www.jboss.org/drools"'
)
TAGS = {
    "start": "startEvent", "end": "endEvent", "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent", "boundary": "boundaryEvent", "task": "task",
    "user": "userTask", "manual": "manualTask", "service": "serviceTask", "script": "scriptTask",
    "rule": "businessRuleTask", "send": "sendTask", "receive": "receiveTask",
    "xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway",
    "ebg": "eventBasedGateway", "complex": "complexGateway", "call": "callActivity",
    "sub": "subProcess", "esub": "subProcess", "tx": "transaction", "adhoc": "adHocSubProcess",
}  # fmt: skip
EVENTS = ("start", "end", "catch", "throw", "boundary")


@dataclass
class Case:
    """A diagram, what is put in, and what must come out.

    ``expected`` is the state and the elements that are completed, in any order; ``None`` instead
    of elements when they don't matter.
    """

    name: str
    drawing: str
    state: str
    completed: Counter[str] | None
    given: dict[str, Any] = field(default_factory=dict)


def cases(file: Path) -> list[Case]:
    """The cases of a file: ``== name``, the drawing, ``=> state: elements`` and ``key: JSON``."""
    found = []
    for block in re.split(r"(?m)^== ", file.read_text("utf-8"))[1:]:
        name, _, rest = block.partition("\n")
        drawing, _, tail = rest.partition("\n=> ")
        outcome, *options = tail.strip().splitlines()
        state, colon, elements = outcome.partition(":")
        given = {key: json.loads(text) for key, _, text in (o.partition(":") for o in options)}
        completed = Counter(elements.split()) if colon else None
        found.append(Case(name.strip(), drawing, state.strip(), completed, given))
    return found


def drawn(text: str) -> bytes:
    """The BPMN file of a drawing."""
    return _Drawing(text).xml()


class _Drawing:
    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.strip().splitlines()]
        self._lines = [line for line in lines if line]
        self._roots: dict[str, str] = {}
        found = (re.fullmatch(r"(\S+)\s*>!\s*(\S+)", line) for line in self._lines)
        self._defaults = {f[1]: f"f_{f[1]}_{f[2]}" for f in found if f}

    def xml(self) -> bytes:
        if not self._lines[0].startswith("process "):
            self._lines.insert(0, "process p")
        body = ""
        while self._lines:
            process_id = self._lines.pop(0).split()[1]
            inside = self._scope()
            body += f'<bpmn:process id="{process_id}" isExecutable="true">{inside}</bpmn:process>'
        roots = "".join(self._roots.values())
        return f'<bpmn:definitions {NAMESPACES} id="d">{roots}{body}</bpmn:definitions>'.encode()

    def _scope(self) -> str:
        out = ""
        while self._lines and not self._lines[0].startswith("process "):
            line = self._lines.pop(0)
            if line == "}":
                break
            out += self._line(line)
        return out

    def _line(self, line: str) -> str:
        if line.startswith("raw "):
            return line[4:]
        if line.startswith("assoc "):
            _, source, target = line.split()
            return f'<bpmn:association sourceRef="{source}" targetRef="{target}" />'
        if conditional := re.fullmatch(r"(\S+) > (\S+) \? (.*)", line):
            source, target, text = conditional.groups()
            return self._flow(source, target, text)
        if ">" in line.split()[1][:2]:
            ids = re.split(r"\s*>!?\s*", line)
            return "".join(self._flow(*pair) for pair in pairwise(ids))
        return self._element(line)

    def _flow(self, source: str, target: str, condition: str | None = None) -> str:
        inside = (
            ""
            if condition is None
            else f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
        )
        ends = f'id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}"'
        return f"<bpmn:sequenceFlow {ends}>{inside}</bpmn:sequenceFlow>"

    def _element(self, line: str) -> str:
        kind, element_id, *words = shlex.split(line.removesuffix("{"))
        has: dict[str, str] = {}
        mappings: list[tuple[str, str, str]] = []
        for word in words:
            key, _, value = word.partition("=")
            if key in ("in", "out"):
                source, _, target = value.partition("->")
                mappings.append((key, source, target))
            else:
                has[key] = value
        attributes = f'id="{element_id}"'
        if element_id in self._defaults:
            attributes += f' default="{self._defaults[element_id]}"'
        if kind == "esub":
            attributes += ' triggeredByEvent="true"'
        if "on" in has:
            attributes += f' attachedToRef="{has["on"]}"'
        if "non" in has:
            which = "cancelActivity" if kind == "boundary" else "isInterrupting"
            attributes += f' {which}="false"'
        if "forcomp" in has:
            attributes += ' isForCompensation="true"'
        if kind in EVENTS and "all" in has:
            attributes += ' parallelMultiple="true"'
        if kind in ("send", "receive") and "msg" in has:
            attributes += f' messageRef="{self._message(has["msg"])}"'
        body = self._extensions(has, mappings)
        if kind in EVENTS:
            body += self._event(has)
        body += _loop(has)
        if line.endswith("{"):
            body += self._scope()
        return f"<bpmn:{TAGS[kind]} {attributes}>{body}</bpmn:{TAGS[kind]}>"

    def _extensions(self, has: dict[str, str], mappings: list[tuple[str, str, str]]) -> str:
        out = "".join(
            f"<zeebe:{kind}put source={quoteattr(source)} target={quoteattr(target)} />"
            for kind, source, target in mappings
        )
        out = f"<zeebe:ioMapping>{out}</zeebe:ioMapping>" if out else ""
        if "type" in has:
            out += f"<zeebe:taskDefinition type={quoteattr(has['type'])} />"
        if "expr" in has:
            result = has.get("result", "r")
            out += f'<zeebe:script expression={quoteattr(has["expr"])} resultVariable="{result}" />'
        if "calls" in has:
            back = has.get("prop", "true")
            out += (
                f"<zeebe:calledElement processId={quoteattr(has['calls'])} "
                f'propagateAllChildVariables="{back}" />'
            )
        return f"<bpmn:extensionElements>{out}</bpmn:extensionElements>" if out else ""

    def _message(self, text: str) -> str:
        name, _, key = text.partition("@")
        inside = f"<zeebe:subscription correlationKey={quoteattr(key)} />" if key else ""
        inside = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""
        return self._root("message", name, "name", inside)

    def _root(self, tag: str, name: str, attribute: str, inside: str = "") -> str:
        root_id = f"{tag}_{name}"
        xml = f'<bpmn:{tag} id="{root_id}" {attribute}="{name}">{inside}</bpmn:{tag}>'
        self._roots.setdefault(root_id, xml)
        return root_id

    def _event(self, has: dict[str, str]) -> str:
        out = ""
        for key, tag in (("timer", "timeDuration"), ("date", "timeDate"), ("cycle", "timeCycle")):
            if key in has:
                inside = f"<bpmn:{tag}>{escape(has[key])}</bpmn:{tag}>"
                out += f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"
        for name in _several(has, "msg"):
            out += f'<bpmn:messageEventDefinition messageRef="{self._message(name)}" />'
        for key, tag, attribute in (
            ("sig", "signal", "name"),
            ("err", "error", "errorCode"),
            ("esc", "escalation", "escalationCode"),
        ):
            for name in _several(has, key):
                ref = f'{tag}Ref="{self._root(tag, name, attribute)}"' if name != "*" else ""
                out += f"<bpmn:{tag}EventDefinition {ref} />"
        if "cond" in has:
            inside = f"<bpmn:condition>{escape(has['cond'])}</bpmn:condition>"
            out += f"<bpmn:conditionalEventDefinition>{inside}</bpmn:conditionalEventDefinition>"
        if "link" in has:
            out += f'<bpmn:linkEventDefinition name="{has["link"]}" />'
        if "terminate" in has:
            out += "<bpmn:terminateEventDefinition />"
        if "cancel" in has:
            out += "<bpmn:cancelEventDefinition />"
        if "compensate" in has:
            ref = f'activityRef="{has["compensate"]}"' if has["compensate"] else ""
            out += f"<bpmn:compensateEventDefinition {ref} />"
        return out


def _several(has: dict[str, str], key: str) -> list[str]:
    return has[key].split("&") if key in has else []


def _loop(has: dict[str, str]) -> str:
    if "loop" in has or "max" in has:
        most = f' loopMaximum="{has["max"]}"' if "max" in has else ""
        before = ' testBefore="true"' if "before" in has else ""
        inside = (
            f"<bpmn:loopCondition>{escape(has['loop'])}</bpmn:loopCondition>"
            if "loop" in has
            else ""
        )
        tag = "standardLoopCharacteristics"
        return f"<bpmn:{tag}{most}{before}>{inside}</bpmn:{tag}>"
    if "mi" not in has and "card" not in has:
        return ""
    inside = ""
    if "mi" in has:
        settings = {
            "inputCollection": has["mi"],
            "inputElement": has.get("el"),
            "outputCollection": has.get("outc"),
            "outputElement": has.get("oute"),
        }
        given = " ".join(f"{k}={quoteattr(v)}" for k, v in settings.items() if v)
        inside = f"<zeebe:loopCharacteristics {given} />"
        inside = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"
    for key, tag in (("card", "loopCardinality"), ("done", "completionCondition")):
        if key in has:
            inside += f"<bpmn:{tag}>{escape(has[key])}</bpmn:{tag}>"
    one_by_one = ' isSequential="true"' if "seq" in has else ""
    tag = "multiInstanceLoopCharacteristics"
    return f"<bpmn:{tag}{one_by_one}>{inside}</bpmn:{tag}>"
