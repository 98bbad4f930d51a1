"""A scenario's world on the database: the same engine and family file as the screens use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, cast, select
from sqlalchemy.orm import Session

from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.execution.variables import visible
from engine.families.composition import Workbench, process_workbench
from engine.families.file.choices import referral_datasets
from engine.families.file.consent_stops import CONSENT_WITHDRAWN
from engine.families.models import Trajectory
from engine.families.trajectories import TaskFacts
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import Timer, UserTask
from engine.runtime.published import PublishedPackages
from engine.runtime.sql import SqlStore
from engine.simulation.beside import offered
from engine.simulation.caller import message_key
from engine.simulation.errors import ScenarioFailed
from engine.simulation.people import Directory, fill_in
from engine.simulation.stored_facts import facts, has_passed, of_family
from engine.simulation.stored_family import choices_of, given_to, withdraw, worker_in
from engine.simulation.world import Facts, OpenTask, Position


class StoredWorld:
    """Implements ``World`` for one family inside one database transaction.

    ``directory`` says who is meant by a role or partner; what is done carries that user's id. The
    scenario is trusted: permissions are those of the screens, not of this world.
    """

    def __init__(
        self,
        session: Session,
        package: Package,
        begin: datetime,
        directory: Directory,
        organisation_id: UUID,
        *,
        submission_id: UUID | None = None,
    ) -> None:
        self.clock = VirtualClock(begin)
        self._session = session
        self._package = package
        self._directory = directory
        self._organisation_id = organisation_id
        self._submission_id = submission_id
        self._store = SqlStore(session, Catalogue(PublishedPackages(session)), self.clock)
        self._choices = referral_datasets(session, organisation_id, now=begin)
        self._tasks: list[OpenTask] | None = None
        self._due: list[Row[Any]] | None = None
        self.trajectory_id: UUID | None = None

    # -- what can be done ------------------------------------------------------------------------

    def refer(self, entry: str, answers: Mapping[str, Any]) -> None:
        """Send in the referral form as the project leader."""
        self._refer(self._leading(), self._package, entry, answers, self._submission_id)

    def return_to(self, package_key: str, entry: str, answers: Mapping[str, Any]) -> None:
        """The family comes again: the project leader sends in a referral for its next trajectory.

        Raises:
            ScenarioFailed: there is no such package in use.
        """
        bench = self._leading()
        package = bench.catalogue.source.in_use(package_key)
        if package is None:
            raise ScenarioFailed(
                f"Er is geen pakket {package_key} in gebruik.", "Publiceer het pakket."
            )
        self._refer(bench, package, entry, answers, after=self._trajectory())

    def follow(self, package_key: str) -> bool:
        """Look at the family's newest trajectory of a package from now on, if there is one."""
        found = self._session.scalar(
            of_family(self.trajectory_id, Trajectory.id)
            .where(Trajectory.package_key == package_key)
            .order_by(Trajectory.started_at.desc(), Trajectory.id.desc())
            .limit(1)
        )
        self.trajectory_id = found or self.trajectory_id
        return found is not None

    def person(self, role: str, number: int) -> str:
        """Who is meant by a role; the id as text."""
        return self._directory.person(role, number)

    def partner(self, kind: str) -> str:
        """A partner organisation of the kind; the id as text."""
        return self._directory.partner(kind)

    def _keys(self) -> Select[tuple[str]]:
        """The business keys of all trajectories of the family."""
        return of_family(self.trajectory_id, cast(Trajectory.id, String))

    def call(self, process_id: str, given: Mapping[str, Any]) -> None:
        """Refuse: on the database a process is called by a trajectory that was referred.

        Raises:
            ScenarioFailed: always.
        """
        raise ScenarioFailed(
            f"Dit scenario begint met een aanroep van {process_id}; zo begint geen echt traject.",
            "Speel een scenario dat met een ingang begint.",
        )

    def begin(self) -> None:
        """Refuse: on the database something starts beside a trajectory that was referred.

        Raises:
            ScenarioFailed: always.
        """
        raise ScenarioFailed(
            "Dit scenario begint naast een leeg traject; zo begint geen echt traject.",
            "Speel een scenario dat met een ingang begint.",
        )

    def open_tasks(self) -> list[OpenTask]:
        """The open tasks, the oldest first."""
        if self._tasks is None:
            rows = self._session.execute(
                select(
                    UserTask.id,
                    UserTask.element_id,
                    UserTask.name,
                    UserTask.role,
                    UserTask.created_at,
                )
                .where(UserTask.business_key.in_(self._keys()), UserTask.status == "open")
                .order_by(UserTask.created_at, UserTask.id)
            )
            self._tasks = [OpenTask(*row) for row in rows]
        return self._tasks

    def complete(self, task: OpenTask, role: str | None, answers: Mapping[str, Any]) -> None:
        """Complete a task as whoever is involved in its role."""
        instance = self._store.get(self._store.instance_of_task(task.task_id))
        token = instance.execution.tasks[task.task_id]
        facts = TaskFacts(
            task.task_id,
            UUID(str(instance.business_key)),
            task.element_id,
            token.internal_data["work"].get("form"),
            instance.package_version,
            visible(token),
        )
        given = fill_in(answers, self._directory, self.clock.now())
        bench = process_workbench(
            self._session,
            self.clock,
            by=given_to(self._session, task.task_id)
            or self._user_of(task.role or role or "", facts.trajectory_id),
            store=self._store,
        )
        package = bench.catalogue.package(instance.package_version)
        bench.trajectories.complete_task(
            package,
            facts,
            given,
            datasets=choices_of(self._session, facts, self._choices, self.clock.now()),
        )
        self._changed()

    def note_contact(self, role: str | None, answers: Mapping[str, Any]) -> None:
        """Save a contact note outside any task."""
        given = fill_in(answers, self._directory, self.clock.now())
        by = self._user_of(role or "vertrouwenspersoon")
        bench = process_workbench(self._session, self.clock, by=by, store=self._store)
        bench.trajectories.note_contact(
            self._followed_package(bench), self._trajectory(), given, datasets=self._choices
        )
        self._changed()

    def start_beside(self, key: str, role: str | None, answers: Mapping[str, Any]) -> None:
        """Start what a published package offers under this key beside the trajectory."""
        published = [
            publication.load_version(self._session, row.version)
            for row in publication.all_latest(self._session)
        ]
        package, start = offered(published, key, role)
        by = self._user_of(role or "vertrouwenspersoon")
        bench = process_workbench(self._session, self.clock, by=by, store=self._store)
        bench.trajectories.start_beside(
            package,
            start,
            self._trajectory(),
            fill_in(answers, self._directory, self.clock.now()),
            datasets=self._choices,
        )
        self._changed()

    def publish(self, name: str, variables: Mapping[str, Any], key: str = "") -> None:
        """Publish a message to the trajectory; of a withdrawn consent the file knows as well."""
        withdrawn = name == CONSENT_WITHDRAWN
        stopped = (
            withdraw(self._session, self._trajectory(), variables.get("doel"), self.clock.now())
            if withdrawn
            else None
        )
        runtime = process_workbench(self._session, self.clock, store=self._store).runtime
        asked = stopped is not None and stopped.tell_who_rests_on_it(runtime.publish)
        news = {"toeleidingVraagt": asked, **variables} if withdrawn else variables
        runtime.publish(name, message_key(key, self.trajectory_id, self.clock.now()), news)
        self._changed()

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        timers = self._timers()
        return timers[0].due_at if timers else None

    def fire_due(self) -> None:
        """Fire what is due, the earliest first."""
        while (timers := self._timers()) and timers[0].due_at <= self.clock.now():
            bench = process_workbench(self._session, self.clock, store=self._store)
            bench.runtime.fire_timer(timers[0].instance_id, timers[0].token_id)
            self._changed()

    def _timers(self) -> list[Row[Any]]:
        if self._due is None:
            rows = self._session.execute(
                select(Timer.due_at, Timer.instance_id, Timer.token_id)
                .where(Timer.business_key.in_(self._keys()))
                .order_by(Timer.due_at, Timer.token_id)
            )
            self._due = list(rows)
        return self._due

    def _changed(self) -> None:
        self._tasks = self._due = None

    # -- what can be seen ------------------------------------------------------------------------

    def position(self) -> Position:
        """Where the trajectory is now."""
        row = self._session.execute(
            select(Trajectory.phase, Trajectory.status).where(Trajectory.id == self.trajectory_id)
        ).one()
        return Position(row.phase, row.status)

    def has_passed(self, element_id: str) -> bool:
        """Whether an element was ever entered."""
        return has_passed(self._session, self._trajectory(), element_id)

    def facts(self) -> Facts:
        """What expectations look at, read from the tables."""
        return facts(self._session, self._store, self._trajectory(), self.clock.now())

    def _trajectory(self) -> UUID:
        assert self.trajectory_id is not None  # a scenario begins with a referral
        return self.trajectory_id

    def _followed_package(self, bench: Workbench) -> Package:
        version = self._session.scalar(
            select(Trajectory.package_version).where(Trajectory.id == self._trajectory())
        )
        return bench.catalogue.package(version or self._package.version)

    def _leading(self) -> Workbench:
        """What the project leader does."""
        return process_workbench(
            self._session,
            self.clock,
            by=UUID(self._directory.person("projectleider", 1)),
            organisation_id=self._organisation_id,
            store=self._store,
        )

    def _refer(
        self,
        bench: Workbench,
        package: Package,
        entry: str,
        answers: Mapping[str, Any],
        submission_id: UUID | None = None,
        after: UUID | None = None,
    ) -> None:
        given = fill_in(answers, self._directory, self.clock.now())
        ref = bench.trajectories.refer(
            package,
            entry,
            given,
            datasets=self._choices,
            submission_id=submission_id,
            after=after,
        )
        self.trajectory_id = ref.trajectory_id
        self._changed()

    def _user_of(self, role: str, trajectory_id: UUID | None = None) -> UUID:
        of, now = trajectory_id or self.trajectory_id, self.clock.now()
        found = worker_in(self._session, of, role, now)
        return found or UUID(self._directory.person(role, 1))
