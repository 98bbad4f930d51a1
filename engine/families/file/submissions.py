"""A submitted form: checked answers, and where the form says that each of them goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Submission:
    """One form, filled in and checked.

    Attributes:
        form_id: the form's id in its package.
        form_name: the form's title as people read it.
        answers: every answer by field key, JSON-ready.
        bindings: family-file path (``contact.soort``, ``doelen``, ...) → answer.
        by: the user who submitted it; ``None`` for a person without an account.
        task_id: the user task that it completes, if any.
        element_id: that task's element in the diagram, if any.
        handover_id: the guidance to an agency that the task is about, if any.
        about: what else the task is about, by the variable that names it (``overlegId``).
        submission_id: chosen by the sender, so that a repeated delivery is recognised.
        starts_beside: whether a process beside the trajectory starts with it.
    """

    form_id: str
    form_name: str
    answers: Mapping[str, object]
    bindings: Mapping[str, object] = field(default_factory=dict)
    by: UUID | None = None
    task_id: UUID | None = None
    element_id: str | None = None
    handover_id: UUID | None = None
    submission_id: UUID | None = None
    about: Mapping[str, UUID] = field(default_factory=dict)
    starts_beside: bool = False
