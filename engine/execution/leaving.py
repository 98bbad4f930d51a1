"""What happens when a token is done: mappings, the flows it takes, the end of its scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.execution import ad_hoc, compensation, loops
from engine.execution.mapping import map_outputs
from engine.execution.tokens import Token


def leave(token: Token) -> None:
    """Map outputs, take the flows, close the scope if this was the last token in it."""
    execution, scope, internal = token.workflow, token.scope, token.internal_data
    assert scope is not None  # the process itself ends when its last token leaves
    if "mapped" not in internal:
        map_outputs(token, scope)
        internal["mapped"] = True
    if "inner" in internal:
        _leave_round(token, scope)
        return
    flows = token.spec.outgoing(token)
    is_ad_hoc = scope.spec.element.ad_hoc is not None and "loop" not in scope.internal_data
    enough = is_ad_hoc and ad_hoc.is_enough(token, scope, flows)
    compensation.remember(token, scope)
    said: dict[str, Any] = {"flows": [f.id for f in flows]} if flows else {}
    if "loop" in internal:
        said["body"] = True
    execution.report(token, "completed", **said)
    execution.remove(token)
    token.spec.after(execution, scope)
    for flow in flows:
        execution.definition.spec(flow.target).arrive(execution, scope, flow)
    _continue_compensation(token)
    if is_ad_hoc:
        ad_hoc.go_on(scope, enough)
    else:
        execution.finish_if_empty(scope)


def _leave_round(token: Token, body: Token) -> None:
    execution = token.workflow
    over = loops.round_done(body, token, body.spec.loop)
    compensation.remember(token, body)
    execution.report(token, "completed")
    execution.remove(token)
    if over:
        for child in body.live_children:
            execution.terminate(child)
        execution.queue.append((body.id, "complete"))
    elif loops.needs_advance(body, body.spec.loop):
        execution.queue.append((body.id, "advance"))


def _continue_compensation(token: Token) -> None:
    thrower_id = token.internal_data.get("compensates")
    if thrower_id is None:
        return
    thrower = token.workflow.tasks.get(UUID(thrower_id))
    if thrower is not None and compensation.proceed(thrower):
        token.workflow.queue.append((thrower.id, "complete"))
