"""``ketenspoor doctor`` on a whole database."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, text, update

from engine.families.models import Trajectory
from engine.runtime.models import ProcessInstance, UserTask
from engine.store.unit_of_work import UnitOfWork
from webui.cli import cli


@pytest.fixture
def doctor(office, monkeypatch):
    url = office.practice.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)

    def run(*options: str):
        return CliRunner().invoke(cli, ["doctor", *options])

    return run


def damage(office, statement) -> None:
    with UnitOfWork(office.practice.database) as session:
        session.execute(statement)


def rules(result) -> list[str]:
    return [found["rule"] for found in json.loads(result.stdout)["findings"]]


def test_a_sound_database_is_fine(doctor):
    result = doctor()
    assert (result.exit_code, "Alles klopt." in result.stdout) == (0, True)
    assert json.loads(doctor("--json").stdout) == {"healthy": True, "rebuilt": 0, "findings": []}


def test_findings_give_status_1_until_they_are_rebuilt(office, doctor):
    damage(office, delete(UserTask))
    found = doctor("--json")
    assert (found.exit_code, rules(found)) == (1, ["row-missing"])
    assert "kennismaken" in doctor().stdout
    assert doctor("--rebuild").exit_code == 0
    assert office.practice.open_elements() == ["kennismaken"]


def test_a_trajectory_that_nothing_runs_for_is_found(office, doctor):
    instance_id = office.practice.rows(ProcessInstance)[0].id
    damage(office, update(UserTask).values(status="cancelled"))
    damage(office, update(ProcessInstance).values(status="cancelled"))
    assert rules(doctor("--json")) == ["trajectory-without-instance"]
    assert str(office.ref.trajectory_id) in doctor().stdout
    assert str(instance_id) not in doctor().stdout


def test_a_trajectory_on_another_version_than_its_process_is_found(office, doctor):
    damage(office, update(Trajectory).values(package_version="0" * 64))
    assert rules(doctor("--json")) == ["version-differs"]


def test_a_task_on_another_version_than_its_process_is_found_and_rebuilt(office, doctor):
    damage(office, update(UserTask).values(package_version="0" * 64))
    assert rules(doctor("--json")) == ["row-differs"]
    assert doctor("--rebuild").exit_code == 0


def test_a_process_of_a_closed_trajectory_is_found(office, doctor):
    damage(office, update(Trajectory).values(status="closed"))
    assert rules(doctor("--json")) == ["instance-without-trajectory"]


def test_two_main_processes_of_one_trajectory_are_found(office, doctor):
    copied = (
        "INSERT INTO process_instances SELECT (jsonb_populate_record(one, jsonb_build_object("
        "'id', other, 'root_id', other))).* FROM process_instances one, gen_random_uuid() other"
    )
    damage(office, text(copied))
    assert "instance-twice" in rules(doctor("--json"))
