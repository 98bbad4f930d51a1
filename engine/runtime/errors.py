"""What a command on a running instance can be refused for."""

from __future__ import annotations

from engine.errors import KetenspoorError


class RuntimeRefusal(KetenspoorError):
    """Base of the refusals of commands."""

    code = "refused"


class TaskNotFound(RuntimeRefusal):
    """There is no such task."""

    code = "task-not-found"


class TaskNotOpen(RuntimeRefusal):
    """The task was completed or withdrawn before; ``where`` tells by whom and when."""

    code = "task-not-open"


class TaskClaimed(RuntimeRefusal):
    """Somebody else has claimed the task."""

    code = "task-claimed"


class DueInThePast(RuntimeRefusal):
    """A due time was to be changed to an instant that has passed."""

    code = "due-in-the-past"


class IncidentGone(RuntimeRefusal):
    """The incident was solved before, or the same place stopped anew since."""

    code = "incident-gone"


class InstanceNotFound(RuntimeRefusal):
    """There is no such instance."""

    code = "instance-not-found"


class InstanceChanged(RuntimeRefusal):
    """Another transaction changed the instance in between; trying again is safe."""

    code = "instance-changed"


class NoSuchStart(RuntimeRefusal):
    """No published process starts with this message."""

    code = "no-such-start"


class MovedOn(RuntimeRefusal):
    """Something happened in an instance since it moved to another version: it has no way back to
    the state of before.
    """

    code = "moved-on"


class ChildEnded(KetenspoorError):
    """The child instance of a call activity was ended without completing."""

    code = "child-ended"


class BpmnError(Exception):
    """Raised by a connector to throw a BPMN error that the diagram may catch.

    ``cause`` tells what is wrong and how to mend it, where the diagram does not catch it.
    """

    def __init__(
        self,
        error_code: str,
        variables: dict[str, object] | None = None,
        cause: KetenspoorError | None = None,
    ) -> None:
        super().__init__(error_code)
        self.error_code = error_code
        self.variables = variables or {}
        self.cause = cause
