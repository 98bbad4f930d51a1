"""De Brug at work with a short method that leads on into the full one, on a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.definitions.published import publication
from engine.families.casework import Casework
from engine.families.models import Trajectory
from engine.families.rights.visibility import READ_EARLIER
from engine.families.services import relation_to
from engine.runtime.models import UserTask
from tests.leading_on import leading, receiving
from tests.region import Region, form, region
from tests.rows import rows_of


@dataclass
class Office:
    """De Brug with a short method that leads on, and the full one."""

    database: Engine
    people: Region
    casework: Casework
    first: UUID

    def done(self, element_id: str, name: str = "paula") -> None:
        with Session(self.database) as session:
            task_id = session.scalars(
                select(UserTask.id).where(
                    UserTask.element_id == element_id, UserTask.status == "open"
                )
            ).one()
        self.people.clock.advance_to(self.people.now + timedelta(hours=1))
        self.casework.complete_task(self.people.actor(name), task_id, {"gezegd": "ja"})

    def again(self, name: str = "paula", **more: Any) -> UUID:
        actor = self.people.actor(name)
        more.setdefault("after", self.first)
        ref = self.casework.refer(actor, "volledig", "start", {"gezegd": "terug"}, **more)
        return ref.trajectory_id

    def rows(self, model: type[Any], **wanted: Any) -> list[Any]:
        with Session(self.database) as session:
            return list(session.scalars(rows_of(model).filter_by(**wanted)))

    def next(self) -> Trajectory:
        [one] = self.rows(Trajectory, package_key="volledig")
        return one

    def relation(self, name: str, trajectory_id: UUID | None = None) -> str | None:
        with Session(self.database) as session:
            actor = self.people.actor(name)
            found = relation_to(session, actor, trajectory_id or self.first, self.people.now)
        return None if found is None else found.basis

    def says(self, decision: str) -> None:
        self.people.clock.advance_to(self.people.now + timedelta(minutes=1))
        given = {"toestemming.gever": "moeder", "toestemming.doel": READ_EARLIER}
        answer = form({**given, "toestemming.besluit": decision})
        self.people.file().record(self.next().id, answer, self.people.now)
        self.people.session.commit()


@contextmanager
def leading_office(database: Engine) -> Iterator[Office]:
    """A family that was just referred to the short method; Wilma is to work for it."""
    with Session(database, expire_on_commit=False) as session:
        people = region(session)
        methods = [leading(twice=True, person=str(people.users["wilma"])), receiving()]
        publication.publish_all(session, methods, at=people.now)
        session.commit()
        casework = Casework(database, people.clock)
        ref = casework.refer(people.actor("paula"), "kort", "aanmelding", {"gezegd": "nieuw"})
        people.clock.advance_to(people.now + timedelta(hours=1))
        yield Office(database, people, casework, ref.trajectory_id)
