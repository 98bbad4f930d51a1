"""What an instance asks of the world around it, and what it reports for the audit.

The execution is pure: it never stores, sends or looks anything up. It returns these instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.references import Reference


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the audit. ``data`` holds identifiers and choices, never personal content.

    ``type`` is one of ``activated``, ``completed``, ``cancelled``, ``triggered``, ``incident``,
    ``resolved``, ``skipped`` (a timer's missed firing), ``error-thrown``, ``escalation-thrown``,
    ``started``, ``ended``, ``rescheduled`` and ``corrected`` (by a person), ``migrated``,
    ``reread`` (what came from a live table), and of what a person put aside: ``suspended``,
    ``kept`` (something came for a token meanwhile), ``review-due``, ``reviewed``, ``resumed``.
    What a person skips, repeats or moves is ``cancelled`` there (see
    ``engine.execution.overrides``); ``undone`` says that nothing holds any more that was told
    of the instance after the line ``back_to``.
    """

    at: datetime
    type: str
    element_id: str
    element_kind: str
    token_id: UUID
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRequested:
    """A service task (or a message-throwing task with a job type) wants its connector called."""

    token_id: UUID
    element_id: str
    job_type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChildRequested:
    """A call activity wants a child instance."""

    token_id: UUID
    element_id: str
    reference: Reference
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionRequested:
    """A task wants a decision that its own package does not hold."""

    token_id: UUID
    element_id: str
    reference: Reference
    result_variable: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChildCancelled:
    """The call activity ``token_id`` is gone: its child instance must go too."""

    token_id: UUID


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message leaves the instance. Variables are the throwing element's local ones.

    Unless it is ``kept``, who does not wait for it now never gets it.
    """

    name: str
    correlation_key: str | None
    variables: Mapping[str, Any]
    kept: bool = True


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal leaves the instance for everyone else who waits for it.

    What waits for it in the instance itself was reached when it was thrown.
    """

    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorPropagated:
    """A BPMN error that nothing inside caught; the parent instance may."""

    token_id: UUID
    error_code: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EscalationPropagated:
    """An escalation that nothing inside caught; the parent instance may."""

    token_id: UUID
    escalation_code: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PropertyReached:
    """An element with properties of our own was entered (``fase``, ``status``, ``uitkomst``)."""

    element_id: str
    properties: Mapping[str, str]


Effect = (
    Happening
    | JobRequested
    | ChildRequested
    | DecisionRequested
    | ChildCancelled
    | MessageThrown
    | SignalThrown
    | ErrorPropagated
    | EscalationPropagated
    | PropertyReached
)
