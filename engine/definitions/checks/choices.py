"""Choices among conditions: ways that are never taken, and cases that none of them covers.

Only what can be told for certain: conditions that are the same, that are always or never true, and
those that compare one name with fixed texts, numbers, true or false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine import feel
from engine.definitions.checks.context import Check
from engine.definitions.expressions import body, fixed_value, problems, shorten
from engine.definitions.model import Element, Flow, Kind
from engine.definitions.reporting import label
from engine.feel import FeelError
from engine.feel.syntax import Binary, Call, Literal, Name, Path


def check_choices(check: Check) -> None:
    """Every rule about the conditions of one choice together."""
    for element in check.elements.values():
        flows = [
            flow
            for flow in check.outgoing(element)
            if flow.condition is not None and not problems(body(flow.condition))
        ]
        if element.kind is Kind.EXCLUSIVE_GATEWAY:
            _never_taken(check, element, flows)
            if element.default_flow is None and len(flows) == len(element.outgoing) > 1:
                _gap(check, element, flows)
        elif element.kind is Kind.INCLUSIVE_GATEWAY or element.is_activity:
            for flow in flows:
                _fixed(check, element, flow, value=False)


def _never_taken(check: Check, element: Element, flows: Sequence[Flow]) -> None:
    seen: dict[str, Flow] = {}
    for flow in flows:
        text = " ".join(body(flow.condition or "").split())
        first = seen.setdefault(text, flow)
        if first is not flow:
            check.report.warning(
                "condition-twice",
                flow,
                f"De pijl {label(flow)} van {label(element)} heeft dezelfde voorwaarde als "
                f"{label(first)} (‘{shorten(text)}’) en wordt nooit gekozen.",
                "Verander een van de twee voorwaarden.",
            )
        _fixed(check, element, flow, value=False)
        if len(element.outgoing) > 1:
            _fixed(check, element, flow, value=True)


def _fixed(check: Check, element: Element, flow: Flow, *, value: bool) -> None:
    """A condition without any name, which always comes to the same."""
    if fixed_value(body(flow.condition or "")) is not value:
        return
    check.report.warning(
        "condition-always-the-same",
        flow,
        f"De voorwaarde ‘{shorten(flow.condition or '')}’ op de pijl {label(flow)} van "
        f"{label(element)} is altijd {'waar' if value else 'onwaar'}.",
        "Vergelijk met een variabele, of maak de pijl de standaard (default flow)."
        if value
        else "Vergelijk met een variabele, of verwijder de pijl.",
    )


# -- gaps ----------------------------------------------------------------------------------------


def _gap(check: Check, element: Element, flows: Sequence[Flow]) -> None:
    """Name a value for which no condition holds, when one name decides."""
    names, values = set[str](), list[object]()
    for flow in flows:
        compared = _compared(body(flow.condition or ""))
        if compared is None:
            return
        names |= compared[0]
        values += compared[1]
    if len(names) != 1:
        return
    (name,) = names
    for value in _samples(values):
        if not any(_holds(flow, name, value) for flow in flows):
            check.report.warning(
                "choice-gap",
                element,
                f"{label(element)} kiest niets als ‘{name}’ {_word(value)} is. Dan loopt het hier "
                "vast.",
                "Maak één pijl de standaard (default flow), of teken ook die weg.",
            )
            return


def _compared(text: str) -> tuple[set[str], list[object]] | None:
    """The names and fixed values in a condition of comparisons only; None for any other."""
    tree = feel.compile(text).tree
    names, values = set[str](), list[object]()
    for node in _leaves(tree):
        name = _full_name(node)
        if name is not None:
            names.add(name)
        elif isinstance(node, Literal):
            values.append(node.value)
        else:
            return None
    return names, values


def _leaves(tree: object) -> Iterator[object]:
    if isinstance(tree, Binary) and tree.operator in ("and", "or", "=", "!=", "<", "<=", ">", ">="):
        yield from _leaves(tree.left)
        yield from _leaves(tree.right)
    elif isinstance(tree, Call) and _full_name(tree.function) == "not":
        for argument in tree.arguments:
            yield from _leaves(argument)
    else:
        yield tree


def _full_name(tree: object) -> str | None:
    """``a`` or ``a.b.c``."""
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Path):
        base = _full_name(tree.base)
        return None if base is None else f"{base}.{tree.name}"
    return None


def _samples(values: Sequence[object]) -> Iterator[object]:
    """Values at, below, between and above those that are compared with; texts have no between."""
    numbers = sorted({v for v in values if isinstance(v, Decimal)})
    if numbers:
        yield numbers[0] - 1
        for low, high in zip(numbers, [*numbers[1:], numbers[-1] + 2], strict=True):
            yield low
            yield (low + high) / 2
    elif all(isinstance(value, bool) for value in values):
        yield from (True, False)


def _holds(flow: Flow, name: str, value: object) -> bool:
    given: object = value
    for part in reversed(name.split(".")):
        given = {part: given}
    assert isinstance(given, dict)  # a name has a part
    try:
        return feel.compile(body(flow.condition or "")).evaluate(given) is True
    except FeelError:
        return True


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    return f"‘{value}’"
