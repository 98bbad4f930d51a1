"""``ketenspoor incident`` on a whole database."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from click.testing import CliRunner

from engine.runtime.models import Incident
from tests.integration.casework.test_mending import Switch, still_open, stopped, switch
from webui.cli import cli

__all__ = ["switch"]


@pytest.fixture
def command(office, monkeypatch):
    url = office.practice.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    return lambda *options: CliRunner().invoke(cli, ["incident", *options])


def test_nothing_that_stands_still_is_said_so(command):
    result = command("list")
    assert (result.exit_code, result.stdout) == (0, "Geen incidenten.\n")
    assert json.loads(command("list", "--json").stdout) == {"incidents": []}


def test_the_list_tells_cause_place_and_mend(office, switch: Switch, command):
    one, _ = stopped(office, 2)
    told = command("list").stdout
    for text in (str(one.id), "koppeling/vraag", "connector-crashed", "1 keer", "2 incident(en)."):
        assert text in told
    found = json.loads(command("list", "--json", "--element", "vraag").stdout)["incidents"]
    assert {row["id"] for row in found} == {str(row.id) for row in still_open(office)}
    assert found[0]["attempts"] == 1
    assert found[0]["next_try_at"] > found[0]["raised_at"]  # tried again by itself
    assert json.loads(command("list", "--json", "--code", "iets-anders").stdout)["incidents"] == []


def test_incidents_are_tried_by_id_by_element_by_code_or_all(office, switch: Switch, command):
    one, two, three, four = stopped(office, 4)
    switch.working = {one.instance_id, two.instance_id}
    done = command("retry", str(one.id))
    assert (done.exit_code, "1 van 1 gaan verder." in done.stdout) == (0, True)
    some = command("retry", "--element", "vraag", "--json")
    counts = json.loads(some.stdout)["counts"]
    assert (some.exit_code, counts) == (1, {"went-on": 1, "stopped-again": 2})
    switch.working |= {three.instance_id, four.instance_id}
    assert command("retry", "--code", "connector-crashed").exit_code == 0
    assert command("retry", "--all").exit_code == 0
    assert still_open(office) == []
    assert len(office.practice.rows(Incident)) == 6


def test_what_is_solved_already_is_said_so(office, command):
    result = command("retry", str(uuid4()))
    assert (result.exit_code, "was al opgelost" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    "options", [(), ("--all", "--code", "x"), ("geen-nummer",), (str(uuid4()), "--all")]
)
def test_wrong_usage_gives_status_2(office, command, options):
    assert command("retry", *options).exit_code == 2
