"""What people do with a trajectory: refer, complete a task, note a contact.

One service for the real family file and for the one in memory: each action validates its form,
writes the file, and moves the process, in the caller's transaction. A submission that came before
changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.definitions.contact_note import CONTACT_FORM
from engine.definitions.forms import Form
from engine.definitions.forms.messages import ValidationError
from engine.definitions.packages import Package
from engine.errors import KetenspoorError
from engine.families.file.consent_stops import Stopped, speaks_of_consent
from engine.families.file.consent_words import Pair
from engine.families.file.port import FamilyFile, TrajectoryRef
from engine.families.file.submissions import Submission
from engine.families.identity import identity
from engine.families.tasks.subjects import about
from engine.runtime.catalogue import PackageSource
from engine.runtime.commands import Announcement, Runtime

CONTACT_MESSAGE = "contact-vastgelegd"

Datasets = Mapping[str, Sequence[Mapping[str, str]]]


class FormNotValid(KetenspoorError):
    """Answers were refused. ``errors`` maps field paths to what is wrong there."""

    code = "form-not-valid"

    def __init__(self, form_id: str, errors: Mapping[str, ValidationError]) -> None:
        first = ", ".join(f"{field}: {_in_full(e)}" for field, e in list(errors.items())[:3])
        super().__init__(
            f"Het formulier '{form_id}' is niet goed ingevuld ({first}).",
            "Verbeter de genoemde velden.",
            form_id=form_id,
        )
        self.errors = errors


def _in_full(error: ValidationError) -> str:
    """What is wrong, with the values that could be chosen: whoever writes a scenario needs them."""
    known = error.params.get("known")
    return f"{error.text()} Bekend zijn: {known}." if known else error.text()


class UnknownEntry(KetenspoorError):
    """The package has no such entry point, or no such form."""

    code = "unknown-entry"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is needed to complete a task: where it stands and which form it shows.

    ``variables`` are the process variables that the task sees; the form's conditions may use
    them, and ``overdrachtId`` tells which guidance to an agency it is about.
    """

    task_id: UUID
    trajectory_id: UUID
    element_id: str
    form_id: str | None
    package_version: str
    variables: Mapping[str, Any]


