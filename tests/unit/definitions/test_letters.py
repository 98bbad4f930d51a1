"""A form may be a letter: a document with its text alone."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.packages import load_package

SHARED = Path(__file__).resolve().parents[3] / "processes/gedeeld"


def test_the_closing_letter_is_a_letter():
    forms = load_package(SHARED / "gezinscoach").forms
    assert forms["afsluitbrief"].is_report
    assert forms["afsluitbrief"].is_letter
    assert forms["brief-vertalen"].is_letter


def test_the_report_of_a_safety_concern_is_none():
    form = load_package(SHARED / "meldcode").forms["meldcode-melding"]
    assert form.is_report
    assert not form.is_letter
