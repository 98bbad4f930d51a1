"""Soundness in words: joins that wait for ever, loops without a way out, work done twice."""

from __future__ import annotations

from typing import Final

from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.loops import cycles_always_taken, waits
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import Place, label
from engine.definitions.soundness import Doubled, Endless, ScopeVerdict, Stuck, judge

_LONGEST_WAY = 8


def check_soundness(check: Check) -> None:
    """Every rule about what tokens can come to."""
    for verdict in judge(check.process):
        for stuck in verdict.stuck:
            _stuck(check, stuck)
        for endless in verdict.endless:
            _endless(check, verdict, endless)
        for doubled in verdict.doubled:
            _doubled(check, doubled)
        for element_id in verdict.dead:
            _dead(check, check.elements[element_id])
        if not verdict.complete:
            _unfinished(check, verdict)
    for cycle in cycles_always_taken(check):
        _goes_on(check, cycle)


def _stuck(check: Check, stuck: Stuck) -> None:
    join = check.elements[stuck.join]
    flows = [check.process.flows[flow] for flow in stuck.missing]
    sources = ", ".join(dict.fromkeys(label(check.elements[flow.source]) for flow in flows))
    check.report.error(
        "join-waits-forever",
        join,
        f"{label(join)} wacht op alle wegen, maar kan blijven wachten op wat van "
        f"{sources or 'een andere weg'} komt. Het loopt hier vast. Zo gaat het mis: "
        f"{_way(check, stuck.path)}.",
        "Gebruik hier een keuze-gateway (XOR) als maar één van de wegen komt, of splits met een "
        "parallelle gateway.",
        stuck.path,
    )


def _endless(check: Check, verdict: ScopeVerdict, endless: Endless) -> None:
    entry = check.elements[endless.entry]
    inside = [check.elements[element] for element in endless.elements]
    if check.report.has("endless-loop", entry.id) or any(
        check.report.has("endless-loop", element.id) for element in inside
    ):
        return
    if any(waits(element) for element in inside) and _is_left_otherwise(check, verdict.scope):
        return
    check.report.error(
        "never-ends",
        entry,
        f"Vanaf {label(entry)} is er geen weg meer naar een einde; het gaat altijd rond. "
        f"Zo komt het er: {_way(check, endless.path)}.",
        "Teken een weg naar een eind-gebeurtenis, of een onderbrekende gebeurtenis die dit "
        "afbreekt.",
        endless.path,
    )


_SAID: Final = ("endless-loop", "never-ends", "unreachable")
_ENDING: Final = frozenset({Trigger.TERMINATE, Trigger.ERROR, Trigger.CANCEL, Trigger.ESCALATION})


def _goes_on(check: Check, cycle: list[Element]) -> None:
    """A token that always comes back, whatever other ways are taken beside it."""
    first = min(cycle, key=lambda element: element.line)
    if any(check.report.has(rule, element.id) for rule in _SAID for element in cycle):
        return
    stops = any(trigger_of(one) in _ENDING for one in check.scopes.get(first.parent, ()))
    if any(waits(element) for element in cycle) and (
        stops or _is_left_otherwise(check, first.parent)
    ):
        return
    names = ", ".join(label(element) for element in cycle[:_LONGEST_WAY])
    check.report.error(
        "never-ends",
        first,
        f"Deze stappen komen altijd weer terug, ook als er een andere weg naast loopt: {names}. "
        "Het houdt nooit op.",
        "Teken een keuze-gateway (XOR) waar het rondgaan kan ophouden.",
    )


def _is_left_otherwise(check: Check, scope_id: str) -> bool:
    """Whether an event can end a scope, or one around it, from outside."""
    while True:
        inside = check.scopes.get(scope_id, ())
        for found in inside:
            if found.triggered_by_event and any(
                is_start(start)
                and start.interrupting
                and trigger_of(start) is not Trigger.COMPENSATION
                for start in check.scopes.get(found.id, ())
            ):
                return True
        if any(boundary.interrupting for boundary in check.boundaries.get(scope_id, ())):
            return True
        scope = check.elements.get(scope_id)
        if scope is None:
            return _call_is_left(check)
        scope_id = scope.parent


def _call_is_left(check: Check) -> bool:
    """Whether a call of this process can be left by an event; unknown for a single file."""
    callers = [
        (caller, element)
        for caller in check.around.processes.values()
        for element in caller.elements.values()
        if element.kind is Kind.CALL_ACTIVITY and element.called_process == check.process.id
    ]
    return any(
        boundary.attached_to == element.id and boundary.interrupting
        for caller, element in callers
        for boundary in caller.elements.values()
    )


def _doubled(check: Check, doubled: Doubled) -> None:
    merge = check.elements[doubled.merge]
    check.report.warning(
        "merge-runs-twice",
        merge,
        f"{label(merge)} laat elke weg apart door, terwijl er meer tegelijk kunnen lopen. Wat erna "
        f"komt gebeurt dan meer dan eens. Bijvoorbeeld: {_way(check, doubled.path)}.",
        "Voeg samen met een parallelle gateway (AND) als het één keer moet.",
        doubled.path,
    )


def _dead(check: Check, element: Element) -> None:
    if check.report.has("unreachable", element.id) or not _is_first(check, element):
        return
    waits_in_vain = element.kind is Kind.PARALLEL_GATEWAY and len(element.incoming) > 1
    say = check.report.error if waits_in_vain else check.report.warning
    say(
        "never-runs",
        element,
        f"{label(element)} wordt nooit uitgevoerd: er loopt wel een weg heen, maar wat ervoor "
        "staat komt nooit zo ver.",
        "Kijk of het deelproces of de gebeurtenis ervoor deze weg ooit kan nemen.",
    )


def _is_first(check: Check, element: Element) -> bool:
    """Whether what is dead begins here; what comes after it is not worth a message."""
    if element.attached_to:
        return True
    before = [check.elements[flow.source] for flow in check.incoming(element)]
    return not any(check.report.has("never-runs", found.id) for found in before)


def _unfinished(check: Check, verdict: ScopeVerdict) -> None:
    scope = check.elements.get(verdict.scope)
    place = scope or Place(check.process.id, check.process.name, check.process.line)
    check.report.warning(
        "soundness-unfinished",
        place,
        f"{label(place)} kan in zo veel standen komen dat niet alles is doorzocht "
        f"({verdict.states} standen bekeken). Of het overal een einde haalt, is niet zeker.",
        "Verdeel het in deelprocessen, of voeg parallelle wegen eerder samen.",
    )


def _way(check: Check, path: tuple[str, ...]) -> str:
    """The path in words, its beginning left out when it is long."""
    steps = [label(check.elements[element]) for element in path]
    shown = steps[-_LONGEST_WAY:]
    return ("… → " if len(steps) > len(shown) else "") + " → ".join(shown)
