"""Pools and lanes that can't both be right are named."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import check, flow, process, rules

STEPS = (
    '<bpmn:startEvent id="s" /><bpmn:userTask id="t" /><bpmn:endEvent id="e" />'
    + flow("s", "t") + flow("t", "e")
)  # fmt: skip
OTHER = '<bpmn:process id="Q"><bpmn:userTask id="elders" /></bpmn:process>'


def lane(id_: str, *steps: str, inside: str = "") -> str:
    named = "".join(f"<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>" for step in steps)
    return f'<bpmn:lane id="{id_}">{named}{inside}</bpmn:lane>'


def errors(lanes: str = "", pools: str = "") -> set[tuple[str, str]]:
    drawn = f'<bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>' if lanes else ""
    roots = f'<bpmn:collaboration id="c">{pools}</bpmn:collaboration>{OTHER}'
    return rules(check(process(drawn + STEPS, roots=roots)), "error")


def test_a_step_stands_in_one_of_the_lanes_beside_each_other():
    assert errors(lane("l1", "s", "t") + lane("l2", "t", "e")) == {("lane-twice", "l2")}


def test_a_lane_inside_a_lane_may_name_its_steps_again():
    inner = f'<bpmn:childLaneSet id="cls">{lane("l2", "t")}</bpmn:childLaneSet>'
    assert errors(lane("l1", "s", "t", "e", inside=inner)) == set()


def test_a_lane_holds_steps_of_its_own_process():
    assert errors(lane("l1", "s", "t", "e", "elders")) == {("lane-elsewhere", "l1")}


@pytest.mark.parametrize(
    ("second", "named"), [("P", {("pool-twice", "two")}), ("Q", set()), ("", set())]
)
def test_a_process_has_one_pool(second: str, named: set[tuple[str, str]]):
    pools = '<bpmn:participant id="one" processRef="P" />'
    pools += f'<bpmn:participant id="two" processRef="{second}" />'
    assert errors(pools=pools) == named
