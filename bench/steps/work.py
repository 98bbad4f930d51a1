"""The work: start → 5 user tasks with 5 fields each → end, as a process package.

A choice after task 3; on task 2 a boundary timer P7D that does not interrupt, on task 4 one of P30D
that does. The same drawing, with Python instead of FEEL, feeds SpiffWorkflow (``stock_bpmn``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

KEY = "meting"
ENTRY = "meting"
ROLE = "medewerker"
TASKS = ("taak1", "taak2", "taak3", "taak4", "taak5")
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

ANSWERS: dict[str, Any] = {
    "keuze": "ja",
    "getal": 7,
    "datum": "2026-03-02",
    "kort": "Een regel over hoe het ging.",
    "verslag": "Samen aan tafel de post van deze week doorgenomen en gebeld met de gemeente. " * 2,
}
"""What is filled in at each task; ``keuze`` and ``getal`` become process variables."""

_MANIFEST = f"""
sleutel = "{KEY}"
hoofdproces = "{KEY}"
[naam]
nl = "Meting"
en = "Measurement"
[rollen.{ROLE}]
naam = {{ nl = "Medewerker", en = "Worker" }}
functie = "worker"
[ingangen.{ENTRY}]
bericht = "{KEY}"
formulier = "aanmelding"
naam = {{ nl = "Meting", en = "Measurement" }}
door = ["worker", "project_leader"]
"""

_FLOWS = (
    ("begin", "taak1"),
    ("taak1", "taak2"),
    ("taak2", "taak3"),
    ("taak3", "keus"),
    ("taak4", "taak5"),
    ("taak5", "einde"),
    ("week", "herinnerd"),
    ("maand", "verlopen"),
)


def package_files() -> dict[str, bytes]:
    """The package as the product reads it."""
    forms = {f"formulieren/{task}.form": _form(task, _fields()) for task in TASKS}
    referral = [
        {
            "type": "textfield",
            "key": "gezinsnaam",
            "label": "Naam",
            "validate": {"required": True},
            "properties": {"waarom": "Zo heet het gezin.", "dossier": "gezin.naam"},
        }
    ]
    return {
        "pakket.toml": _MANIFEST.encode(),
        "meting.bpmn": _bpmn(_product_task, '=keuze = "ja"', "P7D", "P30D", start=_MESSAGE_START),
        "formulieren/aanmelding.form": _form("aanmelding", referral),
        **forms,
    }


def stock_bpmn() -> bytes:
    """The same drawing for SpiffWorkflow's own parser and its Python expressions."""
    start = (
        f'<startEvent id="begin" name="Begin"><outgoing>{_flow("begin")}</outgoing></startEvent>'
    )
    return _bpmn(lambda _task: "", "keuze == 'ja'", '"P7D"', '"P30D"', start=start)


def _product_task(task: str) -> str:
    return (
        "<documentation>Doe wat nodig is. Bron: meting.</documentation><extensionElements>"
        f'<zeebe:userTask/><zeebe:formDefinition formId="{task}"/>'
        f'<zeebe:assignmentDefinition candidateGroups="{ROLE}"/></extensionElements>'
    )


def _flow(source: str, branch: str = "") -> str:
    return f"van-{source}{branch}"


_MESSAGE_START = (
    f'<startEvent id="begin" name="Begin"><outgoing>{_flow("begin")}</outgoing>'
    '<messageEventDefinition id="begin-bericht" messageRef="bericht"/></startEvent>'
)


def _bpmn(task_body: Any, condition: str, week: str, month: str, *, start: str) -> bytes:
    incoming: dict[str, list[str]] = {}
    for source, target in (*_FLOWS, ("keus-ja", "taak4"), ("keus-nee", "taak5")):
        incoming.setdefault(target, []).append(_flow(source))
    parts = [
        start,
        *(_user_task(task, task_body(task), incoming[task]) for task in TASKS),
        f'<exclusiveGateway id="keus" name="Verder?" default="{_flow("keus-nee")}">'
        f"<incoming>{_flow('taak3')}</incoming><outgoing>{_flow('keus-ja')}</outgoing>"
        f"<outgoing>{_flow('keus-nee')}</outgoing></exclusiveGateway>",
        _boundary("week", "taak2", week, interrupts=False),
        _boundary("maand", "taak4", month, interrupts=True),
        *(_end(end, incoming[end]) for end in ("einde", "herinnerd", "verlopen")),
        *(_sequence(_flow(source), source, target) for source, target in _FLOWS),
        f'<sequenceFlow id="{_flow("keus-ja")}" name="ja" sourceRef="keus" targetRef="taak4">'
        f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        "</sequenceFlow>",
        _sequence(_flow("keus-nee"), "keus", "taak5"),
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{MODEL}" xmlns:zeebe="{ZEEBE}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="meting">'
        f'<message id="bericht" name="{KEY}"/>'
        f'<process id="{KEY}" name="Meting" isExecutable="true">{"".join(parts)}</process>'
        "</definitions>"
    ).encode()


def _user_task(task: str, body: str, incoming: Iterable[str]) -> str:
    arrows = "".join(f"<incoming>{flow}</incoming>" for flow in incoming)
    return (
        f'<userTask id="{task}" name="Werk aan {task}">{body}{arrows}'
        f"<outgoing>{_flow(task)}</outgoing></userTask>"
    )


def _boundary(event: str, host: str, duration: str, *, interrupts: bool) -> str:
    return (
        f'<boundaryEvent id="{event}" name="{event}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupts).lower()}"><outgoing>{_flow(event)}</outgoing>'
        f'<timerEventDefinition id="{event}-klok"><timeDuration xsi:type="tFormalExpression">'
        f"{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def _end(end: str, incoming: Iterable[str]) -> str:
    arrows = "".join(f"<incoming>{flow}</incoming>" for flow in incoming)
    return f'<endEvent id="{end}" name="{end}">{arrows}</endEvent>'


def _sequence(flow: str, source: str, target: str) -> str:
    return f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}"/>'


def _fields() -> list[dict[str, Any]]:
    required = {"validate": {"required": True}}
    choice = [{"label": "Ja", "value": "ja"}, {"label": "Nee", "value": "nee"}]
    travels = {"procesvariabele": "ja", "waarom": "Bepaalt de weg."}
    kept = {"waarom": "Voor wie overneemt."}
    return [
        {"type": "radio", "key": "keuze", "label": "Keuze", "values": choice, **required,
         "properties": travels},
        {"type": "number", "key": "getal", "label": "Getal", **required, "properties": travels},
        {"type": "datetime", "subtype": "date", "dateLabel": "Datum", "key": "datum",
         "label": "Datum", **required, "properties": kept},
        {"type": "textfield", "key": "kort", "label": "Kort", **required, "properties": kept},
        {"type": "textarea", "key": "verslag", "label": "Verslag", **required, "properties": kept},
    ]  # fmt: skip


def _form(form_id: str, fields: list[dict[str, Any]]) -> bytes:
    components = [{"id": f"Veld_{field['key']}", **field} for field in fields]
    document = {
        "type": "default",
        "id": form_id,
        "name": form_id.capitalize(),
        "schemaVersion": 18,
        "components": components,
    }
    return json.dumps(document).encode()
