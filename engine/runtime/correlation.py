"""Messages and signals: who they reach, what they start, and what waits for its receiver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.definitions.model import Trigger
from engine.execution.suspension import is_served
from engine.runtime.motion import Motion, plain
from engine.runtime.store import Instance, Message, Subscriber


class Correlation:
    """Brings messages and signals to the instances of one transaction and of the store."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        self._store = motion.store

    def subscribers(self, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for a message now."""
        return self._store.subscribers("message", name, key)

    def subscribers_locked(self, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for a message now, and as all are locked, until this command is over."""
        if key is not None:
            self._store.gather(name, key)
        while True:
            locked = self._locked()
            found = self.subscribers(name, key)
            fresh = [one for one in found if one.instance_id not in locked]
            for one in fresh:
                self._motion.touch(one.instance_id)
            if all(self._waits(one) for one in fresh):
                return found

    def publish(
        self,
        name: str,
        key: str | None,
        variables: Mapping[str, Any],
        life: timedelta,
        message_id: str | None = None,
    ) -> bool:
        """Deliver a message once to each process that waits, start what it starts, else keep it.

        Whether it reached somebody at once.
        """
        self._motion.show()
        if key is not None:
            self._store.gather(name, key)
        served = self._deliver_now(name, key, variables)
        for point in self._motion.catalogue.event_starts(Trigger.MESSAGE, name):
            if point.process_id not in served:
                served.add(point.process_id)
                self._motion.start_at(point, variables, key)
        if served or life <= timedelta(0):
            return bool(served)
        # who opens a subscription to it at this very moment is waited for, then looked up
        self._store.hold_message(name, key)
        served = self._deliver_now(name, key, variables)
        if not served:
            now = self._motion.clock.now()
            self._store.buffer(Message(name, key, variables, now, now + life, message_id))
        return bool(served)

    def deliver(self, subscribers: Sequence[Subscriber], variables: Mapping[str, Any]) -> set[str]:
        """Deliver to the first of these of each process; the processes served."""
        served: set[str] = set()
        for subscriber in subscribers:
            if subscriber.process_id not in served and self._reach(subscriber, variables):
                served.add(subscriber.process_id)
        return served

    def broadcast(
        self, name: str, variables: Mapping[str, Any], thrower: Instance | None = None
    ) -> int:
        """Bring a signal to everyone who waits for it and start what it starts; how many.

        Its ``thrower`` was reached already, by itself.
        """
        self._motion.show()
        starts = self._motion.catalogue.event_starts(Trigger.SIGNAL, name)
        reached: dict[UUID, bool] = {}
        look_again = True
        while look_again:
            look_again, locked = False, self._locked()
            for subscriber in self._store.subscribers("signal", name, None):
                is_thrower = thrower is not None and subscriber.instance_id == thrower.id
                if not is_thrower and subscriber.token_id not in reached:
                    reached[subscriber.token_id] = self._reach(subscriber, variables)
                    if not reached[subscriber.token_id]:
                        look_again |= subscriber.instance_id not in locked
        for point in starts:
            self._motion.start_at(point, variables, None)
        return sum(reached.values()) + len(starts)

    def receive_kept(self) -> bool:
        """Bring kept messages to what came to wait in this transaction; whether there were any."""
        received = [self._receive(instance) for instance in self._motion.instances]
        return any(received)

    def _deliver_now(self, name: str, key: str | None, variables: Mapping[str, Any]) -> set[str]:
        """Deliver to the first subscriber of each process now; the processes served.

        Who is found waiting may go on before it can be locked, and wait for the same again: then
        it is looked for once more, here as with signals. What is locked does not go on, so this
        ends.
        """
        served: set[str] = set()
        look_again = True
        while look_again:
            look_again, locked = False, self._locked()
            for subscriber in self.subscribers(name, key):
                if subscriber.process_id in served:
                    continue
                if self._reach(subscriber, variables):
                    served.add(subscriber.process_id)
                else:
                    look_again |= subscriber.instance_id not in locked
        return served

    def _locked(self) -> set[UUID]:
        return {instance.id for instance in self._motion.instances}

    def _reach(self, subscriber: Subscriber, variables: Mapping[str, Any]) -> bool:
        if not self._waits(subscriber):
            return False
        execution = self._motion.touch(subscriber.instance_id).execution
        execution.deliver(subscriber.token_id, plain(variables), self._motion.clock.now())
        return True

    def _waits(self, subscriber: Subscriber) -> bool:
        execution = self._motion.touch(subscriber.instance_id).execution
        token = execution.tasks.get(subscriber.token_id)
        if execution.status != "active" or token is None:
            return False
        if execution.suspended and is_served(execution, token):
            return False
        return "wait" in token.internal_data and "incident" not in token.internal_data

    def _receive(self, instance: Instance) -> bool:
        execution, known = instance.execution, instance.known_waits
        if execution.status != "active" or not execution.definition.has_messages:
            return False
        for token in execution.walk():
            wait = token.internal_data.get("wait")
            if not wait or wait["kind"] != "message" or token.id in known:
                continue
            if "incident" in token.internal_data:
                continue
            known.add(token.id)
            name, key = wait.get("name") or "", wait.get("key")
            now = self._motion.clock.now()
            message = self._store.take_buffered(name, key, now)
            if message is not None:
                execution.deliver(token.id, plain(message.variables), now)
                if self._waits(Subscriber(instance.id, token.id, instance.process_id)):
                    known.discard(token.id)  # it goes on listening: there may be another one
                return True
        return False
