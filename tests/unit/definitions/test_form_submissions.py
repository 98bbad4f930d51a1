"""What the server makes of a submitted form: clean answers, or an error at the field."""

from __future__ import annotations

import json
import time as clock
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.forms import Form, ValidationResult, read_form
from engine.definitions.forms.messages import TEXTS
from engine.definitions.forms.patterns import safe_pattern
from tests.unit.definitions import diagrams

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
JA_NEE = [{"label": "Ja", "value": "ja"}, {"label": "Nee", "value": "nee"}]
REQUIRED = {"required": True}


def a_form(*components: dict[str, Any]) -> Form:
    return read_form(diagrams.form("proef", *components), "proef.form")


def field(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "id": f"id-{key}", "label": key.title(), **more}


def test_a_contact_of_a_day_to_come_is_refused_at_the_field():
    when = field("datetime", subtype="datetime", properties={"dossier": "contact.datum"})
    assert code(when, "2026-11-22T09:00:00+01:00") == "date-to-come"
    assert not validate(when, "2026-11-21T23:00:00+01:00").errors
    meeting = field("datetime", subtype="datetime", properties={"dossier": "overdracht.datum"})
    assert not validate(meeting, "2026-11-22T09:00:00+01:00").errors


def test_who_answers_with_no_choice_of_the_form_can_be_told_its_choices():
    result = validate(field("radio", values=JA_NEE), "misschien")
    assert result.errors["x"].params == {"known": "ja, nee"}
    assert result.errors["x"].text() == "Kies een van de mogelijkheden."


def validate(component: dict[str, Any], value: Any, **datasets: Any) -> ValidationResult:
    return a_form(component).validate({component["key"]: value}, datasets, NOW)


def code(component: dict[str, Any], value: Any, **datasets: Any) -> str:
    result = validate(component, value, **datasets)
    (error,) = result.errors.values()
    assert list(result.errors) == [component["key"]]
    assert result.answers.get(component["key"]) in (None, False)
    return error.code


@pytest.mark.parametrize(
    ("component", "value", "answer"),
    [
        (field("textfield"), "  Fatma\x00 \x07Y. ", "Fatma Y."),
        (field("textfield"), "één\nregel", "één regel"),
        (field("textarea"), "twee\r\nregels", "twee\nregels"),
        (field("textarea"), "half \ud800 teken", "half  teken"),
        (field("number"), 3, 3),
        (field("number"), "2,5", 2.5),
        (field("number", serializeToString=True), "7", "7"),
        (field("checkbox"), True, True),
        (field("radio", values=JA_NEE), "ja", "ja"),
        (field("select", values=[{"label": "Een", "value": 1}]), 1, 1),
        (field("checklist", values=JA_NEE), ["nee", "ja", "nee"], ["nee", "ja"]),
        (field("taglist", values=JA_NEE), ["ja"], ["ja"]),
        (field("datetime", subtype="date"), "2026-11-30", "2026-11-30"),
        (field("datetime", subtype="time"), "14:30", "14:30:00"),
        (field("datetime", subtype="datetime"), "2026-11-30T14:30", "2026-11-30T14:30:00+01:00"),
        (field("textfield", validate={"validationType": "email"}), "a@b.nl", "a@b.nl"),
        (field("textfield", validate={"validationType": "phone"}), "06-12345678", "06-12345678"),
        (field("textfield", validate={"pattern": "^\\d{4}$"}), "1234", "1234"),
    ],
)
def test_good_answers_come_out_clean(component, value, answer):
    result = validate(component, value)
    assert result.errors == {}
    assert result.answers == {"x": answer}
    json.dumps(result.answers)


