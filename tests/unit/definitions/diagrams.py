"""Small BPMN files, forms and packages for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from engine.definitions.checks import check_package
from engine.definitions.model import Element, Finding, Process
from engine.definitions.packages import Package
from engine.definitions.reading.reader import ReadResult, read_processes

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def definitions(inside: str) -> bytes:
    """A BPMN file with these root elements."""
    return f'<bpmn:definitions {NAMESPACES} id="D">{inside}</bpmn:definitions>'.encode()


def process(inside: str, *, roots: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """A BPMN file with one process ``P`` and other root elements."""
    return definitions(
        f'<bpmn:process id="P" name="Proef" {attributes}>{inside}</bpmn:process>{roots}'
    )


def flow(source: str, target: str, condition: str | None = None) -> str:
    """A sequence flow with id ``source-target``."""
    text = (
        ""
        if condition is None
        else (f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>")
    )
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">'
        f"{text}</bpmn:sequenceFlow>"
    )


def line(*elements: str, ids: str) -> bytes:
    """A process: start → the elements (whose ids are given, by spaces) → end."""
    names = ["start", *ids.split(), "einde"]
    flows = "".join(flow(one, two) for one, two in pairwise(names))
    inside = "".join(elements)
    return process(f'<bpmn:startEvent id="start" />{inside}<bpmn:endEvent id="einde" />{flows}')


def extended(*extensions: str) -> str:
    """Extension elements."""
    return f"<bpmn:extensionElements>{''.join(extensions)}</bpmn:extensionElements>"


def read(xml: bytes) -> ReadResult:
    """What the reader makes of it."""
    return read_processes(xml, "proef.bpmn")


def only(xml: bytes) -> Process:
    """The one process of a file."""
    (found,) = read(xml).processes
    return found


def element(xml: bytes, element_id: str) -> Element:
    """One element of the one process."""
    return only(xml).elements[element_id]


def check(xml: bytes) -> list[Finding]:
    """The findings of a single file."""
    return check_package(Package({"proef.bpmn": xml}, name="proef"))


def rules(findings: list[Finding], level: str = "error") -> set[tuple[str, str]]:
    """Rule and element id of the findings of a level."""
    return {(found.rule, found.element_id) for found in findings if found.level == level}


def found(findings: list[Finding], rule: str) -> Finding:
    """The one finding of a rule."""
    (one,) = [finding for finding in findings if finding.rule == rule]
    return one


MANIFEST = """
sleutel = "proef"
hoofdproces = "P"
[naam]
nl = "Proef"
en = "Trial"
[rollen.vertrouwenspersoon]
naam = {nl = "Vertrouwenspersoon", en = "Trusted worker"}
functie = "worker"
[rollen.projectleider]
naam = {nl = "Projectleider", en = "Project leader"}
functie = "project_leader"
"""

ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "aanmelding"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker"]
"""


def form(form_id: str, *components: Mapping[str, Any], **more: Any) -> bytes:
    """A form-js form."""
    schema = {"type": "default", "id": form_id, "components": list(components), **more}
    return json.dumps(schema).encode()


def package(files: Mapping[str, bytes | str], manifest: str = MANIFEST) -> Package:
    """A package with a manifest."""
    content = {
        name: text.encode() if isinstance(text, str) else text for name, text in files.items()
    }
    return Package({"pakket.toml": manifest.encode(), **content}, name="proef")


GOOD_FIELD = {"type": "radio", "key": "keuze", "id": "f1", "label": "Keuze",
              "values": [{"label": "Ja", "value": "ja"}],
              "properties": {"procesvariabele": "ja"}}  # fmt: skip


def user_task(
    *extensions: str, role: str = "vertrouwenspersoon", form_id: str = "verslag", name: str = "Bel"
) -> str:
    """A task ``a`` of a person, with all that one needs."""
    return (
        f'<bpmn:userTask id="a" name="{name}"><bpmn:documentation>Doe dit.</bpmn:documentation>'
        + extended(
            f'<zeebe:formDefinition formId="{form_id}" />',
            f'<zeebe:assignmentDefinition candidateGroups="{role}" />',
            '<zeebe:taskSchedule dueDate="P3D" />',
            *extensions,
        )
        + "</bpmn:userTask>"
    )


def findings(xml: bytes, *, manifest: str = MANIFEST, **files: bytes) -> list[Finding]:
    """The findings of a package of this diagram, other files and the form of ``user_task``."""
    content: dict[str, bytes | str] = {
        "p.bpmn": xml,
        "formulieren/verslag.form": form("verslag", GOOD_FIELD),
    }
    content |= {name.replace("__", "."): text for name, text in files.items()}
    return check_package(package(content, manifest))


def tagged(tag: str, *extensions: str) -> str:
    """An element ``a`` with extensions."""
    return f'<bpmn:{tag} id="a">{extended(*extensions)}</bpmn:{tag}>'


def other_process(process_id: str, start: str = "", executable: str = "true") -> bytes:
    """A BPMN file with another process: a start event ``s`` and an end event ``e``."""
    return definitions(
        f'<bpmn:process id="{process_id}" isExecutable="{executable}"><bpmn:startEvent id="s">'
        f'{start}</bpmn:startEvent><bpmn:endEvent id="e" />{flow("s", "e")}</bpmn:process>'
    )


START = '<bpmn:startEvent id="start" />'
END = '<bpmn:endEvent id="einde" />'


def task(element_id: str) -> str:
    """A task."""
    return f'<bpmn:task id="{element_id}" />'


def catch(element_id: str, definition: str) -> str:
    """An intermediate event that waits for what its definition says."""
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}">{definition}</bpmn:intermediateCatchEvent>'
    )


def timer(text: str = "P1D", kind: str = "timeDuration") -> str:
    """The definition of a timer event."""
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def boundary(element_id: str, host: str, definition: str, interrupting: bool = True) -> str:
    """A boundary event at a host."""
    return (
        f'<bpmn:boundaryEvent id="{element_id}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}">{definition}</bpmn:boundaryEvent>'
    )


def errors(xml: bytes) -> set[tuple[str, str]]:
    """The rules that a file breaks, each with the element."""
    return rules(check(xml))
