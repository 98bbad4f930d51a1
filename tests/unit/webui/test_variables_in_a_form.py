"""A form is given the variables of its process; no earlier answer answers a question by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from engine.definitions.forms import Form, read_form
from tests.unit.definitions import diagrams
from webui.taken.prefill import drawn, lists_used
from webui.taken.variables import form_variables


def a_form(*components: dict[str, Any]) -> Form:
    return read_form(diagrams.form("proef", *components), "proef.form")


def given(app: Flask, variables: dict[str, Any], *components: dict[str, Any]) -> dict[str, Any]:
    form = a_form(*components)
    with app.test_request_context():
        return form_variables(form, variables)


def question(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "radio", "key": key, "id": f"id-{key}", "label": "Ja of nee?", **more}


def test_what_was_chosen_in_another_task_does_not_answer_a_question(app: Flask) -> None:
    consent = question("besluit", properties={"dossier": "toestemming.besluit"})
    earlier = {"acuut": "nee", "besluit": "ja", "reden": "wachtlijst"}
    assert given(app, earlier, question("acuut"), consent) == {"reden": "wachtlijst"}


def test_a_question_that_asks_for_what_is_known_has_it(app: Flask) -> None:
    known = question("aantal", properties={"bekend": "ja"})
    assert given(app, {"aantal": Decimal(4)}, known) == {"aantal": 4}


def test_within_a_group_only_what_is_asked_is_left_out(app: Flask) -> None:
    group = {"type": "group", "path": "stand", "id": "groep", "components": [question("nu")]}
    assert given(app, {"stand": {"nu": "ja", "eerder": "nee"}}, group) == {
        "stand": {"eerder": "nee"}
    }


def test_values_come_as_form_js_writes_them_and_days_in_words_too(app: Flask) -> None:
    variables = {
        "gesprek": {"op": date(2026, 2, 3), "waar": "school"},
        "gemeld": datetime(2026, 2, 3, 9, 5, tzinfo=UTC),
        "begint": time(9),
        "binnen": timedelta(days=2),
        "deel": Decimal("0.5"),
        "lijst": [date(2026, 2, 3)],
    }
    assert given(app, variables) == {
        "gesprek": {"op": "2026-02-03", "waar": "school"},
        "gemeld": "2026-02-03T10:05+01:00",
        "begint": "09:00",
        "binnen": "P2D",
        "deel": 0.5,
        "lijst": ["2026-02-03"],
        "woorden": {"gesprek": {"op": "3 februari 2026"}, "gemeld": "di 3 feb 2026, 10:05"},
    }


def test_a_list_to_choose_from_makes_no_rows_of_a_question_with_its_name() -> None:
    chooses = {"type": "select", "key": "wie", "id": "wie", "label": "Wie?"}
    rows = {"type": "dynamiclist", "path": "gezinsleden", "id": "rij", "components": []}
    people = {"gezinsleden": [{"label": "Elif", "value": "elif"}]}
    plain = a_form({**chooses, "valuesKey": "gezinsleden"})
    both = a_form({**chooses, "valuesKey": "gezinsleden"}, rows)

    assert (drawn(plain), lists_used(plain, people)) == (plain.schema, people)
    assert drawn(both)["components"][0]["valuesKey"] == "lijst-gezinsleden"
    assert lists_used(both, people) == {"lijst-gezinsleden": people["gezinsleden"]}