class Trajectories:
    """The actions. One object serves one transaction and one acting person."""

    def __init__(
        self,
        runtime: Runtime,
        file: FamilyFile,
        clock: Clock,
        *,
        by: UUID | None = None,
    ) -> None:
        self._runtime = runtime
        self._file = file
        self._clock = clock
        self._by = by

    def refer(
        self,
        package: Package,
        entry_key: str,
        answers: Mapping[str, Any],
        *,
        datasets: Datasets,
        submission_id: UUID | None = None,
        after: UUID | None = None,
    ) -> TrajectoryRef:
        """Take in a referral: a family, its trajectory and a running instance.

        With ``after``, a trajectory of a family that is known, the family comes again.

        Raises:
            AlreadyRunning: it has a trajectory of this method that is not closed.
            UnknownEntry: the package has no such entry or form.
            FormNotValid: the answers were refused.
        """
        if (earlier := self._seen(submission_id)) is not None:
            return earlier
        entry = package.entries.get(entry_key)
        if entry is None:
            raise UnknownEntry(
                f"Het pakket '{package.key}' heeft geen ingang '{entry_key}'.",
                f"Bekend zijn: {', '.join(package.entries) or 'geen'}.",
                entry=entry_key,
            )
        now = self._clock.now()
        form = form_of(package, entry.form_id or entry_key)
        submission, variables = self._checked(
            form, answers, datasets, {}, submission_id=submission_id
        )
        agreed = None if after is None else self._agreed(after, submission)
        ref = self._file.open_trajectory(
            package_key=package.key,
            package_version=package.version,
            channel=entry_key,
            submission=submission,
            at=now,
            after=after,
        )
        self._runtime.start_by_message(
            entry.message or entry_key,
            {**variables, **identity(ref, entry_key, now)},
            business_key=str(ref.trajectory_id),
            version=package.version,
        )
        self._tell(self._stopped(ref.trajectory_id, agreed, now))
        return ref

    def complete_task(
        self,
        package: Package,
        task: TaskFacts,
        answers: Mapping[str, Any],
        *,
        datasets: Datasets,
        submission_id: UUID | None = None,
    ) -> None:
        """Complete a task with its form. A contact in it is announced to who waited before.

        So is a no to what the family agreed to before: it has the effect of a withdrawal.

        Raises:
            TaskNotOpen: it was completed or withdrawn before.
            FormNotValid: the answers were refused.
        """
        if self._seen(submission_id) is not None:
            return
        self._runtime.require_open(task.task_id)
        if task.form_id is None:
            self._runtime.complete_task(task.task_id, {})
            return
        form = form_of(package, task.form_id)
        submission, variables = self._checked(
            form, answers, datasets, task.variables, task=task, submission_id=submission_id
        )
        now = self._clock.now()
        agreed = self._agreed(task.trajectory_id, submission)
        contact = _contact_of(task.trajectory_id, submission, now)
        self._runtime.expect(contact)
        self._file.record(task.trajectory_id, submission, now)
        stopped = self._stopped(task.trajectory_id, agreed, now)
        reached = self._runtime.complete_task(
            task.task_id,
            variables,
            announce=[*contact, *(stopped.news() if stopped else ())],
        )
        for message in stopped.talk(reached) if stopped else ():
            self._runtime.publish(message.name, message.key, message.variables)

    def note_contact(
        self,
        package: Package,
        trajectory_id: UUID,
        answers: Mapping[str, Any],
        *,
        datasets: Datasets,
        submission_id: UUID | None = None,
    ) -> None:
        """Save a contact note outside any task; who waits for a contact is told.

        The form is the method's own, else that of a shared package.

        Raises:
            UnknownEntry: neither has one.
            FormNotValid: the answers were refused.
        """
        if self._seen(submission_id) is not None:
            return
        form = contact_form(package, self._runtime.catalogue.source)
        if form is None:
            form = form_of(package, CONTACT_FORM)
        submission, _variables = self._checked(
            form, answers, datasets, {}, submission_id=submission_id
        )
        now = self._clock.now()
        agreed = self._agreed(trajectory_id, submission)
        contact = _contact_of(trajectory_id, submission, now)
        self._runtime.expect(contact)
        self._file.record(trajectory_id, submission, now)
        for message in contact:
            self._runtime.publish(message.name, message.key, message.variables)
        self._tell(self._stopped(trajectory_id, agreed, now))

    def start_beside(
        self,
        package: Package,
        key: str,
        trajectory_id: UUID,
        answers: Mapping[str, Any],
        *,
        datasets: Datasets,
        submission_id: UUID | None = None,
    ) -> UUID | None:
        """Start a process of a shared package beside a trajectory, also one that is closed.

        The form is recorded in the family file; its process variables go along. Gives the id of
        the instance; ``None`` for a submission that came before.

        Raises:
            UnknownEntry: the package offers no such start, or its form is missing.
            FormNotValid: the answers were refused.
        """
        if self._seen(submission_id) is not None:
            return None
        start = package.beside.get(key)
        if start is None:
            raise UnknownEntry(
                f"Het pakket '{package.key}' heeft geen start '{key}' naast een traject.",
                "Kies een start die onder [naast] in pakket.toml staat.",
                entry=key,
            )
        variables: Mapping[str, Any] = {}
        stopped = None
        if start.form_id is not None:
            form = form_of(package, start.form_id)
            submission, variables = self._checked(
                form, answers, datasets, {}, submission_id=submission_id
            )
            now, agreed = self._clock.now(), self._agreed(trajectory_id, submission)
            self._file.record(trajectory_id, replace(submission, starts_beside=True), now)
            stopped = self._stopped(trajectory_id, agreed, now)
        instance_id = self._runtime.start_beside(
            start.message,
            variables,
            business_key=str(trajectory_id),
            version=package.version,
        )
        self._tell(stopped)
        return instance_id

    def _agreed(self, trajectory_id: UUID, submission: Submission) -> Collection[Pair] | None:
        """What the family agrees to before a form that speaks of it; ``None``: it does not."""
        speaks = speaks_of_consent(submission.bindings)
        return self._file.agreed_to(trajectory_id) if speaks else None

    def _stopped(
        self, trajectory_id: UUID, agreed: Collection[Pair] | None, now: datetime
    ) -> Stopped | None:
        """What stops by the form, if it took something back."""
        return self._file.stop(trajectory_id, agreed, now) if agreed is not None else None

    def _tell(self, stopped: Stopped | None) -> None:
        if stopped is not None:
            stopped.tell(self._runtime.publish)

    def _seen(self, submission_id: UUID | None) -> TrajectoryRef | None:
        return None if submission_id is None else self._file.seen(submission_id)

    def _checked(
        self,
        form: Form,
        answers: Mapping[str, Any],
        datasets: Datasets,
        context: Mapping[str, Any],
        *,
        task: TaskFacts | None = None,
        submission_id: UUID | None = None,
    ) -> tuple[Submission, Mapping[str, Any]]:
        result = form.validate(answers, datasets, self._clock.now(), context)
        if result.errors:
            raise FormNotValid(form.id, result.errors)
        submission = Submission(
            form_id=form.id,
            form_name=form.name or (task.element_id if task else form.id),
            answers=result.answers,
            bindings=result.bindings,
            by=self._by,
            task_id=task.task_id if task else None,
            element_id=task.element_id if task else None,
            handover_id=_handover_of(task),
            submission_id=submission_id,
            about=about(task.variables) if task else {},
        )
        return submission, result.process_variables


def contact_form(package: Package, source: PackageSource) -> Form | None:
    """The contact note of a method: its own, else that of a shared package."""
    return package.forms.get(CONTACT_FORM) or source.shared_form(CONTACT_FORM)


def form_of(package: Package, form_id: str) -> Form:
    """The form of a package.

    Raises:
        UnknownEntry: the package has no such form.
    """
    form = package.forms.get(form_id)
    if form is None:
        raise UnknownEntry(
            f"Het pakket '{package.key}' heeft geen formulier '{form_id}'.",
            "Voeg het formulier toe of verwijs naar een ander.",
            form_id=form_id,
        )
    return form


def _handover_of(task: TaskFacts | None) -> UUID | None:
    value = task.variables.get("overdrachtId") if task else None
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _contact_of(trajectory_id: UUID, submission: Submission, now: datetime) -> list[Announcement]:
    """The announcement of a contact, if the form holds one. No content, only what happened."""
    bindings = submission.bindings
    if not any(path.startswith("contact.") for path in bindings):
        return []
    missed = bool(bindings.get("contact.gemist"))
    kind = bindings.get("contact.soort")
    return [
        Announcement(
            CONTACT_MESSAGE,
            str(trajectory_id),
            {"soort": kind, "gemist": missed, "datum": now},
        )
    ]
