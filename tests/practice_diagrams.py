"""The diagrams and forms of the practice method: one diagram for each thing that can happen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.definitions.packages import Package
from tests.unit.definitions.diagrams import (
    MANIFEST,
    definitions,
    extended,
    flow,
    form,
    package,
)

CONNECTOR = "gezin-open-afspraken"
"""A job type that the check knows; tests register what it does."""

ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "aanmelding"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker", "project_leader"]
"""


def task(name: str, form_id: str | None = "keuze", role: str = "vertrouwenspersoon") -> str:
    """A user task whose id is its name."""
    shown = f'<zeebe:formDefinition formId="{form_id}" />' if form_id else ""
    return (
        f'<bpmn:userTask id="{name}" name="{name}"><bpmn:documentation>Doe dit.'
        "</bpmn:documentation>"
        + extended(
            "<zeebe:userTask />",
            shown,
            f'<zeebe:assignmentDefinition candidateGroups="{role}" />',
            '<zeebe:taskSchedule dueDate="P3D" />',
        )
        + "</bpmn:userTask>"
    )


def event(kind: str, element_id: str, inside: str = "", **attributes: str) -> str:
    """An event of some kind."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{element_id}" name="{element_id}"{more}>{inside}</bpmn:{kind}>'


def message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}" />'


def signal(ref: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="{ref}" />'


def timer(duration: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def cycle(text: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeCycle>"
        f"{text}</bpmn:timeCycle></bpmn:timerEventDefinition>"
    )


def call(element_id: str, process_id: str) -> str:
    called = f'<zeebe:calledElement processId="{process_id}" propagateAllChildVariables="true" />'
    return (
        f'<bpmn:callActivity id="{element_id}" name="{element_id}">{extended(called)}'
        "</bpmn:callActivity>"
    )


def boundary(element_id: str, host: str, inside: str, *, interrupting: bool = True) -> str:
    more = {"attachedToRef": host, "cancelActivity": str(interrupting).lower()}
    return event("boundaryEvent", element_id, inside, **more)


def diagram(process_id: str, *elements: str, flows: str) -> str:
    """A process; ``flows`` are ``from>to`` pairs, some with a ``[condition]`` behind them."""
    drawn = []
    for text in flows.split():
        pair, _, condition = text.partition("[")
        source, target = pair.split(">")
        drawn.append(flow(source, target, f"={condition[:-1]}" if condition else None))
    inside = "".join(elements) + "".join(drawn)
    attributes = f'id="{process_id}" name="{process_id}" isExecutable="true"'
    return f"<bpmn:process {attributes}>{inside}</bpmn:process>"


ROOTS = """
<bpmn:message id="M_aanmelding" name="aanmelding" />
<bpmn:message id="M_contact" name="contact-vastgelegd"><bpmn:extensionElements>
  <zeebe:subscription correlationKey="=trajectId" /></bpmn:extensionElements></bpmn:message>
<bpmn:message id="M_antwoord" name="antwoord"><bpmn:extensionElements>
  <zeebe:subscription correlationKey="=sleutel" /></bpmn:extensionElements></bpmn:message>
