"""Commands by which a person mends what runs: against the drawn course, or beside time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution import overrides, suspension
from engine.execution.errors import NotWaiting
from engine.execution.suspension import Review, stood_still
from engine.runtime.motion import Motion, plain
from engine.runtime.store import Instance


class Interventions:
    """Mends of one transaction; each is settled and written like any other command.

    On an instance that was put aside all raise ``Suspended``, but for taking it up again and for
    another instant to look at it.
    """

    def __init__(self, motion: Motion, finish: Callable[[], None]) -> None:
        self._motion = motion
        self._finish = finish

    def skip(self, instance_id: UUID, token_id: UUID, values: Mapping[str, Any]) -> None:
        """Let the path go on behind a step, with ``values`` as if its work had given them.

        Raises:
            NotWaiting: the trajectory does not stand there (any more).
            MendRefused: the place is not one for that.
            engine.execution.errors.ExecutionError: what is behind it cannot be chosen yet.
        """
        execution, now = self._motion.touch(instance_id).execution, self._motion.clock.now()
        overrides.skip(overrides.step_at(execution, token_id, now), plain(values))
        execution.look_again(now)
        self._finish()

    def repeat(self, instance_id: UUID, token_id: UUID) -> None:
        """Begin a step anew. Raises as ``skip``."""
        execution, now = self._motion.touch(instance_id).execution, self._motion.clock.now()
        overrides.repeat(overrides.step_at(execution, token_id, now))
        execution.look_again(now)
        self._finish()

    def move(
        self,
        instance_id: UUID,
        token_id: UUID,
        target_id: str,
        also: Collection[UUID] | None = None,
    ) -> None:
        """Let the path go on at another element of the same instance. Raises as ``skip``.

        ``also``: the tokens that stop besides, where a sub-process is left, as a person saw them.

        Raises:
            StopsMore: something else stops by it.
        """
        execution, now = self._motion.touch(instance_id).execution, self._motion.clock.now()
        overrides.move(overrides.step_at(execution, token_id, now), target_id, also)
        execution.look_again(now)
        self._finish()

    def correct(self, instance_id: UUID, token_id: UUID | None, values: Mapping[str, Any]) -> None:
        """Correct variables as a token sees them, or those of the process itself.

        Conditions are looked at anew; what was chosen before stays chosen.

        Raises:
            NotWaiting: the token is gone.
        """
        execution, now = self._motion.touch(instance_id).execution, self._motion.clock.now()
        execution.correct(token_id or execution.root.id, plain(values), None, now)
        execution.look_again(now)
        self._finish()

    def suspend(self, root_id: UUID, review: Review) -> None:
        """Put a tree aside: its tasks, timers and outward work; messages for it are kept.

        Raises:
            MendRefused: it is aside already.
            NotWaiting: it is over.
        """
        for instance in self._tree(root_id, self._motion.clock.now()):
            suspension.suspend(instance.execution, review if instance.id == root_id else None)
        self._finish()

    def postpone(self, root_id: UUID, review: Review) -> None:
        """Look again at a tree that is aside at another instant.

        Raises:
            NotWaiting: it is not aside (any more), or it is over.
        """
        tree = self._tree(root_id, self._motion.clock.now())
        [root] = [one for one in tree if one.id == root_id]
        self._answered(suspension.postpone(root.execution, review))
        self._finish()

    def resume(self, root_id: UUID, *, later: bool, only: Collection[UUID] | None = None) -> None:
        """Take a tree up again; what came for it meanwhile is heard now.

        ``later``: deadlines come as much later as it stood still, all or ``only`` those of some
        tokens; else they stay, and those that passed are due at once.

        Raises:
            NotWaiting: it is not aside (any more), or it is over.
        """
        now = self._motion.clock.now()
        for instance in self._tree(root_id, now):
            since = suspension.since(instance.execution)
            gap = stood_still(since, now) if later else None
            self._answered(suspension.resume(instance.execution, gap, only))
            instance.known_waits.clear()  # a message may have been kept in the buffer as well
            instance.execution.look_again(now)
        self._finish()

    def _tree(self, root_id: UUID, now: datetime) -> list[Instance]:
        store = self._motion.store
        root = store.get(root_id)  # locks the tree: nothing begins or ends in it from now on
        if root.execution.status != "active":
            raise NotWaiting(
                "Dit traject is al afgelopen.", "Bekijk in het verloop hoe het eindigde."
            )
        found = [self._motion.touch(one) for one in store.active_in_tree(root_id)]
        for instance in found:
            instance.execution.now = now
        return found

    def _answered(self, task_id: UUID | None) -> None:
        if task_id is not None:
            motion = self._motion
            motion.store.task_done(task_id, motion.actor_id, motion.clock.now())
