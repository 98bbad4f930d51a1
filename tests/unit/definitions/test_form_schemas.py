"""What is said about a form before anybody fills it in."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions.forms import read_form
from engine.definitions.forms.checks import check_form
from tests.unit.definitions import diagrams

JA_NEE = [{"label": "Ja", "value": "ja"}, {"label": "Nee", "value": "nee"}]


def field(kind: str = "textfield", key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "id": f"id-{key}", "label": "Vraag", **more}


def rules(*components: dict[str, Any]) -> set[tuple[str, str, str]]:
    form = read_form(diagrams.form("proef", *components), "formulieren/proef.form")
    findings = [*form.findings, *check_form(form)]
    assert all(one.remedy and one.file == "formulieren/proef.form" for one in findings)
    return {(one.level, one.rule, one.element_id) for one in findings}


def test_a_good_form_gives_no_findings():
    assert (
        rules(
            field(),
            field(key="gezin.naam van het kind"),
            field("number", "a", readonly="=b", validate={"min": 1, "max": "=c"}),
            field("radio", "begint", values=JA_NEE, defaultValue="ja"),
            field("radio", "keuze", values=JA_NEE, properties={"procesvariabele": "ja"}),
            field("textarea", "wat", validate={"required": True}, properties={"waarom": "Voor X."}),
            {"type": "text", "id": "t", "text": "# Uitleg"},
            {"type": "separator", "id": "s"},
        )
        == set()
    )


@pytest.mark.parametrize(
    ("component", "level", "rule"),
    [
        (field("hologram"), "error", "form-unknown-component"),
        (field("filepicker"), "error", "form-unknown-component"),
        (field(key=""), "error", "form-field-without-key"),
        (field(label=""), "warning", "form-field-without-label"),
        (field(conditional={"hide": "=a =="}), "error", "feel-syntax"),
        (field("expression", expression="=a +"), "error", "feel-syntax"),
        (field("number", validate={"min": "=("}), "error", "feel-syntax"),
        (field(conditional={"hide": "=count()"}), "error", "feel-arguments"),
        (field(conditional={"hide": "=verzonnen(x)"}), "error", "feel-unknown-function"),
        (field(key="a b-c"), "error", "form-key"),
        (field(key="1a"), "error", "form-key"),
        (field(validate={"required": "ja"}), "error", "form-value"),
        (field(validate={"minLength": 9, "maxLength": 3}), "error", "form-bounds"),
        (field("number", validate={"min": "9", "max": 3}), "error", "form-bounds"),
        (field("radio", values=JA_NEE, defaultValue="misschien"), "error", "form-default"),
        (field(validate={"required": True}), "warning", "form-required-without-reason"),
        (field("select"), "error", "form-without-options"),
        (field("select", values=[*JA_NEE, JA_NEE[0]]), "error", "form-option-twice"),
        (field("select", valuesKey="medewerker"), "warning", "form-unknown-dataset"),
        (field("datetime", subtype="maand"), "error", "form-subtype"),
        (field(validate={"pattern": "(a+)+"}), "error", "form-pattern"),
        (field("textarea", properties={"procesvariabele": "ja"}), "error",
         "form-content-in-process"),
        (field(properties={"procesvariabele": "ja"}), "warning", "form-text-in-process"),
        (field(properties={"dossier": "gezin.nam"}), "error", "form-unknown-dossier-path"),
        (field(properties={"dossier": "doelen"}), "error", "form-dossier-shape"),
        (field("radio", values=JA_NEE, properties={"dossier": "contact.soort"}), "error",
         "form-dossier-choice"),
        (field("select", values=[{"label": "Elf", "value": "11"}],
               properties={"dossier": "meting.schaalvraag.gezin"}), "error", "form-dossier-scale"),
    ],
)  # fmt: skip
def test_faults_are_named_at_their_field(component, level, rule):
    assert (level, rule, component["id"]) in rules(component)


def test_two_fields_with_one_key_are_refused_but_not_in_different_rows():
    assert ("error", "form-duplicate-key", "id-2") in rules(field(), field(id="id-2"))
    rows = {"type": "dynamiclist", "id": "d", "path": "rijen", "label": "R"}
    assert rules(field(), {**rows, "components": [field(id="id-2")]}) == set()
    twice = {**rows, "components": [field(id="a"), field(id="b")]}
    assert ("error", "form-duplicate-key", "b") in rules(twice)


def test_marks_inside_rows_have_no_effect_and_are_named():
    inner = field("number", properties={"procesvariabele": "ja"})
    rows = {"type": "dynamiclist", "id": "d", "path": "rijen", "label": "R", "components": [inner]}
    assert ("error", "form-mark-in-row", "id-x") in rules(rows)


def test_rows_must_have_the_keys_that_the_file_knows():
    rows = {"type": "dynamiclist", "id": "d", "path": "doelen", "label": "D",
            "properties": {"dossier": "doelen"}}  # fmt: skip
    assert ("error", "form-dossier-rows", "d") in rules({**rows, "components": [field()]})
    mixed = [field(key="doel"), field(key="extra")]
    assert ("warning", "form-dossier-rows", "d") in rules({**rows, "components": mixed})


@pytest.mark.parametrize(
    "content",
    [
        b"", b"geen json", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"{}",
        b'{"components": [3]}', b'{"components": {}}', b'{"components": [{"type": 3, "key": []}]}',
        b'{"components": [{"type": "select", "key": "x", "values": 3, "validate": []}]}',
    ],
)  # fmt: skip
def test_rubbish_gives_findings_and_no_exception(content):
    form = read_form(content, "formulieren/kapot.form")
    list(check_form(form))
    assert form.id == "kapot"
    assert "error" in {one.level for one in form.findings}


def test_nesting_and_size_are_bounded():
    component: dict[str, Any] = field()
    for number in range(30):
        component = {"type": "group", "id": f"g{number}", "components": [component]}
    assert "form-unreadable" in {rule for _, rule, _ in rules(component)}
    many = [field(key=f"k{number}") for number in range(1001)]
    assert "form-unreadable" in {rule for _, rule, _ in rules(*many)}
    assert read_form(b" " * 2_000_000, "x.form").findings[0].rule == "form-unreadable"


def test_line_of_a_field_is_found():
    content = b'{"type":"default","id":"f","components":[\n {"type":"x","key":"a","id":"Field_1"}]}'
    assert read_form(content, "f.form").findings[0].line == 2
