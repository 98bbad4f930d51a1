"""Moving a running instance to another definition, with everything it stands at and waits for.

Token ids, variables, due times, drafts (they hang on the task's id) and the progress of loops
stay. What cannot go over is refused before anything changes, element by element.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.definitions.model import Element, Kind
from engine.errors import KetenspoorError
from engine.execution import variables
from engine.execution.activities import user_work
from engine.execution.definition import Definition
from engine.execution.errors import MigrationRefused
from engine.execution.machine import Execution
from engine.execution.migration_faults import (
    NOTES,
    Reason,
    faults,
    hanging,
    is_dropped,
    new_flow,
    unknown_handlers,
)
from engine.execution.migration_plan import Plan
from engine.execution.running import Run
from engine.execution.tokens import Token
from engine.execution.waits import listened_for, listens, subscribe_all, wait_of

__all__ = ["Plan", "Reason", "check", "migrate"]

_KEPT_WORK = ("due", "follow_up", "assignee")


def check(execution: Execution, target: Definition, plan: Plan | None = None) -> list[Reason]:
    """Why the instance cannot move to ``target``; an empty list when it can."""
    plan = plan or Plan()
    if execution.status != "active":
        return [Reason(execution.root.element.id, "Dit traject is al afgelopen.")]
    reasons: list[Reason] = []
    for token in execution.walk():
        if token is execution.root:
            reasons += unknown_handlers(token, target, plan)
        elif not (token.is_subscription and is_dropped(token, target, plan)):
            reasons += [Reason(token.element.id, text) for text in faults(token, target, plan)]
            reasons += unknown_handlers(token, target, plan)
    if not reasons:
        try:
            _moved(execution, target, plan, execution.now)
        except KetenspoorError as error:
            where = str(getattr(error, "where", {}).get("element_id") or execution.root.element.id)
            reasons.append(Reason(where, error.message))
        reasons += hanging(execution, target, plan)
    return list(dict.fromkeys(reasons))


def migrate(
    execution: Execution,
    target: Definition,
    now: datetime,
    plan: Plan | None = None,
    note: Mapping[str, Any] | None = None,
    *,
    checked: bool = False,
) -> Execution:
    """The same instance on ``target``; the given one stays as it was. ``note`` is for the audit.

    ``checked``: the caller knows that ``check`` gives no reasons.

    Raises:
        MigrationRefused: ``check`` gives reasons.
    """
    plan = plan or Plan()
    reasons = [] if checked else check(execution, target, plan)
    if reasons:
        raise MigrationRefused(
            "Dit traject kan niet naar de andere versie: "
            + " ".join(f"[{r.element_id}] {r.reason}" for r in reasons[:5]),
            "Koppel hernoemde elementen, of wacht tot het traject voorbij deze plek is.",
            reasons=[(r.element_id, r.reason) for r in reasons],
        )
    moved = _moved(execution, target, plan, now)
    moved.report(moved.root, "migrated", **(note or {}))
    Run(moved).until_rest()
    return moved


def _renamed(notes: Any, plan: Plan) -> Any:
    """Notes of compensation with the new ids in them."""
    if isinstance(notes, str):
        return plan.new_id(notes)
    if isinstance(notes, list):
        return [_renamed(note, plan) for note in notes]
    changed = dict(notes)
    for key in ("of", "handler", "start"):
        if key in changed:
            changed[key] = plan.new_id(changed[key])
    if "inside" in changed:
        changed["inside"] = _renamed(changed["inside"], plan)
    return changed


def _moved(execution: Execution, target: Definition, plan: Plan, now: datetime) -> Execution:
    moved = Execution(
        target, now, has_parent=execution.has_parent, step_budget=execution.step_budget
    )
    listening: list[Token] = []
    for old in execution.walk():
        scope = moved.tasks.get(old.scope.id) if old.scope is not None else None
        if old is execution.root:
            spec: Any = target.root
        elif old.is_subscription and is_dropped(old, target, plan):
            continue
        else:
            spec = target.spec(plan.new_id(old.element.id))
        token = Token(moved, spec, parent=scope, state=old.state, id=old.id)
        token.data = variables.own(old.data)
        token.internal_data = variables.own(old.internal_data)
        if scope is None:
            moved.task_tree = token
        _rewrite(token, old, target, plan)
        if old.is_subscription or token.internal_data.keys() & {"wait", "work", "child"}:
            listening.append(token)
    moved.variables = moved.root.data
    for token in listening:
        _refresh(token, plan)
    for token in moved.walk():
        _listen_to_new(token, execution.definition, plan)
    return moved


def _rewrite(token: Token, old: Token, target: Definition, plan: Plan) -> None:
    internal = token.internal_data
    if "arrived" in internal:
        internal["arrived"] = new_flow(old, internal["arrived"], target, plan)
    if "awaits" in internal:
        internal["awaits"] = [new_flow(old, flow, target, plan) for flow in internal["awaits"]]
    if "start" in internal:
        internal["start"] = plan.new_id(internal["start"])
    for key in ("into", "to_do"):
        if key in internal:
            internal[key] = [plan.new_id(one) for one in internal[key]]
    for key in NOTES:
        if key in internal:
            internal[key] = _renamed(internal[key], plan)


def _refresh(token: Token, plan: Plan) -> None:
    """What is asked and waited for follows the new version; instants and persons stay."""
    internal = token.internal_data
    if "work" in internal:
        fresh = user_work(token)
        kept = {key: internal["work"][key] for key in _KEPT_WORK if key in internal["work"]}
        internal["work"] = {**fresh, **kept}
    if "child" in internal:
        internal["child"] = plan.new_process(internal["child"])
    for key in ("wait", "again"):
        wait = internal.get(key)
        if wait is None or (wait["kind"] == "timer" and token.element.id not in plan.restart):
            continue
        owner = token.scope if token.is_subscription else token
        assert owner is not None  # a subscription always has an owner
        fresh = wait_of(owner, listened_for(token))
        internal[key] = {**fresh, "was": wait["was"]} if "was" in wait else fresh


def _listen_to_new(token: Token, before: Definition, plan: Plan) -> None:
    """Begin to listen for events that the old version did not have, or that begin anew."""
    definition, internal = token.workflow.definition, token.internal_data
    known = {plan.new_id(element_id) for element_id in before.process.elements} - plan.restart
    heard = {child.element.id for child in token.subscriptions}
    wanted: list[Element] = []
    if internal.get("armed") or (token.spec.element.is_activity and _is_at_work(token)):
        wanted += definition.boundaries(token.element.id)
    if "loop" not in internal and "interrupted" not in internal and token.has_live_children:
        wanted += [start for _sub, start in definition.event_subprocesses(token.element.id)]
    if token.element.kind is Kind.EVENT_BASED_GATEWAY and heard:
        wanted += [definition.element(f.target) for f in definition.flows_out(token.element)]
    fresh = [e for e in wanted if e.id not in known | heard and listens(e)]
    subscribe_all(token, fresh)
    if fresh and token.scope is not None and token.element.is_activity:
        internal["armed"] = True


def _is_at_work(token: Token) -> bool:
    if token.is_subscription or "inner" in token.internal_data or token.scope is None:
        return False
    working = token.internal_data.keys() & {"work", "job", "child", "wait", "loop"}
    return bool(working) or token.has_live_children
