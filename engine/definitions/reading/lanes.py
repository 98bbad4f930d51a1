"""Lanes as roles: a task without a role of its own is for the role that its lane names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definitions.manifest import Role
from engine.definitions.model import Element, Kind, Process, UserWork


def with_roles_of_lanes(process: Process, roles: Mapping[str, Role]) -> Process:
    """The process with the roles of its lanes; the same one when no lane names a role.

    A lane names a role by its key or one of its names, in capitals or not.
    """
    if not any(element.lane for element in process.elements.values()):
        return process
    known = {name.casefold(): key for key, role in roles.items() for name in role.names.values()}
    known.update((key.casefold(), key) for key in roles)
    return replace(
        process,
        elements={
            key: _with_role(element, process, known) for key, element in process.elements.items()
        },
    )


def _with_role(element: Element, process: Process, known: Mapping[str, str]) -> Element:
    if element.kind is not Kind.USER_TASK:
        return element
    user = element.user or UserWork()
    role = known.get((_lane(element, process) or "").strip().casefold())
    if role is None or user.candidate_groups is not None or user.assignee is not None:
        return element
    return replace(element, user=replace(user, candidate_groups=role))


def _lane(element: Element, process: Process) -> str | None:
    """The lane of an element, or of the sub-process that it stands in."""
    while element.lane is None and element.parent in process.elements:
        element = process.elements[element.parent]
    return element.lane
