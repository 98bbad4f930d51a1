"""Messages and signals: who they reach, what they start, and what waits for its receiver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.definitions.model import Trigger
from engine.execution.standing import standing
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
        served = self.deliver(self.subscribers(name, key), variables)
        for point in self._motion.catalogue.event_starts(Trigger.MESSAGE, name):
            if point.process_id not in served:
                served.add(point.process_id)
                self._motion.start_at(point, variables, key)
        if served or life <= timedelta(0):
            return bool(served)
        # who opens a subscription to it at this very moment is waited for, then looked up
        self._store.hold_message(name, key)
        served = self.deliver(self.subscribers(name, key), variables)
        if not served:
            now = self._motion.clock.now()
            self._store.buffer(Message(name, key, variables, now, now + life, message_id))
        return bool(served)

    def deliver(self, subscribers: Sequence[Subscriber], variables: Mapping[str, Any]) -> set[str]:
        """Deliver to the first subscriber of each process; the processes served."""
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
        waiting = [
            subscriber
            for subscriber in self._store.subscribers("signal", name, None)
            if thrower is None or subscriber.instance_id != thrower.id
        ]
        starts = self._motion.catalogue.event_starts(Trigger.SIGNAL, name)
        count = sum(self._reach(subscriber, variables) for subscriber in waiting)
        for point in starts:
            self._motion.start_at(point, variables, None)
        return count + len(starts)

    def receive_kept(self) -> bool:
        """Bring kept messages to what came to wait in this transaction; whether there were any."""
        received = [self._receive(instance) for instance in self._motion.instances]
        return any(received)

    def _reach(self, subscriber: Subscriber, variables: Mapping[str, Any]) -> bool:
        execution = self._motion.touch(subscriber.instance_id).execution
        token = execution.tasks.get(subscriber.token_id)
        if execution.status != "active" or token is None:
            return False
        if "wait" not in token.internal_data or "incident" in token.internal_data:
            return False
        execution.deliver(subscriber.token_id, plain(variables), self._motion.clock.now())
        return True

    def _receive(self, instance: Instance) -> bool:
        for wait in standing(instance.execution):
            if wait.kind != "message" or wait.token_id in instance.known_waits:
                continue
            instance.known_waits.add(wait.token_id)
            self._store.hold_message(wait.name or "", wait.key)
            now = self._motion.clock.now()
            message = self._store.take_buffered(wait.name or "", wait.key, now)
            if message is not None:
                instance.execution.deliver(wait.token_id, plain(message.variables), now)
                return True
        return False
