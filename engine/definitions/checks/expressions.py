"""FEEL everywhere it is written, and times that are neither ISO 8601 nor FEEL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from engine import feel
from engine.definitions import times
from engine.definitions.checks.context import Check
from engine.definitions.checks.texts import Text, texts_of_process
from engine.definitions.expressions import body, free_names, is_feel, problems, shorten
from engine.definitions.mending import mend
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import Placed, label
from engine.definitions.suggestions import did_you_mean, nearest
from engine.feel.library import BUILTINS

_FOREIGN: Final = re.compile(r"[$#]\{.*?\}", re.DOTALL)
_UNKNOWN: Final = object()
_SOME_MOMENT: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_NAME: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_VARIABLE: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_FOREIGN_NAMES: Final = frozenset(
    {"True", "False", "TRUE", "FALSE", "None", "NULL", "Null", "nil", "undefined"}
)
_TIMES: Final = (
    ("timeDuration", "duration", "duur", "P3D (3 dagen), P2W (2 weken) of PT4H (4 uur)"),
    ("timeDate", "date", "datum", "2026-03-01T09:00:00[Europe/Amsterdam]"),
    ("timeCycle", "cycle", "herhaling", "R/P7D (elke week) of R3/PT1H (driemaal, elk uur)"),
)


def check_expressions(check: Check) -> None:
    """Every rule about what is written in expressions, times and mappings."""
    for text in texts_of_process(check.process):
        _text(check, text)
    for element in check.elements.values():
        _mappings(check, element)
        if element.event is not None and element.event.trigger is Trigger.TIMER:
            _timer(check, element)
        if element.user is not None:
            _schedule(check, element, "de streefdatum (due date)", element.user.due_date)
            _schedule(check, element, "de opvolgdatum", element.user.follow_up_date)


def _text(check: Check, text: Text) -> None:
    if is_feel(text.text) or text.must_be_feel:
        report_feel(check, text.what, text.text, text.place)
        _foreign_names(check, text)
    elif _FOREIGN.search(text.text):
        mended = mend(text.text, lambda found: not problems(found))
        check.report.error(
            "foreign-expression",
            text.place,
            f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ is geschreven als ${{…}}. "
            "Dat wordt niet uitgevoerd.",
            f"Schrijf ‘={mended}’." if mended else "Schrijf het in FEEL en begin met ‘=’.",
        )


def _foreign_names(check: Check, text: Text) -> None:
    """Words and functions of other languages, which FEEL would silently read as null."""
    names = free_names(body(text.text))
    for name in sorted(names):
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", text.text):
            check.report.error(
                "feel-unknown-function",
                text.place,
                f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ gebruikt de functie "
                f"‘{name}’, maar die kent FEEL niet.",
                did_you_mean(name, BUILTINS, "Gebruik een functie van FEEL.")
                if nearest(name, BUILTINS)
                else "Gebruik een functie van FEEL.",
            )
    wrong = names & _FOREIGN_NAMES
    if wrong:
        mended = mend(body(text.text), lambda found: not free_names(found) & _FOREIGN_NAMES)
        check.report.error(
            "feel-foreign-word",
            text.place,
            f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ gebruikt "
            f"{', '.join(f'‘{name}’' for name in sorted(wrong))}. Dat is geen FEEL.",
            f"Schrijf ‘={mended}’." if mended else "Gebruik true, false of null.",
        )


def report_feel(check: Check, what: str, text: str, place: Placed) -> None:
    """Report what is wrong in a text that must be FEEL."""
    for problem in problems(body(text)):
        check.report.error(
            "feel-syntax",
            place,
            f"{label(place)}: {what} ‘{shorten(text)}’ is geen geldige FEEL ({problem.message}).",
            problem.remedy,
        )


def _mappings(check: Check, element: Element) -> None:
    for kind, mappings in (("invoer", element.inputs), ("uitvoer", element.outputs)):
        seen: set[str] = set()
        for mapping in mappings:
            if not mapping.target or not mapping.source:
                check.report.error(
                    "mapping-incomplete",
                    element,
                    f"{label(element)} heeft een {kind}koppeling waarvan "
                    f"{'de naam' if not mapping.target else f'de waarde van ‘{mapping.target}’'} "
                    "niet is ingevuld.",
                    "Vul de koppeling helemaal in, of verwijder haar.",
                )
            elif not _VARIABLE.fullmatch(mapping.target):
                check.report.error(
                    "variable-name",
                    element,
                    f"{label(element)}: ‘{shorten(mapping.target)}’ kan geen naam van een "
                    "variabele zijn.",
                    "Gebruik letters, cijfers en _; begin met een letter.",
                )
            elif mapping.target in seen:
                check.report.warning(
                    "mapping-twice",
                    element,
                    f"{label(element)} vult ‘{mapping.target}’ twee keer in de {kind}koppelingen.",
                    "Verwijder een van de twee.",
                )
            seen.add(mapping.target)
    for name in (element.result_variable, element.loop and element.loop.input_element):
        if name and not _VARIABLE.fullmatch(name):
            check.report.error(
                "variable-name",
                element,
                f"{label(element)}: ‘{shorten(name)}’ kan geen naam van een variabele zijn.",
                "Gebruik letters, cijfers en _; begin met een letter.",
            )


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
        value = _fixed_value(body(text))
        if value is _UNKNOWN or (value is not None and not isinstance(value, str)):
            return
        text = value or text
    if times.is_iso_timer(kind, text):
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


def _fixed_value(expression: str) -> object:
    """The value of an expression that needs no variables; ``_UNKNOWN`` for the others."""
    if problems(expression):
        return _UNKNOWN
    found = feel.compile(expression)
    if found.names or found.possible_names:
        return _UNKNOWN
    try:
        return found.evaluate({}, now=_SOME_MOMENT)
    except feel.FeelError:
        return _UNKNOWN


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
