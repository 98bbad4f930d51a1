"""Everything that happened in a trajectory, newest first.

What the process itself did (tasks, timers, messages) is in the runtime's audit; the screen joins
both by time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.access.actors import Actor
from engine.access.models import User
from engine.access.permissions import Action, Relation
from engine.definitions.published.models import PackageVersion
from engine.families.models import (
    Agreement,
    ChronologyNote,
    Consent,
    Contact,
    Document,
    DueChange,
    Handover,
    HandoverState,
    Involvement,
    LifeDomainPhase,
    Mend,
    TrajectoryChange,
    VersionMoveJob,
)
from engine.families.rights.discretion import Discreet
from engine.families.rights.permission import permit
from engine.runtime.models import AuditEvent, ProcessInstance


@dataclass(frozen=True, slots=True, repr=False)
class Entry(Discreet):
    """One thing that happened.

    Attributes:
        at: when (UTC).
        kind: ``contact``, ``no-show``, ``document``, ``consent``, ``refusal``, ``withdrawal``,
            ``agreement``, ``agreement-done``, ``agreement-dropped``, ``handover``,
            ``life-domain-phase``, ``phase``, ``status``, ``cadence``, ``involved``, ``left``,
            ``rescheduled``, ``version`` (of the method), ``mend`` (somebody acted against the
            drawn course: ``detail["kind"]``) or ``note``. The screen has the words for each.
        subject: what it is about in a word or a name: the contact's kind, the form's name, the
            purpose, the agency, the role, ...
        text: what was written, if anything.
        detail: what else is known, by name.
        by: the name of the user who did it, if one did.
        object_id: the row that it comes from, for a link.
        document_id: the form that it was written in, if one.
        task_id: the user task that the form belonged to, if one.
    """

    at: datetime
    kind: str
    subject: str
    text: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    by: str | None = None
    object_id: UUID | None = None
    document_id: UUID | None = None
    task_id: UUID | None = None


def chronology(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    *,
    now: datetime,
    limit: int = 50,
    before: datetime | None = None,
    relation: Relation | None = None,
) -> list[Entry]:
    """The latest entries before an instant, newest first, those of one instant and kind too.

    May give some more than ``limit``: entries of one instant stay together, so that the ``at`` of
    the last one is the ``before`` of the next page.

    Raises:
        AccessDenied: the actor may not read it.
    """
    family_id = permit(
        session, actor, Action.READ, trajectory_id, now=now, relation=relation,
        object_type="chronology",
    ).family_id  # fmt: skip
    inclusive = before is None
    page = _Page(session, trajectory_id, family_id, before or now, limit, inclusive=inclusive)
    entries = sorted(page.entries(), key=lambda entry: entry.at, reverse=True)
    if len(entries) <= limit:
        return entries
    last = entries[limit - 1].at
    return [entry for entry in entries if entry.at >= last]


@dataclass(frozen=True, slots=True)
class _Page:
    session: Session
    trajectory_id: UUID
    family_id: UUID
    before: datetime
    limit: int
    inclusive: bool

    def entries(self) -> Iterator[Entry]:
        yield from self._contacts()
        yield from self._documents()
        yield from self._consents()
        yield from self._agreements()
        yield from self._handovers()
        yield from self._phases()
        yield from self._changes()
        yield from self._people()
        yield from self._notes()
        yield from self._due_changes()
        yield from self._mends()
        yield from self._versions()

    def _rows(
        self, query: Select[Any], at: InstrumentedAttribute[datetime] | Any, key: Any
    ) -> Iterator[Any]:
        """The latest by ``at``; of one instant all, the one with the greatest ``key`` first."""
        within = at <= self.before if self.inclusive else at < self.before
        latest = query.where(within).order_by(at.desc()).fetch(self.limit, with_ties=True)
        rows = self.session.execute(latest.add_columns(at, key)).all()
        return (row[:-2] for row in sorted(rows, key=lambda row: (row[-2], row[-1]), reverse=True))

    def _contacts(self) -> Iterator[Entry]:
        query = (
            select(Contact, User.name, Handover.organisation)
            .outerjoin(User, User.id == Contact.by_user_id)
            .outerjoin(Document, Document.id == Contact.document_id)
            .outerjoin(Handover, Handover.id == Document.handover_id)
            .where(Contact.trajectory_id == self.trajectory_id)
        )
        for one, by, agency in self._rows(query, Contact.at, Contact.id):
            kind = "no-show" if one.no_show else "contact"
            detail = {"action": one.action, "agency": agency}
            yield Entry(one.at, kind, one.kind, one.summary, detail, by, one.id, one.document_id)

    def _documents(self) -> Iterator[Entry]:
        query = (
            select(Document, User.name, Handover.organisation)
            .outerjoin(User, User.id == Document.by_user_id)
            .outerjoin(Handover, Handover.id == Document.handover_id)
            .where(Document.trajectory_id == self.trajectory_id)
        )
        for one, by, agency in self._rows(query, Document.at, Document.id):
            detail = {"form_id": one.form_id, "agency": agency}
            yield Entry(
                one.at, "document", one.form_name, None, detail, by, one.id, one.id, one.task_id
            )

    def _consents(self) -> Iterator[Entry]:
        query = select(Consent).where(
            Consent.family_id == self.family_id, Consent.trajectory_id == self.trajectory_id
        )
        for (one,) in self._rows(query, Consent.given_at, Consent.sequence):
            detail = {"giver": one.giver, "recipient": one.recipient, "form": one.form}
            kind = "consent" if one.agreed else "refusal"
            yield Entry(
                one.given_at, kind, one.purpose, one.what, detail, None, one.id, one.document_id
            )
        for (one,) in self._rows(
            query.where(Consent.withdrawn_at.is_not(None)), Consent.withdrawn_at, Consent.sequence
        ):
            detail = {"giver": one.giver, "recipient": one.recipient}
            yield Entry(one.withdrawn_at, "withdrawal", one.purpose, None, detail, None, one.id)

    def _agreements(self) -> Iterator[Entry]:
        query = select(Agreement, User.name).where(Agreement.trajectory_id == self.trajectory_id)
        made = query.outerjoin(User, User.id == Agreement.created_by)
        for one, by in self._rows(made, Agreement.created_at, Agreement.id):
            detail = {"due": one.due}
            yield Entry(
                one.created_at, "agreement", one.owner or "", one.what, detail, by, one.id,
                one.document_id,
            )  # fmt: skip
        ended = query.outerjoin(User, User.id == Agreement.completed_by).where(
            Agreement.completed_at.is_not(None)
        )
        for one, by in self._rows(ended, Agreement.completed_at, Agreement.id):
            kind = f"agreement-{one.state}"
            yield Entry(one.completed_at, kind, one.owner or "", one.what, {}, by, one.id)

    def _handovers(self) -> Iterator[Entry]:
        query = (
            select(HandoverState, Handover, User.name)
            .join(Handover, Handover.id == HandoverState.handover_id)
            .outerjoin(User, User.id == HandoverState.by_user_id)
            .where(Handover.trajectory_id == self.trajectory_id)
        )
        for state, handover, by in self._rows(query, HandoverState.at, HandoverState.id):
            detail = {"status": state.status, "life_domain": handover.life_domain}
            yield Entry(
                state.at, "handover", handover.organisation, state.reason, detail, by, handover.id
            )

    def _phases(self) -> Iterator[Entry]:
        query = select(LifeDomainPhase).where(LifeDomainPhase.trajectory_id == self.trajectory_id)
        for (one,) in self._rows(query, LifeDomainPhase.at, LifeDomainPhase.id):
            detail = {"phase": one.phase}
            yield Entry(
                one.at, "life-domain-phase", one.domain, None, detail, document_id=one.document_id
            )

    def _changes(self) -> Iterator[Entry]:
        query = select(TrajectoryChange).where(TrajectoryChange.trajectory_id == self.trajectory_id)
        for (one,) in self._rows(query, TrajectoryChange.at, TrajectoryChange.id):
            yield Entry(one.at, one.kind, one.value)

    def _people(self) -> Iterator[Entry]:
        query = (
            select(Involvement, User.name)
            .join(User, User.id == Involvement.user_id)
            .where(Involvement.trajectory_id == self.trajectory_id)
        )
        for one, name in self._rows(query, Involvement.since, Involvement.id):
            yield Entry(one.since, "involved", one.role, detail={"name": name})
        gone = query.where(Involvement.until.is_not(None))
        for one, name in self._rows(gone, Involvement.until, Involvement.id):
            yield Entry(one.until, "left", one.role, detail={"name": name})

    def _notes(self) -> Iterator[Entry]:
        query = select(ChronologyNote).where(ChronologyNote.trajectory_id == self.trajectory_id)
        for (one,) in self._rows(query, ChronologyNote.at, ChronologyNote.id):
            yield Entry(one.at, "note", "", one.text, object_id=one.id)

    def _due_changes(self) -> Iterator[Entry]:
        query = (
            select(DueChange, User.name)
            .outerjoin(User, User.id == DueChange.by_user_id)
            .where(DueChange.trajectory_id == self.trajectory_id)
        )
        for one, by in self._rows(query, DueChange.at, DueChange.id):
            detail = {"before": one.due_before, "after": one.due_after}
            yield Entry(one.at, "rescheduled", one.name, one.reason, detail, by, one.id)

    def _mends(self) -> Iterator[Entry]:
        query = (
            select(Mend, User.name)
            .outerjoin(User, User.id == Mend.by_user_id)
            .where(Mend.trajectory_id == self.trajectory_id)
        )
        for one, by in self._rows(query, Mend.at, Mend.id):
            detail = {**one.detail, "kind": one.kind, "role": one.role}
            yield Entry(one.at, "mend", one.name or "", one.reason, detail, by, one.id)

    def _versions(self) -> Iterator[Entry]:
        """When the trajectory went to another version of its method, or back."""
        told = AuditEvent.data
        query = (
            select(AuditEvent.at, PackageVersion.number, VersionMoveJob.reason, told, User.name)
            .join(ProcessInstance, ProcessInstance.id == AuditEvent.instance_id)
            .join(PackageVersion, PackageVersion.version == told["to"].astext)
            .outerjoin(VersionMoveJob, cast(VersionMoveJob.id, String) == told["move"].astext)
            .outerjoin(User, User.id == AuditEvent.actor_id)
            .where(
                ProcessInstance.business_key == str(self.trajectory_id),
                ProcessInstance.is_main,
                AuditEvent.type == "migrated",
            )
        )
        for at, number, reason, data, by in self._rows(query, AuditEvent.at, AuditEvent.id):
            yield Entry(at, "version", str(number), reason, {"back": bool(data.get("back"))}, by)
