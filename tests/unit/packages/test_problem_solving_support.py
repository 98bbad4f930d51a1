"""The tables of the Rotterdam method say what the study says, and advise rather than judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from engine.definitions.packages import Package, load_package
from engine.families.models import SUPPORT_TYPES

TREE = Path(__file__).resolve().parents[3] / "processes"
KEY = "probleemoplossend-werken"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@cache
def package(key: str = KEY) -> Package:
    return load_package(TREE / key)


def decide(decision: str, key: str = KEY, **inputs: object):
    return package(key).evaluate_decision(decision, inputs, NOW)


def cadence(stage: str, intensity: str = "gewoon"):
    return decide("contactritme", fase=stage, intensiteit=intensity)


def test_the_plan_is_due_six_weeks_after_the_start():
    times = decide("tijden", kanaal="aanmelding-professional")
    assert times["plan"] == timedelta(weeks=6)
    assert times["planHerinnering"] < times["plan"] < times["planCoordinator"]


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ("ja ja ja ja ja", "past", "multiprobleemgezin"),
        ("ja ja nee nee nee", "past-niet", "enkelvoudig"),
        ("ja nee ja ja ja", "past-niet", "enkelvoudig"),
        ("ja nee nee ja ja", "past-niet", "zelfredzaam"),
        ("ja ja ja nee ja", "past-niet", "niet-langdurig"),
        ("ja ja ja ja nee", "past-niet", "hulp-loopt-goed"),
        ("nee ja ja ja ja", "past-niet", "geen-ouder-met-kind"),
    ],
)
def test_the_entry_test_follows_the_description_of_the_families(answers, outcome, reason):
    names = ("ouderEnKind", "sociaaleconomisch", "psychosociaal", "langdurig", "hulpSlootNietAan")
    found = decide("toets", **dict(zip(names, answers.split(), strict=True)))
    assert (found["uitkomst"], found["reden"]) == (outcome, reason)


def test_every_answer_leads_to_advice_on_one_of_the_five_types():
    names = ("kindInGeding", "hulpIsKlaar", "eigenVraag", "chronisch")
    advised = {
        decide("advies-ondersteuning", **dict(zip(names, answers, strict=True)))
        for answers in product(("ja", "nee"), repeat=4)
    }
    assert advised == set(SUPPORT_TYPES)


def test_a_child_whose_interest_is_at_stake_comes_first():
    for done, own, lasting in product(("ja", "nee"), repeat=3):
        assert (
            decide(
                "advies-ondersteuning",
                kindInGeding="ja", hulpIsKlaar=done, eigenVraag=own, chronisch=lasting,
            )
            == "opschaling"
        )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "days", "too_many"),
    [(6, 1, True), (5, 4, False), (2, 5, True), (0, 0, False), (12, 7, True)],
)
def test_six_professionals_or_one_every_day_is_too_many(people, days, too_many):
    assert decide("overbelasting", aantal=people, dagen=days) is too_many


@pytest.mark.parametrize("stage", ["kennismaken", "plan", "afsluiten", *SUPPORT_TYPES])
def test_only_aftercare_has_a_last_contact(stage):
    rows = cadence(stage)
    ends = [row["tot"] for row in rows]
    assert (None not in ends) == (stage == "nazorg")


def test_prop_and_support_takes_turns_with_intensive_help():
    [usual] = cadence("stut-en-steun")
    [intensive] = cadence("stut-en-steun", "intensief")
    assert intensive["contactenPerWeek"] > usual["contactenPerWeek"]


@pytest.mark.parametrize("stage", ["kennismaken", "plan", "een-tikfout", *SUPPORT_TYPES])
def test_silence_is_asked_about_higher_and_higher(stage):
    for row in cadence(stage):
        assert (
            row["tussentijd"] < row["herinneringNa"] < row["projectleiderNa"] < row["coordinatorNa"]
        )


def test_eighteen_is_prepared_long_before():
    row = decide("achttien", kanaal="terugkeer")
    assert row["leeftijd"] == 18
    assert row["vooraf"] > row["uiterlijkVooraf"] > timedelta(0)
    assert row["opnieuwKijken"] < row["vooraf"]


def test_missed_appointments_lead_to_a_talk_and_never_to_closing():
    steps = [
        decide("gemist-stap", "gedeeld/afspraak", aantalGemist=times, gesprekGewenst="nee")["stap"]
        for times in range(1, 7)
    ]
    assert steps[:3] == ["nieuwe-afspraak", "gesprek", "projectleider"]
    assert set(steps) == {"nieuwe-afspraak", "gesprek", "projectleider"}


def test_the_reminder_comes_the_day_before():
    row = decide("afspraak-tijden", "gedeeld/afspraak", kanaal="terugkeer")
    assert row["vooraf"] == timedelta(days=1)
