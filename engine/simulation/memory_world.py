"""A scenario's world in memory: the real engine, a family file that forgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.execution.standing import Standing
from engine.families.file.consent_stops import CONSENT_WITHDRAWN
from engine.families.follow_ups import register_follow_ups
from engine.families.identity import TrajectoryIdentity, identity
from engine.families.meetings.connectors import register_meeting_connectors
from engine.families.notices import NOTIFY
from engine.families.process_connectors import register_family_connectors
from engine.families.progress import ProgressListener
from engine.families.tasks.late import register_task_connector
from engine.families.trajectories import TaskFacts, Trajectories
from engine.runtime.catalogue import Catalogue
from engine.runtime.commands import Runtime
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry
from engine.runtime.memory import MemoryStore
from engine.runtime.store import Instance
from engine.simulation.beside import offered
from engine.simulation.caller import PROCESS as CALLER
from engine.simulation.caller import caller_of, message_key, worked_out
from engine.simulation.errors import ScenarioFailed
from engine.simulation.family_file import MemoryFamilyFile
from engine.simulation.people import fill_in
from engine.simulation.source import PackagesAtHand
from engine.simulation.tasks_in_memory import MemoryTasks
from engine.simulation.world import Course, Facts, OpenTask, Position

REACHED = frozenset({"activated", "completed", "triggered", "started"})
MOST_FIRED = 20_000
"""How many timers go off in one play: one that begins itself anew at once has no end."""


class MemoryWorld:
    """Implements ``World`` for one family, first in one package; others may be called or follow."""

    catalogue: ClassVar[type[Catalogue]] = Catalogue

    def __init__(self, package: Package, begin: datetime, others: Sequence[Package] = ()) -> None:
        self.package = package
        self._others = tuple(others)
        self._source = PackagesAtHand(package, others)
        self.clock = VirtualClock(begin)
        self.store = MemoryStore()
        self._names: dict[str, str] = {}
        self.file = MemoryFamilyFile(self._names)
        registry = ConnectorRegistry()
        register_family_connectors(registry, self.file)
        register_meeting_connectors(registry, self.file.meetings)
        register_task_connector(registry, MemoryTasks(self.store))
        registry.register(NOTIFY, self._send)
        self.runtime = Runtime(
            self.store,
            self.catalogue(self._source),
            registry,
            self.clock,
            listener=ProgressListener(self.file),
            identity=TrajectoryIdentity(self.file),
        )
        register_follow_ups(registry, self.runtime, self.file)
        self.trajectories = Trajectories(self.runtime, self.file, self.clock)
        self._appeared: dict[UUID, datetime] = {}
        self._sent: set[str] = set()
        self._fired = 0

    # -- who is meant ----------------------------------------------------------------------------

    def person(self, role: str, number: int) -> str:
        """A made-up user id that is the same in every run."""
        return str(uuid5(NAMESPACE_OID, f"persoon:{role}:{number}"))

    def partner(self, kind: str) -> str:
        """A made-up organisation id that is the same in every run."""
        partner_id = str(uuid5(NAMESPACE_OID, f"ketenpartner:{kind}"))
        self._names[partner_id] = f"Ketenpartner {kind}"
        return partner_id

    def _datasets(self) -> dict[str, list[dict[str, str]]]:
        people = [
            {"value": self.person(role, number), "label": self._called(role, number)}
            for role in dict.fromkeys(
                role for one in (self.package, *self._others) for role in one.roles
            )
            for number in (1, 2, 3)
        ]
        return {
            "medewerkers": people,
            "gezinsleden": _named(m.get("naam") for m in self.file.members),
            "ketenpartners": [{"value": k, "label": v} for k, v in self._names.items()],
            "doelen": _named(
                g.get("doel") for run in self.file for g in run.goals if g["stand"] == "open"
            ),
            "ontvangers": people,
            **self.file.meetings.lists(people, self.file.members),
            "alleDoelen": _named(g.get("doel") for run in self.file for g in run.goals),
        }

    def _called(self, role: str, number: int) -> str:
        """What an invented person is called in lists."""
        return f"{role} {number}"

    # -- what can be done ------------------------------------------------------------------------

    def refer(self, entry: str, answers: Mapping[str, Any]) -> None:
        """Send in the referral form."""
        given = fill_in(answers, self, self.clock.now())
        self.trajectories.refer(self.package, entry, given, datasets=self._datasets())
        self._look()

    def return_to(self, package_key: str, entry: str, answers: Mapping[str, Any]) -> None:
        """The family comes again: its next trajectory begins, and is looked at from now on."""
        package = self._source.in_use(package_key)
        if package is None:
            raise ScenarioFailed(
                f"Er is geen pakket {package_key}.", "Controleer de sleutel van het pakket."
            )
        given = fill_in(answers, self, self.clock.now())
        after = self._trajectory_id()
        self.trajectories.refer(package, entry, given, datasets=self._datasets(), after=after)
        self._look()

    def follow(self, package_key: str) -> bool:
        """Look at the family's newest trajectory of a package from now on, if there is one."""
        found = [run for run in self.file if run.package_key == package_key]
        if found:
            self.file.followed = found[-1].known.ref.trajectory_id
        return bool(found)

    def call(self, process_id: str, given: Mapping[str, Any]) -> None:
        """Let a caller of our own call the process, in a trajectory that has just begun."""
        caller, now = caller_of(process_id), self.clock.now()
        self._source.add(caller)
        ref = self.file.begin("aanroep", now)
        self.runtime.start(
            caller.version,
            CALLER,
            {**identity(ref, "aanroep", now), **worked_out(fill_in(given, self, now), now)},
            business_key=str(ref.trajectory_id),
        )
        self._look()

    def begin(self) -> None:
        """Begin with a trajectory that only stands there."""
        self.file.begin("proef", self.clock.now())

    def open_tasks(self) -> list[OpenTask]:
        """The open tasks, the oldest first."""
        return [
            OpenTask(
                wait.token_id,
                wait.element_id,
                wait.element_name or wait.element_id,
                wait.details.get("role"),
                self._appeared[wait.token_id],
            )
            for _instance, wait in self._user_waits()
        ]

    def complete(self, task: OpenTask, role: str | None, answers: Mapping[str, Any]) -> None:
        """Complete a task; the role must be the one that the diagram asks."""
        found = next((x for x in self._user_waits() if x[1].token_id == task.task_id), None)
        if found is None:
            raise ScenarioFailed(f"De taak {task.element_id} staat niet meer open.")
        if role is not None and task.role is not None and role != task.role:
            raise ScenarioFailed(
                f"De taak {task.element_id} is voor {task.role}, niet voor {role}.",
                "Verbeter 'door' in het scenario of de rol in het diagram.",
            )
        instance, wait = found
        given = fill_in(answers, self, self.clock.now())
        facts = TaskFacts(
            task.task_id,
            self._trajectory_of(instance),
            wait.element_id,
            wait.details.get("form"),
            instance.package_version,
            _seen_by(instance, wait),
        )
        package = self.runtime.catalogue.package(instance.package_version)
        self.trajectories.complete_task(package, facts, given, datasets=self._datasets())
        self._look()

    def note_contact(self, role: str | None, answers: Mapping[str, Any]) -> None:
        """Save a contact note outside any task."""
        given = fill_in(answers, self, self.clock.now())
        self.trajectories.note_contact(
            self._followed_package(), self._trajectory_id(), given, datasets=self._datasets()
        )
        self._look()

    def start_beside(self, key: str, role: str | None, answers: Mapping[str, Any]) -> None:
        """Start what a package at hand offers under this key beside the trajectory."""
        package, start = offered((self.package, *self._others), key, role)
        self.trajectories.start_beside(
            package,
            start,
            self._trajectory_id(),
            fill_in(answers, self, self.clock.now()),
            datasets=self._datasets(),
        )
        self._look()

    def publish(self, name: str, variables: Mapping[str, Any], key: str = "") -> None:
        """Publish a message to the trajectory; of a withdrawn consent the file knows as well."""
        news = variables
        if name == CONSENT_WITHDRAWN:
            purpose = variables.get("doel")
            stopped = self.file.withdraw(
                None if purpose is None else str(purpose), self.clock.now()
            )
            asked = stopped is not None and stopped.tell_who_rests_on_it(self.runtime.publish)
            news = {"toeleidingVraagt": asked, **variables}
        self.runtime.publish(name, message_key(key, self._trajectory_id(), self.clock.now()), news)
        self._look()

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        return min(
            (w.due_at for _i, w in self.store.open_waits() if w.kind == "timer" and w.due_at),
            default=None,
        )

    def fire_due(self) -> None:
        """Fire what is due, the earliest first."""
        while True:
            due = [
                (w.due_at, i.id, w.token_id)
                for i, w in self.store.open_waits()
                if w.kind == "timer" and w.due_at and w.due_at <= self.clock.now()
            ]
            if not due:
                return
            self._fired += 1
            if self._fired > MOST_FIRED:
                raise ScenarioFailed(
                    f"Er gingen meer dan {MOST_FIRED} wachttijden af.",
                    "Kijk of een herhaling of lus zonder wachttijd steeds opnieuw begint.",
                )
            _at, instance_id, token_id = min(due, key=lambda t: t[0])
            self.runtime.fire_timer(instance_id, token_id)
            self._look()

    # -- what can be seen ------------------------------------------------------------------------

    def position(self) -> Position:
        """Where the trajectory is now."""
        return Position(self.file.run.phase, self.file.run.status)

    def has_passed(self, element_id: str) -> bool:
        """Whether an element was ever entered."""
        key = str(self._trajectory_id())
        return any(
            r.business_key == key
            and r.happening.element_id == element_id
            and r.happening.type in REACHED
            for r in self.store.history
        )

    def facts(self) -> Facts:
        """What expectations look at."""
        timers: dict[str, list[datetime]] = {}
        incidents: list[str] = []
        variables: dict[str, Any] = {}
        run, key = self.file.run, str(self._trajectory_id())
        for instance in self.store.instances.values():
            if instance.business_key == key:
                variables.update(instance.execution.variables)
        for instance, wait in self.store.open_waits():
            if wait.kind == "timer" and wait.due_at is not None:
                if instance.business_key != key:
                    continue
                timers.setdefault(wait.element_id, []).append(wait.due_at)
            elif wait.kind == "incident":
                incidents.append(f"{wait.element_id}: {wait.details['message']}")
        return Facts(
            phase=run.phase,
            status=run.status,
            outcome=run.outcome,
            variables=variables,
            passed=frozenset(
                r.happening.element_id
                for r in self.store.history
                if r.business_key == key and r.happening.type in REACHED
            ),
            timers=timers,
            contacts=len(run.contacts_done),
            incidents=incidents,
            sent=frozenset(self._sent),
            trajectories=[
                Course(one.package_key, one.status, one.outcome, len(one.contacts_done))
                for one in self.file
            ],
            people={role: frozenset(map(str, people)) for role, people in run.involved.items()},
        )

    def reached(self) -> set[tuple[str, str]]:
        """Every (process id, element id) that the play entered."""
        return {
            (r.process_id, r.happening.element_id)
            for r in self.store.history
            if r.happening.type in REACHED
        }

    def _send(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Outward work is done at once: what would be sent is remembered."""
        self._sent.add(call.element_id)
        return {"aantal": 1}

    def _trajectory_id(self) -> UUID:
        return self.file.run.known.ref.trajectory_id

    def _trajectory_of(self, instance: Instance) -> UUID:
        """The family's trajectory that a task belongs to; it need not be the one looked at."""
        try:
            return UUID(str(instance.business_key))
        except ValueError:
            return self._trajectory_id()

    def _followed_package(self) -> Package:
        version = self.file.run.package_version
        return self._source.package(version) if version else self.package

    def _user_waits(self) -> list[tuple[Instance, Standing]]:
        return [(i, w) for i, w in self.store.open_waits() if w.kind == "user"]

    def _look(self) -> None:
        for _instance, wait in self._user_waits():
            self._appeared.setdefault(wait.token_id, self.clock.now())
        incidents = [
            f"{w.element_id}: {w.details['message']}"
            for _i, w in self.store.open_waits()
            if w.kind == "incident"
        ]
        if incidents:
            raise ScenarioFailed(f"Storing bij {incidents[0]}", "Verbeter het diagram of de tabel.")


def _named(words: Iterable[object]) -> list[dict[str, str]]:
    return [{"value": word, "label": word} for word in dict.fromkeys(map(str, words))]


def _seen_by(instance: Instance, wait: Standing) -> Mapping[str, Any]:
    from engine.execution.variables import visible

    return visible(instance.execution.tasks[wait.token_id])
