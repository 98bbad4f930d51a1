"""What a decision table makes of the rules that match: the hit policies of DMN 8.2.10.

Pure functions over the outputs of the matching rules in table order. A policy that the outputs
break (two hits under UNIQUE, say) raises :class:`PolicyBroken`, which the table turns into null
with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.decisions.elements import Aggregation, HitPolicy
from engine.decisions.feel_binding import feel_equal, feel_maximum, feel_minimum, feel_sum

Outputs = tuple[Any, ...]
"""The values of one rule, one for each output column."""

Priorities = Sequence[Sequence[Any] | None]
"""For each output column its allowed values, most important first; None if it has none."""

MULTIPLE_HITS: Final = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
"""Policies whose answer is a list of outputs (COLLECT without aggregation)."""


class PolicyBroken(Exception):
    """The hits contradict the hit policy; the text is Dutch and says how."""


def choose(policy: HitPolicy, hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    """The outputs that count, in the order in which they count; one for single-hit policies.

    Raises:
        PolicyBroken: several hits under UNIQUE, or different outputs under ANY.
    """
    return _CHOOSERS[policy](hits, priorities)


def aggregate(aggregation: Aggregation, values: Sequence[Any]) -> Any:
    """COLLECT with an aggregation over one output column; null for an empty MIN, MAX or SUM.

    Raises:
        PolicyBroken: values that cannot be added or compared.
    """
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    if not values:
        return None
    result = _AGGREGATIONS[aggregation](values)
    if result is None:
        raise PolicyBroken(
            f"De uitkomsten kunnen niet met {aggregation.value} worden samengevoegd: "
            "ze zijn niet allemaal van hetzelfde, vergelijkbare type."
        )
    return result


def _unique(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    if len(hits) > 1:
        raise PolicyBroken(
            f"Er passen {len(hits)} regels, terwijl UNIQUE er ten hoogste een toestaat."
        )
    return list(hits)


def _any(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    for other in hits[1:]:
        if not all(map(feel_equal, hits[0], other)):
            raise PolicyBroken(
                "De passende regels geven verschillende uitkomsten, wat ANY verbiedt."
            )
    return list(hits[:1])


def _first(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    return list(hits[:1])


def _all(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    return list(hits)


def _priority(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    return _output_order(hits, priorities)[:1]


def _output_order(hits: Sequence[Outputs], priorities: Priorities) -> list[Outputs]:
    return sorted(hits, key=lambda outputs: _rank(outputs, priorities))


def _rank(outputs: Outputs, priorities: Priorities) -> tuple[int, ...]:
    return tuple(
        0 if order is None else _position(value, order)
        for value, order in zip(outputs, priorities, strict=True)
    )


def _position(value: Any, order: Sequence[Any]) -> int:
    return next((at for at, known in enumerate(order) if feel_equal(value, known)), len(order))


_CHOOSERS: Final[dict[HitPolicy, Callable[[Sequence[Outputs], Priorities], list[Outputs]]]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.COLLECT: _all,
    HitPolicy.RULE_ORDER: _all,
    HitPolicy.OUTPUT_ORDER: _output_order,
}
_AGGREGATIONS: Final[dict[Aggregation, Callable[[Sequence[Any]], Any]]] = {
    Aggregation.SUM: feel_sum,
    Aggregation.MIN: feel_minimum,
    Aggregation.MAX: feel_maximum,
}
