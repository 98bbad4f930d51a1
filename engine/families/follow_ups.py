"""The connector by which one method leads into another: a new trajectory of the same family.

The new one begins in the transaction of the step that asks for it, with its own process. Nothing is
asked of the family again; the two know each other, and who is to stay involved stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions.manifest import Entry
from engine.definitions.packages import Package
from engine.execution.errors import ConnectorFailed
from engine.families.connector_inputs import bad_input, text_of, trajectory_of
from engine.families.file.port import FamilyFile
from engine.families.identity import identity
from engine.runtime.commands import Runtime
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry
from engine.runtime.errors import BpmnError

FOLLOW_UP = "gezin-vervolgtraject"
NOT_IN_USE = "VERVOLG-ONBEKEND"
"""The BPMN error when the method, or this way into it, is not in use."""


def register_follow_ups(registry: ConnectorRegistry, runtime: Runtime, file: FamilyFile) -> None:
    """Let diagrams begin the next trajectory of a family with this runtime."""
    registry.register(FOLLOW_UP, FollowUps(runtime, file))


class FollowUps:
    """Begins the trajectory of ``pakket`` and ``ingang`` that follows on the caller's."""

    def __init__(self, runtime: Runtime, file: FamilyFile) -> None:
        self._runtime = runtime
        self._file = file

    def __call__(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The new trajectory's id; that of one which began before and still runs, again.

        Raises:
            BpmnError: the method or its entry is not in use; nothing was changed.
            ConnectorFailed: an input is missing or of the wrong kind.
        """
        package, entry = self._way_in(call)
        given = call.variables.get("gegevens")
        if given is not None and not isinstance(given, Mapping):
            raise bad_input(call, "gegevens", "een context")
        follow_up = self._file.follow_up(
            trajectory_of(call),
            package_key=package.key,
            package_version=package.version,
            channel=entry.key,
            keep=_roles(call),
            at=call.now,
        )
        key = str(follow_up.ref.trajectory_id)
        if follow_up.begun:
            self._runtime.begin_within(
                entry.message or entry.key,
                {**(given or {}), **identity(follow_up.ref, entry.key, call.now)},
                business_key=key,
                version=package.version,
            )
        return {"vervolgTrajectId": key}

    def _way_in(self, call: ConnectorCall) -> tuple[Package, Entry]:
        package_key, entry_key = text_of(call, "pakket"), text_of(call, "ingang")
        package = self._runtime.catalogue.source.in_use(package_key)
        entry = None if package is None else package.entries.get(entry_key)
        if package is not None and entry is not None:
            return package, entry
        what = f"pakket '{package_key}'" if package is None else f"ingang '{entry_key}'"
        raise BpmnError(
            NOT_IN_USE,
            cause=ConnectorFailed(
                f"Het vervolgtraject kan niet beginnen: {what} is niet in gebruik.",
                "Publiceer het pakket met deze ingang, of teken een foutgebeurtenis met de code "
                f"{NOT_IN_USE} op de rand van de servicetaak.",
                element_id=call.element_id,
            ),
        )


def _roles(call: ConnectorCall) -> Sequence[str]:
    roles = call.variables.get("meenemen")
    if roles is None:
        return ()
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise bad_input(call, "meenemen", "een lijst van rollen")
    return roles
