"""Tables cell by cell, forms field by field, manifests and texts."""

from __future__ import annotations

import json

import pytest

from engine.definitions.difference import FileDifference, Sort, compare, compare_files
from engine.definitions.difference.texts import spans
from engine.definitions.difference.words import in_words, told

ROW = (
    '<rule id="{id}"><inputEntry id="{id}i"><text>{test}</text></inputEntry>'
    '<outputEntry id="{id}o"><text>{value}</text></outputEntry></rule>'
)


def table(*rows: tuple[str, str, str], policy: str = "FIRST", more: str = "") -> bytes:
    """A table with one input ``Fase`` and one output ``Contacten``."""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="n">'
        f'<decision id="ritme" name="Ritme"><decisionTable id="t" hitPolicy="{policy}">'
        '<input id="i" label="Fase"><inputExpression><text>fase</text></inputExpression></input>'
        f'{more}<output id="o" label="Contacten" name="contacten" />'
        + "".join(ROW.format(id=key, test=test, value=value) for key, test, value in rows)
        + "</decisionTable></decision></definitions>"
    ).encode()


def tables(before: bytes, after: bytes) -> FileDifference:
    return compare_files("ritme.dmn", before, after)


def test_a_cell_that_is_another_stands_in_its_row_and_column():
    found = tables(table(("a", "1", "3"), ("b", "2", "2")), table(("a", "1", "4"), ("b", "2", "2")))
    (shown,) = found.tables
    assert [row.sort for row in shown.rows] == [Sort.CHANGED, Sort.SAME]
    assert [(cell.before, cell.after) for cell in shown.rows[0].cells if cell.sort != "same"] == [
        ("3", "4")
    ]
    assert told(found.changes[0]) == (
        "Regel ‘Ritme · 1’ is anders; kolom ‘Contacten’: was ‘3’, is ‘4’."
    )


def test_a_row_in_between_is_new_and_the_others_stay_the_same():
    found = tables(
        table(("a", "1", "3"), ("b", "2", "2")),
        table(("a", "1", "3"), ("c", "9", "9"), ("b", "2", "2")),
    )
    assert [(row.sort, row.number_before, row.number_after) for row in found.tables[0].rows] == [
        (Sort.SAME, 1, 1),
        (Sort.ADDED, None, 2),
        (Sort.SAME, 2, 3),
    ]
    assert [change.sort for change in found.changes] == [Sort.ADDED]


def test_new_ids_with_the_same_content_are_no_change_of_a_rule():
    found = tables(table(("a", "1", "3")), table(("z", "1", "3")))
    assert found.tables == ()
    assert [change.kind for change in found.changes] == ["writing"]


@pytest.mark.parametrize(("policy", "told_of"), [("FIRST", True), ("UNIQUE", False)])
def test_another_order_counts_where_the_first_rule_wins(policy: str, told_of: bool):
    rows = ("a", "1", "3"), ("b", "2", "2")
    found = tables(table(*rows, policy=policy), table(*reversed(rows), policy=policy))
    assert any(change.sort is Sort.MOVED for change in found.changes) is told_of


def test_a_column_that_came_is_told_and_its_cells_are_new():
    extra = (
        '<input id="j" label="Stad"><inputExpression><text>stad</text></inputExpression></input>'
    )
    after = table(("a", "1", "3"), more=extra).replace(
        b'<inputEntry id="ai">', b'<inputEntry id="ai">', 1
    )
    after = after.replace(
        b"</inputEntry>", b'</inputEntry><inputEntry id="aj"><text>"Ede"</text></inputEntry>'
    )
    found = tables(table(("a", "1", "3")), after)
    assert told(found.changes[0]) == "Kolom ‘Ritme · Stad’ is nieuw."
    assert [(cell.sort, cell.after) for cell in found.tables[0].rows[0].cells][1] == (
        Sort.ADDED,
        '"Ede"',
    )


def test_the_way_in_which_rules_count_is_told():
    found = tables(table(("a", "1", "3")), table(("a", "1", "3"), policy="UNIQUE"))
    assert told(found.changes[0]) == (
        "Beslissing ‘Ritme’ is anders; welke regels tellen: was ‘FIRST’, is ‘UNIQUE’."
    )


def form(*fields: dict[str, object]) -> bytes:
    return json.dumps({"id": "x", "name": "X", "components": fields}).encode()


NAME = {"type": "textfield", "id": "f1", "key": "naam", "label": "Naam"}
KIND = {
    "type": "radio",
    "id": "f2",
    "key": "soort",
    "label": "Soort",
    "values": [{"label": "Thuis", "value": "thuis"}],
}


