"""The storm: processes of every kind on one PostgreSQL, and what befalls them.

Afterwards everything is left in peace until all instances have ended, and the checker has the last
word. It looks in between too, whenever every process has just been killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from sqlalchemy.orm import Session

from engine.access.models import SystemRole
from engine.access.people import add_organisation, add_user, assign_role
from engine.clock import SystemClock
from engine.definitions.published.publication import publish
from engine.runtime.outward import ATTEMPTS, FIRST_WAIT
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade
from engine.store.settings import set_number
from tests.chaos import aftermath
from tests.chaos.aftermath import UNDER_WAY, connected, number
from tests.chaos.blows import Blows
from tests.chaos.diagram import storm_package
from tests.chaos.plan import Outcome, Plan
from tests.chaos.processes import Person, Processes, closing_file

PASSWORD = "weer of geen weer"
EARLIER = timedelta(days=2)
"""What was there before any clock of the storm can tell."""


class Storm:
    """One storm in a folder of its own; as a context manager it leaves no process behind."""

    def __init__(self, var: Path, plan: Plan, tell: Callable[[str], None] = lambda _: None) -> None:
        self.var, self.plan, self._tell = var, plan, tell
        self.outcome = Outcome()
        (self.var / "logs").mkdir(parents=True)
        self.processes = Processes(var, plan)
        self._blows = Blows(var, plan, self.processes, self.attach)
        self._servers: list[EmbeddedServer] = []

    def __enter__(self) -> Storm:
        self.attach()
        self._set_up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.processes.kill_all()
        for server in self._servers:
            server.release()

    def run(self) -> Outcome:
        """The storm with looks in between, the calm after it, and the last look."""
        parts = self.plan.looks + 1
        for part in range(parts):
            self.processes.start_all()
            self._blows.fall(self.plan.seconds / parts)
            self.processes.go_on()
            if part == 0:
                self._keep()
            if part < parts - 1:
                self.processes.kill_all()
                self.look(f"look {part + 1}")
        self.calm()
        self.processes.kill_all()
        self.look("end")
        self.outcome.wrong += aftermath.put_back(self.var, self.var / "kept.zip", self.plan.pace)
        return self.summed_up()

    def summed_up(self) -> Outcome:
        """What befell and what came of it."""
        self.outcome.numbers, problems = aftermath.counts(self.var)
        self.outcome.wrong += self._blows.wrong + problems
        self.outcome.blows += self._blows.counted
        return self.outcome

    def look(self, when: str) -> None:
        """Let the checker and the doctor look; every process has been killed before."""
        found = aftermath.look(self.var, self.plan.pace)
        with connected(self.var) as connection:
            alive = number(connection, UNDER_WAY)
        self._tell(f"{when}: {alive} instances under way, {len(found)} things wrong")
        self.outcome.wrong += [f"{when}: {line}" for line in found]

    def _keep(self) -> None:
        """A backup while everybody works."""
        aftermath.keep(self.var, self.var / "kept.zip")
        self.outcome.blows["backup"] += 1

    def attach(self) -> None:
        """Start the database where it does not run."""
        server = EmbeddedServer(self.var)
        server.attach()
        self._servers.append(server)

    def _set_up(self) -> None:
        engine, at = open_engine(None, self.var), SystemClock().now() - EARLIER
        upgrade(engine)
        people = []
        with Session(engine) as session:
            place = add_organisation(
                session, name="De Storm", kind="uitvoerder", at=at, is_runner=True
            )
            for number_ in range(self.plan.commanders + self.plan.visitors):
                email = f"wilma{number_}@storm.example"
                user = add_user(
                    session, name=f"Wilma {number_}", email=email, organisation_id=place.id, at=at,
                    password=PASSWORD,
                )  # fmt: skip
                assign_role(session, user.id, SystemRole.WORKER, place.id, at=at)
                people.append(Person(str(user.id), email, PASSWORD))
            leader = add_user(
                session, name="Leida", email="leida@storm.example", organisation_id=place.id, at=at
            )
            assign_role(session, leader.id, SystemRole.PROJECT_LEADER, place.id, at=at)
            # a mail server that is away for long must not become an incident
            set_number(session, FIRST_WAIT, 2, since=at, source="the storm")
            set_number(session, ATTEMPTS, 100, since=at, source="the storm")
            publish(session, storm_package(self.plan.pace), at=at)
            session.commit()
        close_engine(engine)
        self.processes.introduce(people)

    def calm(self) -> None:
        """Wait until all have started and ended; whoever does not is left standing."""
        closing_file(self.var).touch()
        self.processes.agree()
        began = time.monotonic()
        while time.monotonic() < began + self.plan.calm_seconds:
            self._blows.mourn()
            with connected(self.var) as connection:
                alive = number(connection, UNDER_WAY)
                known = number(connection, "SELECT count(*) FROM trajectories")
            if known >= self.plan.instances and not alive:
                self._tell(f"calm: all ended after {time.monotonic() - began:.1f} s")
                return
            time.sleep(0.2)
        self.outcome.wrong.append(
            f"{alive} instances of {known} trajectories ({self.plan.instances} referred) had not "
            f"ended {self.plan.calm_seconds:g} s after the storm"
        )
