"""Incidents: a token that cannot go on stands still, says why, and can be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import KetenspoorError
from engine.execution.activities import open_scope
from engine.execution.corrections import made_by_inputs
from engine.execution.errors import NothingToStart, NotWaiting
from engine.execution.tokens import READY, STARTED, WAITING, Token
from engine.feel.errors import FeelError

if TYPE_CHECKING:
    from engine.execution.machine import Execution


def stop_with_incident(token: Token, error: KetenspoorError | FeelError, phase: str) -> None:
    """Let a token stand still. ``phase`` says where a retry takes up again.

    Phases are ``start`` (the process itself), ``run``, ``advance``, ``complete`` and ``wait`` (a
    subscription, or a token that only waits).
    """
    detail: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "remedy": getattr(error, "remedy", "") or "",
        "phase": "wait" if "wait" in token.internal_data else phase,
        "at": token.workflow.now.isoformat(),
    }
    where = getattr(error, "where", {})
    if where.get("expression"):
        detail["expression"] = str(where["expression"])
    token._set_state(WAITING)
    token.internal_data.pop("thrown", None)
    token.internal_data["incident"] = detail
    token.workflow.report(token, "incident", code=error.code)


def begin(execution: Execution) -> None:
    """Open the process itself; a failure is an incident of the process."""
    root = execution.root
    try:
        if not open_scope(root, root.internal_data.get("start")):
            raise NothingToStart(
                "Dit proces heeft geen gewone start-gebeurtenis.",
                "Teken een start zonder aanleiding, of start het proces met zijn bericht.",
                element_id=root.element.id,
            )
    except (KetenspoorError, FeelError) as error:
        stop_with_incident(root, error, "start")


def retry(execution: Execution, token: Token) -> None:
    """Take up again where an incident stopped ``token``; what was done already stays done.

    Raises:
        NotWaiting: there is no incident at the token.
    """
    incident = token.internal_data.pop("incident", None)
    if incident is None:
        raise NotWaiting("Hier is geen storing (meer).", token_id=token.id)
    execution.report(token, "resolved")
    phase = incident["phase"]
    if token is execution.root:
        token._set_state(STARTED)
        execution.clear(token)
        begin(execution)
    elif "wait" in token.internal_data:
        token._set_state(WAITING if token.is_subscription else STARTED)
    else:
        if phase != "complete":
            for key in ("job", "child", "work"):
                token.internal_data.pop(key, None)
        if phase == "run":
            for name in made_by_inputs(token):  # mapped again from what is outside
                token.data.pop(name, None)
        token._set_state(READY)
        execution.queue.append((token.id, phase))
    _take_up_parked(execution)


def _take_up_parked(execution: Execution) -> None:
    """Go on with the tokens that a broken loop left behind without an incident of their own."""
    for token in execution.walk():
        phase = token.internal_data.pop("queued", None)
        if phase is not None:
            execution.queue.append((token.id, phase))