def words(before: bytes, after: bytes) -> list[str]:
    return [told(change) for change in compare_files("x.form", before, after).changes]


def test_a_field_that_becomes_required_and_asks_something_else_is_told():
    after = {**NAME, "label": "Uw naam", "validate": {"required": True}}
    assert words(form(NAME), form(after)) == [
        "Veld ‘Uw naam’ is anders; vraag: was ‘Naam’, is ‘Uw naam’; verplicht: nieuw, ‘ja’."
    ]


def test_fields_come_go_and_change_places():
    assert words(form(NAME), form(NAME, KIND)) == [
        "Veld ‘Soort’ is nieuw; soort veld: nieuw, ‘radio’; keuze: nieuw, ‘Thuis’."
    ]
    assert words(form(NAME, KIND), form(NAME)) == ["Veld ‘Soort’ is weg."]
    assert len(words(form(NAME, KIND), form(KIND, NAME))) == 1


def test_a_choice_is_told_by_its_words():
    more = {**KIND, "values": [*KIND["values"], {"label": "Elders", "value": "elders"}]}  # type: ignore[misc]
    assert words(form(KIND), form(more)) == [
        "Veld ‘Soort’ is anders; keuze ‘elders’: nieuw, ‘Elders’."
    ]


def test_what_is_only_laid_out_otherwise_is_minor():
    after = {**NAME, "layout": {"row": "r1", "columns": 8}}
    (change,) = compare_files("x.form", form(NAME), form(after)).changes
    assert change.minor


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_form_that_cannot_be_read_is_compared_as_text(broken: bytes):
    assert compare_files("x.form", form(NAME), broken).unreadable


def test_roles_and_ways_in_of_the_manifest_are_told():
    before = b'sleutel = "p"\n[rollen.a]\nfunctie = "worker"\nnaam = {nl = "Werker"}\n'
    after = before.replace(b"worker", b"project_leader") + b'[rollen.b]\nfunctie = "worker"\n'
    found = [told(change) for change in compare_files("pakket.toml", before, after).changes]
    assert found == [
        "Rol ‘Werker’ is anders; functie in het systeem: was ‘worker’, is ‘project_leader’.",
        "Rol ‘b’ is nieuw; functie in het systeem: nieuw, ‘worker’.",
    ]


def test_a_text_is_compared_line_by_line_with_a_little_around_it():
    before = "\n".join(f"regel {at}" for at in range(30))
    after = before.replace("regel 15", "regel vijftien")
    lines = compare_files("README.md", before.encode(), after.encode()).lines
    assert [(one.sort, one.text) for one in lines if one.sort is not Sort.SAME] == [
        (Sort.REMOVED, "regel 15"),
        (Sort.ADDED, "regel vijftien"),
    ]
    assert lines[0].is_gap
    assert len(lines) == 8


def test_words_in_a_sentence_are_marked_only_where_the_sentence_is_still_that():
    marked = spans("Bel het gezin op maandag", "Bel het gezin op dinsdag")
    assert [(span.sort, span.text) for span in marked][1:] == [
        (Sort.REMOVED, "maandag"),
        (Sort.ADDED, "dinsdag"),
    ]
    assert spans("Bel het gezin", "Iets heel anders dan dit") == ()


def test_files_that_came_or_went_are_told_as_a_whole():
    found = compare({"a.form": form(NAME)}, {"b.dmn": table(("a", "1", "3")), "s/x.yaml": b"a: 1"})
    assert [(one.path, one.sort) for one in found.files] == [
        ("b.dmn", Sort.ADDED),
        ("a.form", Sort.REMOVED),
        ("s/x.yaml", Sort.ADDED),
    ]
    assert found.files[0].tables[0].sort is Sort.ADDED


def test_only_other_ends_of_lines_are_said_to_be_another_way_of_writing():
    found = compare_files("README.md", b"een\ntwee\n", b"een\r\ntwee\r\n")
    assert [change.kind for change in found.changes] == ["writing"]


def test_texts_that_repeat_one_line_are_compared_in_no_time():
    found = compare_files("x.md", b"x\n" * 3900, b"x\ny\n" * 1900)
    assert found.lines


def test_all_of_it_is_told_line_by_line():
    found = compare({"x.form": form(NAME), "README.md": b"een"}, {"README.md": b"twee"})
    assert list(in_words(found)) == [
        "x.form is weg.",
        "README.md is anders.",
        "  - een",
        "  + twee",
    ]
    assert list(in_words(compare({}, {}))) == ["Niets is anders."]
