"""What the family's pages show, ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from engine.families.meetings.overview import DirectionRow
from engine.families.tasks.shown_subjects import ShownMeeting
from webui.naast.pages import BesideRow, StartLink
from webui.taken.models import TaskCard


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the family or its network."""

    name: str
    role: str
    birth_date: date | None = None
    age: int | None = None
    has_authority: bool | None = None
    phone: str = ""
    support: str = ""
    support_kinds: Sequence[str] = ()
    influence: str = ""
    gives_back: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the chronology.

    ``kind`` picks the sign: contact, missed, consent, agreement, document, handover, warning,
    phase, person, note, step (a task was done) or timer (the process went on by itself).
    ``sign`` is the drawing of a contact's kind; ``method`` the name of the method that it was in,
    where that is another trajectory than the one that is shown.
    """

    kind: str
    at: datetime
    title: str
    text: str = ""
    by: str = ""
    detail: str = ""
    document_id: UUID | None = None
    sign: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class DomainCard:
    """A life domain: its phase (1 to 4) and the latest level of concern per part."""

    key: str
    phase: int | None
    concerns: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Meter:
    """Contacts planned from the day ``since``, for so many ``weeks``, against those done by now."""

    planned: int
    done: int
    missed: int
    since: date
    weeks: int

    @property
    def to_go(self) -> int:
        """How many contacts are still planned."""
        return max(self.planned - self.done, 0)

    @property
    def until(self) -> date:
        """The last day of the period."""
        return self.since + timedelta(weeks=self.weeks, days=-1)


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent: to share what with whom for which purpose."""

    id: UUID
    giver: str
    purpose: str
    recipient: str
    what: str
    form: str
    agreed: bool
    given_at: datetime
    withdrawn_at: datetime | None = None
    holds: bool = True


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A promise with its owner and date; ``reason``: why it came to nothing."""

    id: UUID
    what: str
    owner: str
    due: date | None
    state: str
    late: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A guidance to an agency and how far it is."""

    organisation: str
    domain: str
    status: str
    since: datetime
    days: int


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal of the plan. ``views``: who sees it (gezin, werker, verwijzer), and how."""

    domain: str
    goal: str
    action: str
    who: str
    status: str
    views: Sequence[tuple[str, str]] = ()
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One scorer's scores on an instrument, the oldest first: number, moment, day."""

    scorer: str
    scores: Sequence[tuple[str, str, datetime]]


@dataclass(frozen=True, slots=True)
class SupportRow:
    """A type of support, from when to when, and why."""

    kind: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """In which framework the family is helped from a day on, and whether its rights were told."""

    kind: str
    since: date
    rights_explained: bool | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A timer of the process: what happens next by itself, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TrajectoryCard:
    """The trajectory in a few words."""

    id: UUID
    method_name: str
    organisation: str
    channel: str
    status: str
    phase: str
    phase_since: datetime | None
    phase_days: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str = ""
    suspended_since: datetime | None = None
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """Everything of one family on one page; ``stuck`` while an incident is open.

    ``asked`` is the trajectory that was asked for, rather than the one that is shown by itself.
    """

    id: UUID
    name: str
    language: str
    interpreter: str
    address: str
    phone: str
    case_director: str
    members: Sequence[Person]
    network: Sequence[Person]
    workers: Sequence[tuple[str, str]]
    trajectory: TrajectoryCard | None
    others: Sequence[TrajectoryCard]
    tasks: Sequence[TaskCard]
    next_timer: Waiting | None
    meter: Meter | None
    domains: Sequence[DomainCard]
    goals: Sequence[GoalRow]
    consents: Sequence[ConsentRow]
    agreements: Sequence[AgreementRow]
    handovers: Sequence[HandoverRow]
    scores: Mapping[str, Sequence[ScoreRow]]
    support: Sequence[SupportRow]
    chronology: Sequence[tuple[date, Sequence[Happening]]]
    now: datetime
    own_tasks: frozenset[UUID] = frozenset()
    may_write: bool = True
    may_note: bool = True
    may_begin_another: bool = False
    asked: UUID | None = None
    more_chronology: bool = False
    stuck: bool = False
    starts: Sequence[StartLink] = ()
    beside: Sequence[BesideRow] = ()
    frameworks: Sequence[FrameworkRow] = ()
    meetings: Sequence[ShownMeeting] = ()
    directors: Sequence[DirectionRow] = ()


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the list of the families that the reader may see, once per open trajectory.

    ``asked`` is the trajectory to ask for, where the family has more than one row.
    """

    id: UUID
    name: str
    method_name: str
    phase: str
    status: str
    last_contact_at: datetime | None
    mine: bool = False
    asked: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """A way in that the reader may use: an entry point of a published package."""

    package: str
    package_name: str
    entry: str
    name: str
