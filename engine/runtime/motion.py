"""The instances that one command sets in motion: fetched, started, and written together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.execution.effects import Happening
from engine.execution.errors import EndlessLoop
from engine.execution.machine import Execution
from engine.execution.standing import standing
from engine.feel.values import copied
from engine.keys import new_key
from engine.runtime.catalogue import Catalogue, StartPoint
from engine.runtime.store import Instance, InstanceStore, Recorded
from engine.runtime.undoing import Beyond, Memory

MOST_STARTED = 1_200
"""How many instances one command may start: processes that start each other never end."""

Identity = Callable[[str], Mapping[str, Any]]
"""What every process with a business key begins with; given by who knows what the key means."""


class Motion:
    """What a command touched, in the order it came to it, until all of it is written."""

    def __init__(
        self,
        store: InstanceStore,
        catalogue: Catalogue,
        clock: Clock,
        actor_id: UUID | None,
        identity: Identity | None = None,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
        self.actor_id = actor_id
        self._identity = identity
        self._touched: dict[UUID, Instance] = {}
        self._happened: list[Recorded] = []
        self._started = 0
        self._begun: set[UUID] = set()
        self._memory: Memory | None = None

    def remember(self) -> Memory:
        """What is touched from now on, as it is when it is come to."""
        self._memory = Memory()
        return self._memory

    def beyond(self, what: Beyond) -> None:
        """Something was done that cannot be taken back."""
        if self._memory is not None:
            self._memory.beyond.add(what)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What begins in here never began if it fails, as nothing that it wrote is written."""
        known = set(self._touched)
        try:
            yield
        except Exception:
            for instance_id in self._begun - known:
                del self._touched[instance_id]
                if self._memory is not None:
                    del self._memory.before[instance_id]
            self._begun &= known
            raise

    @property
    def instances(self) -> list[Instance]:
        """Everything touched so far."""
        return list(self._touched.values())

    def touch(self, instance_id: UUID) -> Instance:
        """The instance, from now on part of what is settled and written.

        Raises:
            InstanceNotFound: there is no such instance.
        """
        if instance_id not in self._touched:
            instance = self._touched[instance_id] = self.store.get(instance_id)
            instance.execution.pauses = True
            instance.execution.come_to()
            if self._memory is not None:
                self._memory.touched(instance)
        return self._touched[instance_id]

    def start_at(
        self, point: StartPoint, variables: Mapping[str, Any], business_key: str | None
    ) -> Instance:
        """Start beside what runs already: its end is not the end of its trajectory.

        Whose process it is follows from the business key, whatever the variables say.
        """
        known = self._identity(business_key) if self._identity and business_key else {}
        return self.start(
            point.package_version,
            point.process_id,
            {**variables, **known},
            business_key,
            point.element_id,
            start_part=point.part,
            beside=True,
        )

    def start(
        self,
        version: str,
        process_id: str,
        variables: Mapping[str, Any],
        business_key: str | None,
        start_id: str | None,
        *,
        start_part: int | None = None,
        parent: Instance | None = None,
        token_id: UUID | None = None,
        beside: bool = False,
    ) -> Instance:
        """Start an instance at its none start event, or at the triggered one ``start_id``.

        Raises:
            EndlessLoop: one command started more than ``MOST_STARTED`` instances.
        """
        self._started += 1
        if self._started > MOST_STARTED:
            raise EndlessLoop(
                f"Dit zette meer dan {MOST_STARTED} processen tegelijk in gang.",
                "Kijk of een proces zichzelf aanroept of met een bericht opnieuw begint.",
                process=process_id,
            )
        now, instance_id = self.clock.now(), new_key()
        instance = Instance(
            id=instance_id,
            package_key=self.catalogue.package(version).key,
            package_version=version,
            process_id=process_id,
            business_key=business_key,
            root_id=parent.root_id if parent else instance_id,
            parent_id=parent.id if parent else None,
            parent_token_id=token_id,
            is_main=parent is None and not beside,
            execution=Execution.start(
                self.catalogue.definition(version, process_id),
                plain(variables),
                now,
                start_id=start_id,
                start_part=start_part,
                has_parent=parent is not None,
                pauses=True,
            ),
            created_at=now,
        )
        self._touched[instance_id] = instance
        self._begun.add(instance_id)
        if self._memory is not None:
            self._memory.began(instance)
        self.store.add(instance)
        return instance

    def happened(self, instance: Instance, happening: Happening) -> None:
        """Remember a line for the audit, in the order things happened in all instances."""
        place = instance.id, instance.process_id, instance.business_key
        self._happened.append(Recorded(*place, happening))

    def show(self) -> None:
        """Let what was opened earlier in this transaction be found by its projections."""
        for instance in self._touched.values():
            self.store.show(instance, standing(instance.execution))

    def write(self) -> None:
        """Write state, projections and audit of all; nothing is touched after that."""
        for instance in self._touched.values():
            self.store.save(instance, standing(instance.execution))
        self.store.record(self._happened, self.actor_id)
        self._touched, self._happened, self._started = {}, [], 0
        self._begun.clear()


def plain(variables: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy of variables in FEEL's value types, so that nothing is shared by reference."""
    own_copy: dict[str, Any] = copied(dict(variables))
    return own_copy
