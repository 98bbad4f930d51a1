"""The lint: what the engine refuses, and what a process owner should look at again."""

from engine.definitions.checks.across import asked_of_others
from engine.definitions.checks.context import surroundings_of
from engine.definitions.checks.package import check_package, check_process
from engine.definitions.checks.templates import templates_that_misfit

__all__ = [
    "asked_of_others",
    "check_package",
    "check_process",
    "surroundings_of",
    "templates_that_misfit",
]
