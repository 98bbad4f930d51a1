"""Two packages for tests: a trajectory, and a shared care meeting that it calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

from engine.definitions.packages import Package

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
ROLE = """
[rollen.{role}]
naam = {{nl = "{role}", en = "{role}"}}
functie = "{function}"
"""


def manifest(key: str, *, shared: bool = False, **roles: str) -> str:
    """A ``pakket.toml``; ``roles`` are functions by role."""
    head = f'sleutel = "{key}"\n' + ("gedeeld = true\n" if shared else 'hoofdproces = "Traject"\n')
    names = f'[naam]\nnl = "Pakket {key}"\nen = "Package {key}"\n'
    return head + names + "".join(ROLE.format(role=r, function=f) for r, f in roles.items())


def process(
    process_id: str, *elements: str, ids: str, properties: str = "", tag: str = ""
) -> bytes:
    """A file with one process: start → the elements, whose ids are given → end."""
    names = ["start", *ids.split(), "einde"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="{one}-{two}" sourceRef="{one}" targetRef="{two}" />'
        for one, two in pairwise(names)
    )
    label = f'<zeebe:versionTag value="{tag}" />' if tag else ""
    extended = f"<bpmn:extensionElements>{label}{properties}</bpmn:extensionElements>"
    return (
        f'<bpmn:definitions {NAMESPACES} id="D"><bpmn:process id="{process_id}" '
        f'name="{process_id}" isExecutable="true">{extended}'
        f'<bpmn:startEvent id="start" />{"".join(elements)}<bpmn:endEvent id="einde" />{flows}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def asks(**named: str) -> str:
    """Properties of a process."""
    inside = "".join(
        f'<zeebe:property name="{name}" value="{value}" />' for name, value in named.items()
    )
    return f"<zeebe:properties>{inside}</zeebe:properties>"


def call(
    process_id: str, element_id: str = "roep", *, binding: str = "", tag: str = "", more: str = ""
) -> str:
    """A call activity."""
    bound = f' bindingType="{binding}"' if binding else ""
    tagged = f' versionTag="{tag}"' if tag else ""
    return (
        f'<bpmn:callActivity id="{element_id}" name="Roep aan"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process_id}"{bound}{tagged} />{more}'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


def decide(decision_id: str, binding: str = "") -> str:
    """A task with a decision, whose value is kept as ``norm``."""
    bound = f' bindingType="{binding}"' if binding else ""
    return (
        '<bpmn:businessRuleTask id="beslis"><bpmn:extensionElements>'
        f'<zeebe:calledDecision decisionId="{decision_id}" resultVariable="norm"{bound} />'
        "</bpmn:extensionElements></bpmn:businessRuleTask>"
    )


def task(element_id: str, role: str = "voorzitter", name: str = "Bereid voor") -> str:
    """A user task with a form ``verslag``."""
    return (
        f'<bpmn:userTask id="{element_id}" name="{name}"><bpmn:extensionElements>'
        '<zeebe:formDefinition formId="verslag" />'
        f'<zeebe:assignmentDefinition candidateGroups="{role}" />'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def form(label: str = "Wat is er gezegd?") -> bytes:
    """The form ``verslag`` with one field, a process variable."""
    field = {
        "type": "textfield", "id": "f", "key": "gezegd", "label": label,
        "properties": {"procesvariabele": "ja"},
    }  # fmt: skip
    return json.dumps({"type": "default", "id": "verslag", "components": [field]}).encode()


def table(days: int) -> bytes:
    """A decision ``termijn`` that gives a number of days."""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="T" name="T" '
        'namespace="x"><decision id="termijn" name="termijn"><variable name="termijn" />'
        f"<literalExpression><text>{days}</text></literalExpression></decision></definitions>"
    ).encode()


def package(key: str, files: Mapping[str, bytes], toml: str) -> Package:
    """A package."""
    return Package({"pakket.toml": toml.encode(), **files}, name=key)


def meeting(
    name: str = "Bereid voor", *, tag: str = "", needs: str = "", days: int = 7, shared: bool = True
) -> Package:
    """The shared care meeting: one task ``voorbereiden``, and the table ``termijn``."""
    properties = asks(invoer=needs) if needs else ""
    work = task("voorbereiden", name=name)
    return package(
        "zorgoverleg",
        {
            "overleg.bpmn": process(
                "Zorgoverleg", work, ids="voorbereiden", properties=properties, tag=tag
            ),
            "termijn.dmn": table(days),
            "formulieren/verslag.form": form("Wat is er afgesproken?"),
        },
        manifest("zorgoverleg", shared=shared, voorzitter="project_leader"),
    )


def caller(*elements: str, ids: str, key: str = "methode", **roles: str) -> Package:
    """A trajectory with these elements."""
    return package(
        key,
        {
            "traject.bpmn": process("Traject", *elements, ids=ids),
            "formulieren/verslag.form": form(),
        },
        manifest(key, **(roles or {"voorzitter": "project_leader"})),
    )
