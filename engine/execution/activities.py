"""Tasks, sub-processes and call activities; any of them may repeat."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.definitions.connectors import PUBLISH_MESSAGE
from engine.definitions.model import Element, Event, Kind, Loop
from engine.definitions.references import Reference, reference_of
from engine.errors import KetenspoorError
from engine.execution import loops, timing, variables
from engine.execution.effects import (
    ChildCancelled,
    ChildRequested,
    DecisionRequested,
    JobRequested,
    MessageThrown,
)
from engine.execution.errors import ExpressionFailed
from engine.execution.mapping import map_inputs, map_outputs
from engine.execution.tokens import ElementSpec, Token
from engine.execution.waits import (
    arm_boundaries,
    arm_event_subprocesses,
    key_text_of,
    message_wait,
    name_text_of,
)


class ActivitySpec(ElementSpec):
    """What all activities share: loops, input mappings, boundary events."""

    def enter(self, token: Token) -> bool | None:
        """Start the loop, or map inputs, arm what is attached and begin the work itself."""
        loop = self.element.loop
        if loop is not None and "inner" not in token.internal_data:
            return self.enter_loop(token, loop)
        map_inputs(token)
        token.workflow.report(token, "activated")
        if "inner" not in token.internal_data:
            arm_boundaries(token)
        return self.work(token)

    def enter_loop(self, token: Token, loop: Loop) -> bool | None:
        """Begin a loop: its body is the token, its rounds are tokens inside."""
        if "loop" not in token.internal_data:
            loops.prepare(token, loop)
        token.workflow.report(token, "activated", loop=True)
        arm_boundaries(token)
        return True if loops.advance(token, loop) else None

    def work(self, token: Token) -> bool | None:
        """The work itself. ``True``: done at once; ``None``: it waits for somebody."""
        return True


class UserTaskSpec(ActivitySpec):
    """A person's work: form, role, dates and priority are settled when the task appears."""

    def work(self, token: Token) -> bool | None:
        """Offer the task; ``complete_work`` ends it."""
        token.internal_data["work"] = user_work(token)
        return None


def user_work(token: Token) -> dict[str, Any]:
    """What the user task asks, evaluated now. Instants are UTC, in ISO 8601.

    Raises:
        ExpressionFailed: one of its expressions fails.
    """
    user = token.element.user
    seen, now = variables.visible(token), token.workflow.now
    if user is None:
        return {}

    def value(text: str | None, what: str) -> Any:
        if text is None:
            return None
        return variables.stored(variables.evaluate(text, seen, now, what=what), what=what)

    due = timing.due_date(value(user.due_date, "Streefdatum"), now)
    follow_up = timing.due_date(value(user.follow_up_date, "Opvolgdatum"), now)
    return {
        "form": value(user.form_id, "Formulier"),
        "role": _first(value(user.candidate_groups, "Rol")),
        "assignee": value(user.assignee, "Toegewezen aan"),
        "due": due.isoformat() if due else None,
        "follow_up": follow_up.isoformat() if follow_up else None,
        "priority": _whole(value(user.priority, "Prioriteit")),
        "subject": _subject(value(token.element.properties.get("onderwerp"), "Onderwerp")),
    }


def _subject(value: Any) -> str | None:
    """What the task is about, behind its name; a day as people write one."""
    if isinstance(value, date):
        return f"{value.day}-{value.month}-{value.year}"
    return None if value is None else str(value)


def _first(groups: Any) -> str | None:
    if isinstance(groups, list):
        groups = groups[0] if groups else None
    if not isinstance(groups, str) or not groups.strip():
        return None
    return groups.split(",")[0].strip()


def _whole(number: Any) -> int:
    try:
        if abs(whole := 50 if number is None else int(number)) < _MOST_URGENT:
            return whole
    except (TypeError, ValueError):
        pass
    raise ExpressionFailed(
        "De prioriteit is geen heel getal.", "Gebruik een getal van 0 tot en met 100."
    )


_MOST_URGENT = 1_000_000


class ScriptTaskSpec(ActivitySpec):
    """A FEEL expression whose value becomes a variable; falls back to a job."""

    def work(self, token: Token) -> bool | None:
        """Evaluate and remember the result."""
        if self.element.script is None:
            return request_job(token)
        value = variables.evaluate_feel(
            self.element.script, variables.visible(token), token.workflow.now, what="Script"
        )
        keep_result(token, value, "Script")
        return True


class BusinessRuleSpec(ActivitySpec):
    """A decision table; falls back to a job when it names a job type."""

    def work(self, token: Token) -> bool | None:
        """Decide and remember the result."""
        if self.element.decision_id is None:
            return request_job(token)
        seen, now = variables.visible(token), token.workflow.now
        decision_id = variables.evaluate(self.element.decision_id, seen, now, what="Beslissing")
        reference = reference_of(self.element, str(decision_id))
        if not token.workflow.definition.decides(reference):
            request_decision(token, reference)
            return None
        value = token.workflow.definition.decide(reference.id, seen, now)
        keep_result(token, value, "Beslissing")
        return True


def keep_result(token: Token, value: Any, what: str) -> None:
    """Remember the value under the element's result variable, if it has one."""
    name = token.element.result_variable
    if name:
        token.internal_data["result"] = {name: variables.stored(value, what=what)}


def request_job(token: Token) -> bool | None:
    """Ask for the connector of the task's job type; without a type there is nothing to do."""
    element, execution = token.element, token.workflow
    if element.job_type is None:
        return True
    seen = variables.visible(token)
    job_type = variables.evaluate(element.job_type, seen, execution.now, what="Soort taak")
    token.internal_data["job"] = str(job_type)
    execution.effects.append(
        JobRequested(token.id, element.id, str(job_type), element.headers, variables.own(seen))
    )
    return None


