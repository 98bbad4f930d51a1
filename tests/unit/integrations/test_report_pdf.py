"""Setting a report: whatever somebody wrote, it becomes a readable file."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from integrations.pdf.report import MISSING, Line, Part, ReportContent, render

CONTENT = ReportContent(
    language="nl",
    title="Melding",
    author="De Brug",
    notice="",
    foot="Vertrouwelijk",
    page_words=("Pagina", "van"),
    made_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    missing="Hier stond een teken.",
)


def text_of(*paragraphs: str, lines: tuple[Line, ...] = ()) -> str:
    part = Part("Verhaal", lines=lines, paragraphs=paragraphs)
    pdf = render(replace(CONTENT, parts=[part]))
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    "text",
    ["#set page(width: 1cm)", "*vet* _schuin_ = kop", "$x^2$ `code` <label> @ref", "\\ ~ --"],
)
def test_what_was_written_is_never_read_as_markup(text: str) -> None:
    assert text in text_of(text)


@pytest.mark.parametrize("text", ["zoë, café, €5, ‘ja’", "Şükrü Yıldız", "Łukasz", "Иван", "Ελένη"])
def test_letters_of_many_languages_are_shown(text: str) -> None:
    found = text_of(text)
    assert MISSING not in found
    assert text.split(maxsplit=1)[0] in found


@pytest.mark.parametrize("text", ["gevaar 😀🔥", "王小明 en 李", "𒀀"])
def test_signs_that_no_font_has_are_marked_and_explained(text: str) -> None:
    found = text_of(f"Voor {text} na")
    assert MISSING in found
    assert "Hier stond een teken." in found
    assert "Voor" in found


def test_a_long_story_runs_over_pages_that_are_numbered() -> None:
    found = text_of(*["Een lange zin over wat er die dag gebeurde en wie erbij was."] * 120)
    assert "Pagina 3 van" in found


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_makes_a_file(story: str, label: str) -> None:
    assert "Vertrouwelijk" in text_of(story, lines=(Line(label, story),))
