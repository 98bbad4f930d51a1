"""Two methods for tests: a short one whose diagram leads on into the full one."""

from __future__ import annotations

from itertools import pairwise

from engine.definitions.packages import Package
from tests.two_packages import NAMESPACES, form, manifest, package, task

ENTRY = """
[ingangen.{key}]
bericht = "{message}"
formulier = "verslag"
naam = {{nl = "Aanmelding", en = "Referral"}}
door = ["worker", "project_leader"]
"""
LEADS_ON = (
    (
        '<bpmn:serviceTask id="{id}" name="Begin het volledige traject"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="gezin-vervolgtraject" /><zeebe:ioMapping>'
        '<zeebe:input source="=&#34;volledig&#34;" target="pakket" />'
        '<zeebe:input source="=&#34;start&#34;" target="ingang" />'
        '<zeebe:input source="=[&#34;voorzitter&#34;]" target="meenemen" />'
        '<zeebe:input source="={{soort: &#34;licht&#34;}}" target="gegevens" />'
        '<zeebe:output source="=vervolgTrajectId" target="vervolg" />'
        "</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
    )
    .replace("{id}", "verder")
    .replace("{{", "{")
    .replace("}}", "}")
)
INVOLVES = (
    '<bpmn:serviceTask id="betrek"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="gezin-betrek" /><zeebe:ioMapping>'
    '<zeebe:input source="=&#34;voorzitter&#34;" target="rol" />'
    '<zeebe:input source="=wie" target="persoon" />'
    "</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
)
CATCHES = (
    '<bpmn:boundaryEvent id="fout" attachedToRef="verder"><bpmn:errorEventDefinition '
    'errorRef="E" /></bpmn:boundaryEvent><bpmn:endEvent id="niet-in-gebruik" />'
    '<bpmn:sequenceFlow id="f9" sourceRef="fout" targetRef="niet-in-gebruik" />'
)


def _drawn(message: str, elements: str, ids: str, process_id: str) -> bytes:
    names = ["start", *ids.split(), "einde"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{place}" sourceRef="{one}" targetRef="{two}" />'
        for place, (one, two) in enumerate(pairwise(names))
    )
    return (
        f'<bpmn:definitions {NAMESPACES} id="D"><bpmn:process id="{process_id}" '
        f'isExecutable="true"><bpmn:startEvent id="start"><bpmn:messageEventDefinition '
        f'messageRef="M" /></bpmn:startEvent>{elements}<bpmn:endEvent id="einde" />{flows}'
        f'</bpmn:process><bpmn:message id="M" name="{message}" />'
        '<bpmn:error id="E" name="Niet in gebruik" errorCode="VERVOLG-ONBEKEND" />'
        "</bpmn:definitions>"
    ).encode()


def leading(*, catches: bool = True, twice: bool = False, person: str = "") -> Package:
    """The short method ``kort``: involve somebody, talk, then lead on into ``volledig``."""
    chosen = (person and f'"{person}"') or "null"
    decided = (
        f'<bpmn:scriptTask id="kies"><bpmn:extensionElements><zeebe:script expression="='
        f'{chosen.replace(chr(34), "&#34;")}" resultVariable="wie" /></bpmn:extensionElements>'
        "</bpmn:scriptTask>"
    )
    first = decided + INVOLVES if person else ""
    again = LEADS_ON.replace('id="verder"', 'id="nog-eens"') if twice else ""
    elements = (
        first + task("praten", name="Praat") + LEADS_ON + again + (CATCHES if catches else "")
    )
    ids = ("kies betrek " if person else "") + "praten verder" + (" nog-eens" if twice else "")
    toml = manifest("kort", voorzitter="project_leader").replace("Traject", "Kort")
    return package(
        "kort",
        {
            "t.bpmn": _drawn("kort-begint", elements, ids, "Kort"),
            "formulieren/verslag.form": form(),
        },
        toml + ENTRY.format(key="aanmelding", message="kort-begint"),
    )


def receiving() -> Package:
    """The full method ``volledig``: one task."""
    toml = manifest("volledig", voorzitter="project_leader").replace("Traject", "Volledig")
    return package(
        "volledig",
        {
            "t.bpmn": _drawn("start-volledig", task("begeleiden"), "begeleiden", "Volledig"),
            "formulieren/verslag.form": form(),
        },
        toml + ENTRY.format(key="start", message="start-volledig"),
    )
