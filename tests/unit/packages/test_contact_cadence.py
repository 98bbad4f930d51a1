"""The shared cadence: the rows of a method's table, and what is missing in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.packages import load_package
from engine.simulation.errors import ScenarioFailed
from engine.simulation.memory_world import MemoryWorld

PACKAGE = Path(__file__).resolve().parents[3] / "processes" / "gedeeld" / "contactritme"
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOTE = {"soort": "telefoon", "datum": "@nu", "samenvatting": "Gebeld.", "actie": "Gevraagd."}


def row(first: int, last: int | None, per_week: float = 1) -> dict[str, Any]:
    days = {"tussentijd": 7, "herinneringNa": 9, "projectleiderNa": 14, "coordinatorNa": 21}
    times = {name: f'=duration("P{many}D")' for name, many in days.items()}
    return {"vanaf": first, "tot": last, "contactenPerWeek": per_week, **times}


def world(*rows: dict[str, Any], **given: Any) -> MemoryWorld:
    made = MemoryWorld(load_package(PACKAGE), BEGIN)
    made.call("gedeeld-contactritme", {"ritme": list(rows), **given})
    return made


def contacts(made: MemoryWorld) -> int:
    """How many contacts it takes until none is planned any more."""
    for many in range(1, 20):
        made.note_contact("vertrouwenspersoon", NOTE)
        if not made.open_tasks():
            return many
    return 0


def test_without_a_row_for_the_first_contact_no_family_goes_out_of_sight_in_silence() -> None:
    with pytest.raises(ScenarioFailed, match="perWeek"):
        world()
    with pytest.raises(ScenarioFailed, match="perWeek"):
        world(row(1, 3), contactnummer=4)


@pytest.mark.parametrize(
    ("rows", "given", "planned"),
    [
        ([row(1, 3)], {}, 3),
        ([row(1, 3), row(4, 5)], {}, 5),
        ([row(1, 3), row(4, 5)], {"contactnummer": 5}, 1),
        ([row(1, 3), row(5, 6)], {}, 3),
        ([row(1, None)], {}, 0),
    ],
)
def test_the_rows_say_how_many_contacts_are_planned(
    rows: list[dict[str, Any]], given: dict[str, Any], planned: int
) -> None:
    assert contacts(world(*rows, **given)) == planned


def test_of_several_rows_the_first_counts() -> None:
    made = world(row(1, None, per_week=2), row(1, None, per_week=0.5))
    assert made.facts().variables["regel"]["contactenPerWeek"] == 2


def test_a_row_with_another_number_sets_the_meter_and_the_same_number_does_not() -> None:
    made = world(row(1, 2, per_week=2), row(3, None, per_week=0.5))
    meters = [times_passed(made, "zet-contactmeter")]
    for _ in range(3):
        made.note_contact("vertrouwenspersoon", NOTE)
        meters.append(times_passed(made, "zet-contactmeter"))
    assert meters == [1, 1, 2, 2]
    assert made.facts().variables["regel"]["contactenPerWeek"] == 0.5


def test_what_was_seen_at_the_last_contact_goes_on_before_the_cadence_ends() -> None:
    made = world(row(1, 1))
    (task,) = made.open_tasks()
    made.complete(task, "vertrouwenspersoon", {**NOTE, "signaal": "schulden"})
    assert made.open_tasks() == []
    entered = [r.happening.element_id for r in made.store.history]
    assert entered.index("geef-schulden-door") < entered.index("ritme-klaar")
    assert times_passed(made, "geef-door") == 1


def times_passed(made: MemoryWorld, element_id: str) -> int:
    return sum(
        (one.happening.element_id, one.happening.type) == (element_id, "activated")
        for one in made.store.history
    )
