"""Repeating: loop settings that can't work, and cycles that nothing stops."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.definitions.checks.context import Check, trigger_of
from engine.definitions.expressions import UNKNOWN, body, fixed_value, problems, shorten
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label

_WAITING_KINDS = frozenset(
    {
        Kind.USER_TASK,
        Kind.RECEIVE_TASK,
        Kind.CALL_ACTIVITY,
        Kind.SUB_PROCESS,
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
        Kind.EVENT_BASED_GATEWAY,
    }
)
_MAX_NAMED = 5


def check_loops(check: Check) -> None:
    """Every rule about repetition."""
    for element in check.elements.values():
        if element.loop is not None:
            _settings(check, element)
    for cycle in automatic_cycles(check):
        _report_cycle(check, cycle)


def _settings(check: Check, element: Element) -> None:
    loop = element.loop
    if loop is None:
        return
    if loop.standard:
        if loop.condition is None and loop.maximum is None:
            check.report.error(
                "loop-without-end",
                element,
                f"{label(element)} wordt herhaald, maar er staat niet tot wanneer.",
                "Vul een herhaalvoorwaarde in FEEL of een hoogste aantal in.",
            )
        elif loop.maximum is None and fixed_value(body(loop.condition or "")) is True:
            check.report.error(
                "loop-without-end",
                element,
                f"{label(element)} wordt herhaald zolang ‘{shorten(loop.condition or '')}’, en dat "
                "is altijd waar.",
                "Schrijf een voorwaarde die onwaar kan worden, of vul een hoogste aantal in.",
            )
        return
    if loop.input_collection is None and loop.cardinality is None:
        check.report.error(
            "loop-without-collection",
            element,
            f"{label(element)} wordt voor elk onderdeel van een lijst gedaan, maar er is geen "
            "lijst gekozen.",
            "Vul ‘Lijst (input collection)’ in, bijvoorbeeld ‘=toeleidingen’.",
        )
    times = fixed_value(body(loop.cardinality)) if loop.cardinality else UNKNOWN
    if isinstance(times, Decimal) and (times < 0 or times != times.to_integral_value()):
        check.report.error(
            "loop-cardinality",
            element,
            f"{label(element)} wordt ‘{shorten(loop.cardinality or '')}’ keer gedaan, en dat kan "
            "niet.",
            "Vul een geheel getal van 0 of meer in.",
        )
    fixed = fixed_value(body(loop.input_collection)) if loop.input_collection else UNKNOWN
    broken = problems(body(loop.input_collection or ""))
    if not broken and fixed is not UNKNOWN and not isinstance(fixed, list):
        check.report.error(
            "loop-collection",
            element,
            f"{label(element)} wordt gedaan voor elk onderdeel van "
            f"‘{shorten(loop.input_collection or '')}’, maar dat is geen lijst.",
            "Vul bij ‘Lijst (input collection)’ een lijst in, "
            "bijvoorbeeld ‘=toeleidingen’ of ‘=[1, 2]’.",
        )
    if (loop.output_collection is None) != (loop.output_element is None):
        check.report.error(
            "loop-output",
            element,
            f"{label(element)} verzamelt uitkomsten, maar ‘Lijst met uitkomsten "
            "(output collection)’ en ‘Uitkomst van één regel (output element)’ "
            "zijn niet allebei ingevuld.",
            "Vul ze allebei in, of maak ze allebei leeg.",
        )


def waits(element: Element) -> bool:
    """Whether a token may stay there, for a person or for the outside."""
    if element.kind in _WAITING_KINDS:
        return True
    return element.kind is Kind.CATCH_EVENT and trigger_of(element) is not Trigger.LINK


def automatic_cycles(check: Check) -> list[list[Element]]:
    """The groups of elements that can go round among each other without ever waiting."""
    nodes = {e.id: e for e in check.elements.values() if not waits(e)}
    links = _link_jumps(nodes)
    edges = {
        key: [f.target for f in check.outgoing(element) if f.target in nodes] + links.get(key, [])
        for key, element in nodes.items()
    }
    return [
        [nodes[key] for key in group]
        for group in _components(edges)
        if len(group) > 1 or group[0] in edges[group[0]]
    ]


def cycles_always_taken(check: Check) -> list[list[Element]]:
    """The groups of elements that a token comes back to whatever happens, waiting or not."""
    always = {
        element.id: [
            flow.target
            for flow in check.outgoing(element)
            if flow.condition is None and flow.id != element.default_flow
        ]
        for element in check.elements.values()
        if _passes_by_all(check, element)
    }
    edges = {key: [to for to in targets if to in always] for key, targets in always.items()}
    return [
        [check.elements[key] for key in group]
        for group in _components(edges)
        if len(group) > 1 or group[0] in edges[group[0]]
    ]


def _passes_by_all(check: Check, element: Element) -> bool:
    """Whether a token that comes here alone goes on by every flow, and by nothing else."""
    if element.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY):
        return len(element.outgoing) == 1
    if element.kind is Kind.PARALLEL_GATEWAY:
        return len(element.incoming) == 1
    alone = element.kind in (Kind.EVENT_BASED_GATEWAY, Kind.END_EVENT, Kind.CALL_ACTIVITY)
    leaves = any(border.interrupting for border in check.boundaries.get(element.id, ()))
    return not (alone or leaves or check.scopes.get(element.id))


def _link_jumps(nodes: Mapping[str, Element]) -> dict[str, list[str]]:
    targets: dict[tuple[str, str | None], list[str]] = {}
    for element in nodes.values():
        if element.kind is Kind.CATCH_EVENT and element.event is not None:
            targets.setdefault((element.parent, element.event.name), []).append(element.id)
    return {
        element.id: targets.get((element.parent, element.event.name), [])
        for element in nodes.values()
        if element.kind is Kind.THROW_EVENT
        and element.event is not None
        and element.event.trigger is Trigger.LINK
    }


def _components(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for target in following:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(stack, on_stack, node))
    return found


def _popped(stack: list[str], on_stack: set[str], last: str) -> list[str]:
    group: list[str] = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        group.append(node)
        if node == last:
            return group[::-1]


def _report_cycle(check: Check, cycle: list[Element]) -> None:
    inside = {element.id for element in cycle}
    first = min(cycle, key=lambda element: element.line)
    names = ", ".join(label(element) for element in cycle[:_MAX_NAMED])
    leaves = any(
        flow.target not in inside
        for element in cycle
        if element.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY) or element.is_activity
        for flow in check.outgoing(element)
    ) or any(check.boundaries.get(element.id) for element in cycle)
    if not leaves:
        check.report.error(
            "endless-loop",
            first,
            f"Deze stappen draaien eindeloos rond zonder uitgang: {names}.",
            "Teken een keuze-gateway met een weg naar buiten, of een stap die ergens op wacht.",
        )
        return
    check.report.warning(
        "loop-without-wait",
        first,
        f"Deze stappen kunnen rondgaan zonder dat iemand of iets erop wacht: {names}. "
        "Blijft de voorwaarde waar, dan wordt het traject stilgezet.",
        "Zet er een taak of timer in, of zorg dat de voorwaarde zeker eindigt.",
    )
