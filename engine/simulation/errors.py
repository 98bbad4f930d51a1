"""What can be wrong with a scenario file, or with what it expected."""

from __future__ import annotations

from engine.errors import KetenspoorError


class ScenarioUnreadable(KetenspoorError):
    """The scenario file is not YAML or has a key or value that means nothing."""

    code = "scenario-unreadable"


class ScenarioFailed(KetenspoorError):
    """The scenario could not go on: a task did not come, an answer was refused."""

    code = "scenario-failed"


class PlayRefused(KetenspoorError):
    """A move of a play cannot be made: what it names is not there, or there is too much."""

    code = "play-refused"


class RunGrows(KetenspoorError):
    """More and more stands open in the run of a model: it would never end."""

    code = "run-grows"
