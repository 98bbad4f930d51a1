"""A play saved as a scenario plays the same, in words that hold on another day too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from engine.definitions.neighbours import packages_beside
from engine.definitions.packages import load_package
from engine.simulation.errors import PlayRefused
from engine.simulation.plays.as_scenario import Wording, duration_in_words, scenario_of
from engine.simulation.plays.moves import Move
from engine.simulation.plays.outcomes import scenario_result
from engine.simulation.plays.recording import moves_of
from engine.simulation.plays.replaying import replay
from engine.simulation.scenario import read_scenario
from engine.simulation.wording import later, read_duration
from tests.unit.simulation.plays.test_playing_by_hand import (
    BEGIN,
    METHOD,
    REFERRAL,
    package,
    task,
    wait,
)


def saved(moves: list[Move]) -> dict:
    return yaml.safe_load(scenario_of(replay(package(), (), BEGIN, moves), Wording("Zo gaat het")))


def test_a_play_becomes_steps_and_what_is_expected_at_its_end():
    found = saved([REFERRAL, wait(days=1), wait(days=4), task("herinner")])
    assert found["naam"] == "Zo gaat het"
    assert found["formulier"] == {"gezinsnaam": "Proefgezin"}
    assert found["stappen"] == [
        {"wacht": "4 dagen"},
        {"taak": "herinner"},
        {"verwacht": {"taken": ["bezoek"], "status": "aangemeld"}},
    ]


def test_what_was_saved_passes_when_it_is_played():
    moves = [REFERRAL, wait(days=4), task("herinner"), task("bezoek")]
    text = scenario_of(replay(package(), (), BEGIN, moves), Wording("Zo gaat het"))
    assert scenario_result(package(), (), "scenarios/x.yaml", text.encode()).passed


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("2026-01-05", "@vandaag"),
        ("2026-01-19", "@vandaag+14 dagen"),
        ("2026-01-04", "@vandaag-1 dag"),
        ("2019-03-02", "2019-03-02"),
        ("2026-01-05T09:00", "@nu"),
        ("2026-01-05T14:30", "2026-01-05T14:30"),
        ("gewoon een tekst: met van alles", "gewoon een tekst: met van alles"),
        ("2026-13-99", "2026-13-99"),
    ],
)
def test_dates_near_the_moment_are_written_as_a_distance_from_it(answer: str, written: str):
    moves = [Move("ingang", "aanmelding", answers={"gezinsnaam": answer})]
    assert saved(moves)["formulier"] == {"gezinsnaam": written}


def test_an_invented_person_is_written_as_a_role():
    world = replay(package(), (), BEGIN, []).world
    moves = [Move("ingang", "aanmelding", answers={"gezinsnaam": world.person("werker", 2)})]
    assert saved(moves)["formulier"] == {"gezinsnaam": "@werker-2"}


@pytest.mark.parametrize(
    "span",
    [
        timedelta(weeks=3),
        timedelta(days=1),
        timedelta(hours=5),
        timedelta(days=2, hours=3, minutes=7),
        timedelta(seconds=90),
        timedelta(days=100, seconds=1),
    ],
)
@pytest.mark.parametrize("start", [BEGIN, datetime(2026, 3, 28, 12, tzinfo=UTC)])
def test_a_waiting_leads_to_the_same_instant_also_over_a_change_of_summer_time(
    span: timedelta, start: datetime
):
    assert later(start, read_duration(duration_in_words(start, start + span))) == start + span


def test_nothing_played_or_a_play_that_cannot_go_on_is_refused():
    for moves in ([], [REFERRAL, task("nergens")]):
        with pytest.raises(PlayRefused):
            scenario_of(replay(package(), (), BEGIN, moves), Wording("x"))


@pytest.mark.parametrize("file", ["gezin-wil-niet", "andere-vertrouwenspersoon"])
def test_a_scenario_of_the_full_method_survives_being_played_and_saved_again(file: str):
    method = load_package(METHOD)
    others = packages_beside(METHOD).packages
    raw = method.scenarios[f"scenarios/{file}.yaml"]
    scenario = read_scenario(raw, file)
    moves, _played = moves_of(scenario, method, others)
    text = scenario_of(replay(method, others, scenario.begin, moves), Wording("Nog eens"))
    again = scenario_result(method, others, f"scenarios/{file}.yaml", text.encode())
    first = scenario_result(method, others, f"scenarios/{file}.yaml", raw)
    assert again.passed, (again.error, [o.text for o in again.outcomes if not o.held])
    assert again.reached == first.reached
