"""The tables of the light trajectory, the talk series and the crisis say what the sources say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from engine.definitions.packages import Package, load_package

TREE = Path(__file__).resolve().parents[3] / "processes"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LIGHT, TALKS, CRISIS = "tussen-in-licht", "korte-gesprekkenreeks", "crisis"


@cache
def package(key: str) -> Package:
    return load_package(TREE / key)


def decide(key: str, decision: str, **inputs: object):
    return package(key).evaluate_decision(decision, inputs, NOW)


def test_in_a_crisis_contact_and_action_are_due_within_two_days():
    for channel in package(CRISIS).entries:
        times = decide(CRISIS, "crisistijden", kanaal=channel, gevaarGemeld="nee")
        assert times["contactBinnen"] == timedelta(days=2)
        assert times["contactHerinnering"] < times["contactBinnen"] < times["coordinatorNa"]


def test_danger_to_children_makes_everything_faster():
    usual = decide(CRISIS, "crisistijden", kanaal="crisis-inloop", gevaarGemeld="nee")
    danger = decide(CRISIS, "crisistijden", kanaal="crisis-inloop", gevaarGemeld="ja")
    assert all(danger[name] <= usual[name] for name in usual)


@pytest.mark.parametrize(
    ("can", "families", "room"),
    [("ja", 9, "ruimte"), ("ja", 10, "vol"), ("nee", 0, "vol"), ("nee", 12, "vol")],
)
def test_the_team_and_the_caseload_say_whether_there_is_room(can, families, room):
    assert decide(CRISIS, "crisisruimte", kanErbij=can, aantalGezinnen=families) == room


@pytest.mark.parametrize(
    ("decision", "way"),
    [
        ("volledig-traject", ("tussen-in", "aanmelding-vervolg")),
        ("licht-traject", (LIGHT, "licht-vervolg")),
        ("gesprekkenreeks", (TALKS, "gesprekkenreeks-netwerk")),
    ],
)
def test_after_a_crisis_each_decision_leads_into_a_way_in_that_there_is(decision, way):
    found = decide(CRISIS, "vervolg-na-crisis", besluitNaCrisis=decision)
    assert (found["pakket"], found["ingang"]) == way
    assert way[1] in package(way[0]).entries


@pytest.mark.parametrize(
    ("key", "table", "name"),
    [(TALKS, "vervolg-na-reeks", "besluitReeks"), (LIGHT, "vervolg-na-licht", "besluitLicht")],
)
def test_talks_and_light_lead_into_the_full_trajectory(key, table, name):
    found = decide(key, table, **{name: "traject"})
    assert found["pakket"] == "tussen-in"
    assert found["ingang"] in package("tussen-in").entries


def test_the_talk_series_is_four_to_six_talks():
    norm = decide(TALKS, "gesprekkennorm", kanaal="gesprekkenreeks-gezin")
    rows = decide(TALKS, "contactritme", fase="gesprekken")
    assert (norm["minimaal"], max(row["tot"] for row in rows)) == (4, 6)
    assert "maximaal" not in norm, "the most stands in one table, that of the cadence"


@pytest.mark.parametrize(
    ("danger", "care", "knows", "money", "advice", "reason"),
    [
        ("nee", "nee", "nee", None, "past", "voldoet"),
        ("nee", "ja", "nee", None, "doorverwijzen", "hulp-loopt-goed"),
        ("nee", "nee", "ja", "nee", "doorverwijzen", "kent-de-weg"),
        ("nee", "nee", "ja", "ja", "doorverwijzen", "alleen-geld"),
        ("ja", "ja", "ja", "ja", "gevaar", "acuut-gevaar"),
    ],
)
def test_the_talk_series_is_for_who_has_no_care_and_does_not_know_the_way(
    danger, care, knows, money, advice, reason
):
    found = decide(
        TALKS, "reeksvoorwaarden", gevaar=danger, hulpLoopt=care, kentHulp=knows, alleenGeld=money
    )
    assert (found["uitkomst"], found["reden"]) == (advice, reason)


@pytest.mark.parametrize(
    ("danger", "gap", "more", "meetings", "advice"),
    [
        ("nee", "ja", "nee", 1, "licht"),
        ("nee", "ja", "nee", 5, "licht"),
        ("nee", "ja", "nee", 6, "volledig"),
        ("nee", "ja", "ja", 2, "volledig"),
        ("nee", "nee", "ja", 2, "doorverwijzen"),
        ("ja", "ja", "nee", 2, "gevaar"),
    ],
)
def test_light_is_for_a_few_meetings_where_language_or_culture_is_in_the_way(
    danger, gap, more, meetings, advice
):
    found = decide(
        LIGHT, "lichtcriteria", gevaar=danger, kloof=gap, meerLeefgebieden=more,
        aantalGesprekken=meetings,
    )  # fmt: skip
    assert found["uitkomst"] == advice


@pytest.mark.parametrize(
    ("times", "step"), [(1, "praten"), (2, "projectleider"), (5, "projectleider")]
)
def test_missed_meetings_lead_to_talking_and_never_to_closing(times, step):
    assert decide(LIGHT, "licht-gemist", gemist=times) == step


@pytest.mark.parametrize(
    ("key", "phase"),
    [
        (LIGHT, "gesprekken"),
        (TALKS, "gesprekken"),
        *((k, "nazorg") for k in (LIGHT, TALKS, CRISIS)),
    ],
)
def test_silence_reaches_worker_leader_and_chain_in_that_order(key, phase):
    rows = decide(key, "contactritme", fase=phase)
    assert rows
    for row in rows:
        order = [
            row["tussentijd"],
            row["herinneringNa"],
            row["projectleiderNa"],
            row["coordinatorNa"],
        ]
        assert order == sorted(order)
