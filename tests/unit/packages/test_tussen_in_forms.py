"""The forms of Tussen In and of what it shares: each task has one, and each can be filled in."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.definitions.forms import Form, read_form
from engine.definitions.forms.checks import check_form
from engine.definitions.forms.model import Field, outside_rows

TREE = Path(__file__).resolve().parents[3] / "processes"
PACKAGES = (
    "tussen-in",
    "gedeeld/contactritme",
    "gedeeld/nazorg",
    "gedeeld/gezinscoach",
    "gezinscoach-den-haag",
    "gezinscoach-utrecht",
)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
SOMEBODY = "6f1c5ed0-0000-4000-8000-000000000001"
DATASETS = {
    name: [{"label": "Iemand", "value": SOMEBODY}]
    for name in ("medewerkers", "gezinsleden", "ketenpartners", "doelen")
}
FORMS = {
    f"{package}/{path.stem}": read_form(path.read_bytes(), path.name)
    for package in PACKAGES
    for path in sorted((TREE / package / "formulieren").glob("*.form"))
}
KNOWN: tuple[dict[str, Any], ...] = (
    {},
    {"eerderBegeleid": "ja", "regel": {"voorstel": "2027-02-21"}},
)
"""What the process knows: nothing yet, or that which some forms ask one question more for."""
CONTACT_NOTE = "gedeeld/contactritme/contactnotitie"
MOST_FIELDS_TO_TOUCH = 5
"""A contact is saved in six interactions, and sending the form is one of them."""


def diagrams(package: str) -> Iterator[Any]:
    for path in sorted((TREE / package).glob("*.bpmn")):
        yield etree.parse(path).getroot()


def tables(package: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((TREE / package).glob("*.dmn")))


def forms_of_tasks() -> list[tuple[str, str]]:
    """Each task and the form that it asks for, which is one of its own package."""
    found = []
    for package in PACKAGES:
        for diagram in diagrams(package):
            for task in diagram.iter(f"{BPMN}userTask"):
                form = task.find(f".//{ZEEBE}formDefinition")
                form_id = form.get("formId", "") if form is not None else ""
                found.append((task.get("id", ""), f"{package}/{form_id}"))
    return found


def forms_of_entries() -> list[str]:
    return [
        f"{package}/{form_id}"
        for package in PACKAGES
        for form_id in re.findall(
            r'^formulier = "([^"]+)"',
            (TREE / package / "pakket.toml").read_text("utf-8"),
            re.MULTILINE,
        )
    ]


def in_form(form: Form) -> list[Field]:
    return [found for top in form.fields for found in top.walk()]


def value_for(found: Field) -> Any:
    match found.type:
        case "textfield" | "textarea":
            return "Nadia belde zelf."
        case "number":
            return found.rules.get("min", 1)
        case "checkbox":
            return True
        case "radio" | "select":
            return found.options[0].value if found.options else SOMEBODY
        case "checklist" | "taglist":
            return [found.options[0].value]
        case "datetime":
            day = "2026-11-20" if found.dossier == "contact.datum" else "2026-12-01"
            return day if found.subtype == "date" else f"{day}T10:00:00+01:00"
        case "dynamiclist":
            row: dict[str, Any] = {}
            for below in found.children:
                put(row, below.path, value_for(below))
            return [row]
    return None


def put(answers: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        answers = answers.setdefault(key, {})
    answers[path[-1]] = value


def take(answers: dict[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = answers
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def full_answers(form: Form) -> Iterator[dict[str, Any]]:
    """Every field filled in, once for each way that choices show or hide other fields."""
    base: dict[str, Any] = {}
    deciding: list[tuple[Field, list[Any]]] = []
    conditions = " ".join(found.hide or "" for found in in_form(form))
    for found in outside_rows(form.fields):
        if not found.path or found.type in ("group", "expression"):
            continue
        put(base, found.path, value_for(found))
        if re.search(rf"\b{re.escape(found.key)}\b", conditions):
            values = [True, False] if found.type == "checkbox" else []
            values = values or [option.value for option in found.options] or [value_for(found)]
            deciding.append((found, values))
    for values in itertools.product(*(choices for _, choices in deciding)):
        answers = copy.deepcopy(base)
        for (found, _), value in zip(deciding, values, strict=True):
            put(answers, found.path, value)
        yield answers


def cases_of_required_fields() -> list[Any]:
    return [
        pytest.param(form, found, id=f"{name}-{found.key}")
        for name, form in FORMS.items()
        for found in outside_rows(form.fields)
        if found.required
    ]


def cases_of_required_fields_in_rows() -> list[Any]:
    return [
        pytest.param(form, rows, found, id=f"{name}-{rows.key}-{found.key}")
        for name, form in FORMS.items()
        for rows in outside_rows(form.fields)
        if rows.type == "dynamiclist"
        for found in rows.children
        if found.required
    ]


def answers_that_show(form: Form, wanted: Field) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers, and what the process knows."""
    for known in KNOWN:
        for answers in full_answers(form):
            result = form.validate(answers, DATASETS, NOW, known)
            if result.is_valid and take(result.answers, wanted.path) is not None:
                return answers, known
    pytest.fail(f"nothing that can be filled in shows {wanted.key} of {form.id}")