@pytest.mark.parametrize(
    ("component", "value", "expected"),
    [
        (field("textfield", validate=REQUIRED), "  ", "required"),
        (field("textfield", validate=REQUIRED), None, "required"),
        (field("checkbox", validate=REQUIRED), False, "required-check"),
        (field("select", values=JA_NEE, validate=REQUIRED), "", "required-choice"),
        (field("checklist", values=JA_NEE, validate=REQUIRED), [], "required-choice"),
        (field("textfield"), ["lijst"], "wrong-type"),
        (field("textfield"), {"a": 1}, "wrong-type"),
        (field("textfield"), 10**4000, "wrong-type"),
        (field("textfield"), "x" * 4001, "too-long"),
        (field("textarea"), "x" * 10_001, "too-long"),
        (field("textarea"), "x" * 5_000_000, "too-long"),
        (field("textfield", validate={"maxLength": 5}), "zes zes", "too-long"),
        (field("textfield", validate={"minLength": 5}), "vier", "too-short"),
        (field("textfield", validate={"validationType": "email"}), "a@b", "email"),
        (field("textfield", validate={"validationType": "phone"}), "bel mij", "phone"),
        (field("textfield", validate={"pattern": "^a+$"}), "b", "pattern"),
        (field("number"), "drie", "not-a-number"),
        (field("number"), float("nan"), "not-a-number"),
        (field("number"), float("inf"), "not-a-number"),
        (field("number"), True, "not-a-number"),
        (field("number"), 10**400, "number-too-big"),
        (field("number", decimalDigits=0), 1.5, "too-many-decimals"),
        (field("number", validate={"min": 1}), 0, "below-minimum"),
        (field("number", validate={"max": "10"}), 11, "above-maximum"),
        (field("checkbox"), "ja", "wrong-type"),
        (field("radio", values=JA_NEE), "misschien", "unknown-option"),
        (field("radio", values=[{"label": "1", "value": 1}]), True, "unknown-option"),
        (field("select", valuesKey="weg"), "x", "unknown-option"),
        (field("checklist", values=JA_NEE), ["ja", "x"], "unknown-option"),
        (field("checklist", values=JA_NEE), "ja", "wrong-type"),
        (field("checklist", values=JA_NEE), ["ja"] * 501, "too-many-choices"),
        (field("datetime", subtype="date"), "31-12-2026", "not-a-date"),
        (field("datetime", subtype="date"), "2026-02-30", "not-a-date"),
        (field("datetime", subtype="date"), "0001-01-01", "not-a-date"),
        (field("datetime", subtype="time"), "25:00", "not-a-time"),
        (field("datetime", subtype="datetime"), "2026-11-30", "not-a-date-time"),
        (field("datetime", disallowPassedDates=True), "2026-11-20", "date-passed"),
        (field("dynamiclist", path="x", components=[], validate=REQUIRED), None, "required-row"),
        (field("dynamiclist", path="x", components=[]), "rij", "wrong-type"),
        (field("dynamiclist", path="x", components=[]), ["rij"], "wrong-type"),
        (field("dynamiclist", path="x", components=[]), [{}] * 201, "too-many-rows"),
    ],
)
def test_bad_answers_give_an_error_at_the_field(component, value, expected):
    assert code(component, value) == expected


def test_today_is_not_passed_in_the_business_zone():
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # the 22nd in Amsterdam
    form = a_form(field("datetime", disallowPassedDates=True))
    assert form.validate({"x": "2026-11-21"}, {}, late).errors["x"].code == "date-passed"
    assert form.validate({"x": "2026-11-22"}, {}, late).errors == {}


@pytest.mark.parametrize("data", [None, [], "x", 3, float("nan")])
def test_a_submission_that_is_no_form_at_all_is_an_error(data):
    assert a_form(field("textfield")).validate(data, {}, NOW).errors[""].code == "wrong-type"


def test_unknown_fields_are_dropped():
    assert a_form(field("textfield")).validate({"x": "a", "gezinId": "b"}, {}, NOW).answers == {
        "x": "a"
    }


def test_hidden_field_is_dropped_and_not_required():
    form = a_form(
        field("radio", "weg", values=JA_NEE),
        field("textfield", "reden", validate=REQUIRED, conditional={"hide": '=weg != "nee"'},
              properties={"procesvariabele": "ja", "dossier": "overdracht.reden"}),
    )  # fmt: skip
    hidden = form.validate({"weg": "ja", "reden": "geheim"}, {}, NOW)
    assert (hidden.answers, hidden.errors, hidden.bindings) == ({"weg": "ja"}, {}, {})
    assert hidden.process_variables == {"reden": None}
    shown = form.validate({"weg": "nee"}, {}, NOW)
    assert shown.errors["reden"].code == "required"


def test_hiding_may_depend_on_the_task_and_a_broken_condition_hides_nothing():
    form = a_form(field("textfield", validate=REQUIRED, conditional={"hide": '=fase = "1"'}))
    assert form.validate({}, {}, NOW, {"fase": "1"}).errors == {}
    assert form.validate({}, {}, NOW, {"fase": "2"}).errors
    broken = a_form(field("textfield", validate=REQUIRED, conditional={"hide": "=(("}))
    assert broken.validate({}, {}, NOW).errors


