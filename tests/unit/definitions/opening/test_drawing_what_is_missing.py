"""A diagram without a drawing gets one; a drawing that lacks something is completed."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.definitions.layout.interchange import box_of, line_of
from engine.definitions.layout.shapes import Box
from engine.definitions.opening import open_diagram
from engine.definitions.reading.reader import read_processes
from engine.definitions.reading.xml import BPMNDI, Node
from tests.unit.definitions.diagrams import definitions, flow, line, process

DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"


def drawn(content: bytes) -> tuple[dict[str, Box], dict[str, list[tuple[float, float]]], Node]:
    root = etree.fromstring(open_diagram(content, "x.bpmn").content)
    shapes = {s.get("bpmnElement", ""): box_of(s) for s in root.iter(f"{{{BPMNDI}}}BPMNShape")}
    edges = {e.get("bpmnElement", ""): line_of(e) for e in root.iter(f"{{{BPMNDI}}}BPMNEdge")}
    assert all(shapes.values())
    assert all(edges.values())
    return {k: v for k, v in shapes.items() if v}, {k: v for k, v in edges.items() if v}, root


def tasks(*ids: str) -> str:
    return "".join(f'<bpmn:userTask id="{one}" name="Taak {one}"/>' for one in ids)


def test_a_process_without_a_drawing_runs_from_left_to_right():
    boxes, lines, _root = drawn(line(tasks("a", "b"), ids="a b"))
    order = [boxes[name] for name in ("start", "a", "b", "einde")]
    assert all(one.right < other.x for one, other in pairwise(order))
    assert len({one.middle[1] for one in order}) == 1
    assert lines["a-b"] == [
        (boxes["a"].right, boxes["a"].middle[1]),
        (boxes["b"].x, boxes["b"].middle[1]),
    ]


def test_a_flow_that_goes_back_runs_around():
    content = process(tasks("a", "b", "c") + flow("a", "b") + flow("b", "c") + flow("c", "a"))
    boxes, lines, _root = drawn(content)
    assert boxes["a"].x < boxes["b"].x < boxes["c"].x
    assert (
        min(y for _x, y in lines["c-a"]) < boxes["b"].y
        or max(y for _x, y in lines["c-a"]) > boxes["b"].bottom
    )


def test_events_sit_on_the_border_of_their_task():
    content = process(
        tasks("a", "b") + '<bpmn:boundaryEvent id="r" attachedToRef="a"/>' + flow("r", "b")
    )
    boxes, _lines, _root = drawn(content)
    assert boxes["r"].middle[1] == boxes["a"].bottom
    assert boxes["a"].x < boxes["r"].middle[0] < boxes["a"].right


def test_sub_processes_hold_what_is_in_them():
    content = process(
        f'<bpmn:subProcess id="d">{tasks("a", "b")}{flow("a", "b")}</bpmn:subProcess>'
    )
    boxes, _lines, root = drawn(content)
    for name in ("a", "b"):
        assert boxes["d"].x < boxes[name].x < boxes[name].right < boxes["d"].right
        assert boxes["d"].y < boxes[name].y < boxes[name].bottom < boxes["d"].bottom
    (shape,) = [s for s in root.iter(f"{{{BPMNDI}}}BPMNShape") if s.get("bpmnElement") == "d"]
    assert shape.get("isExpanded") == "true"


def test_lanes_lie_under_each_other_around_their_tasks():
    content = definitions(
        '<bpmn:collaboration id="C"><bpmn:participant id="poule" processRef="P"/>'
        '<bpmn:participant id="gezin" name="Gezin"/>'
        '<bpmn:messageFlow id="m" sourceRef="a" targetRef="gezin"/></bpmn:collaboration>'
        '<bpmn:process id="P" isExecutable="true"><bpmn:laneSet id="ls">'
        '<bpmn:lane id="l1"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
        '<bpmn:lane id="l2"><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
        f"{tasks('a', 'b')}{flow('a', 'b')}</bpmn:process>"
    )
    boxes, lines, _root = drawn(content)
    assert boxes["l1"].bottom == boxes["l2"].y
    for task, lane in (("a", "l1"), ("b", "l2")):
        assert boxes[lane].y < boxes[task].y < boxes[task].bottom < boxes[lane].bottom
        assert boxes["poule"].x < boxes[task].x < boxes[task].right < boxes["poule"].right
    assert boxes["gezin"].y > boxes["poule"].bottom
    assert lines["m"][-1][1] == boxes["gezin"].y


def test_a_file_without_elements_can_still_be_opened_and_drawn_in():
    pool = '<bpmn:participant id="gezin" name="Gezin"/>'
    content = definitions(f'<bpmn:collaboration id="C">{pool}</bpmn:collaboration>')
    boxes, _lines, root = drawn(content)
    assert list(boxes) == ["gezin"]
    assert len(list(root.iter(f"{{{BPMNDI}}}BPMNPlane"))) == 1


def test_several_processes_without_pools_get_them_so_that_all_are_seen():
    one = '<bpmn:process id="{0}" isExecutable="true"><bpmn:task id="{0}1"/></bpmn:process>'
    boxes, _lines, _root = drawn(definitions(one.format("P") + one.format("Q")))
    assert {"P1", "Q1", "P-poule", "Q-poule"} <= set(boxes)


def test_what_a_drawing_lacks_comes_beside_its_neighbour_and_the_rest_stays():
    whole = open_diagram(line(tasks("a", "b"), ids="a b"), "x.bpmn").content
    root = etree.fromstring(whole)
    for shape in list(root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")):
        if shape.get("bpmnElement") in ("b", "a-b"):
            shape.getparent().remove(shape)
    (kept,) = [s for s in root.iter(f"{{{BPMNDI}}}BPMNShape") if s.get("bpmnElement") == "a"]
    kept.find(f"{{{DC}}}Bounds").set("y", "777")
    content = etree.tostring(root)
    boxes, lines, _root = drawn(content)
    assert boxes["a"].y == 777
    assert boxes["b"].x > boxes["a"].right
    assert "a-b" in lines
    told = {note.element_id for note in open_diagram(content, "x.bpmn").notes}
    assert told == {"b", "a-b"}


@pytest.mark.parametrize(
    "broken",
    [
        '<bpmndi:BPMNShape id="x" bpmnElement="a"/>',
        '<bpmndi:BPMNShape id="x" bpmnElement="a"><dc:Bounds x="NaN" y="1" width="9" height="9"/>'
        "</bpmndi:BPMNShape>",
        '<bpmndi:BPMNShape id="x" bpmnElement="a"><dc:Bounds x="1" y="1" width="-9" height="9"/>'
        "</bpmndi:BPMNShape>",
    ],
)
def test_shapes_that_cannot_be_drawn_are_drawn_anew(broken):
    picture = (
        f'<bpmndi:BPMNDiagram id="d" xmlns:dc="{DC}"><bpmndi:BPMNPlane id="p" bpmnElement="P">'
        f"{broken}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    boxes, _lines, _root = drawn(process(tasks("a"), roots=picture))
    assert boxes["a"].width == 100


def test_the_inside_of_a_closed_sub_process_gets_a_plane_of_its_own():
    inside = f'<bpmn:subProcess id="d">{tasks("a", "b")}{flow("a", "b")}</bpmn:subProcess>'
    picture = (
        f'<bpmndi:BPMNDiagram id="d1" xmlns:dc="{DC}"><bpmndi:BPMNPlane id="p" bpmnElement="P">'
        '<bpmndi:BPMNShape id="x" bpmnElement="d"><dc:Bounds x="1" y="1" width="90" height="80"/>'
        "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    boxes, _lines, root = drawn(process(inside, roots=picture))
    planes = [plane.get("bpmnElement") for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane")]
    assert planes == ["P", "d"]
    assert {"a", "b"} <= set(boxes)


ARROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(arrows=ARROWS, lanes=st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_whatever_the_flows_nothing_overlaps_and_everything_is_drawn(arrows, lanes):
    names = [f"t{number}" for number in range(10)]
    lane_set = "".join(
        f'<bpmn:lane id="l{lane}">'
        + "".join(
            f"<bpmn:flowNodeRef>{n}</bpmn:flowNodeRef>" for n in names if int(n[1:]) % lanes == lane
        )
        + "</bpmn:lane>"
        for lane in range(lanes)
    )
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="t{s}" targetRef="t{t}"/>'
        for n, (s, t) in enumerate(arrows)
    )
    content = process(
        (f'<bpmn:laneSet id="ls">{lane_set}</bpmn:laneSet>' if lanes else "")
        + tasks(*names)
        + flows
    )
    boxes, lines, _root = drawn(content)
    (found,) = read_processes(content, "x.bpmn").processes
    assert set(found.elements) <= set(boxes)
    assert set(found.flows) <= set(lines)
    for one, other in combinations(names, 2):
        assert not boxes[one].overlaps(boxes[other])