@pytest.mark.parametrize(("task", "form"), forms_of_tasks())
def test_every_task_has_its_form(task: str, form: str) -> None:
    assert form in FORMS, task


def test_every_entry_point_has_its_form() -> None:
    assert set(forms_of_entries()) <= set(FORMS)


def test_no_form_lies_unused() -> None:
    used = {form for _, form in forms_of_tasks()} | set(forms_of_entries()) | {CONTACT_NOTE}
    assert set(FORMS) - used == set()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_form_has_the_name_of_its_file_and_no_remarks(form: Form) -> None:
    assert f"{form.id}.form" == form.file
    assert form.name != form.id
    assert [f"{one.rule}: {one.message}" for one in (*form.findings, *check_form(form))] == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_form_can_be_filled_in_whatever_is_chosen(form: Form) -> None:
    for answers in full_answers(form):
        result = form.validate(answers, DATASETS, NOW)
        assert result.errors == {}, answers


@pytest.mark.parametrize(("form", "found"), cases_of_required_fields())
def test_required_field_left_empty_is_refused_at_the_field(form: Form, found: Field) -> None:
    answers, known = answers_that_show(form, found)
    put(answers, found.path, None)
    assert ".".join(found.path) in form.validate(answers, DATASETS, NOW, known).errors


@pytest.mark.parametrize(("form", "rows", "found"), cases_of_required_fields_in_rows())
def test_required_field_in_a_row_left_empty_is_refused_at_the_field(
    form: Form, rows: Field, found: Field
) -> None:
    answers, known = answers_that_show(form, rows)
    put(take(answers, rows.path)[0], found.path, None)
    expected = f"{'.'.join(rows.path)}[0].{'.'.join(found.path)}"
    assert expected in form.validate(answers, DATASETS, NOW, known).errors


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_required_field_says_in_a_sentence_why_it_is_asked(form: Form) -> None:
    silent = [
        found.key
        for found in in_form(form)
        if found.required and not re.fullmatch(r".{15,}[.!]", found.reason)
    ]
    assert silent == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_texts_stay_out_of_the_process(form: Form) -> None:
    texts = [
        found.key
        for found in in_form(form)
        if found.process_variable and found.type in ("textfield", "textarea", "dynamiclist")
    ]
    assert texts == []


def test_variables_of_the_process_do_not_stand_where_a_form_keeps_a_group() -> None:
    """The page gives a form the task's variables; a text where a group belongs breaks it."""
    variables = {name for form in FORMS.values() for name in form.process_variables}
    variables |= {"fase", "thema", "kanaal", "toets", "norm", "ritme", "termijn", "tijd"}
    groups = {
        found.path[0]
        for form in FORMS.values()
        for found in outside_rows(form.fields)
        if len(found.path) > 1
    }
    assert groups & variables == set()


