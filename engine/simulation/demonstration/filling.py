"""Fills the demonstration by playing scenarios under a virtual clock up to today.

Every family is one transaction under a known submission id: a filling that was broken off goes on
where it stopped, and nothing comes twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.access.register import person_with
from engine.clock import BUSINESS_ZONE
from engine.definitions.neighbours import folders_in
from engine.definitions.packages import Package, load_package
from engine.definitions.published import owners
from engine.definitions.published.publication import all_latest, publish_all
from engine.families.file.documents import of_submission
from engine.simulation.demonstration import people
from engine.simulation.demonstration.families import FamilyPlan, plans
from engine.simulation.errors import ScenarioFailed
from engine.simulation.player import play
from engine.simulation.scenario import Scenario
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from engine.store.database import open_engine
from engine.store.unit_of_work import UnitOfWork

REGION = Path(__file__).with_name("region.toml")
OFFICE_OPENS, OFFICE_CLOSES = 9, 17
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the filling is."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The demonstration region on a database.

    Attributes:
        now: how far families are played (UTC).
        tree: the folder with all packages.
    """

    database: Engine
    now: datetime
    tree: Path

    @property
    def region(self) -> Mapping[str, Any]:
        """What is invented: parties, people, names, how far families are."""
        return tomllib.loads(REGION.read_text("utf-8"))

    @property
    def password(self) -> str:
        """The shared password of the demonstration's users."""
        return str(self.region["wachtwoord"])

    def fill(self, tell: Callable[[Progress], None], *, processes: int = 2) -> int:
        """Fill what is missing, in some processes at once; how many families were made now.

        Raises:
            ScenarioFailed: a scenario of the package cannot be played on the database.
        """
        region = self.region
        packages = [load_package(folder) for folder in folders_in(self.tree)]
        since = self.now - timedelta(days=region["sinds_dagen"])
        with UnitOfWork(self.database) as session:
            new = not people.exists(session, region)
            if new:
                people.settle(session, region, since)
            in_use = {row.version for row in all_latest(session)}
            if any(package.version not in in_use for package in packages):
                publish_all(session, packages, at=since, by=None, reason="Demonstratie")
            if new:
                owner = person_with(session, region["eigenaar"]).id
                for package in packages:
                    owners.name_owner(session, package.key, owner, at=since, by=None)
            missing = [
                plan for plan in plans(region) if of_submission(session, plan.submission_id) is None
            ]
        if not missing:
            return 0
        url = self.database.url.render_as_string(hide_password=False)
        play_one = partial(_play_in_process, url, self.now, self.tree)
        # long ones first, so that no process is left with one at the end
        missing.sort(key=lambda plan: plan.age, reverse=True)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            for done, _ in enumerate(pool.map(play_one, missing), start=1):
                tell(Progress(done, len(missing)))
        return len(missing)


@cache
def _ready(url: str, tree: Path) -> Engine:
    return open_engine(url, tree)


@cache
def _method(tree: Path, key: str) -> tuple[Package, Mapping[str, Scenario]]:
    found = (load_package(folder) for folder in folders_in(tree))
    package = next(package for package in found if package.key == key)
    return package, {_stem(s.file): s for s in scenarios_of(package)}


def _play_in_process(url: str, now: datetime, tree: Path, plan: FamilyPlan) -> None:
    package, scenarios = _method(tree, plan.package)
    with UnitOfWork(_ready(url, tree)) as session:
        play_family(session, package, scenarios[plan.scenario], plan, now)


def play_family(
    session: Session, package: Package, scenario: Scenario, plan: FamilyPlan, now: datetime
) -> None:
    """Play one family up to ``now`` (UTC) in the caller's transaction.

    Raises:
        ScenarioFailed: its scenario cannot be played.
    """
    # a demonstration that loses its last family in a power cut is refilled at the next start
    session.execute(text("SET LOCAL synchronous_commit TO OFF"))
    region = tomllib.loads(REGION.read_text("utf-8"))
    begin = _referral_day(now - plan.age, plan.index)
    choices = people.runners(session, region)
    organisation = choices[plan.index % len(choices)]
    world = StoredWorld(
        session,
        package,
        begin,
        people.directory(session, package, organisation.id, plan.index, begin),
        organisation.id,
        submission_id=plan.submission_id,
    )
    steps = tuple(step for step in scenario.steps if step.kind != "verwacht")
    told = replace(scenario, answers=plan.rename(scenario.answers), steps=steps)
    silent_from = now - plan.silent if plan.silent is not None else None
    result = play(
        told, world, begin=begin, until=now, silent_from=silent_from, at_work=office_hours
    )
    if result.error is not None:
        raise ScenarioFailed(
            f"De demonstratie kan {scenario.file} niet spelen: {result.error.message}",
            result.error.remedy,
            family=plan.index,
        )


def _referral_day(moment: datetime, index: int) -> datetime:
    local = moment.astimezone(BUSINESS_ZONE)
    local -= timedelta(days=max(0, local.weekday() - FRIDAY))
    hour = OFFICE_OPENS + index % (OFFICE_CLOSES - OFFICE_OPENS)
    return local.replace(hour=hour, minute=index * 7 % 60, second=0, microsecond=0)


def office_hours(moment: datetime) -> datetime:
    """The same moment if people work then; else an hour of the next working day (UTC)."""
    local = moment.astimezone(BUSINESS_ZONE)
    if OFFICE_OPENS <= local.hour < OFFICE_CLOSES and local.weekday() <= FRIDAY:
        return moment
    if local.hour >= OFFICE_OPENS:
        local += timedelta(days=1)
    while local.weekday() > FRIDAY:
        local += timedelta(days=1)
    hours = OFFICE_CLOSES - OFFICE_OPENS
    hour = OFFICE_OPENS + (local.toordinal() + local.minute) % hours
    return max(moment, local.replace(hour=hour).astimezone(UTC))


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
