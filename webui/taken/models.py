"""What the worker's pages show, ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.families.tasks.shown_subjects import ShownSubject
from webui.naast.pages import StartLink

GROUPS = ("overdue", "today", "soon", "later")
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class TaskCard:
    """One open task in a list.

    ``group`` is one of ``GROUPS``: past its due time, due today, due within ``SOON_DAYS`` days,
    later (or without a due time). ``mine`` says that the reader has claimed it, ``own`` that it
    is on the reader's list without having to be claimed. ``about`` is an agency, where several
    tasks of a family look the same. ``personal``: the diagram gave it to the reader, who has no
    team to give it back to.
    """

    id: UUID
    name: str
    family_id: UUID | None
    family_name: str
    role: str
    role_name: str
    method: str
    method_name: str
    created_at: datetime
    due_at: datetime | None
    group: str
    assignee_name: str = ""
    mine: bool = False
    own: bool = False
    about: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the user asked to see; ``page`` counts from 1."""

    tab: str = "mijn"
    family: UUID | None = None
    role: str = ""
    method: str = ""
    page: int = 1

    @property
    def active(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return bool(self.family or self.role or self.method)

    def at(self, page: int) -> dict[str, str | int]:
        """The address's arguments for another page of the same."""
        named = {"gezin": self.family, "rol": self.role, "methode": self.method, "pagina": page}
        return {"tab": self.tab, **{key: str(value) for key, value in named.items() if value}}


@dataclass(frozen=True, slots=True)
class TaskListPage:
    """The list page: tasks by group, how many there are, what can be filtered on.

    With ``more`` there are more than ``total`` tasks and ``pages`` pages.
    """

    groups: Sequence[tuple[str, Sequence[TaskCard]]]
    total: int
    pages: int
    filter: TaskFilter
    families: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    starts: Sequence[StartLink] = ()
    more: bool = False

    @property
    def shown(self) -> int:
        """How many tasks the page shows."""
        return sum(len(tasks) for _, tasks in self.groups)


@dataclass(frozen=True, slots=True)
class FamilyMemberFact:
    """A member as the summary beside a task names them."""

    name: str
    role: str
    age: int | None


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form that was filled in, to be read before deciding."""

    id: UUID
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FamilySummary:
    """What is known of the family, beside a task.

    Attributes:
        referral: the form with which the trajectory began, if one did.
        goals: the plan's goals that are worked on.
        forms: the latest other forms, newest first.
    """

    id: UUID
    name: str
    language: str
    interpreter: str
    address: str
    phone: str
    members: Sequence[FamilyMemberFact]
    workers: Sequence[tuple[str, str]]
    phase: str
    phase_days: int
    last_contact_at: datetime | None
    last_contact_kind: str
    last_contact_text: str
    open_agreements: Sequence[tuple[str, str]]
    goals: Sequence[str] = ()
    referral: ShownForm | None = None
    forms: Sequence[ShownForm] = ()


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task: guidance, its form with data, and the family beside it.

    Attributes:
        form: the form-js schema; ``None`` when the task has none or must be taken first.
        data: what fills the form: datasets, known answers and the draft.
        family: ``None`` while the reader may not know the family yet.
        about: the agency, where the task is about the guidance to one.
        status: ``open``, ``suspended`` (its trajectory was put aside), ``completed`` or
            ``cancelled``.
        reviews: the process of which it asks whether it can go on, since it was put aside: no
            form of a diagram.
        subject: the meeting, agreement or offer that the task is about.
        document_id: the form with which it was completed, for who may read the file.
        open_to: whether the reader may fill the form in.
        personal: the diagram gave the task to the reader, who sees nothing beyond it.
        report: whether what is filled in can be downloaded as a document.
    """

    card: TaskCard
    guidance: str
    form: Mapping[str, Any] | None
    data: Mapping[str, Any]
    draft_saved_at: datetime | None
    family: FamilySummary | None
    trajectory_id: UUID
    submission_id: UUID
    now: datetime
    user_id: UUID
    about: str = ""
    subject: ShownSubject | None = None
    open_to: bool = False
    personal: bool = False
    report: bool = False
    reviews: UUID | None = None
    status: str = "open"
    ended_at: datetime | None = None
    ended_by: str = ""
    document_id: UUID | None = None
