"""What changed in a diagram, in words, and how each element is marked."""

from __future__ import annotations

import dataclasses

import pytest

from engine.definitions.difference import Change, FileDifference, Sort, compare, compare_files
from engine.definitions.difference.words import SETTINGS, told
from engine.definitions.model import AdHoc, Element, Event, Flow, Loop, Process, UserWork
from tests.unit.definitions.diagrams import definitions, extended, flow, line, process

TASK = '<bpmn:userTask id="{id}" name="{name}">{inside}</bpmn:userTask>'
FORM = '<zeebe:formDefinition formId="{}" />'
DC = "http://www.omg.org/spec/DD/20100524/DC"


def task(task_id: str = "bel", name: str = "Bel het gezin", form: str = "") -> str:
    return TASK.format(id=task_id, name=name, inside=extended(FORM.format(form)) if form else "")


def difference(before: bytes, after: bytes) -> FileDifference:
    return compare_files("traject.bpmn", before, after)


def main(before: bytes, after: bytes) -> list[tuple[Sort, str, str]]:
    found = difference(before, after).main_changes
    return [(change.sort, change.kind, change.id) for change in found]


def only(before: bytes, after: bytes) -> Change:
    (change,) = difference(before, after).main_changes
    return change


def test_a_form_of_a_task_that_is_another_is_told_with_both():
    change = only(line(task(form="oud"), ids="bel"), line(task(form="nieuw"), ids="bel"))
    assert told(change) == "Taak ‘Bel het gezin’ is anders; formulier: was ‘oud’, is ‘nieuw’."


def test_an_inserted_task_is_new_and_its_flows_follow_from_it():
    before = line(task(), ids="bel")
    after = line(task(), task("schrijf", "Schrijf op"), ids="bel schrijf")
    found = difference(before, after)
    assert [(c.sort, c.kind, c.id) for c in found.main_changes] == [
        (Sort.ADDED, "userTask", "schrijf")
    ]
    assert {change.kind for change in found.minor_changes} == {"flow"}
    assert found.marks()[1]["schrijf"] == Sort.ADDED


def test_a_new_task_says_what_it_asks():
    after = line(task(), task("schrijf", "Schrijf op", "verslag"), ids="bel schrijf")
    (change,) = difference(line(task(), ids="bel"), after).main_changes
    assert told(change) == "Taak ‘Schrijf op’ is nieuw; formulier: nieuw, ‘verslag’."


def test_a_removed_task_is_marked_in_the_diagram_before_only():
    before = line(task(), task("schrijf", "Schrijf op"), ids="bel schrijf")
    marks = difference(before, line(task(), ids="bel")).marks()
    assert marks[0]["schrijf"] == Sort.REMOVED
    assert "schrijf" not in marks[1]


def test_another_technical_name_is_one_change_of_the_same_task():
    change = only(line(task("a"), ids="a"), line(task("b"), ids="b"))
    assert (change.sort, change.before_id, change.id) == (Sort.CHANGED, "a", "b")
    assert told(change) == "Taak ‘Bel het gezin’ is anders; technische naam: was ‘a’, is ‘b’."


def test_two_tasks_of_one_name_are_not_taken_for_each_other():
    before = line(task("a"), task("b"), ids="a b")
    after = line(task("c"), task("d"), ids="c d")
    assert {sort for sort, kind, _ in main(before, after) if kind == "userTask"} == {
        Sort.ADDED,
        Sort.REMOVED,
    }


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, "=x &gt; 1", "voorwaarde: nieuw, ‘=x > 1’"),
        ("=x &gt; 1", "=x &gt; 2", "voorwaarde: was ‘=x > 1’, is ‘=x > 2’"),
    ],
)
def test_a_condition_of_a_flow_is_told(before: str | None, after: str, words: str):
    def file(condition: str | None) -> bytes:
        return process(
            '<bpmn:startEvent id="s" /><bpmn:endEvent id="e" />' + flow("s", "e", condition)
        )

    assert words in told(only(file(before), file(after)))


def test_a_timer_tells_how_long_it_was_and_is():
    def file(duration: str) -> bytes:
        return line(
            '<bpmn:intermediateCatchEvent id="w" name="Rust"><bpmn:timerEventDefinition>'
            f"<bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
            "</bpmn:intermediateCatchEvent>",
            ids="w",
        )

    words = "Wacht-gebeurtenis ‘Rust’ is anders; wachttijd: was ‘P3D’, is ‘P7D’."
    assert told(only(file("P3D"), file("P7D"))) == words


