"""What tokens wait for: messages, signals, timers and conditions, and the subscriptions to them.

A wait is plain data: ``{"kind": "several"}`` (of a token with a subscription for each trigger of
its event), ``{"kind": "message", "name", "key"}``, ``{"kind": "signal", "name"}``,
``{"kind": "timer", "due"}`` (in ISO 8601, UTC; a cycle also has ``catch_up``, and ``cron`` or
``interval``, ``remaining``, and ``anchor`` and ``count``: where it counts from, how far it is) or
``{"kind": "condition", "text", "was"}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.definitions.cron import next_after
from engine.definitions.model import Element, Kind, Trigger
from engine.execution import timing, variables
from engine.execution.errors import ExpressionFailed
from engine.execution.tokens import WAITING, Token

CATCH_UP = {"elk": "each", "eens": "once", "overslaan": "skip"}


def wait_of(token: Token, element: Element) -> dict[str, Any]:
    """What a catching ``element`` waits for, evaluated with the variables that ``token`` sees."""
    if element.ad_hoc is not None:
        return {"kind": "condition", "text": element.ad_hoc.condition or "true"}
    event = element.event
    trigger = event.trigger if event else Trigger.NONE
    if event is not None and event.parts:
        return {"kind": "several"}
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
    return name_text_of(token, text, what)


def name_text_of(token: Token, text: str, what: str) -> str:
    """The name of a message or signal, as a modeller wrote it for a token.

    Raises:
        ExpressionFailed: it cannot be told, or is longer than any name is.
    """
    seen = variables.visible(token)
    name = str(variables.evaluate(text, seen, token.workflow.now, what=what))
    if len(name) <= LONGEST_NAME:
        return name
    raise ExpressionFailed(
        f"{what}: deze naam is te lang ({len(name)} tekens).",
        f"Gebruik een naam van hoogstens {LONGEST_NAME} tekens.",
        element_id=token.element.id,
    )


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
        if isinstance(key, bool) or not isinstance(key, str | int | Decimal):
            raise ExpressionFailed(
                "De correlatiesleutel heeft geen waarde.",
                "Gebruik een variabele die al gevuld is, bijvoorbeeld =trajectId.",
                element_id=element.id,
                expression=key_text,
            )
    return {
        "kind": "message",
        "name": _name(token, element, "Berichtnaam"),
        "key": key_text_of(key),
    }


def key_text_of(key: Any) -> str | None:
    """A correlation key as text: a number is the same key however it is written.

    Raises:
        ExpressionFailed: it is longer than any key is.
    """
    if key is None:
        return None
    if isinstance(key, Decimal) and key.adjusted() < _LONGEST and key == key.to_integral_value():
        key = int(key)
    if len(text := str(key)) <= _LONGEST:
        return text
    raise ExpressionFailed(
        f"De correlatiesleutel is te lang ({len(text)} tekens).",
        f"Gebruik een kenmerk van hoogstens {_LONGEST} tekens, bijvoorbeeld =trajectId.",
    )


_LONGEST, LONGEST_NAME = 400, 250
"""Signs of a key, and of the name of a message or signal: a database looks them up in one index."""


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
            wait.update(_cycle_wait(timing.as_cycle(value), now))
            wait["catch_up"] = CATCH_UP.get(element.properties.get("inhalen", "elk"), "each")
    except ExpressionFailed as error:
        raise ExpressionFailed(
            f"De timer heeft geen bruikbare tijd. {error.message}",
            error.remedy,
            element_id=element.id,
        ) from error
    return wait


def _cycle_wait(cycle: timing.Cycle, now: datetime) -> dict[str, Any]:
    """The first firing. What lies before ``now`` was never missed: it counts as gone by."""
    anchor = cycle.first_due(now)
    if cycle.cron is not None:
        return {"due": anchor.isoformat(), "cron": cycle.cron}
    count, remaining = 0, cycle.remaining
    if anchor < now:
        count = timing.firings_until(anchor, cycle.interval, now)
        if remaining is not None:
            count = min(count, remaining - 1)
            remaining -= count
    due = timing.after(anchor, cycle.interval, times=count)
    return {
        "due": due.isoformat(),
        "interval": cycle.interval,
        "remaining": remaining,
        "anchor": anchor.isoformat(),
        "count": count,
    }


def next_firing(wait: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """The wait after a cycle timer fired; ``None`` when it fired for the last time.

    Due times count from the first one, not from now and not from each other, so that the 31st
    comes back after a short month. After an outage the catch-up policy decides whether missed
    firings come ``each``, ``once``, or not at all (``skip``).
    """
    if "cron" in wait:
        due = datetime.fromisoformat(wait["due"])
        gone = due if wait.get("catch_up", "each") == "each" else max(due, now)
        return {**wait, "due": next_after(wait["cron"], gone).isoformat()}
    remaining = wait.get("remaining")
    if "interval" not in wait or (remaining is not None and remaining <= 1):
        return None
    anchor = datetime.fromisoformat(wait.get("anchor", wait["due"]))
    interval, step = wait["interval"], 1
    before = wait.get("count", 0)
    if wait.get("catch_up", "each") != "each":
        step = max(1, timing.firings_until(anchor, interval, now) - before)
        if remaining is not None and step >= remaining:
            return None
    return {
        **wait,
        "due": timing.after(anchor, interval, times=before + step).isoformat(),
        "remaining": None if remaining is None else remaining - step,
        "anchor": anchor.isoformat(),
        "count": before + step,
    }


def is_missed(wait: dict[str, Any], now: datetime) -> bool:
    """Whether a firing is so late that the policy ``skip`` leaves it out: the next is due too."""
    due = datetime.fromisoformat(wait["due"])
    if wait.get("catch_up") != "skip":
        return False
    if "cron" in wait:
        return next_after(wait["cron"], due) <= now
    return "interval" in wait and timing.after(due, wait["interval"]) <= now


def moved(wait: dict[str, Any], due: datetime) -> dict[str, Any]:
    """The wait of a timer with another due instant; a cycle counts on from there."""
    instant = due.astimezone(UTC).isoformat()
    if "interval" not in wait:
        return {**wait, "due": instant}
    return {**wait, "due": instant, "anchor": instant, "count": 0}


def subscribe_all(owner: Token, elements: Iterable[Element]) -> None:
    """Let ``owner`` listen for what the elements catch: all of them, or none when one fails.

    An event with several triggers is listened for once for each of them (``part``).
    """
    execution = owner.workflow
    wanted: list[tuple[Element, dict[str, Any]]] = []
    for element in elements:
        if element.event is None or not element.event.parts:
            wanted.append((element, {"wait": wait_of(owner, element)}))
            continue
        for part, one in enumerate(element.by_trigger):
            if one.event is not None and one.event.trigger in _HEARD:
                wanted.append((element, {"wait": wait_of(owner, one), "part": part}))
    for element, what in wanted:
        token = execution.place(execution.definition.spec(element.id), owner, state=WAITING)
        token.internal_data.update(sub=True, **what)


def subscribe_again(token: Token) -> None:
    """Let the owner of a subscription that was served listen for the same, by a new one."""
    owner, internal = token.scope, token.internal_data
    assert owner is not None  # a subscription always has an owner
    wait = internal.get("again", {})  # a state of before has none
    if wait.get("kind", "condition") == "condition":  # it counts from now on
        wait = wait_of(owner, listened_for(token))
    fresh = token.workflow.place(token.spec, owner, state=WAITING)
    fresh.internal_data.update(sub=True, wait=wait, part=internal["part"])


_HEARD = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.TIMER, Trigger.CONDITIONAL})


def listened_for(token: Token) -> Element:
    """The element that a token waits at, with the one trigger that this subscription is for."""
    part = token.internal_data.get("part")
    return token.element if part is None else token.element.by_trigger[part]


def arm_boundaries(host: Token) -> None:
    """Subscribe to the boundary events of an activity that wait for something, once.

    Errors, escalations and compensation are looked up when they are thrown.
    """
    if host.internal_data.get("armed"):
        return
    host.workflow.forget_subscriptions(host)
    boundaries = host.workflow.definition.boundaries(host.element.id)
    if boundaries:
        subscribe_all(host, [b for b in boundaries if listens(b)])
        host.internal_data["armed"] = True


def arm_event_subprocesses(scope: Token) -> None:
    """Subscribe to the start events of the scope's event sub-processes."""
    pairs = scope.workflow.definition.event_subprocesses(scope.element.id)
    subscribe_all(scope, [start for _sub, start in pairs if listens(start)])


def listens(element: Element) -> bool:
    """Whether the element waits for something that comes, and is not only looked up when thrown."""
    event = element.event
    return event is not None and any(one.trigger in _HEARD for one in event.each)
