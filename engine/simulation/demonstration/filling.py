"""Fills the demonstration by playing scenarios under a virtual clock up to today.

Every family is one transaction under a known submission id: a filling that was broken off goes on
where it stopped, and nothing comes twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.clock import BUSINESS_ZONE, Clock
from engine.definitions.packages import Package, load_package
from engine.definitions.publication import publish
from engine.families.documents import of_submission
from engine.simulation.demonstration import people
from engine.simulation.demonstration.families import FamilyPlan, plans
from engine.simulation.errors import ScenarioFailed
from engine.simulation.player import play
from engine.simulation.scenario import Scenario
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from engine.store.unit_of_work import UnitOfWork

REGION = Path(__file__).with_name("region.toml")
OFFICE_OPENS = 9


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the filling is."""

    done: int
    total: int


class Demonstration:
    """The demonstration region on a database."""

    def __init__(self, database: Engine, clock: Clock, package_folder: Path) -> None:
        self._database = database
        self._now = clock.now()
        self._package_folder = package_folder
        self._region: Mapping[str, Any] = tomllib.loads(REGION.read_text("utf-8"))

    @property
    def password(self) -> str:
        """The shared password of the demonstration's users."""
        return str(self._region["wachtwoord"])

    def fill(self, tell: Callable[[Progress], None]) -> int:
        """Fill what is missing; how many families were made now.

        Raises:
            ScenarioFailed: a scenario of the package cannot be played on the database.
        """
        package = load_package(self._package_folder)
        since = self._now - timedelta(days=self._region["sinds_dagen"])
        with UnitOfWork(self._database) as session:
            if not people.exists(session, self._region):
                people.settle(session, self._region, since)
            publish(session, package, at=since, by=None, reason="Demonstratie")
        scenarios = {_stem(s.file): s for s in scenarios_of(package)}
        families = list(plans(self._region))
        made = 0
        for done, plan in enumerate(families, start=1):
            with UnitOfWork(self._database) as session:
                made += self._play(session, package, scenarios[plan.scenario], plan)
            tell(Progress(done, len(families)))
        return made

    def _play(
        self, session: Session, package: Package, scenario: Scenario, plan: FamilyPlan
    ) -> int:
        submission_id = uuid5(NAMESPACE_OID, f"demonstratie:{plan.index}")
        if of_submission(session, submission_id) is not None:
            return 0
        # a demonstration that loses its last family in a power cut is refilled at the next start
        session.execute(text("SET LOCAL synchronous_commit TO OFF"))
        begin = _office_hours(self._now - plan.age)
        choices = people.runners(session, self._region)
        organisation = choices[plan.index % len(choices)]
        world = StoredWorld(
            session,
            package,
            begin,
            people.directory(session, package, organisation.id, plan.index, begin),
            organisation.id,
            submission_id=submission_id,
        )
        told = replace(scenario, answers=plan.rename(scenario.answers), steps=tuple(
            step for step in scenario.steps if step.kind != "verwacht"
        ))  # fmt: skip
        silent_from = self._now - plan.silent if plan.silent is not None else None
        result = play(told, world, begin=begin, until=self._now, silent_from=silent_from)
        if result.error is not None:
            raise ScenarioFailed(
                f"De demonstratie kan {scenario.file} niet spelen: {result.error.message}",
                result.error.remedy,
                family=plan.index,
            )
        return 1


def _office_hours(moment: datetime) -> datetime:
    local = moment.astimezone(BUSINESS_ZONE)
    local -= timedelta(days=max(0, local.weekday() - 4))
    return local.replace(hour=OFFICE_OPENS, minute=0, second=0, microsecond=0)


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
