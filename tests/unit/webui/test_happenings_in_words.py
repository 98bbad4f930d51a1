"""What happened, as the family's page and a letter tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engine.definitions.forms import read_form
from engine.definitions.packages import Package
from engine.families.file.chronology import Entry
from engine.families.reports import ReportFacts
from tests.unit.definitions import diagrams
from webui.gezinnen.happenings import of_file
from webui.rapporten.content import report_content

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("2", "2 per week"),
        ("1.5", "1,5 per week"),
        ("0.50", "eens per 2 weken"),
        ("0.33", "eens per 3 weken"),
        ("0.25", "eens per 4 weken"),
        ("0.4", "0,4 per week"),
        ("0", "0 per week"),
    ],
)
def test_a_rhythm_is_told_as_people_say_it(app: Flask, rate: str, words: str) -> None:
    with app.test_request_context():
        [told] = of_file([Entry(NOW, "cadence", rate)], Package({}, name="proef"), ())
    assert told.title == f"Contactritme: {words}"


def test_a_letter_has_a_day_no_gaps_and_who_signs_apart(app: Flask) -> None:
    text = {"type": "textarea", "key": "tekst", "id": "t", "properties": {"rapport": "brief"}}
    facts = ReportFacts(
        form=read_form(diagrams.form("brief", text), "brief.form"),
        answers={"tekst": "Beste Aylin,\n\n\nTot ziens."},
        at=NOW, family_id=uuid4(), family_name="Gezin Noor", language="",
        interpreter_need="onbekend", address=None, secret_address=False, phone="",
        reporter="Anna", reporter_email="", organisation="De Brug", people=(),
    )  # fmt: skip
    with app.test_request_context():
        [part] = report_content(cast(Session, None), facts, NOW).parts
    assert list(part.paragraphs) == [
        "18 november 2026", "Beste Aylin,", "Tot ziens.", "",
        "Met vriendelijke groet,", "Anna", "De Brug",
    ]  # fmt: skip
