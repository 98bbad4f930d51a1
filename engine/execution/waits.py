"""What tokens wait for: messages, signals, timers and conditions, and the subscriptions to them.

A wait is plain data: ``{"kind": "message", "name", "key"}``, ``{"kind": "signal", "name"}``,
``{"kind": "timer", "due", "interval", "remaining", "catch_up"}`` (due in ISO 8601, UTC) or
``{"kind": "condition", "text", "was"}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.definitions.model import Element, Kind, Trigger
from engine.execution import timing, variables
from engine.execution.errors import ExpressionFailed
from engine.execution.tokens import WAITING, Token

CATCH_UP = {"elk": "each", "eens": "once", "overslaan": "skip"}


def wait_of(token: Token, element: Element) -> dict[str, Any]:
    """What a catching ``element`` waits for, evaluated with the variables that ``token`` sees."""
    event = element.event
    trigger = event.trigger if event else Trigger.NONE
    if element.kind is Kind.RECEIVE_TASK or trigger is Trigger.MESSAGE:
        return message_wait(token, element)
    if trigger is Trigger.SIGNAL:
        return {"kind": "signal", "name": _name(token, element, "Signaalnaam")}
    if trigger is Trigger.TIMER:
        return timer_wait(token, element)
    if trigger is Trigger.CONDITIONAL:
        return {"kind": "condition", "text": (event.condition if event else None) or "false"}
    raise ExpressionFailed(
        f"Op dit soort gebeurtenis ({trigger}) kan niet gewacht worden.",
        "Kies een bericht, signaal, timer of voorwaarde.",
        element_id=element.id,
    )


def _name(token: Token, element: Element, what: str) -> str:
    text = (element.event.name if element.event else None) or ""
    seen = variables.visible(token)
    return str(variables.evaluate(text, seen, token.workflow.now, what=what))


def message_wait(token: Token, element: Element) -> dict[str, Any]:
    """A message subscription: name and correlation key.

    Raises:
        ExpressionFailed: the correlation key has no value.
    """
    key_text = element.event.correlation_key if element.event else None
    key: Any = None
    if key_text is not None:
        seen = variables.visible(token)
        key = variables.evaluate(key_text, seen, token.workflow.now, what="Correlatiesleutel")
        if not isinstance(key, str | int) and not hasattr(key, "as_tuple"):
            raise ExpressionFailed(
                "De correlatiesleutel heeft geen waarde.",
                "Gebruik een variabele die al gevuld is, bijvoorbeeld =trajectId.",
                element_id=element.id,
                expression=key_text,
            )
    return {
        "kind": "message",
        "name": _name(token, element, "Berichtnaam"),
        "key": None if key is None else str(key),
    }


def timer_wait(token: Token, element: Element) -> dict[str, Any]:
    """A timer: when it is due first and, for a cycle, how it repeats.

    Raises:
        ExpressionFailed: the timer's text gives no duration, date or cycle.
    """
    event, now = element.event, token.workflow.now
    seen = variables.visible(token)
    wait: dict[str, Any] = {"kind": "timer"}
    try:
        if event is not None and event.duration is not None:
            value = variables.evaluate(event.duration, seen, now, what="Duur van de timer")
            wait["due"] = timing.after(now, value).isoformat()
        elif event is not None and event.date is not None:
            value = variables.evaluate(event.date, seen, now, what="Datum van de timer")
            wait["due"] = timing.as_instant(value).isoformat()
        else:
            text = (event.cycle if event else None) or ""
            value = variables.evaluate(text, seen, now, what="Herhaling van de timer")
            cycle = timing.as_cycle(value)
            wait["due"] = (cycle.first or timing.after(now, cycle.interval)).isoformat()
            wait["interval"] = cycle.interval
            wait["remaining"] = cycle.remaining
            wait["catch_up"] = CATCH_UP.get(element.properties.get("inhalen", "elk"), "each")
    except (ExpressionFailed, OverflowError) as error:
        message = error.message if isinstance(error, ExpressionFailed) else "De duur is te groot."
        remedy = error.remedy if isinstance(error, ExpressionFailed) else ""
        raise ExpressionFailed(
            f"De timer heeft geen bruikbare tijd. {message}", remedy, element_id=element.id
        ) from error
    return wait


def next_firing(wait: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """The wait after a cycle timer fired; ``None`` when it fired for the last time.

    The next due time counts from the one before, not from now. After an outage the catch-up
    policy decides whether missed firings come each, once, or not at all.
    """
    remaining = wait.get("remaining")
    if "interval" not in wait or (remaining is not None and remaining <= 1):
        return None
    due = timing.after(datetime.fromisoformat(wait["due"]), wait["interval"])
    left = None if remaining is None else remaining - 1
    if wait.get("catch_up", "each") != "each":
        while due <= now and (left is None or left > 0):
            due = timing.after(due, wait["interval"])
            left = None if left is None else left - 1
        if left == 0:
            return None
    return {**wait, "due": due.isoformat(), "remaining": left}


def subscribe(owner: Token, element: Element, wait: dict[str, Any]) -> Token:
    """Let ``owner`` listen for what ``element`` catches."""
    token = owner.workflow.place(owner.workflow.definition.spec(element.id), owner, state=WAITING)
    token.internal_data["sub"] = True
    token.internal_data["wait"] = wait
    return token


LISTENABLE = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.TIMER, Trigger.CONDITIONAL})


def arm_boundaries(host: Token) -> None:
    """Subscribe to the boundary events of an activity that wait for something.

    Errors, escalations and compensation are looked up when they are thrown.
    """
    for element in host.workflow.definition.boundaries(host.element.id):
        if element.event is not None and element.event.trigger in LISTENABLE:
            subscribe(host, element, wait_of(host, element))


def arm_event_subprocesses(scope: Token) -> None:
    """Subscribe to the start events of the scope's event sub-processes."""
    for _sub, start in scope.workflow.definition.event_subprocesses(scope.element.id):
        if start.event is not None and start.event.trigger in LISTENABLE:
            subscribe(scope, start, wait_of(scope, start))