def test_a_condition_that_fields_share_is_asked_of_each_row_by_itself():
    hidden = {"hide": '=doel = "geheim"'}
    form = a_form(
        field("textfield", "doel"),
        field("textfield", "wie", conditional=hidden),
        field("textfield", "waar", conditional=hidden),
        {"type": "dynamiclist", "id": "r", "path": "rijen", "components": [
            field("textfield", "doel"), field("textfield", "hoe", conditional=hidden),
        ]},
    )  # fmt: skip
    rows = [{"doel": "geheim", "hoe": "a"}, {"doel": "open", "hoe": "b"}]
    given = {"doel": "open", "wie": "Sara", "waar": "thuis", "rijen": rows}
    answers = form.validate(given, {}, NOW).answers
    assert answers == {**given, "rijen": [{"doel": "geheim"}, {"doel": "open", "hoe": "b"}]}
    assert form.validate({**given, "doel": "geheim"}, {}, NOW).answers == {
        "doel": "geheim", "rijen": answers["rijen"],
    }  # fmt: skip


def test_hidden_group_hides_what_is_inside():
    form = a_form(
        {"type": "group", "id": "g", "path": "gezin", "conditional": {"hide": "=true"},
         "components": [field("textfield", "naam", validate=REQUIRED)]},
        {"type": "group", "id": "h", "components": [field("textfield", "los")]},
    )  # fmt: skip
    result = form.validate({"gezin": {"naam": "Y"}, "los": "z"}, {}, NOW)
    assert (result.answers, result.errors) == ({"los": "z"}, {})


def test_group_with_a_path_nests_its_answers():
    form = a_form({"type": "group", "id": "g", "path": "gezin",
                   "components": [field("textfield", "naam", validate=REQUIRED)]})  # fmt: skip
    assert form.validate({"gezin": {"naam": "Y"}}, {}, NOW).answers == {"gezin": {"naam": "Y"}}
    assert list(form.validate({"gezin": "rommel"}, {}, NOW).errors) == ["gezin.naam"]


ROWS: dict[str, Any] = {
    "type": "dynamiclist",
    "id": "d",
    "path": "doelen",
    "label": "Doelen",
    "properties": {"dossier": "doelen"},
    "components": [
        field("textfield", "doel", validate=REQUIRED),
        field("textfield", "wie", conditional={"hide": '=doel = "geheim"'}),
    ],
}


def test_errors_in_rows_are_found_at_their_row():
    result = a_form(ROWS).validate({"doelen": [{"doel": "a"}, {"wie": "b"}]}, {}, NOW)
    assert list(result.errors) == ["doelen[1].doel"]


def test_untouched_rows_are_dropped_and_rows_are_bound_to_the_file():
    rows = [{"doel": "a", "wie": "b", "x": 1}, {}, {"doel": ""}, {"doel": "geheim", "wie": "weg"}]
    result = a_form(ROWS).validate({"doelen": rows}, {}, NOW)
    assert result.answers == {"doelen": [{"doel": "a", "wie": "b"}, {"doel": "geheim"}]}
    assert result.bindings == result.answers


def test_options_come_from_data_sets_variables_and_expressions():
    workers = [{"label": "Sanne", "value": "u1"}]
    from_set = field("select", valuesKey="medewerkers")
    assert validate(from_set, "u1", medewerkers=workers).errors == {}
    assert code(from_set, "u2", medewerkers=workers) == "unknown-option"
    form = a_form(field("select", valuesExpression="=lijst"))
    assert form.validate({"x": "a"}, {}, NOW, {"lijst": ["a", "b"]}).errors == {}
    assert form.validate({"x": "c"}, {}, NOW, {"lijst": ["a", "b"]}).errors


def test_read_only_fields_take_the_task_s_value_whatever_was_sent():
    form = a_form(field("textfield", readonly=True, validate=REQUIRED))
    assert form.validate({"x": "vals"}, {}, NOW, {"x": "echt"}).answers == {"x": "echt"}
    assert form.validate({"x": "vals"}, {}, NOW).answers == {}
    depends = a_form(field("textfield", readonly="=vast"))
    assert depends.validate({"x": "mijn"}, {}, NOW, {"vast": False}).answers == {"x": "mijn"}
    assert depends.validate({"x": "vals"}, {}, NOW, {"vast": True, "x": "y"}).answers == {"x": "y"}


