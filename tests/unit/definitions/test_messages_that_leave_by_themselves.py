"""The job type that Camunda Modeler asks of throwing message events."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import check, extended, flow, line, process, rules

TYPE = extended('<zeebe:taskDefinition type="bericht-versturen" />')
ROOTS = '<bpmn:message id="M" name="hallo" />'
DEFINITION = '<bpmn:messageEventDefinition id="D1" messageRef="M" />'


def diagram(inside: str) -> bytes:
    flows = flow("start", "a") + flow("a", "einde")
    ends = '<bpmn:startEvent id="start" /><bpmn:endEvent id="einde" />'
    return process(ends + inside + flows, roots=ROOTS)


@pytest.mark.parametrize(
    "inside",
    [
        f'<bpmn:intermediateThrowEvent id="a">{TYPE}{DEFINITION}</bpmn:intermediateThrowEvent>',
        f'<bpmn:sendTask id="a" messageRef="M">{TYPE}</bpmn:sendTask>',
    ],
)
def test_is_accepted_where_a_message_is_thrown(inside):
    assert rules(check(diagram(inside))) == set()


def test_still_asks_for_the_message():
    event = f'<bpmn:intermediateThrowEvent id="a">{TYPE}<bpmn:messageEventDefinition id="D1" />'
    found = check(diagram(f"{event}</bpmn:intermediateThrowEvent>"))
    assert ("message-missing", "a") in rules(found)


def test_is_no_kind_of_service_task():
    found = check(line(f'<bpmn:serviceTask id="a">{TYPE}</bpmn:serviceTask>', ids="a"))
    assert ("unknown-connector", "a") in rules(found) | rules(found, "warning")
