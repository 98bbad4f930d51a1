"""An instance that a person put aside: nothing in it moves until it is taken up again.

The mark stands at the process's own token (``suspended``), so that it is stored, moved to other
versions and read like all else. Messages and signals for it are kept there, in the order in which
they came. The instance at the head of the trajectory also has an instant at which somebody must
look again: a timer at first, then a task of that person's until there is an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.clock import BUSINESS_ZONE
from engine.definitions.cron import next_after
from engine.definitions.model import Trigger
from engine.execution import timing, variables
from engine.execution.errors import ExpressionFailed, MendRefused, NotWaiting, Suspended
from engine.execution.tokens import Token
from engine.execution.triggering import trigger
from engine.execution.waits import moved
from engine.keys import new_key

if TYPE_CHECKING:
    from engine.execution.machine import Execution


@dataclass(frozen=True, slots=True)
class Review:
    """When somebody must look again, until when that is in time (UTC), and in which role."""

    at: datetime
    due: datetime
    role: str | None


@dataclass(frozen=True, slots=True)
class Later:
    """By how much what is put off comes later: whole local days, or less than one exactly."""

    days: int = 0
    exact: timedelta = timedelta(0)

    def of(self, instant: datetime) -> datetime:
        """The instant that comes in its place (UTC); where the calendar ends it stays."""
        try:
            if self.days:
                return timing.after(instant, f"P{self.days}D")
            return instant.astimezone(UTC) + self.exact
        except (ExpressionFailed, OverflowError):
            return instant.astimezone(UTC)


def stood_still(since: datetime, until: datetime) -> Later:
    """How much later everything is that was put aside in between.

    From a day on in whole days of the calendar, rounded up, so that nine o'clock stays nine
    o'clock and nobody gets less time than was left.
    """
    if until - since < timedelta(days=1):
        return Later(exact=max(until - since, timedelta(0)))
    began, ends = since.astimezone(BUSINESS_ZONE), until.astimezone(BUSINESS_ZONE)
    days = (ends.date() - began.date()).days
    return Later(days=days + (ends.time() > began.time()))


def suspend(execution: Execution, review: Review | None) -> None:
    """Put the instance aside.

    Raises:
        MendRefused: it is aside already.
    """
    if execution.suspended:
        raise MendRefused("Dit traject ligt al stil.", "Kijk hoe het er nu bij staat.")
    mark: dict[str, Any] = {"since": execution.now.isoformat(), "kept": []}
    execution.root.internal_data["suspended"] = mark
    told: dict[str, Any] = {}
    if review is not None:
        told = _note(mark, review)
    execution.report(execution.root, "suspended", **told)


def _note(mark: dict[str, Any], review: Review) -> dict[str, Any]:
    asked = {"review": review.at.isoformat(), "due": review.due.isoformat(), "role": review.role}
    mark.update(asked)
    mark.pop("task", None)
    return asked


def mark_of(execution: Execution) -> dict[str, Any]:
    """What is noted of an instance that was put aside.

    Raises:
        NotWaiting: it is not aside (any more).
    """
    mark: dict[str, Any] | None = execution.root.internal_data.get("suspended")
    if mark is None:
        raise NotWaiting("Dit traject ligt niet (meer) stil.", "Kijk hoe het er nu bij staat.")
    return mark


def since(execution: Execution) -> datetime:
    """Since when the instance is aside (UTC).

    Raises:
        NotWaiting: it is not aside (any more).
    """
    return datetime.fromisoformat(mark_of(execution)["since"])


def review_at(execution: Execution) -> datetime | None:
    """When somebody looks again at an instance that is aside (UTC), where that is said of it.

    Raises:
        NotWaiting: it is not aside (any more).
    """
    mark = mark_of(execution)
    return datetime.fromisoformat(mark["review"]) if "review" in mark else None


def postpone(execution: Execution, review: Review) -> UUID | None:
    """Look again at another instant; the open task that this answers.

    Raises:
        NotWaiting: the instance is not aside (any more).
    """
    mark = mark_of(execution)
    answered = mark.get("task")
    execution.report(execution.root, "reviewed", **_note(mark, review))
    return UUID(answered) if answered else None


def come_back(execution: Execution, token_id: UUID) -> None:
    """The instant to look again has come: from now on it is somebody's task.

    Raises:
        Suspended: it is another timer, which stands still as well.
    """
    mark = mark_of(execution)
    if token_id != execution.root.id or "review" not in mark or "task" in mark:
        raise stands_still(token_id)
    mark["task"] = str(new_key())
    execution.report(execution.root, "review-due", task=mark["task"])


def keep(execution: Execution, token_id: UUID, given: Mapping[str, Any]) -> None:
    """Keep what came for a token until the instance goes on.

    Raises:
        NotWaiting: the token waits for nothing.
    """
    token = execution.tasks.get(token_id)
    if token is None or not _waits(token):
        raise NotWaiting("Hier wordt niet (meer) op gewacht.", token_id=token_id)
    mark_of(execution)["kept"].append([token.id.hex, variables.own(given)])
    execution.report(token, "kept")


def _waits(token: Token) -> bool:
    return "wait" in token.internal_data and "incident" not in token.internal_data


def is_served(execution: Execution, token: Token) -> bool:
    """Whether what the token waits for was kept already, so that it takes no more."""
    element = token.element
    gathers = element.event is not None and element.event.trigger is Trigger.PARALLEL
    again = token.is_subscription and not element.interrupting and not gathers
    mark = execution.root.internal_data.get("suspended")
    return (
        mark is not None
        and not again
        and any(token_id == token.id.hex for token_id, _ in mark["kept"])
    )


def resume(execution: Execution, later: Later | None, only: Collection[UUID] | None) -> UUID | None:
    """Take the instance up again; the open task that this answers.

    With ``later`` deadlines come that much later, all or ``only`` those of some tokens; else they
    stay, and what was due in the meantime comes at once. What was kept is heard now.

    Raises:
        NotWaiting: the instance is not aside (any more).
    """
    mark = mark_of(execution)
    del execution.root.internal_data["suspended"]
    began = datetime.fromisoformat(mark["since"])
    moves = [
        change
        for token in execution.walk()
        if later is not None and (only is None or token.id in only)
        for change in _put_off(token, later, began)
    ]
    execution.report(execution.root, "resumed", deadlines=moves)
    for hex_id, given in mark["kept"]:
        token = execution.tasks.get(UUID(hex=hex_id))
        if token is not None and _waits(token):
            trigger(token, given)
    answered = mark.get("task")
    return UUID(answered) if answered else None


def put_off_to(execution: Execution, token_id: UUID, later: Later, now: datetime) -> datetime:
    """When the task or timer of a token would be due if deadlines came that much later.

    Raises:
        NotWaiting: the instance is not aside (any more).
    """
    internal = execution.tasks[token_id].internal_data
    wait = internal.get("wait")
    if wait is None:
        return later.of(datetime.fromisoformat(internal["work"]["due"]))
    return datetime.fromisoformat(_later(wait, later, since(execution), now)["due"])


def _put_off(token: Token, later: Later, began: datetime) -> list[list[str]]:
    """Let what a token waits for be due later; for the audit: token, before, after."""
    internal = token.internal_data
    work, wait = internal.get("work"), internal.get("wait")
    if wait is not None and wait["kind"] == "timer":
        before = wait["due"]
        internal["wait"] = _later(wait, later, began, token.workflow.now)
        return [[token.id.hex, before, internal["wait"]["due"]]]
    if work is not None and work.get("due"):
        before, due = work["due"], later.of(datetime.fromisoformat(work["due"])).isoformat()
        follow_up = work.get("follow_up")
        if follow_up:
            follow_up = later.of(datetime.fromisoformat(follow_up)).isoformat()
        internal["work"] = {**work, "due": due, "follow_up": follow_up}
        return [[token.id.hex, before, due]]
    return []


def _later(wait: dict[str, Any], later: Later, began: datetime, now: datetime) -> dict[str, Any]:
    """The wait of a timer; one of the calendar (cron) leaves out what fell in the meantime."""
    due = datetime.fromisoformat(wait["due"])
    if "cron" not in wait:
        put_off = later.of(due)
        return wait if put_off == due else moved(wait, put_off)
    fell = began < due <= now
    return {**wait, "due": next_after(wait["cron"], now).isoformat()} if fell else wait


def stands_still(token_id: UUID) -> Suspended:
    """The refusal of a command on an instance that was put aside."""
    return Suspended(
        "Dit traject ligt stil.",
        "De projectleider kan het weer verder laten gaan.",
        token_id=token_id,
    )
