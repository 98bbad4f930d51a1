"""Ad-hoc sub-processes: what begins in them must be said, and must be able to begin."""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.checks.context import Check
from engine.definitions.checks.texts import texts_of_process
from engine.definitions.expressions import (
    UNKNOWN,
    body,
    fixed_value,
    is_feel,
    problems,
    shorten,
)
from engine.definitions.model import Element, Kind
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_FROM_AI: Final = re.compile(r"(?<![\w.])fromAi\s*\(\s*(\)?)")


def check_ad_hoc(check: Check) -> None:
    """Every rule about ad-hoc sub-processes."""
    for element in check.elements.values():
        if element.kind is Kind.AD_HOC_SUB_PROCESS:
            _has_activity(check, element)
            _begins(check, element)
            for inside in check.scopes.get(element.id, []):
                _no_start_or_end(check, element, inside)
    _asked_of_a_model(check)


def _has_activity(check: Check, element: Element) -> None:
    if not any(inside.is_activity for inside in check.scopes.get(element.id, [])):
        check.report.error(
            "ad-hoc-without-activity",
            element,
            f"In het ad-hoc-deelproces {label(element)} staat geen enkele taak; er is niets te "
            "doen.",
            "Teken minstens één taak of deelproces erin.",
        )


def _begins(check: Check, element: Element) -> None:
    active = element.ad_hoc.active if element.ad_hoc else None
    if active is None:
        check.report.error(
            "ad-hoc-without-elements",
            element,
            f"Bij het ad-hoc-deelproces {label(element)} staat niet waarmee het begint.",
            "Vul ‘Lijst van elementen die beginnen (active elements collection)’ in met technische "
            'namen, bijvoorbeeld ‘=["Bellen", "Schrijven"]’, of met een variabele.',
        )
        return
    chosen = UNKNOWN if problems(body(active)) else fixed_value(body(active))
    if chosen is UNKNOWN:
        return
    can = [one.id for one in check.scopes.get(element.id, []) if can_begin(one)]
    for wanted in chosen if isinstance(chosen, list) and chosen else [""]:
        if wanted not in can:
            check.report.error(
                "ad-hoc-unknown-element",
                element,
                f"Het ad-hoc-deelproces {label(element)} kan niet beginnen met ‘{wanted}’: dat is "
                "geen element erin waar geen pijl naartoe gaat.",
                did_you_mean(str(wanted), can, "Kies uit wat er binnen het deelproces begint."),
            )


def can_begin(inside: Element) -> bool:
    """Whether an element inside an ad-hoc sub-process is one that it may begin with."""
    return not (
        inside.incoming
        or inside.triggered_by_event
        or inside.is_compensation
        or inside.kind in (Kind.BOUNDARY_EVENT, Kind.START_EVENT, Kind.END_EVENT)
    )


def _no_start_or_end(check: Check, element: Element, inside: Element) -> None:
    if inside.kind in (Kind.START_EVENT, Kind.END_EVENT):
        check.report.error(
            "ad-hoc-start-or-end",
            inside,
            f"In het ad-hoc-deelproces {label(element)} staat {label(inside)}. Daar begint en "
            "eindigt niets met een eigen gebeurtenis.",
            "Verwijder de gebeurtenis: wat begint, staat in de lijst van het deelproces.",
        )


def _asked_of_a_model(check: Check) -> None:
    """What a language model fills in when it chooses an element of an ad-hoc sub-process."""
    for text in texts_of_process(check.process):
        plain = _QUOTED.sub('""', text.text) if is_feel(text.text) else ""
        asked = _FROM_AI.findall(plain)
        if any(asked):
            check.report.error(
                "from-ai-empty",
                text.place,
                f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ zegt bij ‘fromAi’ niet "
                "welke waarde.",
                "Schrijf bijvoorbeeld ‘=fromAi(toolCall.adres)’.",
            )
        place = check.elements.get(text.place.id)
        if asked and not (place is not None and _in_ad_hoc(check, place)):
            check.report.error(
                "from-ai-elsewhere",
                text.place,
                f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ gebruikt ‘fromAi’ buiten "
                "een ad-hoc-deelproces. Daar vult niemand de waarde in.",
                "Zet dit element in een ad-hoc-deelproces, of noem de waarde zelf.",
            )


def _in_ad_hoc(check: Check, element: Element) -> bool:
    scope = check.parent(element)
    while scope is not None and scope.kind is not Kind.AD_HOC_SUB_PROCESS:
        scope = check.parent(scope)
    return scope is not None
