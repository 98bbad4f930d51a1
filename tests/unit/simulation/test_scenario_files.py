"""Scenario files: read strictly, times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.feel.values import YearsMonthsDuration
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.scenario import read_scenario
from engine.simulation.wording import read_duration, read_instant, relative_answer

SOUND = """
naam: Proef
begin: 2026-01-05 09:00
ingang: aanmelding-gezin
stappen:
  - taak: beoordeel
    na: 1 dag
    door: projectleider
    invullen: {besluit: "ja"}
  - wacht: 3 weken
  - verwacht: {status: loopt}
"""


def test_a_sound_file_is_read_with_its_begin_in_utc() -> None:
    scenario = read_scenario(SOUND.encode(), "proef.yaml")
    assert scenario.begin == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert [step.kind for step in scenario.steps] == ["taak", "wacht", "verwacht"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 dagen", timedelta(days=2)),
        ("1 dag", timedelta(days=1)),
        ("3 weken", timedelta(weeks=3)),
        ("4 uur", timedelta(hours=4)),
        ("90 minuten", timedelta(minutes=90)),
        ("2 maanden", YearsMonthsDuration(2)),
        ("1 jaar", YearsMonthsDuration(12)),
        ("PT36H", timedelta(hours=36)),
    ],
)
def test_durations_are_read_in_words_and_in_iso(text: str, expected: object) -> None:
    assert read_duration(text) == expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("taak: beoordeel", "taakje: beoordeel"), "taakje"),
        (("na: 1 dag", "na: gauw"), "gauw"),
        (("begin: 2026-01-05 09:00", "begin: morgen"), "morgen"),
        (("ingang: aanmelding-gezin\n", ""), "ingang"),
        (("status: loopt", "stand: loopt"), "stand"),
        (("- wacht: 3 weken", "- wacht: 3 weken\n    contact: {}"), "stap 2"),
        (("naam: Proef", "naam: [Proef"), "YAML"),
    ],
)
def test_what_means_nothing_is_refused_by_name(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ScenarioUnreadable) as refused:
        read_scenario(SOUND.replace(*change).encode(), "proef.yaml")
    assert said in refused.value.message


def test_summer_time_does_not_shift_a_local_time() -> None:
    assert read_instant("2026-07-01 09:00") == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_relative_dates_follow_the_business_calendar() -> None:
    now = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)  # the night to summer time follows
    assert relative_answer("@vandaag", now) == "2026-03-28"
    assert relative_answer("@vandaag+1 dag", now) == "2026-03-29"
    assert relative_answer("@vandaag-4 weken", now) == "2026-02-28"
    assert relative_answer("@nu", now) == "2026-03-28T10:30"
    assert relative_answer("@vertrouwenspersoon", now) is None
