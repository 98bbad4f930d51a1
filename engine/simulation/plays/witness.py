"""Why a play went as it did: which condition held, with which values, and which rules matched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, Final

from engine import feel
from engine.decisions import TableTrace
from engine.definitions.model import Flow
from engine.definitions.packages import Package
from engine.definitions.references import Reference
from engine.errors import KetenspoorError
from engine.execution import variables
from engine.execution.definition import Definition
from engine.execution.errors import CalledProcessMissing
from engine.execution.tokens import Token
from engine.feel import syntax
from engine.feel.errors import FeelError
from engine.feel.printer import print_tree
from engine.runtime.catalogue import Catalogue

DEFINITIONS: Final = 512
"""How many processes of packages in the making are kept ready to run, the latest used ones."""

MOST_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one flow out of a choice.

    Attributes:
        condition: as it was drawn; ``None`` without one.
        holds: ``None`` when it was not looked at, or could not be worked out.
        values: what the names and paths in the condition stood for, by their text.
    """

    flow_id: str
    name: str
    condition: str | None
    holds: bool | None
    taken: bool
    is_default: bool
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice between flows."""

    at: datetime
    process_id: str
    element_id: str
    name: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was asked, with the tables that it went by; the asked one is last."""

    at: datetime
    decision_id: str
    name: str
    value: Any
    tables: tuple[TableTrace, ...]


Reason = Choice | Decided
_watching: ContextVar[Callable[[Reason], None] | None] = ContextVar("watching", default=None)
_definitions: OrderedDict[tuple[str, str], Definition] = OrderedDict()
_lock = Lock()


@contextmanager
def watching(tell: Callable[[Reason], None]) -> Iterator[None]:
    """Tell of every choice and decision that is made inside."""
    token = _watching.set(tell)
    try:
        yield
    finally:
        _watching.reset(token)


class WatchedCatalogue(Catalogue):
    """Definitions that tell why; those of packages in the making do not stay forever."""

    def definition(self, version: str, process_id: str) -> Definition:
        """As that of ``Catalogue``."""
        key = (version, process_id)
        with _lock:
            known = _definitions.get(key)
            if known is not None:
                _definitions.move_to_end(key)
                return known
        package = self.source.package(version)
        process = package.processes.get(process_id)
        if process is None:
            raise CalledProcessMissing(
                f"Het proces '{process_id}' zit niet in het pakket.",
                "Kies in de aanroep een proces dat bestaat.",
                process=process_id,
            )
        made = Definition(process, partial(_decide, package), package.provides, _chosen)
        with _lock:
            made = _definitions.setdefault(key, made)
            while len(_definitions) > DEFINITIONS:
                _definitions.popitem(last=False)
        return made

    def decide(
        self, version: str, reference: Reference, inputs: Mapping[str, Any], now: datetime
    ) -> Any:
        """As that of ``Catalogue``."""
        package = self.source.package(self.provider(version, reference))
        return _decide(package, reference.id, inputs, now)


def _decide(package: Package, decision_id: str, inputs: Mapping[str, Any], now: datetime) -> Any:
    tell, model = _watching.get(), package.decisions.get(decision_id)
    if tell is None or model is None:
        return package.evaluate_decision(decision_id, inputs, now)
    found = model.evaluate(decision_id, inputs, explain=True, now=now)
    tell(Decided(now, decision_id, found.decision_name, found.value, found.tables))
    return found.value


def _chosen(token: Token, flows: Sequence[Flow], taken: Sequence[Flow]) -> None:
    tell, scope = _watching.get(), token.scope
    if tell is None or scope is None or (len(flows) < 2 and not flows[0].condition):
        return
    seen, now, process = variables.visible(scope), token.workflow.now, token.workflow.definition
    chosen = {flow.id for flow in taken}
    verdicts = []
    for flow in flows:
        target = process.element(flow.target)
        verdicts.append(
            Verdict(
                flow_id=flow.id,
                name=flow.name or target.name or flow.target,
                condition=flow.condition,
                holds=_holds(flow.condition, seen, now),
                taken=flow.id in chosen,
                is_default=flow.id == token.element.default_flow,
                values=values_in(flow.condition or "", seen, now),
            )
        )
    element = token.element
    tell(Choice(now, process.process.id, element.id, element.name, tuple(verdicts)))


def _holds(condition: str | None, seen: Mapping[str, Any], now: datetime) -> bool | None:
    if condition is None:
        return None
    try:
        return variables.condition_holds(condition, seen, now, what="")
    except KetenspoorError:
        return None


def values_in(text: str, seen: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the variables in an expression stand for, paths as far as they are written."""
    try:
        expression = feel.compile(text.strip().removeprefix("="))
    except FeelError:
        return {}
    found: dict[str, Any] = {}
    for node in _named(expression.tree, expression.names):
        try:
            found[print_tree(node)] = feel.compile(print_tree(node)).evaluate(seen, now=now)
        except FeelError:
            continue
        if len(found) == MOST_VALUES:
            break
    return found


def _named(node: syntax.Node, names: frozenset[str]) -> Iterator[syntax.Node]:
    """Names and paths that come from the context, the longest of each path only."""
    if isinstance(node, syntax.Name):
        if node.name in names:
            yield node
        return
    base: syntax.Node = node
    while isinstance(base, syntax.Path):
        base = base.base
    if base is not node and isinstance(base, syntax.Name):
        if base.name in names:
            yield node
        return
    for child in syntax.children(node):
        yield from _named(child, names)