def drawn(x: int) -> bytes:
    return definitions(
        '<bpmn:process id="P" isExecutable="true"><bpmn:task id="a" name="A" /></bpmn:process>'
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="P">'
        f'<bpmndi:BPMNShape id="v" bpmnElement="a"><dc:Bounds xmlns:dc="{DC}" x="{x}" y="0" '
        'width="100" height="80" /></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )


def test_another_place_in_the_picture_is_a_minor_move():
    (change,) = difference(drawn(10), drawn(50)).changes
    assert (change.sort, change.id, change.minor) == (Sort.MOVED, "a", True)


def test_only_another_way_of_writing_is_said_to_be_that():
    before = line(task(), ids="bel")
    (change,) = difference(before, before.replace(b"><", b">\n<")).changes
    assert (change.kind, change.minor) == ("writing", True)


def test_what_the_product_does_not_know_is_still_told_as_another_setting():
    before = line(task(), ids="bel").replace(b"</bpmn:definitions>", b"")
    shape = (
        b'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="P">'
        b'<bpmndi:BPMNShape id="v" bpmnElement="bel" /></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        b"</bpmn:definitions>"
    )
    boxed = shape.replace(b"/>", b'><dc:Bounds xmlns:dc="%s" x="1"/></bpmndi:BPMNShape>', 1)
    boxed %= DC.encode()
    odd = before.replace(b'id="bel"', b'id="bel" odd="2"', 1)
    (change,) = difference(before + boxed, odd + boxed).changes
    assert (change.id, change.minor, change.details[0].what) == ("bel", True, "other")


@pytest.mark.parametrize("broken", [b"", b"<x", b"\x00\xff", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_a_file_that_cannot_be_read_is_compared_as_text(broken: bytes):
    found = difference(line(task(), ids="bel"), broken)
    assert found.unreadable
    assert any(one.sort is Sort.REMOVED for one in found.lines)


def test_a_file_with_another_name_is_moved_and_not_new():
    content = line(task(), ids="bel")
    (same,) = compare({"a.bpmn": content}, {"b.bpmn": content}).files
    assert (same.sort, same.before_path, same.changes) == (Sort.MOVED, "a.bpmn", ())
    (other,) = compare({"a.bpmn": content}, {"b.bpmn": line(task(name="Mail"), ids="bel")}).files
    assert (other.sort, other.before_path) == (Sort.CHANGED, "a.bpmn")
    assert [change.id for change in other.main_changes] == ["bel"]


def test_nothing_is_different_between_a_package_and_itself():
    files = {"a.bpmn": line(task(), ids="bel"), "README.md": b"x"}
    assert compare(files, dict(files)).is_empty


@pytest.mark.parametrize(
    ("model", "told_otherwise"),
    [
        (
            Element,
            {
                "id",
                "line",
                "incoming",
                "outgoing",
                "kind",
                "event",
                "loop",
                "user",
                "ad_hoc",
                "brings_all",
            },
        ),
        (Event, {"line", "parts"}),
        (Loop, {"counts_begun"}),
        (AdHoc, {"after_each"}),
        (UserWork, set()),
        (Flow, {"id", "line"}),
        (Process, {"id", "line", "file", "elements", "flows"}),
    ],
)
def test_everything_that_a_diagram_can_say_has_a_word(model: type, told_otherwise: set[str]):
    """A setting that the model learns is compared too, or an approval would not have seen it."""
    compared = {
        "inputs": "input", "outputs": "output", "headers": "header", "properties": "property",
        "name": "event_name" if model is Event else "name",
    }  # fmt: skip
    for field in dataclasses.fields(model):
        if field.name not in told_otherwise:
            assert compared.get(field.name, field.name) in SETTINGS, field.name


def test_the_order_of_mappings_is_told_since_one_may_use_another():
    def file(*names: str) -> bytes:
        inputs = "".join(f'<zeebe:input source="=1" target="{name}" />' for name in names)
        mapped = f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>"
        return line(TASK.format(id="a", name="A", inside=extended(mapped)), ids="a")

    assert "volgorde: was ‘x, y’, is ‘y, x’" in told(only(file("x", "y"), file("y", "x")))
