"""The Rotterdam method on the database: what it records stands in the family file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.families.file.support import score_lines, support_periods
from engine.families.models import NetworkMember, PlanGoal, Trajectory
from engine.simulation.demonstration.families import FamilyPlan
from engine.simulation.demonstration.filling import play_family
from engine.store.unit_of_work import UnitOfWork
from tests import methods

KEY = "probleemoplossend-werken"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _plan(scenario: str, days: int) -> FamilyPlan:
    return FamilyPlan(
        index=0,
        package=KEY,
        scenario=scenario,
        age=timedelta(days=days),
        silent=None,
        surname="Testma",
        mother="Naima",
        father="Karim",
        children=("Sara", "Adam", "Noor", "Sem"),
        language="Darija",
    )


def _play(engine: Engine, scenario: str, days: int) -> None:
    found = methods.scenario(KEY, scenario)
    with UnitOfWork(engine) as session:
        play_family(session, methods.package(KEY), found, _plan(scenario, days), NOW)


def _trajectory(session: Session) -> Trajectory:
    return session.scalars(select(Trajectory)).one()


def test_stut_en_steun_goes_on_without_an_end(methods_db: Engine) -> None:
    _play(methods_db, "casus-d", days=600)
    with UnitOfWork(methods_db) as session:
        trajectory = _trajectory(session)
        assert (trajectory.status, trajectory.phase) == ("running", "stut en steun")
        [period] = support_periods(session, trajectory.id)
        assert (period.kind, period.until) == ("stut-en-steun", None)
        lines = score_lines(session, trajectory.id)
        assert {(line.instrument, line.scorer) for line in lines} >= {
            ("schaalvraag", "gezin"),
            ("schaalvraag", "werker"),
            ("ernsttaxatie", "werker"),
            ("hulpverleners", "werker"),
        }
        goals = session.scalars(select(PlanGoal)).all()
        assert all(goal.view_family and goal.view_worker for goal in goals)
        assert {one.influence for one in session.scalars(select(NetworkMember))} >= {"goed"}


@pytest.mark.parametrize(
    ("scenario", "outcome", "kinds"),
    [
        ("casus-c", "afgesloten", ["basis-op-orde"]),
        ("casus-e", "doorverwezen", []),
        ("terugval-in-nazorg", "afgesloten", ["basis-op-orde", "nazorg"]),
    ],
)
def test_a_family_that_is_done_keeps_what_it_had(
    methods_db: Engine, scenario: str, outcome: str, kinds: list[str]
) -> None:
    _play(methods_db, scenario, days=500)
    with UnitOfWork(methods_db) as session:
        trajectory = _trajectory(session)
        assert (trajectory.status, trajectory.outcome) == ("closed", outcome)
        periods = support_periods(session, trajectory.id)
        assert [one.kind for one in periods] == kinds
        assert all(one.until is not None for one in periods)
        if scenario == "terugval-in-nazorg":
            states = {goal.goal: goal.status for goal in session.scalars(select(PlanGoal))}
            assert states == {"De post is open": "behaald", "Op tijd op school": "niet"}


def test_who_returns_takes_up_goals_of_then(methods_db: Engine) -> None:
    _play(methods_db, "terug-met-doelen-van-toen", days=320)
    with UnitOfWork(methods_db) as session:
        before, again = session.scalars(select(Trajectory).order_by(Trajectory.started_at)).all()
        assert (before.status, again.status, again.previous_id) == ("closed", "running", before.id)
        goals = session.scalars(select(PlanGoal)).all()
        assert {g.goal: g.status for g in goals if g.trajectory_id == before.id} == {
            "De post is open": "behaald",
            "Op tijd op school": "niet",
        }
        taken_up = [goal for goal in goals if goal.trajectory_id == again.id]
        assert {goal.status for goal in taken_up} == {"open"}
        assert len(taken_up) == 2
        assert all(goal.reopened_at and goal.view_family for goal in taken_up)
