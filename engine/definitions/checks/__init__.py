"""The lint: what the engine refuses, and what a process owner should look at again."""

from engine.definitions.checks.package import check_package, check_process, surroundings_of

__all__ = ["check_package", "check_process", "surroundings_of"]
