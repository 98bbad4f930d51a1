"""One family referred to De Brug by the practice method, and the people who work there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import AccessLogEntry
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.families.file.port import TrajectoryRef
from engine.families.models import DocumentDraft
from engine.runtime.sweep import Sweep
from engine.store.unit_of_work import UnitOfWork
from tests.practice import Practice
from tests.region import Region, region


@dataclass
class Office:
    """The people of the region at work on the practice method."""

    practice: Practice
    people: Region
    casework: Casework
    ref: TrajectoryRef

    def actor(self, name: str) -> Actor:
        return self.people.actor(name)

    def complete(self, name: str, element_id: str, answers: dict[str, Any], **more: Any) -> UUID:
        """Complete the one open task of an element; its id."""
        (task_id,) = self.practice.open_tasks(element_id)
        self.casework.complete_task(self.actor(name), task_id, answers, **more)
        return task_id

    def log(self) -> list[tuple[str, str]]:
        """Action and outcome of every line of the access log."""
        with Session(self.practice.database) as session:
            rows = session.execute(
                select(AccessLogEntry.action, AccessLogEntry.outcome).order_by(AccessLogEntry.id)
            )
            return [(row.action, row.outcome) for row in rows]

    def count(self, model: type[Any]) -> int:
        return len(self.practice.rows(model))

    def sweep(self) -> int:
        clock = self.practice.clock
        return Sweep(self.practice.database, clock, lambda s: sweep_runtime(s, clock)).run_once()

    def until_contact(self) -> None:
        """Let the family come into the rhythm of contacts."""
        self.complete("wilma", "kennismaken", {"keuze": "ja"})


@pytest.fixture
def office(engine_db: Engine) -> Iterator[Office]:
    practice = Practice(engine_db)
    practice.publish()
    with Session(engine_db, expire_on_commit=False) as session:
        people = region(session)
        practice.clock = people.clock
        session.commit()
        casework = Casework(engine_db, practice.clock)
        ref = casework.refer(people.actor("paula"), "proef", "aanmelding", {"naam": "Familie A"})
        people.file().involve(
            ref.trajectory_id, "vertrouwenspersoon", people.users["wilma"], beside=False,
            at=people.now,
        )  # fmt: skip
        session.commit()
        yield Office(practice, people, casework, ref)


@pytest.fixture
def halfway(office):
    """The family in the rhythm of contacts, its task claimed and half filled in."""
    office.until_contact()
    (task_id,) = office.practice.open_tasks("contactmoment")
    office.casework.claim(office.actor("wilma"), task_id)
    draft = DocumentDraft(
        task_id=task_id,
        user_id=office.people.users["wilma"],
        trajectory_id=office.ref.trajectory_id,
        answers={"soort": "telefoon"},
        updated_at=office.people.now,
    )
    with UnitOfWork(office.practice.database) as session:
        session.add(draft)
    office.people.session.commit()
    return office
