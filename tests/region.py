"""A small region to test in: a chain with two running organisations, a partner, and its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from engine.access.actors import Actor, actor_of
from engine.access.models import (
    Chain,
    ChainMembership,
    Organisation,
    RoleAssignment,
    SystemRole,
    User,
)
from engine.access.people import add_user, assign_role
from engine.clock import VirtualClock
from engine.families.file.database import SqlFamilyFile
from engine.families.file.submissions import Submission
from engine.store.base import Base

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""A Monday, 09:00 in the Netherlands."""


@dataclass
class Region:
    """Organisations and people by short names; ``file`` and ``open`` make trajectories."""

    session: Session
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    organisations: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def actor(self, name: str) -> Actor:
        return actor_of(self.session, self.users[name], self.now)

    def file(self, name: str | None = None, **more) -> SqlFamilyFile:
        actor = self.actor(name) if name else None
        more.setdefault("organisation_id", self.organisations["brug"])
        return SqlFamilyFile(self.session, actor, self.clock, **more)

    def open(self, family: str = "Familie Ahmadi", *, organisation: str = "brug", **bindings):
        """A trajectory of a new family, referred by the public."""
        file = self.file(organisation_id=self.organisations[organisation])
        return file.open_trajectory(
            package_key="tussen-in",
            package_version="0" * 64,
            channel="aanmelding-professional",
            submission=form({"gezin.naam": family, **bindings}, form_id="aanmelding"),
            at=self.now,
        )

    def add_person(self, name: str, role: SystemRole | None, organisation: str) -> UUID:
        user = add_user(
            self.session,
            name=name.title(),
            email=f"{name}@{organisation}.example",
            organisation_id=self.organisations[organisation],
            at=self.now,
        )
        if role is not None:
            assign_role(self.session, user.id, role, self.organisations[organisation], at=self.now)
        self.users[name] = user.id
        return user.id


def region(session: Session) -> Region:
    """De Brug and De Haven run trajectories in one chain; De Verte is outside it."""
    made = Region(session)
    chain = Chain(id=uuid4(), name="Keten Noord")
    places, members, people, roles = list[Base](), list[Base](), list[Base](), list[Base]()
    for key, name, kind, runs, member in (
        ("brug", "De Brug", "uitvoerder", True, True),
        ("haven", "De Haven", "uitvoerder", True, True),
        ("schuld", "Schuldhulp Noord", "schuldhulp", False, True),
        ("gemeente", "Gemeente", "gemeente", False, True),
        ("verte", "De Verte", "uitvoerder", True, False),
    ):
        made.organisations[key] = place = uuid4()
        places.append(Organisation(id=place, name=name, kind=kind, is_runner=runs))
        if member:
            joined = {"organisation_id": place, "since": made.now}
            members.append(ChainMembership(chain_id=chain.id, **joined))
    for name, role, organisation in (
        ("wilma", SystemRole.WORKER, "brug"),
        ("wouter", SystemRole.WORKER, "brug"),
        ("paula", SystemRole.PROJECT_LEADER, "brug"),
        ("hanna", SystemRole.WORKER, "haven"),
        ("harm", SystemRole.PROJECT_LEADER, "haven"),
        ("cora", SystemRole.COORDINATOR, "gemeente"),
        ("verena", SystemRole.COORDINATOR, "verte"),
        ("olga", SystemRole.PROCESS_OWNER, "brug"),
        ("adam", SystemRole.ADMINISTRATOR, "brug"),
        ("niels", None, "brug"),
        ("petra", SystemRole.PARTNER, "schuld"),
        ("vincent", SystemRole.PARTNER, "verte"),
    ):
        made.users[name], place = uuid4(), made.organisations[organisation]
        person = User(
            id=made.users[name], name=name.title(), email=f"{name}@{organisation}.example",
            organisation_id=place, created_at=made.now,
        )  # fmt: skip
        people.append(person)
        if role is not None:
            held = {"user_id": person.id, "organisation_id": place, "since": made.now}
            roles.append(RoleAssignment(role=role, **held))
    for rows in ([chain], places, members, people, roles):
        session.add_all(rows)
        session.flush()  # a table at a time: nearly every test begins with it
    return made


def form(
    bindings: dict[str, object] | None = None, *, form_id: str = "contactverslag", **more
) -> Submission:
    """A submitted form with these bound answers."""
    more.setdefault("submission_id", uuid4())
    return Submission(
        form_id=form_id,
        form_name=form_id.capitalize(),
        answers={path.replace(".", "_"): value for path, value in (bindings or {}).items()},
        bindings=bindings or {},
        **more,
    )
