"""The process package of the chaos proof: every kind of wait, with timers of seconds.

Round after round: task ``a``, with the reminder ``herinner`` far away; then ``kamer``, in which
``rust`` waits while the clock ``klok`` on its border must strike three times before; then, side by
side, task ``b`` (after ``te-laat`` it becomes ``alsnog``) and a called process with the timer
``pauze`` and task ``c``. After the rounds ``meld`` sends a mail, where that is wanted, and it waits
for the message ``klaar``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.definitions.packages import Package

MANIFEST = b"""
sleutel = "stormproef"
hoofdproces = "storm"
naam = {nl = "Stormproef", en = "Storm trial"}
[rollen.werker]
naam = {nl = "Werker", en = "Worker"}
functie = "worker"
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "aanmelding"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker"]
"""
REFERRAL = b"""{"type": "default", "id": "aanmelding", "schemaVersion": 18, "components": [
  {"type": "textfield", "id": "f1", "key": "gezinsnaam", "label": "Naam",
   "properties": {"dossier": "gezin.naam"}}]}"""
FORM = b"""{"type": "default", "id": "werk", "schemaVersion": 18, "components": [
  {"type": "number", "id": "f1", "key": "uitslag", "label": "Uitslag",
   "properties": {"procesvariabele": "ja"}}]}"""
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="storm"'
)
STRIKES = 3
MAILS = "meld"
MONTHS = timedelta(hours=720)
"""When ``herinner`` is due, long after any storm."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the timers are, in seconds, and how many rounds each instance goes.

    ``mails``: whether each sends a mail to the project leader after that.
    """

    rounds: int = 2
    strike: float = 1.0
    rest: float = 4.0
    late: float = 2.0
    pause: float = 1.0
    mails: bool = False


def storm_package(pace: Pace) -> Package:
    """The package at that pace."""
    files = {
        "pakket.toml": MANIFEST,
        "formulieren/aanmelding.form": REFERRAL,
        "formulieren/werk.form": FORM,
        "storm.bpmn": _main(pace),
        "kind.bpmn": _child(pace),
    }
    return Package(files, name="stormproef")


def _main(pace: Pace) -> bytes:
    last = MAILS if pace.mails else "wacht"
    inside = [
        _start("start", "<bpmn:messageEventDefinition messageRef='m1' />"),
        _script("tel", "=if ronde = null then 1 else ronde + 1", "ronde"),
        _person("a"),
        _border("herinner", "a", "PT720H", "timeDuration", interrupts=False),
        f'<bpmn:subProcess id="kamer" name="Kamer">{_start("in", "")}'
        f"{_timer('rust', pace.rest)}<bpmn:endEvent id='uit' name='Uit' />"
        f"{_flow('in', 'rust')}{_flow('rust', 'uit')}</bpmn:subProcess>",
        _border("klok", "kamer", f"R{STRIKES}/PT{pace.strike:g}S", "timeCycle", interrupts=False),
        "<bpmn:endEvent id='slag' name='Slag' />",
        "<bpmn:parallelGateway id='splits' />",
        _person("b"),
        _border("te-laat", "b", f"PT{pace.late:g}S", "timeDuration", interrupts=True),
        _person("alsnog"),
        "<bpmn:exclusiveGateway id='weer' />",
        "<bpmn:callActivity id='roep' name='Roep'><bpmn:extensionElements>"
        "<zeebe:calledElement processId='kind' propagateAllChildVariables='false' />"
        "</bpmn:extensionElements></bpmn:callActivity>",
        "<bpmn:parallelGateway id='samen' />",
        f"<bpmn:exclusiveGateway id='nog' name='Nog een ronde?' default='nog-{last}' />",
        "<bpmn:intermediateCatchEvent id='wacht' name='Wacht'>"
        "<bpmn:messageEventDefinition messageRef='m2' /></bpmn:intermediateCatchEvent>",
        "<bpmn:endEvent id='einde' name='Einde' />",
        *(
            _flow(*pair.split())
            for pair in (
                "start tel", "tel a", "herinner slag", "a kamer", "klok slag", "kamer splits",
                "splits b", "te-laat alsnog", "b weer", "alsnog weer", "weer samen", "splits roep",
                "roep samen", "samen nog", "wacht einde",
                *(("nog meld", "meld wacht") if pace.mails else ("nog wacht",)),
            )
        ),
        *([_mail()] if pace.mails else []),
        _flow("nog", "tel", f"=ronde &lt; {pace.rounds}"),
    ]  # fmt: skip
    messages = (
        "<bpmn:message id='m1' name='aanmelding' /><bpmn:message id='m2' name='klaar'>"
        "<bpmn:extensionElements><zeebe:subscription correlationKey='=trajectId' />"
        "</bpmn:extensionElements></bpmn:message>"
    )
    return _file(f"{messages}<bpmn:process id='storm' name='Storm' isExecutable='true'>", inside)


def _child(pace: Pace) -> bytes:
    inside = [
        _start("begin", ""),
        _timer("pauze", pace.pause),
        _person("c"),
        "<bpmn:endEvent id='klaar' name='Klaar' />",
        _flow("begin", "pauze"),
        _flow("pauze", "c"),
        _flow("c", "klaar"),
    ]
    return _file("<bpmn:process id='kind' name='Kind' isExecutable='true'>", inside)


def _file(before: str, inside: list[str]) -> bytes:
    body = "".join(inside)
    text = f"<bpmn:definitions {NAMESPACES}>{before}{body}</bpmn:process></bpmn:definitions>"
    return text.encode()


def _start(name: str, event: str) -> str:
    return f'<bpmn:startEvent id="{name}" name="{name}">{event}</bpmn:startEvent>'


def _script(name: str, text: str, result: str) -> str:
    return (
        f'<bpmn:scriptTask id="{name}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:script expression="{text}" resultVariable="{result}" />'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )


def _mail() -> str:
    return (
        f'<bpmn:serviceTask id="{MAILS}" name="Meld"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="melding-mailen" /><zeebe:ioMapping>'
        '<zeebe:input source="=&quot;project_leader&quot;" target="aan" />'
        "</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
    )


def _person(name: str) -> str:
    return (
        f'<bpmn:userTask id="{name}" name="Taak {name}"><bpmn:extensionElements>'
        '<zeebe:userTask /><zeebe:formDefinition formId="werk" />'
        '<zeebe:assignmentDefinition candidateGroups="werker" />'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def _timer(name: str, seconds: float) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{name}" name="{name}"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>PT{seconds:g}S</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def _border(name: str, host: str, time: str, kind: str, *, interrupts: bool) -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" name="{name}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupts).lower()}"><bpmn:timerEventDefinition>'
        f"<bpmn:{kind}>{time}</bpmn:{kind}></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside if condition else ''}</bpmn:sequenceFlow>"
    )
