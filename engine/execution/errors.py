"""What can go wrong while a process runs. Each becomes an incident that a person can see."""

from __future__ import annotations

from engine.errors import KetenspoorError


class ExecutionError(KetenspoorError):
    """Base of everything that stops a token."""

    code = "execution"


class ExpressionFailed(ExecutionError):
    """An expression could not be evaluated, or gave a value of the wrong kind."""

    code = "expression-failed"


class NoFlowTaken(ExecutionError):
    """No outgoing flow has a true condition and there is no default flow."""

    code = "no-flow-taken"


class NothingToStart(ExecutionError):
    """The process has no start event that begins by itself."""

    code = "nothing-to-start"


class EndlessLoop(ExecutionError):
    """Automatic steps went on past the step budget."""

    code = "endless-loop"


class UncaughtError(ExecutionError):
    """A BPMN error was thrown and nothing catches it."""

    code = "uncaught-error"


class CalledProcessMissing(ExecutionError):
    """The process that a call activity calls is not there."""

    code = "called-process-missing"


class ConnectorFailed(ExecutionError):
    """A service task's connector is unknown, refused its input or failed."""

    code = "connector-failed"


class ConnectorCrashed(ConnectorFailed):
    """A connector stopped for a reason that it did not foresee: it may well work the next time."""

    code = "connector-crashed"


class NotWaiting(ExecutionError):
    """The command is about a token that is gone or doesn't wait for it (any more)."""

    code = "not-waiting"


class Suspended(NotWaiting):
    """The instance was put aside by a person: nothing in it moves until it is taken up again."""

    code = "suspended"


class MendRefused(ExecutionError):
    """What a person wants to do against the drawn course cannot be done at this place."""

    code = "mend-refused"


class StopsMore(MendRefused):
    """Something else would stop by it than what the person was shown."""

    code = "stops-more"


class VariablesTooLarge(ExecutionError):
    """The variables of an instance grew past the limit."""

    code = "variables-too-large"


class MigrationRefused(ExecutionError):
    """An instance cannot go over to another version; ``reasons`` says where and why."""

    code = "migration-refused"


class UnreadableState(ExecutionError):
    """A stored state does not fit its process definition."""

    code = "unreadable-state"
