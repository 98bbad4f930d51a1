"""A scenario's world on the database: the same commands as the screens, done by real users."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.families.casework import complete_in, note_in
from engine.families.choices import referral_datasets
from engine.families.composition import workbench
from engine.families.models import Contact, Involvement, Trajectory
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import AuditEvent, Incident, ProcessInstance, Timer, UserTask
from engine.runtime.published import PublishedPackages
from engine.runtime.sql import SqlStore
from engine.simulation.memory_world import REACHED
from engine.simulation.people import Directory, fill_in
from engine.simulation.world import Facts, OpenTask

Act = Callable[[UUID], Actor]


class StoredWorld:
    """Implements ``World`` for one trajectory inside one database transaction.

    ``directory`` says who is meant by a role or partner; ``actor`` gives the acting user of an id.
    """

    def __init__(
        self,
        session: Session,
        package: Package,
        begin: datetime,
        directory: Directory,
        actor: Act,
        *,
        submission_id: UUID | None = None,
    ) -> None:
        self.clock = VirtualClock(begin)
        self._session = session
        self._package = package
        self._directory = directory
        self._actor = actor
        self._submission_id = submission_id
        self._store = SqlStore(session, Catalogue(PublishedPackages(session)), self.clock)
        self.trajectory_id: UUID | None = None

    # -- what can be done ------------------------------------------------------------------------

    def refer(self, entry: str, answers: Mapping[str, Any]) -> None:
        """Send in the referral form as the project leader."""
        actor = self._user_of("projectleider")
        bench = workbench(self._session, self.clock, actor, store=self._store)
        ref = bench.trajectories.refer(
            self._package,
            entry,
            fill_in(answers, self._directory, self.clock.now()),
            datasets=referral_datasets(self._session, actor.organisation_id, now=self.clock.now()),
            submission_id=self._submission_id,
        )
        self.trajectory_id = ref.trajectory_id

    def open_tasks(self) -> list[OpenTask]:
        """The open tasks, the oldest first."""
        rows = self._session.execute(
            select(
                UserTask.id, UserTask.element_id, UserTask.name, UserTask.role, UserTask.created_at
            )
            .where(UserTask.business_key == str(self.trajectory_id), UserTask.status == "open")
            .order_by(UserTask.created_at)
        )
        return [OpenTask(*row) for row in rows]

    def complete(self, task: OpenTask, role: str | None, answers: Mapping[str, Any]) -> None:
        """Complete a task as whoever is involved in its role."""
        actor = self._user_of(task.role or role or "")
        given = fill_in(answers, self._directory, self.clock.now())
        bench = workbench(self._session, self.clock, actor, store=self._store)
        complete_in(self._session, self.clock, actor, task.task_id, given, bench=bench)

    def note_contact(self, role: str | None, answers: Mapping[str, Any]) -> None:
        """Save a contact note outside any task."""
        actor = self._user_of(role or "vertrouwenspersoon")
        given = fill_in(answers, self._directory, self.clock.now())
        bench = workbench(self._session, self.clock, actor, store=self._store)
        note_in(self._session, self.clock, actor, self._trajectory(), given, bench=bench)

    def publish(self, name: str, variables: Mapping[str, Any]) -> None:
        """Publish a message to the trajectory."""
        bench = workbench(self._session, self.clock, store=self._store)
        bench.runtime.publish(name, str(self.trajectory_id), variables)

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        return self._session.scalar(
            select(func.min(Timer.due_at)).where(Timer.business_key == str(self.trajectory_id))
        )

    def fire_due(self) -> None:
        """Fire what is due, the earliest first."""
        while True:
            timer = self._session.execute(
                select(Timer.instance_id, Timer.token_id)
                .where(
                    Timer.business_key == str(self.trajectory_id),
                    Timer.due_at <= self.clock.now(),
                )
                .order_by(Timer.due_at)
                .limit(1)
            ).one_or_none()
            if timer is None:
                return
            runtime = workbench(self._session, self.clock, store=self._store).runtime
            runtime.fire_timer(timer.instance_id, timer.token_id)

    # -- what can be seen ------------------------------------------------------------------------

    def facts(self) -> Facts:
        """What expectations look at, read from the tables."""
        key = str(self.trajectory_id)
        trajectory = self._session.get(Trajectory, self._trajectory(), populate_existing=True)
        assert trajectory is not None  # it was made by ``refer``
        timers: dict[str, list[datetime]] = {}
        for element_id, due_at in self._session.execute(
            select(Timer.element_id, Timer.due_at).where(Timer.business_key == key)
        ):
            timers.setdefault(element_id, []).append(due_at)
        passed = self._session.scalars(
            select(AuditEvent.element_id)
            .where(AuditEvent.business_key == key, AuditEvent.type.in_(REACHED))
            .distinct()
        )
        incidents = self._session.scalars(
            select(Incident.element_id).where(
                Incident.business_key == key, Incident.resolved_at.is_(None)
            )
        )
        contacts = self._session.scalar(
            select(func.count()).where(
                Contact.trajectory_id == self.trajectory_id, ~Contact.no_show
            )
        )
        return Facts(
            phase=trajectory.phase,
            status=trajectory.status,
            outcome=trajectory.outcome,
            variables=self._variables(key),
            passed=frozenset(passed),
            timers=timers,
            contacts=contacts or 0,
            incidents=list(incidents),
        )

    def _variables(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        ids = self._session.scalars(
            select(ProcessInstance.id)
            .where(ProcessInstance.business_key == key)
            .order_by(ProcessInstance.created_at)
        )
        for instance_id in ids:
            found.update(self._store.get(instance_id).execution.variables)
        return found

    def _trajectory(self) -> UUID:
        assert self.trajectory_id is not None  # a scenario begins with a referral
        return self.trajectory_id

    def _user_of(self, role: str) -> Actor:
        if self.trajectory_id is not None:
            now = self.clock.now()
            involved = self._session.scalar(
                select(Involvement.user_id)
                .where(
                    Involvement.trajectory_id == self.trajectory_id,
                    Involvement.role == role,
                    Involvement.since <= now,
                    (Involvement.until.is_(None)) | (Involvement.until > now),
                )
                .order_by(Involvement.since)
                .limit(1)
            )
            if involved is not None:
                return self._actor(involved)
        return self._actor(UUID(self._directory.person(role, 1)))
