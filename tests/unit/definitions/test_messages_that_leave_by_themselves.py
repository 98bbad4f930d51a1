"""The job type that Camunda Modeler asks of throwing message events."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import check, element, extended, flow, line, process, rules

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


@pytest.mark.parametrize(
    ("own", "key"),
    [("", "=dossier"), ('<zeebe:property name="correlatie" value="=ander" />', "=ander")],
)
def test_thrown_message_has_its_own_key_or_that_of_the_message(own, key):
    subscription = extended('<zeebe:subscription correlationKey="=dossier" />')
    properties = extended(f"<zeebe:properties>{own}</zeebe:properties>")
    xml = process(
        f'<bpmn:endEvent id="a">{properties}{DEFINITION}</bpmn:endEvent>',
        roots=f'<bpmn:message id="M" name="hallo">{subscription}</bpmn:message>',
    )
    found = element(xml, "a").event
    assert found is not None
    assert found.correlation_key == key
