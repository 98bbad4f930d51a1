"""Of several signs of relapse the heaviest counts, and each leads to a phase of Tussen In."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from engine.definitions.packages import load_package

TREE = Path(__file__).resolve().parents[3] / "processes"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEAVIEST_FIRST = (
    "afspraken-gemist", "hulp-geweigerd", "alles-gaat-goed-zegt-men", "oude-opvoedstijl",
    "schulden-lopen-op", "post-in-de-war",
)  # fmt: skip
SEEN = [signs for many in range(1, 7) for signs in combinations(HEAVIEST_FIRST, many)]


def heaviest(signs: object) -> object:
    package = load_package(TREE / "gedeeld" / "nazorg")
    return package.evaluate_decision("nazorg-teken", {"terugvalTekens": signs}, NOW)


@pytest.mark.parametrize("signs", SEEN, ids=" ".join)
def test_the_heaviest_sign_counts_whatever_the_order_of_ticking(signs: tuple[str, ...]) -> None:
    assert heaviest(list(reversed(signs))) == signs[0]


@pytest.mark.parametrize("nothing", [[], None])
def test_no_sign_is_none(nothing: object) -> None:
    assert heaviest(nothing) == "geen"


def test_the_form_offers_the_signs_that_the_table_weighs() -> None:
    fields = load_package(TREE / "gedeeld" / "nazorg").forms["terugval"].fields
    (found,) = [one for one in fields if one.key == "terugvalTekens"]
    assert {option.value for option in found.options} == set(HEAVIEST_FIRST)


def test_every_sign_leads_to_a_phase() -> None:
    package = load_package(TREE / "tussen-in")
    phases = {
        sign: package.evaluate_decision("terugval-fase", {"terugvalTeken": sign}, NOW)
        for sign in (*HEAVIEST_FIRST, "geen")
    }
    assert phases == {
        "afspraken-gemist": "1", "hulp-geweigerd": "2", "alles-gaat-goed-zegt-men": "2",
        "oude-opvoedstijl": "2", "schulden-lopen-op": "3", "post-in-de-war": "3", "geen": "2",
    }  # fmt: skip
