"""What the page of a play shows, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webui.studio.trying.subjects import Subject

SHOWN, AROUND = 8, 3
"""How many steps stand in sight up to the one that is looked at, and how many after it."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An open task; ``part`` is the name of the process that it stands in."""

    element_id: str
    turn: int
    name: str
    role: str
    role_name: str
    part: str
    since: datetime
    due: datetime | None
    has_form: bool
    samples: int


@dataclass(frozen=True, slots=True)
class TimerLine:
    """A timer that runs, with how it was drawn and what the names in that stand for now."""

    name: str
    part: str
    due: datetime
    drawn: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message that is waited for. ``always``: it may come beside other work."""

    name: str
    key: str
    message: str
    part: str
    always: bool
    variables: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PartLine:
    """A process of the trajectory; ``number`` counts them in the order in which they began."""

    number: int
    name: str
    status: str
    depth: int
    current: bool
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A move that was made: from 1, when, what, and what came of it."""

    number: int
    at: datetime
    text: str
    followed: Sequence[str]


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One flow out of a choice."""

    name: str
    condition: str
    holds: bool | None
    taken: bool
    is_default: bool
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a table that matched."""

    number: int
    outputs: Sequence[tuple[str, str]]
    remark: str


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Why it went so: a choice with its flows, or a table with its rules."""

    kind: str
    name: str
    flows: Sequence[FlowLine] = ()
    inputs: Sequence[tuple[str, str]] = ()
    rules: Sequence[RuleLine] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where the play is stuck, how to mend it, and the address of its diagram in the workbench."""

    name: str
    message: str
    remedy: str
    mend: str


@dataclass(frozen=True, slots=True)
class Board:
    """A play after ``shown`` of its ``total`` moves, which may be fewer when one looks back.

    ``scenario`` is the file of the scenario that is walked through, empty for a play of one's own.

    ``edit`` is where the diagram that is shown can be changed, if the play is of a draft. ``made``
    is how far it can be played: fewer than ``total`` where the draft was changed so that a move
    cannot be made any more; ``stopped`` says why.
    """

    subject: Subject
    scenario: str
    scenario_name: str
    total: int
    made: int
    shown: int
    begin: datetime
    now: datetime
    day: int
    phase: str
    status: str
    outcome: str
    tasks: Sequence[TaskLine]
    roles: Sequence[tuple[str, str, int]]
    as_role: str
    timers: Sequence[TimerLine]
    messages: Sequence[MessageLine]
    parts: Sequence[PartLine]
    steps: Sequence[StepLine]
    why: Sequence[WhyLine]
    variables: Sequence[tuple[str, str]]
    stuck: Sequence[Stuck]
    stopped: str
    overlays: Mapping[str, Any]
    diagram: str
    part_name: str
    edit: str
    has_contact_note: bool
    beside: Sequence[tuple[str, str]]

    @property
    def later(self) -> Sequence[StepLine]:
        """The steps well after the one that is looked at, the newest first."""
        return self.steps[self.shown + AROUND :][::-1]

    @property
    def near(self) -> Sequence[StepLine]:
        """The steps around the one that is looked at, the newest first."""
        return self.steps[max(0, self.shown - SHOWN) : self.shown + AROUND][::-1]

    @property
    def earlier(self) -> Sequence[StepLine]:
        """The steps well before it, the newest first."""
        return self.steps[: max(0, self.shown - SHOWN)][::-1]

    @property
    def live(self) -> bool:
        """Whether the play goes on from what is shown."""
        return not self.scenario and self.shown == self.total == self.made

    @property
    def place(self) -> dict[str, Any]:
        """The address of the play, or of the scenario that is walked through, at its end."""
        own: dict[str, Any] = {"kind": self.subject.kind, "key": self.subject.key}
        return {**own, **({"scenario": self.scenario} if self.scenario else {})}

    @property
    def look(self) -> dict[str, Any]:
        """The address of what is shown now."""
        return {**self.place, **({} if self.live else {"stap": self.shown})}

    @property
    def ended(self) -> bool:
        """Whether nothing is waited for any more."""
        return bool(self.total) and not (self.tasks or self.timers or self.messages or self.stuck)
