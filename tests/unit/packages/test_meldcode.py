"""The reporting code: the weighing framework in all its combinations, its terms and its forms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.definitions.packages import Package, load_package
from engine.feel import compile as compile_feel
from engine.simulation.memory_world import MemoryWorld

FOLDER = Path(__file__).resolve().parents[3] / "processes" / "gedeeld" / "meldcode"
QUESTIONS = ("vermoeden", "onveilig", "hulpMogelijk", "hulpAanvaard", "hulpDuurzaam")
COMBINATIONS = list(product(("ja", "nee"), repeat=5))
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def package() -> Package:
    return load_package(FOLDER)


class Decided(NamedTuple):
    """A decision along the outcome, and which tasks are open after it."""

    answers: dict[str, str]
    next_tasks: list[str]


_NOT = {"besluitMelden": "nee", "redenNietMelden": "Daarom."}
FOLLOWED = {
    "geen-vermoeden": Decided({**_NOT, "hulpVolgen": "nee"}, []),
    "hulp-volgen": Decided({**_NOT, "hulpVolgen": "ja"}, ["spreek-hulp-af"]),
    "melden": Decided({"besluitMelden": "ja", "hulpVolgen": "nee"}, ["doe-melding"]),
}


def prescribed(suspicion: str, unsafe: str, can: str, accepted: str, lasting: str) -> str:
    """The outcome by the rules of the weighing framework, question by question."""
    if suspicion == "nee":
        return "geen-vermoeden"
    if unsafe == "ja":
        return "melden-samen"
    for answer in (can, accepted, lasting):
        if answer == "nee":
            return "melden"
    return "hulp-volgen"


@pytest.mark.parametrize("answers", COMBINATIONS, ids="-".join)
def test_each_combination_has_the_prescribed_outcome(package: Package, answers: Any) -> None:
    found = package.evaluate_decision("afwegingskader", dict(zip(QUESTIONS, answers, strict=True)))
    expected = prescribed(*answers)
    assert found["uitkomst"] == expected
    assert found["melden"] is expected.startswith("melden")
    assert found["uitleg"]


def weighed(package: Package, answers: tuple[str, ...], acute: str) -> MemoryWorld:
    """The process after its steps were skipped and the questions answered."""
    world = MemoryWorld(package, NOW)
    world.begin()
    world.start_beside("zorg-om-veiligheid", "vertrouwenspersoon", {"soortZorg": "zorg"})
    steps: list[tuple[str, dict[str, Any]]] = [
        ("breng-signalen-in-kaart", {"signalenGedaan": "overgeslagen", "redenSignalen": "Haast."}),
        ("overleg-met-ander", {"overlegGedaan": "overgeslagen", "redenOverleg": "Haast."}),
        (
            "praat-met-betrokkenen",
            {"gesprekGedaan": "nee", "redenGeenGesprek": "anders", "redenGesprek": "Haast."},
        ),
    ]
    for task, given in steps:
        complete(world, task, {**given, "acuutNu": "nee"})
    reasons = {f"{question}Reden": "Daarom." for question in QUESTIONS}
    given = {**dict(zip(QUESTIONS, answers, strict=True)), **reasons}
    complete(world, "weeg-af", {**given, "acuutNu": acute})
    return world


def complete(world: MemoryWorld, element_id: str, answers: dict[str, Any]) -> None:
    task = next(one for one in world.open_tasks() if one.element_id == element_id)
    world.complete(task, "vertrouwenspersoon", answers)


def open_elements(world: MemoryWorld) -> list[str]:
    return [one.element_id for one in world.open_tasks()]


@pytest.mark.parametrize("answers", COMBINATIONS, ids="-".join)
def test_whatever_the_answers_one_decides_and_acute_goes_straight_to_the_report(
    package: Package, answers: tuple[str, ...]
) -> None:
    world = weighed(package, answers, "nee")
    assert open_elements(world) == ["neem-besluit"]
    outcome = prescribed(*answers)
    decided = FOLLOWED["melden" if outcome.startswith("melden") else outcome]
    complete(world, "neem-besluit", decided.answers)
    assert open_elements(world) == decided.next_tasks
    straight = ["doe-melding"] if answers[1] == "ja" else ["neem-besluit"]
    assert open_elements(weighed(package, answers, "ja")) == straight


@pytest.mark.parametrize(
    ("report", "help_", "suspicion", "follows"),
    [
        ("ja", "ja", "ja", "melden"),
        ("ja", "nee", "nee", "melden"),
        ("nee", "ja", "ja", "hulp-volgen"),
        ("nee", "ja", "nee", "hulp-volgen"),
        ("nee", "nee", "ja", "niet-gemeld"),
        ("nee", "nee", "nee", "geen-vermoeden"),
    ],
)
def test_what_follows_from_the_decision(
    package: Package, report: str, help_: str, suspicion: str, follows: str
) -> None:
    given = {"besluitMelden": report, "hulpVolgen": help_, "vermoeden": suspicion}
    assert package.evaluate_decision("meldcode-besluit", given) == follows


@pytest.mark.parametrize(
    ("day", "body"),
    [
        (date(2014, 12, 31), "AMK"),
        (date(2015, 1, 1), "Veilig Thuis"),
        (date(2026, 11, 22), "Veilig Thuis"),
        (date(2099, 12, 31), "Veilig Thuis"),
        (date(2100, 1, 1), "Meldpunt Veiligheid"),
    ],
)
def test_the_reporting_body_follows_from_the_date(package: Package, day: date, body: str) -> None:
    found = package.evaluate_decision("meldinstantie", {"dag": day})
    assert found["naam"] == body
    assert found["telefoon"]


KINDS = (
    "huiselijk-geweld",
    "huisuitzetting",
    "psychose",
    "eergerelateerd-geweld",
    "huwelijksdwang",
    "achterlating",
    "radicalisering",
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_crisis_says_whom_to_call(package: Package, kind: str) -> None:
    body = {"naam": "Meldpunt van toen", "telefoon": "14 000"}
    given = {"soortCrisis": kind, "meldpunt": body}
    found = package.evaluate_decision("crisis-bellen", given)
    assert found["wie"]
    assert found["telefoon"]
    assert (body["naam"] in found["wie"]) is (body["telefoon"] in found["telefoon"])
    assert "Veilig Thuis" not in found["wie"], "the body follows from the date"
    assert found["binnen"] <= found["projectleiderNa"]
    offered = package.forms["zorg-om-veiligheid"].fields
    choices = {option.value for field in offered for option in field.options}
    assert kind in choices


def deadlines(package: Package, reported: str, received: str | None = None) -> dict[str, str]:
    """The days on which the body's two terms end, as the diagram's own texts work them out."""
    elements = package.processes["gedeeld-meldcode-terugkoppeling"].elements
    moments = {"gemeldOp": reported, "ontvangenOp": received}
    known: dict[str, Any] = {
        key: None if value is None else datetime.fromisoformat(value)
        for key, value in moments.items()
    }
    known["wet"] = package.evaluate_decision(
        "wettelijke-termijnen", {"dag": known["gemeldOp"].date()}
    )
    known["gelijkgesteld"] = package.evaluate_decision("gelijkgestelde-dagen", {"dag": NOW.date()})
    known["anker"] = compile_feel(elements["kies-anker"].script[1:]).evaluate(known)
    found = compile_feel(elements["reken-termijnen"].script[1:]).evaluate(known)
    return {key: f"{value:%Y-%m-%d}" for key, value in found.items()}


@pytest.mark.parametrize(
    ("reported", "assessment"),
    [
        ("2026-04-29T10:00:00+02:00", "2026-05-07"),
        ("2027-04-30T10:00:00+02:00", "2027-05-12"),
        ("2026-11-20T10:00:00+01:00", "2026-11-27"),
    ],
)
def test_the_assessment_is_due_in_five_working_days(
    package: Package, reported: str, assessment: str
) -> None:
    assert deadlines(package, reported)["beoordeling"] == assessment


def test_the_investigation_is_due_in_ten_weeks_and_on_a_working_day(package: Package) -> None:
    assert deadlines(package, "2026-11-18T10:00:00+01:00")["onderzoek"] == "2027-01-27"
    assert deadlines(package, "2026-03-06T10:00:00+01:00")["onderzoek"] == "2026-05-18"


def test_terms_run_from_receipt_where_that_is_known(package: Package) -> None:
    found = deadlines(package, "2026-11-20T23:00:00+01:00", "2026-11-23T09:00:00+01:00")
    assert found["beoordeling"] == "2026-11-30"


REFUSED = [
    ("meldcode-signalen", {"signalenGedaan": "overgeslagen", "acuutNu": "nee"}, "redenSignalen"),
    ("meldcode-overleg", {"overlegGedaan": "overgeslagen", "acuutNu": "nee"}, "redenOverleg"),
    (
        "meldcode-gesprek",
        {"gesprekGedaan": "nee", "redenGeenGesprek": "anders", "acuutNu": "nee"},
        "redenGesprek",
    ),
    ("meldcode-besluit", {"besluitMelden": "nee", "hulpVolgen": "ja"}, "redenNietMelden"),
    ("meldcode-melding", {"oudersIngelicht": "nee"}, "redenNietIngelicht"),
    ("meldcode-vervolg", {"kader": "drang"}, "rechtenUitgelegd"),
    ("meldcode-afweging", dict.fromkeys(QUESTIONS, "ja"), "vermoedenReden"),
]


@pytest.mark.parametrize(("form_id", "answers", "asked"), REFUSED, ids=[one[2] for one in REFUSED])
def test_without_its_reason_it_is_refused(
    package: Package, form_id: str, answers: dict[str, Any], asked: str
) -> None:
    found = package.forms[form_id].validate(answers, {}, NOW)
    assert asked in found.errors


@pytest.mark.parametrize(
    ("advice", "norm", "report", "asked"),
    [
        ("melden", False, "nee", True),
        ("zelf-hulp", False, "ja", True),
        (None, True, "nee", True),
        (None, True, "ja", False),
        ("melden", True, "ja", False),
        (None, False, "nee", False),
    ],
)
def test_who_goes_against_advice_or_framework_gives_a_reason(
    package: Package, advice: str | None, norm: bool, report: str, asked: bool
) -> None:
    context = {"adviesRichting": advice, "afweging": {"melden": norm, "uitleg": "x"}}
    answers = {"besluitMelden": report, "hulpVolgen": "nee", "redenNietMelden": "Daarom."}
    found = package.forms["meldcode-besluit"].validate(answers, {}, NOW, context)
    assert ("redenAfwijken" in found.errors) is asked


def test_no_story_travels_into_the_process(package: Package) -> None:
    for form in package.forms.values():
        carried = [one for one in form.fields if one.process_variable]
        assert {one.type for one in carried} <= {"radio", "select", "datetime"}, form.id
