"""What the engine runs and what it refuses: one table for the check and for the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.definitions.model import Kind, Trigger


class Position(StrEnum):
    """Where an element stands, as far as that decides whether it runs."""

    ANYWHERE = "overal"
    PROCESS = "in het proces zelf"
    SUB_PROCESS = "in een deelproces"
    EVENT_SUB_PROCESS = "in een gebeurtenis-deelproces"


@dataclass(frozen=True, slots=True)
class Construct:
    """One row of the table. ``remedy`` says what to draw instead when it is refused."""

    kind: Kind
    trigger: Trigger | None
    position: Position
    supported: bool
    remedy: str = ""


KIND_NAMES: Final[Mapping[Kind, str]] = {
    Kind.TASK: "taak",
    Kind.USER_TASK: "gebruikerstaak",
    Kind.MANUAL_TASK: "handmatige taak",
    Kind.SERVICE_TASK: "servicetaak",
    Kind.SCRIPT_TASK: "scripttaak",
    Kind.BUSINESS_RULE_TASK: "beslisregeltaak",
    Kind.SEND_TASK: "verzendtaak",
    Kind.RECEIVE_TASK: "ontvangsttaak",
    Kind.SUB_PROCESS: "deelproces",
    Kind.CALL_ACTIVITY: "aanroep van een proces",
    Kind.START_EVENT: "start-gebeurtenis",
    Kind.END_EVENT: "eind-gebeurtenis",
    Kind.CATCH_EVENT: "wacht-gebeurtenis",
    Kind.THROW_EVENT: "werp-gebeurtenis",
    Kind.BOUNDARY_EVENT: "rand-gebeurtenis",
    Kind.EXCLUSIVE_GATEWAY: "keuze-gateway (XOR)",
    Kind.PARALLEL_GATEWAY: "parallelle gateway (AND)",
    Kind.INCLUSIVE_GATEWAY: "inclusieve gateway (OR)",
    Kind.EVENT_BASED_GATEWAY: "gebeurtenis-gateway",
    Kind.COMPLEX_GATEWAY: "complexe gateway",
    Kind.TRANSACTION: "transactie",
    Kind.AD_HOC_SUB_PROCESS: "ad-hoc-deelproces",
}

TRIGGER_NAMES: Final[Mapping[Trigger, str]] = {
    Trigger.NONE: "zonder aanleiding",
    Trigger.MESSAGE: "bericht",
    Trigger.TIMER: "timer",
    Trigger.SIGNAL: "signaal",
    Trigger.ERROR: "fout",
    Trigger.ESCALATION: "escalatie",
    Trigger.CONDITIONAL: "voorwaarde",
    Trigger.TERMINATE: "beëindiging",
    Trigger.LINK: "koppeling (link)",
    Trigger.COMPENSATION: "compensatie",
    Trigger.CANCEL: "annulering",
    Trigger.MULTIPLE: "meerdere aanleidingen",
    Trigger.PARALLEL: "meerdere aanleidingen, allemaal nodig",
}

_ACTIVITIES: Final = (
    Kind.TASK,
    Kind.USER_TASK,
    Kind.MANUAL_TASK,
    Kind.SERVICE_TASK,
    Kind.SCRIPT_TASK,
    Kind.BUSINESS_RULE_TASK,
    Kind.SEND_TASK,
    Kind.RECEIVE_TASK,
    Kind.SUB_PROCESS,
    Kind.TRANSACTION,
    Kind.AD_HOC_SUB_PROCESS,
    Kind.CALL_ACTIVITY,
)
_GATEWAYS: Final = (
    Kind.EXCLUSIVE_GATEWAY,
    Kind.PARALLEL_GATEWAY,
    Kind.INCLUSIVE_GATEWAY,
    Kind.EVENT_BASED_GATEWAY,
)
_REFUSED_KINDS: Final = {
    Kind.COMPLEX_GATEWAY: "Gebruik een inclusieve of parallelle gateway.",
}
_T = Trigger
_RUNS: Final[Mapping[tuple[Kind, Position], tuple[Trigger, ...]]] = {
    (Kind.START_EVENT, Position.PROCESS): (
        _T.NONE,
        _T.MESSAGE,
        _T.TIMER,
        _T.SIGNAL,
        _T.CONDITIONAL,
        _T.MULTIPLE,
        _T.PARALLEL,
    ),
    (Kind.START_EVENT, Position.SUB_PROCESS): (_T.NONE,),
    (Kind.START_EVENT, Position.EVENT_SUB_PROCESS): (
        _T.MESSAGE,
        _T.TIMER,
        _T.SIGNAL,
        _T.ERROR,
        _T.ESCALATION,
        _T.CONDITIONAL,
        _T.COMPENSATION,
        _T.MULTIPLE,
        _T.PARALLEL,
    ),
    (Kind.CATCH_EVENT, Position.ANYWHERE): (
        _T.MESSAGE,
        _T.TIMER,
        _T.SIGNAL,
        _T.CONDITIONAL,
        _T.LINK,
        _T.MULTIPLE,
        _T.PARALLEL,
    ),
    (Kind.THROW_EVENT, Position.ANYWHERE): (
        _T.NONE,
        _T.MESSAGE,
        _T.SIGNAL,
        _T.ESCALATION,
        _T.LINK,
        _T.COMPENSATION,
        _T.MULTIPLE,
    ),
    (Kind.END_EVENT, Position.ANYWHERE): (
        _T.NONE,
        _T.MESSAGE,
        _T.SIGNAL,
        _T.ERROR,
        _T.ESCALATION,
        _T.TERMINATE,
        _T.COMPENSATION,
        _T.CANCEL,
        _T.MULTIPLE,
    ),
    (Kind.BOUNDARY_EVENT, Position.ANYWHERE): (
        _T.TIMER,
        _T.MESSAGE,
        _T.SIGNAL,
        _T.ERROR,
        _T.ESCALATION,
        _T.CONDITIONAL,
        _T.COMPENSATION,
        _T.CANCEL,
        _T.MULTIPLE,
        _T.PARALLEL,
    ),
}
_REMEDIES: Final[Mapping[Trigger, str]] = {
    _T.NONE: "Kies waarop gewacht wordt, bijvoorbeeld een bericht of een timer.",
    _T.MULTIPLE: "Teken voor elke aanleiding een eigen gebeurtenis.",
    _T.PARALLEL: "Teken voor elke aanleiding een eigen gebeurtenis.",
    _T.CANCEL: "Een annulering wordt geworpen door een eind-gebeurtenis in een transactie en "
    "opgevangen op de rand van die transactie.",
    _T.ERROR: "Een fout wordt geworpen door een eind-gebeurtenis en opgevangen op de rand van "
    "een activiteit of in een gebeurtenis-deelproces.",
    _T.TERMINATE: "Beëindigen kan alleen met een eind-gebeurtenis.",
    _T.LINK: "Gebruik een koppeling alleen als tussengebeurtenis: werpen op de ene plek, wachten "
    "op de andere.",
    _T.CONDITIONAL: "Gebruik een voorwaarde als wacht- of rand-gebeurtenis of als start.",
    _T.COMPENSATION: "Gebruik compensatie op de rand van een activiteit of als start van een "
    "gebeurtenis-deelproces, en werp haar met een tussen- of eind-gebeurtenis.",
    _T.ESCALATION: "Vang een escalatie op de rand van een activiteit of in een "
    "gebeurtenis-deelproces.",
    _T.TIMER: "Gebruik een timer als start-, wacht- of rand-gebeurtenis.",
    _T.MESSAGE: "Gebruik binnen een deelproces een start zonder aanleiding.",
    _T.SIGNAL: "Gebruik binnen een deelproces een start zonder aanleiding.",
}
_START_REMEDIES: Final[Mapping[Position, str]] = {
    Position.SUB_PROCESS: "Gebruik in een deelproces een start zonder aanleiding, en zet "
    "de gebeurtenis ervóór of op de rand.",
    Position.EVENT_SUB_PROCESS: "Kies als aanleiding een bericht, timer, signaal, fout, escalatie, "
    "voorwaarde of compensatie.",
}


def _table() -> tuple[Construct, ...]:
    rows = [Construct(kind, None, Position.ANYWHERE, True) for kind in (*_ACTIVITIES, *_GATEWAYS)]
    rows += [
        Construct(kind, None, Position.ANYWHERE, False, remedy)
        for kind, remedy in _REFUSED_KINDS.items()
    ]
    for (kind, position), runs in _RUNS.items():
        for trigger in Trigger:
            remedy = _START_REMEDIES.get(position) or _REMEDIES[trigger]
            rows.append(
                Construct(
                    kind, trigger, position, trigger in runs, "" if trigger in runs else remedy
                )
            )
    return tuple(rows)


CONSTRUCTS: Final = _table()
_BY_KEY: Final = {(row.kind, row.trigger, row.position): row for row in CONSTRUCTS}


def construct_of(kind: Kind, trigger: Trigger | None, position: Position) -> Construct:
    """The row for an element; what the table doesn't know is refused."""
    for key in ((kind, trigger, position), (kind, trigger, Position.ANYWHERE)):
        if key in _BY_KEY:
            return _BY_KEY[key]
    return Construct(kind, trigger, position, False, "Gebruik een ondersteund element.")


def name_of(construct: Construct) -> str:
    """How people name the construct: ``rand-gebeurtenis (timer)``."""
    name = KIND_NAMES[construct.kind]
    if construct.trigger is None:
        return name
    return f"{name} ({TRIGGER_NAMES[construct.trigger]})"
