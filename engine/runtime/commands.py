"""Commands on instances: each sets something in motion, and all of it is settled and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.definitions.model import Trigger
from engine.errors import KetenspoorError
from engine.execution import state
from engine.execution.migration import Plan
from engine.runtime.catalogue import Catalogue, StartPoint
from engine.runtime.connectors import ConnectorRegistry
from engine.runtime.correlation import Correlation
from engine.runtime.errors import DueInThePast, NoSuchStart
from engine.runtime.interventions import Interventions
from engine.runtime.motion import Identity, Motion, plain
from engine.runtime.moving import move, to_move
from engine.runtime.putting_back import Kept, as_it_is, put_back
from engine.runtime.rereading import Tables, reread, tell
from engine.runtime.settling import Listener, Settlement
from engine.runtime.store import Instance, InstanceStore
from engine.runtime.undoing import Before, Memory, require_untouched, undo


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message that goes with a command, to those who already waited before it.

    It is not kept: who comes to wait for it later has missed it.
    """

    name: str
    key: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """Variables that a person corrects before a retry, and why. No personal content."""

    variables: Mapping[str, Any]
    reason: str


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
        identity: Identity | None = None,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
        self.actor_id = actor_id
        self._motion = Motion(store, catalogue, clock, actor_id, identity)
        self._correlation = Correlation(self._motion)
        self._settlement = Settlement(self._motion, self._correlation, connectors, listener)
        self.mends = Interventions(self._motion, self._finish)
        self._rehearses = False

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
        instance = self._motion.start(version, process_id, variables, business_key, start_id)
        self._finish()
        return instance.id

    def start_by_message(
        self,
        name: str,
        variables: Mapping[str, Any],
        *,
        business_key: str | None = None,
        version: str | None = None,
    ) -> UUID:
        """Start the process whose start event waits for the message, as a trajectory's main one.

        Raises:
            NoSuchStart: no process (of that version) starts with it.
        """
        point = self._start_point(name, version)
        return self.start(
            point.package_version,
            point.process_id,
            variables,
            business_key=business_key,
            start_id=point.element_id,
        )

    def start_beside(
        self, name: str, variables: Mapping[str, Any], *, business_key: str, version: str
    ) -> UUID:
        """Start the process of a version that begins with the message, beside what runs already.

        Its end is not the end of its trajectory. Who waits for such a message is left alone.

        Raises:
            NoSuchStart: no process of that version starts with it.
        """
        point = self._start_point(name, version)
        instance = self._motion.start_at(point, variables, business_key)
        self._finish()
        return instance.id

    def begin_within(
        self, name: str, variables: Mapping[str, Any], *, business_key: str, version: str
    ) -> UUID:
        """Start the main process of another trajectory as a part of the step that is being taken.

        For connectors: it is settled and written with that step.

        Raises:
            NoSuchStart: no process of that version starts with the message.
        """
        point = self._start_point(name, version)
        instance = self._motion.start(
            point.package_version, point.process_id, variables, business_key, point.element_id
        )
        return instance.id

    def _start_point(self, name: str, version: str | None) -> StartPoint:
        points = self.catalogue.event_starts(Trigger.MESSAGE, name, version)
        if not points:
            raise NoSuchStart(
                f"Geen gepubliceerd proces begint met het bericht '{name}'.",
                "Publiceer een pakket met een berichtstart met deze naam.",
                message_name=name,
            )
        return points[0]

    def require_open(self, task_id: UUID) -> None:
        """Make sure, and keep sure until the commit, that the task is open.

        Raises:
            TaskNotFound, TaskNotOpen: it isn't there (any more).
        """
        self.store.instance_of_task(task_id)

    def expect(self, messages: Iterable[Announcement]) -> None:
        """Lock and look up who waits for messages that the next command of this step brings.

        So that what is written meanwhile need not be awaited to know it.
        """
        for one in messages:
            if one.key is not None:
                self.store.gather(one.name, one.key)

    def complete_task(
        self,
        task_id: UUID,
        variables: Mapping[str, Any],
        *,
        announce: Sequence[Announcement] = (),
    ) -> list[Announcement]:
        """Complete an open user task with process variables; which of the announced arrived.

        What is announced reaches only who already waited before this command, so that a task
        which follows is not ended by the message of the one before.

        Raises:
            TaskNotFound, TaskNotOpen: it isn't there (any more).
        """
        instance = self._motion.touch(self.store.instance_of_task(task_id))
        now = self.clock.now()
        waited = [(a, self._correlation.subscribers_locked(a.name, a.key)) for a in announce]
        self.store.task_done(task_id, self.actor_id, now)
        instance.execution.complete_work(task_id, plain(variables), now)
        self._settlement.settle()
        reached = [a for a, who in waited if self._correlation.deliver(who, a.variables)]
        self._finish()
        return reached

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
        reached = self._correlation.publish(name, key, plain(variables), life, message_id)
        self._finish()
        return reached

    def signal(self, name: str, variables: Mapping[str, Any]) -> int:
        """Send a signal to everyone who waits for it; how many did."""
        count = self._correlation.broadcast(name, plain(variables))
        self._finish()
        return count

    def fire_timer(self, instance_id: UUID, token_id: UUID, at: datetime | None = None) -> None:
        """A timer is due, as was seen ``at`` that instant; now unless said.

        Raises:
            NotWaiting: the timer is gone.
        """
        self._motion.touch(instance_id).execution.fire_timer(token_id, at or self.clock.now())
        self._finish()

    def change_due(self, instance_id: UUID, token_id: UUID, due: datetime) -> datetime | None:
        """Give a running timer or an open task another due instant (UTC); the one before.

        Raises:
            DueInThePast: the instant has passed.
            NotWaiting: the timer is gone, or the task is done.
        """
        if due <= self.clock.now():
            raise DueInThePast(
                "Dit tijdstip is al voorbij.", "Kies een later tijdstip.", token_id=token_id
            )
        before = self._motion.touch(instance_id).execution.change_due(token_id, due)
        self._finish()
        return before

    def retry(
        self, instance_id: UUID, token_id: UUID, correction: Correction | None = None
    ) -> None:
        """Try again where an incident stopped a token, with corrected variables if given.

        Raises:
            NotWaiting: no incident stops it (any more).
        """
        execution, now = self._motion.touch(instance_id).execution, self.clock.now()
        if correction is not None:
            execution.correct(token_id, plain(correction.variables), correction.reason, now)
        execution.retry(token_id, now)
        self._finish()

    def migrate(
        self,
        root_ids: Iterable[UUID],
        version: str,
        plan: Plan,
        note: Mapping[str, Any] | None = None,
        tables: Tables | None = None,
    ) -> list[Kept]:
        """Move trees of instances to another version of their package: all of them, or none.

        Instances of other packages, and those that are there already, stay as they are, but for
        what came from ``tables``, which is read again everywhere in the trees. The roots are
        given in an order that all callers share. ``note`` is for the audit. What each that
        changed was before; nothing when none moved.

        Raises:
            MigrationRefused: something keeps one of them; ``where["obstacles"]`` says what.
        """
        trees = []
        for root_id in root_ids:
            self.store.get(root_id)  # locks the tree: nothing begins or ends in it from now on
            trees += self.store.active_in_tree(root_id)
        found, now = [self.store.get(instance_id) for instance_id in trees], self.clock.now()
        moving = to_move(found, self.catalogue, version)
        if not moving:
            return []
        known = {one.id: as_it_is(one) for one in found} if tables is not None else {}
        again = reread(found, tables, now) if tables is not None else []
        moved = move(moving, self.catalogue, version, plan, now, note)
        kept = {one.instance_id: known.get(one.instance_id, one).of_move(one) for one in moved}
        for one in again:
            kept.setdefault(one.instance_id, known[one.instance_id])
        changed = [one for one in found if one.id in kept]
        for instance in changed:
            self._motion.touch(instance.id)
            tell(instance, again, now, note or {})
        laid = {instance.id: state.dump(instance.execution) for instance in changed}
        for instance_id in dict.fromkeys(one.instance_id for one in again):
            self.store.get(instance_id).execution.look_again(now)
        self._finish_moved(changed)
        return [
            kept[one.id].settled(quiet=state.dump(one.execution) == laid[one.id]) for one in changed
        ]

    def put_back(self, kept: Sequence[Kept], note: Mapping[str, Any] | None = None) -> None:
        """Give instances that moved the very state of before, where nothing happened since.

        Raises:
            MovedOn: something did; nothing is changed.
        """
        instances = {one.instance_id: self.store.get(one.instance_id) for one in kept}
        put_back(instances, kept, self.catalogue, self.clock.now(), note)
        self._finish_moved(list(instances.values()))

    def _finish_moved(self, instances: Sequence[Instance]) -> None:
        for instance in instances:
            self._motion.touch(instance.id)
            self.store.moved(instance)
        self._finish()

    def complete_job(self, instance_id: UUID, token_id: UUID, variables: Mapping[str, Any]) -> None:
        """The outward work that a token waited for is done.

        Raises:
            NotWaiting: the token is gone.
        """
        execution = self._motion.touch(instance_id).execution
        execution.complete_work(token_id, plain(variables), self.clock.now())
        self._finish()

    def give_up_job(
        self, instance_id: UUID, token_id: UUID, code: str, error: KetenspoorError
    ) -> bool:
        """Outward work failed for good: a BPMN error ``code`` if the diagram catches it.

        Else the token stands still with ``error``. Whether it was caught.

        Raises:
            NotWaiting: the token is gone.
        """
        execution, now = self._motion.touch(instance_id).execution, self.clock.now()
        caught = execution.throw_error(token_id, code, {}, now)
        if not caught:
            execution.fail(token_id, error, now)
        self._finish()
        return caught

    def stop_with_incident(self, instance_id: UUID, token_id: UUID, error: KetenspoorError) -> None:
        """Mark a token that cannot go on for a reason outside the diagram."""
        self._motion.touch(instance_id).execution.fail(token_id, error, self.clock.now())
        self._finish()

    def cancel(self, instance_id: UUID) -> None:
        """End an instance and its children without completing them."""
        self._motion.touch(instance_id).execution.cancel(self.clock.now())
        self._finish()

    def rehearse(self, command: Callable[[], None]) -> list[Instance]:
        """What a command of this runtime would touch, settled and not written.

        Connectors do their work in the caller's transaction, which must be rolled back.
        """
        self._rehearses = True
        command()
        return self._motion.instances

    def remembering(self, command: Callable[[], None]) -> Memory:
        """Carry out a command of this runtime; what it touched, as it was before."""
        memory = self._motion.remember()
        command()
        return memory

    def undo(self, before: Sequence[Before], lines: Mapping[UUID, int]) -> None:
        """Give what a command touched the very state of before; what it began is ended.

        ``lines`` are the last lines of the audit of each before that command.

        Raises:
            MovedOn: something happened since in one of them; nothing is changed.
        """
        instances = {one.instance_id: self.store.get(one.instance_id) for one in before}
        require_untouched(instances, before)
        for instance_id in instances:
            self._motion.touch(instance_id)
        undo(instances, before, self.catalogue, self.clock.now(), lines)
        self._finish()

    def _finish(self) -> None:
        self._settlement.settle()
        if not self._rehearses:
            self._motion.write()