def test_expression_fields_are_computed_here_and_not_taken_from_outside():
    form = a_form(
        field("number", "a"),
        field("expression", "dubbel", expression="=a * 2", properties={"procesvariabele": "ja"}),
    )
    result = form.validate({"a": 1.5, "dubbel": 99}, {}, NOW)
    assert result.answers == {"a": 1.5, "dubbel": 3}
    assert result.process_variables == {"dubbel": Decimal("3.0")}


def test_process_variables_are_exact_and_always_there():
    mark = {"procesvariabele": "ja"}
    form = a_form(
        field("number", "cijfer", properties=mark),
        field("datetime", "dag", subtype="date", properties=mark),
        field("datetime", "uur", subtype="time", properties=mark),
        field("checkbox", "klaar", properties=mark),
        field("textfield", "leeg", properties=mark),
        field("textfield", "prive"),
    )
    assert form.process_variables == ("cijfer", "dag", "uur", "klaar", "leeg")
    data = {"cijfer": 0.1, "dag": "2026-01-02", "uur": "09:00", "prive": "tekst"}
    assert form.validate(data, {}, NOW).process_variables == {
        "cijfer": Decimal("0.1"),
        "dag": date(2026, 1, 2),
        "uur": time(9),
        "klaar": False,
        "leeg": None,
    }


def test_bindings_leave_out_what_is_empty():
    form = a_form(
        field("textfield", "adres", properties={"dossier": "gezin.adres"}),
        field("checkbox", "gemist", properties={"dossier": "contact.gemist"}),
    )
    assert form.validate({"adres": ""}, {}, NOW).bindings == {"contact.gemist": False}


def test_context_is_not_changed():
    form = a_form({"type": "group", "id": "g", "path": "gezin",
                   "components": [field("textfield", "naam")]})  # fmt: skip
    context = {"gezin": {"naam": "oud", "plaats": "Leiden"}}
    form.validate({"gezin": {"naam": "nieuw"}}, {}, NOW, context)
    assert context == {"gezin": {"naam": "oud", "plaats": "Leiden"}}


def test_messages_exist_in_dutch_and_english_with_their_numbers():
    assert TEXTS["nl"].keys() == TEXTS["en"].keys()
    error = validate(field("textfield", validate={"maxLength": 5}), "zeven 7").errors["x"]
    assert error.text("nl") == "Gebruik hoogstens 5 tekens; het zijn er nu 7."
    assert error.text("en") == "Use at most 5 characters; there are 7 now."
    assert error.text("fr") == error.text("nl")
    assert (error.field_id, error.label) == ("id-x", "X")


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|aa)*$", "([a-z]+)*x", "(\\w*\\s?)*$", "(a)\\1", "(", "a" * 301, "a*b*c*d*e*"],
)
def test_patterns_that_could_hang_or_do_not_compile_are_not_used(pattern):
    assert safe_pattern(pattern) is None


def test_a_pattern_is_quick_on_a_hostile_text():
    started = clock.thread_time()
    validate(field("textfield", validate={"pattern": "^(\\d{3}-)?[a-z]+[0-9]*$"}), "a" * 3999)
    assert clock.thread_time() - started < 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
EVERYTHING = a_form(
    *(field(kind, f"f{number}", validate={"required": True}, values=JA_NEE, components=[])
      for number, kind in enumerate(
          ["textfield", "textarea", "number", "checkbox", "radio", "select", "checklist",
           "taglist", "datetime", "iets-nieuws"])),
    ROWS,
    {"type": "group", "id": "g", "path": "groep", "components": [field("number", "n"), ROWS]},
)  # fmt: skip
KEYS = st.sampled_from([*(f"f{number}" for number in range(10)), "doelen", "groep", "n", "doel"])


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        KEYS, JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=3), max_size=3), max_size=6
    )
)
def test_any_rubbish_gives_a_result_that_can_be_stored(data):
    result = EVERYTHING.validate(data, {}, NOW)
    json.dumps(result.answers, allow_nan=False).encode()
    assert all(error.text() for error in result.errors.values())


def test_rubbish_nested_very_deep_is_refused_without_a_crash():
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert EVERYTHING.validate(dict.fromkeys(["f0", "doelen", "groep"], deep), {}, NOW).errors
