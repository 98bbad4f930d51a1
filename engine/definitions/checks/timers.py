"""Times: timers of events, due dates of tasks; what is neither ISO 8601 nor FEEL gets a mend."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from engine import feel
from engine.definitions import times
from engine.definitions.checks.context import Check
from engine.definitions.checks.expressions import report_feel, report_foreign_names
from engine.definitions.cron import is_cron
from engine.definitions.expressions import UNKNOWN, body, fixed_value, is_feel, problems, shorten
from engine.definitions.mending import mend
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label

_FOREIGN: Final = re.compile(r"[$#]\{.*?\}", re.DOTALL)
_NAME: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_TIMES: Final = (
    ("timeDuration", "duration", "duur", "P3D (3 dagen), P2W (2 weken) of PT4H (4 uur)"),
    ("timeDate", "date", "datum", "2026-03-01T09:00:00[Europe/Amsterdam]"),
    ("timeCycle", "cycle", "herhaling", "R/P7D (elke week) of R3/PT1H (driemaal, elk uur)"),
)
_VALUES: Final[dict[str, tuple[type, ...]]] = {
    "timeDuration": (timedelta, feel.YearsMonthsDuration),
    "timeDate": (date,),
    "timeCycle": (timedelta, feel.YearsMonthsDuration),
}
"""What FEEL may give for each kind of timer, besides text."""


def check_timers(check: Check) -> None:
    """Every rule about times."""
    for element in check.by_trigger:
        if element.event is not None and element.event.trigger is Trigger.TIMER:
            _timer(check, element)
        if element.user is not None:
            _schedule(check, element, "de streefdatum (due date)", element.user.due_date)
            _schedule(check, element, "de opvolgdatum", element.user.follow_up_date)


def _timer(check: Check, element: Element) -> None:
    event = element.event
    given = [row for row in _TIMES if event is not None and getattr(event, row[1]) is not None]
    if not given:
        check.report.error(
            "timer-missing",
            element,
            f"De timer {label(element)} heeft geen tijd.",
            "Vul een duur in (bijvoorbeeld P3D), een datum of een herhaling.",
        )
    if len(given) > 1:
        names = " en een ".join(row[2] for row in given)
        check.report.error(
            "timer-ambiguous",
            element,
            f"De timer {label(element)} heeft een {names} tegelijk.",
            "Houd er één over.",
        )
    for kind, attribute, word, example in given:
        text = str(getattr(event, attribute))
        _time(check, element, kind, text, word, example)
    if event is not None and event.cycle is not None:
        _cycle(check, element)


def _time(check: Check, element: Element, kind: str, text: str, word: str, example: str) -> None:
    if is_feel(text):
        report_feel(check, f"de {word} van de timer", text, element)
        report_foreign_names(check, f"de {word} van de timer", text, element)
        value = fixed_value(body(text))
        if isinstance(value, timedelta) and value < timedelta(0):
            _backwards(check, element, text)
        if value is UNKNOWN or isinstance(value, _VALUES[kind]):
            return
        if value is not None and not isinstance(value, str):
            _no_time(check, element, word, text)
            return
        text = value or text
    if times.is_iso_timer(kind, text):
        _nothing(check, element, kind, text)
        return
    proposed = times.proposal(kind, text)
    if proposed is None and _FOREIGN.search(text):
        mended = mend(text, lambda found: not problems(found))
        proposed = f"={mended}" if mended else None
    if proposed is None and _NAME.fullmatch(text):
        proposed = f"={text}"
    check.report.error(
        "timer-format",
        element,
        f"De timer {label(element)} heeft een {word} die niet gelezen kan worden: "
        f"‘{shorten(text)}’.",
        f"Schrijf ‘{proposed}’."
        if proposed
        else f"Schrijf bijvoorbeeld {example}, of FEEL na ‘=’.",
    )


def _no_time(check: Check, element: Element, word: str, text: str) -> None:
    check.report.error(
        "timer-format",
        element,
        f"De timer {label(element)} heeft als {word} ‘{shorten(text)}’. Daar komt geen tijd uit.",
        'Gebruik een functie die een tijd geeft, bijvoorbeeld ‘=duration("P3D")’.',
    )


def _backwards(check: Check, element: Element, text: str) -> None:
    check.report.error(
        "timer-backwards",
        element,
        f"De timer {label(element)} telt terug: ‘{shorten(text)}’.",
        "Haal het minteken weg.",
    )


def _nothing(check: Check, element: Element, kind: str, text: str) -> None:
    """A repetition without time between would never stop."""
    if kind != "timeCycle" or is_cron(text):
        return
    if not any(sign in "123456789" for sign in text.rpartition("/")[2]):
        check.report.error(
            "timer-cycle-endless",
            element,
            f"De herhaling van de timer {label(element)} heeft geen tijd ertussen: "
            f"‘{shorten(text)}’.",
            "Vul een tijd in, bijvoorbeeld R/P7D (elke week).",
        )


def _cycle(check: Check, element: Element) -> None:
    repeats = element.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT)
    at_top = element.kind is Kind.START_EVENT and not check.in_event_sub_process(element)
    if repeats and (at_top or not element.interrupting):
        return
    why = (
        "onderbreekt en kan dus maar één keer afgaan"
        if repeats
        else "wacht maar één keer en kan niet herhalen"
    )
    check.report.error(
        "timer-cycle-once",
        element,
        f"De timer {label(element)} heeft een herhaling, maar {why}.",
        "Gebruik een duur in plaats van een herhaling"
        + (", of maak de gebeurtenis niet-onderbrekend." if repeats else "."),
    )


def _schedule(check: Check, element: Element, what: str, text: str | None) -> None:
    if text is None or is_feel(text) or _FOREIGN.search(text):
        return
    if times.is_duration(text) or times.is_date(text):
        return
    proposed = times.proposal("timeDuration", text) or times.proposal("timeDate", text)
    if proposed is None and _NAME.fullmatch(text):
        proposed = f"={text}"
    check.report.error(
        "timer-format",
        element,
        f"{label(element)}: {what} ‘{shorten(text)}’ kan niet gelezen worden.",
        f"Schrijf ‘{proposed}’."
        if proposed
        else 'Schrijf een duur (P3D), een datum, of FEEL: =now() + duration("P3D").',
    )
