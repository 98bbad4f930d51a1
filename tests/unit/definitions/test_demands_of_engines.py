"""What the engine that a file names would refuse is named by the element."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import check, extended, line, rules

CAMUNDA_7 = ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def errors(xml: bytes) -> set[tuple[str, str]]:
    return rules(check(xml), "error")


def of_camunda_7(xml: bytes) -> bytes:
    return xml.replace(b' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"', b"")


@pytest.mark.parametrize(
    ("setting", "step"),
    [
        ('<zeebe:calledElement processId="P" />', "userTask"),
        ('<zeebe:loopCharacteristics inputCollection="=a" />', "userTask"),
        ('<zeebe:calledDecision decisionId="d" resultVariable="r" />', "userTask"),
        ('<zeebe:assignmentDefinition assignee="a" />', "manualTask"),
        ('<zeebe:ioMapping><zeebe:input source="=1" target="a" /></zeebe:ioMapping>',
         "parallelGateway"),
    ],
)  # fmt: skip
def test_a_setting_of_camunda_8_stands_at_what_reads_it(setting: str, step: str):
    xml = line(f'<bpmn:{step} id="t">{extended(setting)}</bpmn:{step}>', ids="t")
    assert ("setting-misplaced", "t") in errors(xml)


@pytest.mark.parametrize(
    ("attribute", "value", "is_fine"),
    [
        ("dueDate", "someday", False),
        ("dueDate", "2026-05-01T12:00:00", True),
        ("dueDate", "P3D", True),
        ("dueDate", "PT36H", True),
        ("dueDate", "P1DT2H", True),
        ("dueDate", "${later}", True),
        ("priority", "high", False),
        ("priority", "50", True),
        ("asyncBefore", "maybe", False),
        ("asyncBefore", "true", True),
    ],
)
def test_a_value_of_camunda_7_is_one_that_its_attribute_holds(
    attribute: str, value: str, is_fine: bool
):
    xml = of_camunda_7(line(f'<bpmn:userTask id="t" camunda:{attribute}="{value}" />', ids="t"))
    assert (("value-not-allowed", "t") not in errors(xml)) is is_fine


def test_a_class_without_a_name_is_no_work():
    xml = of_camunda_7(line('<bpmn:serviceTask id="t" camunda:class="" />', ids="t"))
    assert ("task-does-nothing", "t") in errors(xml)


def test_a_condition_calls_functions_with_what_they_need():
    step = '<bpmn:task id="t"><bpmn:standardLoopCharacteristics><bpmn:loopCondition>'
    step += '=contains("a")</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:task>'
    assert ("feel-arguments", "t") in errors(line(step, ids="t"))


def test_what_is_repeated_as_long_as_true_never_ends():
    step = '<bpmn:task id="t"><bpmn:standardLoopCharacteristics{}><bpmn:loopCondition>=true'
    step += "</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:task>"
    assert ("loop-without-end", "t") in errors(line(step.format(""), ids="t"))
    assert errors(line(step.format(' loopMaximum="3"'), ids="t")) == set()
