"""Texts of forms that show a row of a table, such as whom to call in danger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.definitions.packages import load_package
from webui.form_tables import filled_in, row_of_today, tables_of
from webui.plain_forms import plain_fields

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
SAFETY = load_package(PROCESSES / "gedeeld" / "meldcode")


@pytest.mark.parametrize(
    ("day", "body"),
    [("2014-06-01", "AMK"), ("2026-11-22", "Veilig Thuis"), ("2101-01-01", "Meldpunt Veiligheid")],
)
def test_a_form_before_the_process_says_whom_to_call_on_that_day(day: str, body: str) -> None:
    form = SAFETY.forms["zorg-om-veiligheid"]
    assert tables_of(form) == {"meldinstantie"}
    row = row_of_today(SAFETY, "meldinstantie", datetime.fromisoformat(f"{day}T12:00").astimezone())
    fields = plain_fields(form, {}, {"meldinstantie": row})
    assert fields is not None
    assert f"{body}, {row['telefoon']}" in str(fields[0].text)


def test_without_the_table_the_text_stands_without_its_number() -> None:
    fields = plain_fields(SAFETY.forms["zorg-om-veiligheid"], {})
    assert fields is not None
    assert "Bel 112" in str(fields[0].text)
    assert "{{" not in str(fields[0].text)


def test_a_place_that_cannot_be_worked_out_is_left_empty() -> None:
    assert filled_in("Bel {{naam}}{{1 +}}.", {"naam": "ons"}) == "Bel ons."


def test_no_form_holds_the_number_of_a_reporting_body() -> None:
    numbers = {
        row_of_today(SAFETY, "meldinstantie", datetime(year, 6, 1, tzinfo=UTC))["telefoon"]
        for year in (2014, 2026)
    }
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PROCESSES.rglob("*.form")}
    assert not [stem for stem, text in texts.items() if any(one in text for one in numbers)]