<bpmn:message id="M_meldcode" name="meldcode" />
<bpmn:signal id="S_alarm" name="alarm" />
<bpmn:error id="E_fout" name="fout" errorCode="FOUT" />
<bpmn:escalation id="Esc" name="hulp" escalationCode="HULP" />
"""

NONE_START = event("startEvent", "start")
END = event("endEvent", "einde")

DIAGRAMS = (
    diagram(
        "traject",
        event("startEvent", "begin", message("M_aanmelding")),
        task("kennismaken"),
        call("ritme-fase", "ritme"),
        task("afronden"),
        END,
        flows="begin>kennismaken kennismaken>ritme-fase ritme-fase>afronden afronden>einde",
    ),
    diagram(
        "ritme",
        NONE_START,
        task("contactmoment", "contactnotitie"),
        boundary("elders", "contactmoment", message("M_contact")),
        boundary("te-laat", "contactmoment", timer("P7D"), interrupting=False),
        task("herinner", "contactnotitie"),
        END,
        event("endEvent", "klaar"),
        '<bpmn:exclusiveGateway id="weer" default="weer-contactmoment" />',
        flows="start>contactmoment contactmoment>weer elders>weer weer>contactmoment"
        ' weer>klaar[soort="kantoor"] te-laat>herinner herinner>einde',
    ),
    diagram(
        "alleen",
        NONE_START,
        task("werk"),
        boundary("week", "werk", timer("P7D"), interrupting=False),
        task("herinnering", None),
        END,
        flows="start>werk werk>einde week>herinnering herinnering>einde",
    ),
    diagram(
        "transactie",
        NONE_START,
        '<bpmn:transaction id="geheel" name="geheel">',
        event("startEvent", "in"),
        task("boeken", None),
        boundary("c", "boeken", "<bpmn:compensateEventDefinition />"),
        task("terugdraaien", None).replace(
            "<bpmn:userTask ", '<bpmn:userTask isForCompensation="true" '
        ),
        '<bpmn:association id="herstel" sourceRef="c" targetRef="terugdraaien" />',
        task("akkoord"),
        boundary("laat", "akkoord", timer("P7D"), interrupting=False),
        task("nabellen", None),
        '<bpmn:exclusiveGateway id="of" default="of-uit" />',
        event("endEvent", "uit"),
        event("endEvent", "weg", "<bpmn:cancelEventDefinition />"),
        flow("in", "boeken") + flow("boeken", "akkoord") + flow("akkoord", "of"),
        flow("of", "uit") + flow("of", "weg", '=keuze="nee"') + flow("laat", "nabellen"),
        "</bpmn:transaction>",
        boundary("afgeblazen", "geheel", "<bpmn:cancelEventDefinition />"),
        task("daarna", None),
        END,
        flows="start>geheel geheel>einde afgeblazen>daarna daarna>einde",
    ),
    diagram(
        "naar-keuze",
        NONE_START,
        '<bpmn:adHocSubProcess id="vrij" name="vrij" ordering="Sequential">',
        extended('<zeebe:adHoc activeElementsCollection="=kies" />'),
        task("lezen") + task("luisteren"),
        "<bpmn:completionCondition>=keuze=&quot;genoeg&quot;</bpmn:completionCondition>",
        "</bpmn:adHocSubProcess>",
        boundary("tijdop", "vrij", timer("P7D")),
        task("naderhand", None),
        END,
        flows="start>vrij vrij>naderhand naderhand>einde tijdop>einde",
    ),
    diagram(
        "wekelijks",
        NONE_START,
        task("werk", None),
        boundary("week", "werk", cycle("R/P7D"), interrupting=False),
        task("herinnering", None),
        END,
        flows="start>werk werk>einde week>herinnering herinnering>einde",
    ),
    diagram(
        "wachter",
        NONE_START,
        event("intermediateCatchEvent", "wacht", message("M_antwoord")),
        task("verder", None),
        END,
        flows="start>wacht wacht>verder verder>einde",
    ),
    diagram(
        "luisteraar",
        NONE_START,
        event("intermediateCatchEvent", "luister", signal("S_alarm")),
        task("verder", None),
        END,
        flows="start>luister luister>verder verder>einde",
    ),
    diagram(
        "roeper",
        NONE_START,
        task("roep", None),
        event("intermediateThrowEvent", "alarm", signal("S_alarm")),
        END,
        flows="start>roep roep>alarm alarm>einde",
    ),
    diagram(
        "meldcode",
        event("startEvent", "begin", message("M_meldcode")),
        task("wegen", None),
        END,
        flows="begin>wegen wegen>einde",
    ),
    diagram("meldcode-los", NONE_START, task("wegen", None), END, flows="start>wegen wegen>einde"),
    diagram(
        "koppeling",
        NONE_START,
        '<bpmn:serviceTask id="vraag" name="vraag">'
        + extended(f'<zeebe:taskDefinition type="{CONNECTOR}" />')
        + "</bpmn:serviceTask>",
        boundary("mis", "vraag", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        task("verder", None),
        task("herstel", None),
        END,
        flows="start>vraag vraag>verder mis>herstel verder>einde herstel>einde",
    ),
    diagram(
        "kind",
        NONE_START,
        task("beslis", None),
        '<bpmn:exclusiveGateway id="uitslag" default="uitslag-einde" />',
        event("endEvent", "fout", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        event(
            "intermediateThrowEvent",
            "hulp",
            '<bpmn:escalationEventDefinition escalationRef="Esc" />',
        ),
        END,
        flows='start>beslis beslis>uitslag uitslag>fout[uit="fout"] uitslag>hulp[uit="hulp"]'
        " hulp>einde uitslag>einde",
    ),
    diagram(
        "ouder",
        NONE_START,
        call("roept", "kind"),
        boundary("op-fout", "roept", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        boundary(
            "op-hulp",
            "roept",
            '<bpmn:escalationEventDefinition escalationRef="Esc" />',
            interrupting=False,
        ),
        task("gevangen", None),
        task("geholpen", None),
        END,
        flows="start>roept roept>einde op-fout>gevangen op-hulp>geholpen gevangen>einde"
        " geholpen>einde",
    ),
    diagram("tussen", NONE_START, call("roept", "kind"), END, flows="start>roept roept>einde"),
    diagram(
        "grootouder",
        NONE_START,
        call("roept", "tussen"),
        boundary("op-fout", "roept", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        task("gevangen", None),
        END,
        flows="start>roept roept>einde op-fout>gevangen gevangen>einde",
    ),
    diagram(
        "onopgevangen", NONE_START, call("roept", "tussen"), END, flows="start>roept roept>einde"
    ),
    diagram(
        "stopper",
        NONE_START,
        event("intermediateThrowEvent", "stop", signal("S_alarm")),
        task("te-laat", None),
        END,
        flows="start>stop stop>te-laat te-laat>einde",
    ),
    diagram(
        "gestopt-door-kind",
        NONE_START,
        call("roept", "stopper"),
        boundary("op-alarm", "roept", signal("S_alarm")),
        task("gevangen", None),
        END,
        flows="start>roept roept>einde op-alarm>gevangen gevangen>einde",
    ),
    diagram(
        "tweeling",
        NONE_START,
        '<bpmn:parallelGateway id="splits" />',
        event("endEvent", "fout-1", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        event("endEvent", "fout-2", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        task("beslis", None),
        flows="start>beslis beslis>splits splits>fout-1 splits>fout-2",
    ),
    diagram(
        "ouder-van-tweeling",
        NONE_START,
        call("roept", "tweeling"),
        boundary("op-fout", "roept", '<bpmn:errorEventDefinition errorRef="E_fout" />'),
        task("gevangen", None),
        END,
        flows="start>roept roept>einde op-fout>gevangen gevangen>einde",
    ),
    diagram(
        "bewaakt",
        NONE_START,
        call("roept", "alleen"),
        boundary("deadline", "roept", timer("P7D")),
        task("te-laat", None),
        END,
        flows="start>roept roept>einde deadline>te-laat te-laat>einde",
    ),
)


def field_of(key: str, values: str, *, bound: str | None = None) -> dict[str, Any]:
    """A required choice that is a process variable, bound to a path of the family file or not."""
    properties = {"procesvariabele": "ja", "waarom": "Voor de proef."}
    if bound:
        properties["dossier"] = bound
    return {
        "type": "radio",
        "id": f"veld-{key}",
        "key": key,
        "label": key,
        "values": [{"label": v, "value": v} for v in values.split()],
        "validate": {"required": True},
        "properties": properties,
    }


FORMS = {
    "aanmelding": [
        {
            "type": "textfield",
            "id": "naam",
            "key": "naam",
            "label": "Naam",
            "properties": {"dossier": "gezin.naam"},
        }
    ],
    "keuze": [field_of("keuze", "ja nee")],
    "contactnotitie": [field_of("soort", "telefoon kantoor", bound="contact.soort")],
}


@cache
def practice_package(remark: str = "") -> Package:
    """The method; another ``remark`` makes another version of it."""
    manifest = MANIFEST.replace('hoofdproces = "P"', 'hoofdproces = "traject"') + ENTRY
    files: Mapping[str, bytes | str] = {
        **{f"{n}.bpmn": definitions(ROOTS + drawn) for n, drawn in enumerate(DIAGRAMS)},
        "README.md": remark,
        **{f"formulieren/{key}.form": form(key, *fields) for key, fields in FORMS.items()},
    }
    return package(files, manifest)


@cache
def changed_package(*replacements: tuple[str, str]) -> Package:
    """The method with texts of its diagrams replaced, each of which must be there."""
    files = dict(practice_package().files)
    for old, new in replacements:
        holding = [name for name, raw in files.items() if old.encode() in raw]
        assert holding, f"{old} stands in no file"
        for name in holding:
            files[name] = files[name].replace(old.encode(), new.encode())
    return Package(files, name="proef")
