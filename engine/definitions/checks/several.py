"""Events with several triggers: which of them go together at one event."""

from __future__ import annotations

from typing import Final

from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.structure import position_of
from engine.definitions.checks.support import TRIGGER_NAMES, construct_of
from engine.definitions.connectors import PUBLISH_MESSAGE
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label

SEVERAL: Final = frozenset({Trigger.MULTIPLE, Trigger.PARALLEL})
_REMEMBERED: Final = frozenset(
    {Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL}
)
_ALONE: Final = frozenset({Trigger.LINK, Trigger.NONE, Trigger.CANCEL})
_LAST: Final = frozenset({Trigger.COMPENSATION, Trigger.ERROR, Trigger.TERMINATE})
_THROWS: Final = frozenset({Kind.THROW_EVENT, Kind.END_EVENT})


def several_triggers(check: Check, element: Element) -> None:
    """Refuse the triggers that have no meaning beside the others; say what the event does."""
    throws = element.kind in _THROWS
    ends = 0
    for one in element.by_trigger:
        trigger = trigger_of(one)
        ends += throws and trigger in _LAST
        supported = construct_of(element.kind, trigger, position_of(check, element)).supported
        gathers = trigger_of(element) is Trigger.PARALLEL
        if (
            not supported
            or trigger in _ALONE
            or (not throws and trigger is Trigger.COMPENSATION)
            or (gathers and trigger not in _REMEMBERED)
            or (ends > 1 and trigger in _LAST)
        ):
            _refuse(check, element, trigger)
    if throws and element.job_type not in (None, PUBLISH_MESSAGE):
        _refuse(check, element, Trigger.MESSAGE)
    _start_in_package(check, element)
    _told(check, element)


def _told(check: Check, element: Element) -> None:
    """A modeller shows one of the triggers, so that the others are easily overlooked."""
    if check.report.has("several-triggers", element.id):
        return
    names = ", ".join(TRIGGER_NAMES[one.event.trigger] for one in element.by_trigger if one.event)
    if element.kind in _THROWS:
        what = "Ze worden allemaal geworpen."
    elif trigger_of(element) is Trigger.PARALLEL:
        what = "Het gaat pas verder als ze allemaal zijn gebeurd."
    else:
        what = "Het gaat verder zodra er één gebeurt."
    check.report.warning(
        "event-has-several-triggers",
        element,
        f"{label(element)} heeft meer dan één aanleiding: {names}. {what}",
        "Klopt dat niet? Teken dan voor elke aanleiding een eigen gebeurtenis.",
    )


def _refuse(check: Check, element: Element, trigger: Trigger | None) -> None:
    name = TRIGGER_NAMES[trigger or Trigger.NONE]
    check.report.error(
        "several-triggers",
        element,
        f"{label(element)} heeft meer dan één aanleiding. Daarbij kan ‘{name}’ niet.",
        "Teken voor deze aanleiding een eigen gebeurtenis.",
    )


def _start_in_package(check: Check, element: Element) -> None:
    """What runs for a family is begun by one thing; half a beginning would stand in its file."""
    if check.around.alone or trigger_of(element) is not Trigger.PARALLEL:
        return
    if is_start(element) and check.parent(element) is None:
        check.report.error(
            "parallel-start-in-package",
            element,
            f"{label(element)} begint pas als meer dingen zijn gebeurd. In een gepubliceerd pakket "
            "begint een proces met één bericht of signaal.",
            "Begin met een ervan, en wacht daarachter op de andere met een wacht-gebeurtenis.",
        )
