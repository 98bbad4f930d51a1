"""Why a decision came out as it did: matched rules, values on the way, and what became null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.decisions.elements import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why a value became null, with the place in the model. The message is Dutch."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule of which every test was true.

    Attributes:
        rule_id: id of the rule in the file.
        number: its row, from 1.
        outputs: value per output column (name, or label, or ``output`` when it has neither).
        annotations: the remarks that the modeller wrote beside the rule.
    """

    rule_id: str
    number: int
    outputs: Mapping[str, Any]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableTrace:
    """One evaluation of one decision table."""

    hit_policy: str
    inputs: tuple[tuple[str, Any], ...]
    matched: tuple[MatchedRule, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """The value that one decision of the requirement graph got."""

    decision_id: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer with its reasons.

    Attributes:
        value: the answer itself.
        tables: every decision table that was evaluated, in order; the asked one is last.
        decisions: every decision that was evaluated, in order; the asked one is last.
        problems: why values became null, if any did.
    """

    decision_id: str
    decision_name: str
    value: Any
    tables: tuple[TableTrace, ...]
    decisions: tuple[DecisionTrace, ...]
    problems: tuple[Problem, ...] = field(default_factory=tuple)

    @property
    def matched(self) -> tuple[MatchedRule, ...]:
        """The matched rules of the table that was evaluated last; empty without a table."""
        return self.tables[-1].matched if self.tables else ()
