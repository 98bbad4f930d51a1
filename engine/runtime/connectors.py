"""Connectors: the named work of service tasks, registered by the rooms that can do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.connectors import OUTWARD
from engine.execution.errors import ConnectorFailed


@dataclass(frozen=True, slots=True)
class ConnectorCall:
    """What a connector gets: its input variables, its headers, and whose instance it works for.

    ``business_key`` identifies the trajectory; ``now`` is the instant of the step in UTC, for
    outward work that of the attempt.
    """

    job_type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    business_key: str | None
    instance_id: UUID
    element_id: str
    now: datetime
    token_id: UUID
    package_version: str
    process_id: str


Connector = Callable[[ConnectorCall], Mapping[str, Any]]


class ConnectorRegistry:
    """Connectors by job type. A connector runs inside the step's transaction: nothing outward.

    Outward job types have no connector here, unless they are only played: their work is deferred.
    """

    def __init__(self, fill: Callable[[ConnectorRegistry], None] | None = None) -> None:
        """``fill`` registers the connectors when the first one is asked for: few steps need any."""
        self._known: dict[str, Connector] = {}
        self._whole: set[str] = set()
        self._reads: set[str] = set()
        self._fill = fill

    def register(
        self, job_type: str, connector: Connector, *, whole: bool = False, reads: bool = False
    ) -> None:
        """Add a connector under the job type that diagrams name.

        ``whole``: it raises before it changes anything, so that there is never half of its work
        to undo. ``reads``: it changes nothing at all.
        """
        self._known[job_type] = connector
        if whole or reads:
            self._whole.add(job_type)
        if reads:
            self._reads.add(job_type)

    def reads(self, job_type: str) -> bool:
        """Whether a connector only reads."""
        return job_type in self._connectors and job_type in self._reads

    def is_whole(self, job_type: str) -> bool:
        """Whether a connector that fails leaves nothing behind."""
        return job_type in self._connectors and job_type in self._whole

    @property
    def _connectors(self) -> Mapping[str, Connector]:
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return self._known

    def defers(self, job_type: str) -> bool:
        """Whether a worker does this after the step: the token waits for it."""
        return job_type in OUTWARD and job_type not in self._connectors

    def call(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The variables that the connector gives back.

        Raises:
            ConnectorFailed: nobody does this job type.
            BpmnError: thrown by the connector for the diagram.
        """
        connector = self._connectors.get(call.job_type)
        if connector is None:
            raise ConnectorFailed(
                f"Er is geen koppeling '{call.job_type}'.",
                "Controleer de naam van de servicetaak; "
                f"bekend zijn: {', '.join(sorted(self._connectors)) or 'geen'}.",
                element_id=call.element_id,
            )
        return connector(call)
