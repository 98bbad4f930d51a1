"""What the boxed forms do: context, list, conditional, filter, ``for``, ``some`` and ``every``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.decisions.elements import Place
from engine.decisions.feel_binding import filtered_items, iterated_items
from engine.decisions.run import Evaluator, Run, Scope


def compile_context(
    entries: Sequence[tuple[str | None, Evaluator]], visible: bool = True
) -> Evaluator:
    """A context; an entry without a name is its result. Entries see the ones before them."""

    def evaluate(scope: Scope, run: Run) -> Any:
        local = dict(scope) if visible else scope
        values: dict[str, Any] = {}
        for name, evaluator in entries:
            value = evaluator(local, run)
            if name is None:
                return value
            values[name] = value
            if visible:
                local[name] = value
        return values

    return evaluate


def compile_list(items: Sequence[Evaluator]) -> Evaluator:
    """A list of values."""
    return lambda scope, run: [item(scope, run) for item in items]


def compile_conditional(
    condition: Evaluator, then: Evaluator, otherwise: Evaluator, place: Place
) -> Evaluator:
    """If-then-else; null counts as false, a condition that is no boolean makes the answer null."""

    def evaluate(scope: Scope, run: Run) -> Any:
        found = condition(scope, run)
        if found is True:
            return then(scope, run)
        if found is False or found is None:
            return otherwise(scope, run)
        run.null("De voorwaarde is niet waar of onwaar.", place)
        return None

    return evaluate


def compile_filter(source: Evaluator, match: Evaluator, place: Place) -> Evaluator:
    """The items for which the match is true, or the item at the position that it gives."""

    def evaluate(scope: Scope, run: Run) -> Any:
        items = filtered_items(source(scope, run))
        if items is None:
            run.null("Wat gefilterd wordt is leeg.", place)
            return None
        kept = []
        for item in items:
            entries = item if isinstance(item, dict) else {}
            local = {**scope, **entries, "item": item}
            found = match(local, run)
            if isinstance(found, Decimal):
                return _at(items, found)
            if found is True:
                kept.append(item)
        return kept

    return evaluate


def compile_iterator(
    kind: str, name: str, source: Evaluator, body: Evaluator, place: Place
) -> Evaluator:
    """``for``, ``some`` or ``every`` over a list or a range of whole numbers."""

    def results(scope: Scope, run: Run, items: list[Any]) -> Iterator[Any]:
        done: list[Any] = []
        for item in items:
            local = {**scope, name: item}
            if kind == "for":
                local["partial"] = list(done)
            value = body(local, run)
            done.append(value)
            yield value

    def evaluate(scope: Scope, run: Run) -> Any:
        items = iterated_items(source(scope, run))
        if items is None:
            run.null("Wat doorlopen wordt is geen lijst.", place)
            return None
        values = results(scope, run, items)
        return list(values) if kind == "for" else _decide(values, kind == "some", run, place)

    return evaluate


def _decide(results: Iterator[Any], wanted: bool, run: Run, place: Place) -> bool | None:
    """Three-valued: the wanted value decides at once, else a value that is no boolean does."""
    doubtful = False
    for value in results:
        if value == wanted and isinstance(value, bool):
            return wanted
        if not isinstance(value, bool):
            doubtful = True
    if doubtful:
        run.null("Niet elke voorwaarde is waar of onwaar.", place)
        return None
    return not wanted


def _at(items: list[Any], position: Decimal) -> Any:
    index = int(position)
    if position != index or index == 0 or abs(index) > len(items):
        return None
    return items[index - 1] if index > 0 else items[index]
