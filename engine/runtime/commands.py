"""Commands on instances, and the settling of what they set in motion, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.execution.effects import (
    ChildCancelled,
    ChildRequested,
    Effect,
    ErrorPropagated,
    EscalationPropagated,
    Happening,
    JobRequested,
    MessageThrown,
    PropertyReached,
    SignalThrown,
)
from engine.execution.errors import ConnectorFailed, UncaughtError
from engine.execution.machine import Execution
from engine.execution.standing import standing
from engine.feel.values import from_json, to_json
from engine.runtime.catalogue import Catalogue, StartPoint
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry
from engine.runtime.errors import BpmnError, NoSuchStart
from engine.runtime.store import Instance, InstanceStore, Message, Subscriber

THROWN_MESSAGE_LIFE = timedelta(hours=1)
"""How long a message thrown by a diagram waits for its receiver; Camunda 8's default."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message that goes with a command, to those who already waited before it.

    ``life`` is how long it waits for a receiver when nobody did.
    """

    name: str
    key: str | None
    variables: Mapping[str, Any]
    life: timedelta = timedelta(0)


class Listener(Protocol):
    """Who wants to know what a trajectory reaches."""

    def reached(self, business_key: str, properties: Mapping[str, str], at: datetime) -> None:
        """An element with properties of ours was entered."""
        ...

    def ended(self, business_key: str, status: str, at: datetime) -> None:
        """The outermost instance of a trajectory ended, ``completed`` or ``cancelled``."""
        ...


class Runtime:
    """The commands. One object serves one transaction; the caller commits."""

    def __init__(
        self,
        store: InstanceStore,
        catalogue: Catalogue,
        connectors: ConnectorRegistry,
        clock: Clock,
        *,
        listener: Listener | None = None,
        actor_id: UUID | None = None,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.connectors = connectors
        self.clock = clock
        self.listener = listener
        self.actor_id = actor_id
        self._touched: dict[UUID, Instance] = {}

    # -- commands ------------------------------------------------------------------------------

    def start(
        self,
        version: str,
        process_id: str,
        variables: Mapping[str, Any],
        *,
        business_key: str | None = None,
        start_id: str | None = None,
    ) -> UUID:
        """Start an instance at its none start event, or at the triggered one ``start_id``."""
        instance = self._new(version, process_id, variables, business_key, start_id)
        self._settle()
        return instance.id

    def start_by_message(
        self,
        name: str,
        variables: Mapping[str, Any],
        *,
        business_key: str | None = None,
        version: str | None = None,
    ) -> UUID:
        """Start the process whose start event waits for the message.

        Raises:
            NoSuchStart: no process (of that version) starts with it.
        """
        points = self.catalogue.message_starts(name, version)
        if not points:
            raise NoSuchStart(
                f"Geen gepubliceerd proces begint met het bericht '{name}'.",
                "Publiceer een pakket met een berichtstart met deze naam.",
                message_name=name,
            )
        instance = self._start_at(points[0], variables, business_key)
        self._settle()
        return instance.id

    def require_open(self, task_id: UUID) -> None:
        """Make sure, and keep sure until the commit, that the task is open.

        Raises:
            TaskNotFound, TaskNotOpen: it isn't there (any more).
        """
        self.store.instance_of_task(task_id)

    def complete_task(
        self,
        task_id: UUID,
        variables: Mapping[str, Any],
        *,
        announce: Sequence[Announcement] = (),
    ) -> None:
        """Complete an open user task with process variables.

        What is announced reaches only who already waited before this command, so that a task
        which follows is not ended by the message of the one before.

        Raises:
            TaskNotFound, TaskNotOpen: it isn't there (any more).
        """
        instance = self._touch(self.store.instance_of_task(task_id))
        now = self.clock.now()
        waited = [(a, self.store.subscribers("message", a.name, a.key)) for a in announce]
        self.store.task_done(task_id, self.actor_id, now)
        instance.execution.complete_work(task_id, _plain(variables), now)
        self._settle()
        for announcement, subscribers in waited:
            self._deliver(subscribers, _plain(announcement.variables))
        self._settle()

    def publish(
        self,
        name: str,
        key: str | None,
        variables: Mapping[str, Any],
        *,
        life: timedelta = timedelta(0),
        message_id: str | None = None,
    ) -> bool:
        """Publish a message: to who waits for it, to a start, or into the buffer for ``life``.

        A message with a ``message_id`` that was published before is ignored. Whether it reached
        somebody at once.
        """
        if message_id is not None and self.store.message_seen(message_id):
            return False
        reached = self._publish(name, key, _plain(variables), life, message_id)
        self._settle()
        return reached

    def signal(self, name: str, variables: Mapping[str, Any]) -> int:
        """Send a signal to everyone who waits for it; how many did."""
        count = self._broadcast(name, _plain(variables))
        self._settle()
        return count

    def fire_timer(self, instance_id: UUID, token_id: UUID) -> None:
        """A timer is due."""
        instance = self._touch(instance_id)
        instance.execution.fire_timer(token_id, self.clock.now())
        self._settle()

    def retry(self, instance_id: UUID, token_id: UUID) -> None:
        """Try again where an incident stopped a token."""
        self._touch(instance_id).execution.retry(token_id, self.clock.now())
        self._settle()

    def stop_with_incident(self, instance_id: UUID, token_id: UUID, error: KetenspoorError) -> None:
        """Mark a token that cannot go on for a reason outside the diagram."""
        self._touch(instance_id).execution.fail(token_id, error, self.clock.now())
        self._settle()

    def set_variables(self, instance_id: UUID, variables: Mapping[str, Any]) -> None:
        """Correct variables of an instance."""
        self._touch(instance_id).execution.set_variables(_plain(variables), self.clock.now())
        self._settle()

    def cancel(self, instance_id: UUID) -> None:
        """End an instance and its children without completing them."""
        self._cancel(instance_id)
        self._settle()

    # -- settling ------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Carry out effects until every touched instance is at rest, then write them all."""
        moved = True
        while moved:
            moved = False
            for instance in list(self._touched.values()):
                effects = instance.execution.take_effects()
                for effect in effects:
                    self._carry_out(instance, effect)
                moved = moved or bool(effects)
                moved = self._report_end(instance) or moved
            moved = self._receive_buffered() or moved
        for instance in self._touched.values():
            self.store.save(instance, standing(instance.execution), self.actor_id)
            instance.happenings = []
        self._touched = {}

    def _carry_out(self, instance: Instance, effect: Effect) -> None:
        match effect:
            case Happening():
                instance.happenings.append(effect)
            case JobRequested():
                self._do_job(instance, effect)
            case ChildRequested():
                self._start_child(instance, effect)
            case ChildCancelled():
                child_id = self.store.child_of(instance.id, effect.token_id)
                if child_id is not None:
                    self._cancel(child_id)
            case MessageThrown():
                self._publish(
                    effect.name, effect.correlation_key, effect.variables, THROWN_MESSAGE_LIFE, None
                )
            case SignalThrown():
                self._broadcast(effect.name, effect.variables)
            case ErrorPropagated() | EscalationPropagated():
                self._propagate(instance, effect)
            case PropertyReached():
                if self.listener is not None and instance.business_key is not None:
                    self.listener.reached(
                        instance.business_key, effect.properties, self.clock.now()
                    )

    def _do_job(self, instance: Instance, job: JobRequested) -> None:
        if job.token_id not in instance.execution.tasks:
            return
        now = self.clock.now()
        call = ConnectorCall(
            job.job_type,
            job.headers,
            job.variables,
            instance.business_key,
            instance.id,
            job.element_id,
            now,
        )
        try:
            with self.store.savepoint():
                result = _plain(self.connectors.call(call))
        except BpmnError as thrown:
            code = thrown.error_code
            if not instance.execution.throw_error(job.token_id, code, thrown.variables, now):
                uncaught = UncaughtError(
                    f"De fout '{code}' van de koppeling wordt nergens opgevangen.",
                    "Teken een foutgebeurtenis op de rand van de servicetaak.",
                    element_id=job.element_id,
                )
                instance.execution.fail(job.token_id, uncaught, now)
        except KetenspoorError as error:
            instance.execution.fail(job.token_id, error, now)
        except Exception as error:  # noqa: BLE001 - a connector may fail in any way: an incident
            failed = ConnectorFailed(
                f"De koppeling '{job.job_type}' liep vast ({type(error).__name__}).",
                "Probeer het opnieuw; blijft het misgaan, laat de beheerder het logboek bekijken.",
                element_id=job.element_id,
            )
            instance.execution.fail(job.token_id, failed, now)
        else:
            instance.execution.complete_work(job.token_id, result, now)

    def _start_child(self, parent: Instance, wish: ChildRequested) -> None:
        if wish.token_id not in parent.execution.tasks:
            return
        try:
            version, definition = self.catalogue.called(parent.package_version, wish.process_id)
        except KetenspoorError as error:
            parent.execution.fail(wish.token_id, error, self.clock.now())
            return
        self._new(
            version,
            definition.process.id,
            wish.variables,
            parent.business_key,
            None,
            parent=parent,
            token_id=wish.token_id,
        )

    def _report_end(self, instance: Instance) -> bool:
        execution = instance.execution
        if execution.status == "active" or instance.reported_end:
            return False
        instance.reported_end = True
        if instance.parent_id is None:
            if self.listener is not None and instance.business_key is not None:
                self.listener.ended(instance.business_key, execution.status, self.clock.now())
            return True
        if execution.status == "completed" and instance.parent_token_id is not None:
            parent = self._touch(instance.parent_id)
            if instance.parent_token_id in parent.execution.tasks:
                parent.execution.complete_work(
                    instance.parent_token_id, _plain(execution.variables), self.clock.now()
                )
        return True

    def _propagate(
        self, instance: Instance, effect: ErrorPropagated | EscalationPropagated
    ) -> None:
        if instance.parent_id is None or instance.parent_token_id is None:
            return
        parent, now = self._touch(instance.parent_id), self.clock.now()
        token_id = instance.parent_token_id
        if isinstance(effect, EscalationPropagated):
            parent.execution.escalate(token_id, effect.escalation_code, effect.variables, now)
            return
        if parent.execution.throw_error(token_id, effect.error_code, effect.variables, now):
            return
        if parent.parent_id is not None:
            further = ErrorPropagated(token_id, effect.error_code, effect.variables)
            self._propagate(parent, further)
            if instance.execution.status != "active":
                return
        if effect.token_id in instance.execution.tasks and instance.execution.status == "active":
            uncaught = UncaughtError(
                f"De fout '{effect.error_code}' wordt nergens opgevangen.",
                "Teken een foutgebeurtenis met deze code op de rand van de aanroep.",
            )
            instance.execution.fail(effect.token_id, uncaught, now)

    def _publish(
        self,
        name: str,
        key: str | None,
        variables: Mapping[str, Any],
        life: timedelta,
        message_id: str | None,
    ) -> bool:
        self._write_waits()
        served = self._deliver(self.store.subscribers("message", name, key), variables)
        for point in self.catalogue.message_starts(name):
            if point.process_id not in served:
                served.add(point.process_id)
                self._start_at(point, variables, key)
        if not served and life > timedelta(0):
            now = self.clock.now()
            self.store.buffer(Message(name, key, variables, now, now + life, message_id))
        return bool(served)

    def _deliver(self, subscribers: Sequence[Subscriber], variables: Mapping[str, Any]) -> set[str]:
        """Deliver to the first subscriber of each process; the processes served."""
        served: set[str] = set()
        for subscriber in subscribers:
            if subscriber.process_id in served:
                continue
            instance = self._touch(subscriber.instance_id)
            token = instance.execution.tasks.get(subscriber.token_id)
            if token is not None and "wait" in token.internal_data:
                served.add(subscriber.process_id)
                instance.execution.deliver(subscriber.token_id, variables, self.clock.now())
        return served

    def _broadcast(self, name: str, variables: Mapping[str, Any]) -> int:
        self._write_waits()
        count = 0
        for subscriber in self.store.subscribers("signal", name, None):
            instance = self._touch(subscriber.instance_id)
            if subscriber.token_id in instance.execution.tasks:
                instance.execution.deliver(subscriber.token_id, variables, self.clock.now())
                count += 1
        return count

    def _write_waits(self) -> None:
        """Let subscriptions made earlier in this transaction be found."""
        for instance in self._touched.values():
            self.store.save(instance, standing(instance.execution), self.actor_id)
            instance.happenings = []

    def _receive_buffered(self) -> bool:
        received = False
        for instance in list(self._touched.values()):
            for wait in standing(instance.execution):
                if wait.kind != "message" or wait.token_id in instance.known_waits:
                    continue
                instance.known_waits.add(wait.token_id)
                message = self.store.take_buffered(wait.name or "", wait.key, self.clock.now())
                if message is not None:
                    variables = _plain(message.variables)
                    instance.execution.deliver(wait.token_id, variables, self.clock.now())
                    received = True
                    break
        return received

    # -- instances -----------------------------------------------------------------------------

    def _touch(self, instance_id: UUID) -> Instance:
        if instance_id not in self._touched:
            self._touched[instance_id] = self.store.get(instance_id)
        return self._touched[instance_id]

    def _cancel(self, instance_id: UUID) -> None:
        instance = self._touch(instance_id)
        instance.execution.cancel(self.clock.now())

    def _start_at(
        self, point: StartPoint, variables: Mapping[str, Any], business_key: str | None
    ) -> Instance:
        return self._new(
            point.package_version, point.process_id, variables, business_key, point.element_id
        )

    def _new(
        self,
        version: str,
        process_id: str,
        variables: Mapping[str, Any],
        business_key: str | None,
        start_id: str | None,
        *,
        parent: Instance | None = None,
        token_id: UUID | None = None,
    ) -> Instance:
        now, instance_id = self.clock.now(), uuid4()
        instance = Instance(
            id=instance_id,
            package_key=self.catalogue.package(version).key,
            package_version=version,
            process_id=process_id,
            business_key=business_key,
            root_id=parent.root_id if parent else instance_id,
            parent_id=parent.id if parent else None,
            parent_token_id=token_id,
            execution=Execution.start(
                self.catalogue.definition(version, process_id),
                _plain(variables),
                now,
                start_id=start_id,
                has_parent=parent is not None,
            ),
            created_at=now,
        )
        self._touched[instance_id] = instance
        self.store.add(instance)
        return instance


def _plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy of variables in FEEL's value types, so that nothing is shared by reference."""
    copied: dict[str, Any] = from_json(to_json(dict(variables)))
    return copied