def values_by_variable(package: str) -> dict[str, set[object]]:
    """The choices of each process variable; numbers, dates and lists of people are left out."""
    known: dict[str, set[object]] = {}
    for name, form in FORMS.items():
        for found in outside_rows(form.fields) if name.startswith(f"{package}/") else ():
            if found.process_variable and found.options:
                known.setdefault(found.key, set()).update(option.value for option in found.options)
    return known


def words_compared_in_diagrams(package: str) -> set[tuple[str, str]]:
    found = set()
    for diagram in diagrams(package):
        texts = [element.text or "" for element in diagram.iter(f"{BPMN}conditionExpression")]
        texts += [entry.get("source", "") for entry in diagram.iter(f"{ZEEBE}input")]
        texts += [entry.get("source", "") for entry in diagram.iter(f"{ZEEBE}output")]
        for text in texts:
            found |= set(re.findall(r'(?<![\w.])(\w+)\s*!?=\s*"([^"]*)"', text))
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_word_that_a_diagram_compares_with_can_be_chosen(package: str) -> None:
    known = values_by_variable(package)
    given_by_tables = set(re.findall(r'"([^"<>]+)"', tables(package)))
    missing = {
        (name, word)
        for name, word in words_compared_in_diagrams(package)
        if name in known and word not in known[name] | given_by_tables
    }
    assert missing == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_word_that_a_table_asks_for_can_be_chosen(package: str) -> None:
    known, missing = values_by_variable(package), set()
    for path in sorted((TREE / package).glob("*.dmn")):
        root = etree.parse(path).getroot()
        dmn = root.tag.partition("}")[0] + "}"
        for table in root.iter(f"{dmn}decisionTable"):
            asked = [
                (part.findtext(f"{dmn}inputExpression/{dmn}text") or "").strip()
                for part in table.findall(f"{dmn}input")
            ]
            for rule in table.findall(f"{dmn}rule"):
                for name, cell in zip(asked, rule.findall(f"{dmn}inputEntry"), strict=True):
                    words = re.findall(r'"([^"]*)"', cell.findtext(f"{dmn}text") or "")
                    missing |= {(name, word) for word in words if word not in known.get(name, word)}
    assert missing == set()


@pytest.mark.parametrize("form", [CONTACT_NOTE, "gedeeld/contactritme/contactverslag"])
def test_a_contact_is_saved_with_few_fields(form: str) -> None:
    """The date is filled in by the page; what has a first choice need not be touched."""
    to_touch = [
        found.key
        for found in outside_rows(FORMS[form].fields)
        if found.required
        and "defaultValue" not in found.schema
        and found.dossier != "contact.datum"
        and "toestemming" not in found.key
    ]
    assert len(to_touch) < MOST_FIELDS_TO_TOUCH
    answers = {"soort": "huisbezoek", "datum": "2026-11-21T14:00:00+01:00"}
    answers |= dict.fromkeys(to_touch, "Samen de post gelezen.")
    assert FORMS[form].validate(answers, DATASETS, NOW).errors == {}


def test_a_missed_contact_asks_for_nothing_more() -> None:
    missed = {"soort": "huisbezoek", "datum": "2026-11-21T14:00:00+01:00", "gemist": True}
    assert FORMS[CONTACT_NOTE].validate(missed, DATASETS, NOW).errors == {}
    reason = FORMS[CONTACT_NOTE].validate(
        {**missed, "redenGemist": "Niemand thuis."}, DATASETS, NOW
    )
    assert reason.bindings["contact.samenvatting"] == "Niemand thuis."


@pytest.mark.parametrize(
    "form", [form for form in FORMS.values() if "toestemmingBesluit" in form.process_variables]
)
def test_a_consent_always_knows_its_purpose(form: Form) -> None:
    """The diagrams ask for consent by purpose, so nobody can mistype it."""
    for answers in full_answers(form):
        bindings = form.validate(answers, DATASETS, NOW).bindings
        if "toestemming.besluit" in bindings:
            assert bindings["toestemming.doel"]