def request_decision(token: Token, reference: Reference) -> None:
    """Ask for a decision of another package; ``complete_work`` brings its value."""
    token.internal_data["job"] = reference.id
    given = variables.own(variables.visible(token))
    token.workflow.effects.append(
        DecisionRequested(
            token.id, token.element.id, reference, token.element.result_variable, given
        )
    )


class ServiceTaskSpec(ActivitySpec):
    """A named connector does the work."""

    def work(self, token: Token) -> bool | None:
        """Ask for the connector."""
        return request_job(token)


class SendTaskSpec(ActivitySpec):
    """A connector, or a message to whoever waits for it."""

    def work(self, token: Token) -> bool | None:
        """Ask for the connector, or throw the message."""
        if not publishes_message(self.element):
            return request_job(token)
        if self.element.event is not None:
            throw_message(token, self.element.event)
        return True


def publishes_message(element: Element) -> bool:
    """Whether the element's message leaves by itself, and not by a connector."""
    return element.job_type is None or element.job_type.strip() == PUBLISH_MESSAGE


def throw_message(token: Token, event: Event) -> None:
    """Let a message of the element leave with the element's local variables."""
    if event.name is None:
        return
    seen, now = variables.visible(token), token.workflow.now
    key_text = token.element.properties.get("correlatie") or event.correlation_key or "=trajectId"
    key = variables.evaluate(key_text, seen, now, what="Correlatiesleutel")
    token.workflow.throw_out(
        MessageThrown(
            name_text_of(token, event.name, "Berichtnaam"),
            key_text_of(key),
            variables.own(token.data),
            kept=token.element.properties.get("bewaren") != "nee",
        )
    )


class ReceiveTaskSpec(ActivitySpec):
    """Waits for a message."""

    def work(self, token: Token) -> bool | None:
        """Listen for the message; delivery completes the task."""
        if token.internal_data.pop("triggered", False):
            return True
        token.internal_data["wait"] = message_wait(token, self.element)
        return None


class CallActivitySpec(ActivitySpec):
    """Runs another process as an instance of its own."""

    def work(self, token: Token) -> bool | None:
        """Ask for the child instance; ``complete_work`` brings its variables back."""
        seen = variables.visible(token)
        process_id = variables.evaluate(
            self.element.called_process or "", seen, token.workflow.now, what="Aangeroepen proces"
        )
        given = variables.own(seen if self.element.propagate_all_parent else token.data)
        token.internal_data["child"] = str(process_id)
        token.workflow.effects.append(
            ChildRequested(
                token.id, self.element.id, reference_of(self.element, str(process_id)), given
            )
        )
        return None

    def stop(self, token: Token) -> None:
        """The child goes with it."""
        if "child" in token.internal_data:
            token.workflow.effects.append(ChildCancelled(token.id))


class SubProcessSpec(ActivitySpec):
    """An embedded sub-process, a transaction or an event sub-process: a scope of its own."""

    def arrive(self, execution: Any, scope: Token, flow: Any) -> None:
        """Event sub-processes are never reached by a flow."""
        if not self.element.triggered_by_event:
            super().arrive(execution, scope, flow)

    def work(self, token: Token) -> bool | None:
        """Open the scope and put tokens on its start, or where a person wants it to begin."""
        if "into" in token.internal_data:
            open_scope_at(token)
            return None
        return None if open_scope(token, token.internal_data.get("start")) else True


def open_scope_at(token: Token) -> None:
    """Arm the scope's event sub-processes and begin at an element inside, or inside of that."""
    execution = token.workflow
    arm_event_subprocesses(token)
    first, *inside = token.internal_data.pop("into")
    placed = execution.place(execution.definition.spec(first), token)
    if inside:
        placed.internal_data["into"] = inside


def open_scope(token: Token, start_id: str | None) -> bool:
    """Arm the scope's event sub-processes and start it; ``False`` when it is empty.

    ``start_id`` names the start event that was triggered; its variables are in ``result``. Where
    ``part`` says which of its triggers came, it waits for the others.
    """
    execution = token.workflow
    definition = execution.definition
    if start_id is None:
        arm_event_subprocesses(token)
        starts = definition.plain_starts(token.element.id)
        for element in starts:
            execution.place(definition.spec(element.id), token)
        return bool(starts)
    start = execution.place(definition.spec(start_id), token)
    if "part" in token.internal_data:
        start.internal_data["heard"] = {"part": token.internal_data["part"], "given": {}}
        arm_event_subprocesses(token)
        return True
    start.internal_data["triggered"] = True
    start.internal_data["result"] = token.internal_data.get("result", {})
    try:
        if start.element.outputs:  # what waits from the start may need what the start brings
            map_outputs(start, token)
            start.internal_data["mapped"] = True
        arm_event_subprocesses(token)
    except KetenspoorError:
        execution.remove(start)
        raise
    token.internal_data.pop("result", None)
    return True


SPECS: dict[Kind, type[ElementSpec]] = {
    Kind.TASK: ActivitySpec,
    Kind.MANUAL_TASK: ActivitySpec,
    Kind.USER_TASK: UserTaskSpec,
    Kind.SERVICE_TASK: ServiceTaskSpec,
    Kind.SCRIPT_TASK: ScriptTaskSpec,
    Kind.BUSINESS_RULE_TASK: BusinessRuleSpec,
    Kind.SEND_TASK: SendTaskSpec,
    Kind.RECEIVE_TASK: ReceiveTaskSpec,
    Kind.SUB_PROCESS: SubProcessSpec,
    Kind.TRANSACTION: SubProcessSpec,
    Kind.CALL_ACTIVITY: CallActivitySpec,
}
