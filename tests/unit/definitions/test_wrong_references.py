"""A reference that leads to something of another kind is named by who refers."""

from __future__ import annotations

import pytest

from engine.definitions.model import Finding
from tests.unit.definitions.diagrams import check, flow, process, rules

INSIDE = (
    '<bpmn:startEvent id="s" /><bpmn:userTask id="t" /><bpmn:endEvent id="e" />'
    + flow("s", "t") + flow("t", "e")
)  # fmt: skip
POOLS = '<bpmn:participant id="pool" processRef="P" /><bpmn:participant id="ander" />'


def findings(inside: str = "", roots: str = "", pools: str = "") -> list[Finding]:
    collaboration = f'<bpmn:collaboration id="c">{POOLS}{pools}</bpmn:collaboration>'
    return check(process(INSIDE + inside, roots=collaboration + roots))


def message_flow(source: str, target: str) -> str:
    return f'<bpmn:messageFlow id="mf" sourceRef="{source}" targetRef="{target}" />'


def test_what_refers_to_its_own_kind_is_fine():
    fine = findings(
        '<bpmn:dataObject id="d" /><bpmn:dataObjectReference id="dr" dataObjectRef="d" />',
        '<bpmn:itemDefinition id="i" /><bpmn:message id="m" name="m" itemRef="i" />',
        message_flow("ander", "t"),
    )
    assert rules(fine, "error") == set()


@pytest.mark.parametrize(
    ("inside", "roots", "who"),
    [
        ('<bpmn:dataObjectReference id="dr" dataObjectRef="t" />', "", "dr"),
        ('<bpmn:group id="g" categoryValueRef="pool" />', "", "g"),
        ("", '<bpmn:message id="m" name="m" itemRef="pool" />', "m"),
        ('<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>s-t</bpmn:flowNodeRef>'
         "</bpmn:lane></bpmn:laneSet>", "", "l"),
        ("", '<bpmn:interface id="i" name="i"><bpmn:operation id="o" name="o">'
         "<bpmn:inMessageRef>t</bpmn:inMessageRef></bpmn:operation></bpmn:interface>", "o"),
    ],
)  # fmt: skip
def test_a_reference_to_another_kind_is_refused(inside: str, roots: str, who: str):
    assert ("wrong-reference", who) in rules(findings(inside, roots), "error")


@pytest.mark.parametrize("ends", [("t", "P"), ("s-t", "ander"), ("ander", "c")])
def test_a_message_flow_joins_pools_and_steps(ends: tuple[str, str]):
    assert ("wrong-reference", "mf") in rules(findings(pools=message_flow(*ends)), "error")


@pytest.mark.parametrize("ends", [("s", "ander"), ("ander", "e")])
def test_nothing_is_sent_by_a_start_or_arrives_at_an_end(ends: tuple[str, str]):
    assert ("message-flow-end", "mf") in rules(findings(pools=message_flow(*ends)), "error")


@pytest.mark.parametrize("ends", [("pool", "t"), ("t", "pool"), ("t", "t")])
def test_a_message_flow_leaves_its_own_pool(ends: tuple[str, str]):
    found = rules(findings(pools=message_flow(*ends)), "error")
    assert ("message-flow-inside-pool", "mf") in found


def test_an_operation_that_is_not_there_is_named_unless_files_are_imported():
    task = '<bpmn:serviceTask id="w" operationRef="weg" />' + flow("t", "w") + flow("w", "e")
    assert ("unresolved-reference", "w") in rules(findings(task), "error")
    imported = '<bpmn:import importType="x" location="y" namespace="z" />'
    assert ("unresolved-reference", "w") not in rules(findings(task, imported), "error")


def test_what_joins_two_things_is_nothing_without_one_of_them():
    association = '<bpmn:association id="a" sourceRef="t" targetRef="weg" />'
    assert ("unresolved-reference", "a") in rules(findings(association), "error")


@pytest.mark.parametrize("lacking", ["sourceRef", "targetRef"])
def test_a_message_flow_has_two_ends(lacking: str):
    drawn = message_flow("ander", "t").replace(lacking, "name")
    assert ("message-flow-end", "mf") in rules(findings(pools=drawn), "error")
