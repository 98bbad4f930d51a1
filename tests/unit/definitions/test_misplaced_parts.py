"""What has no place or no meaning in a file is named by the element that it stands at."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import check, definitions, flow, line, process, rules

START, END = '<bpmn:startEvent id="s" />', '<bpmn:endEvent id="e" />'
LOOP = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
LOOP += "</bpmn:multiInstanceLoopCharacteristics>"
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
TIMER += "</bpmn:timerEventDefinition>"


def errors(xml: bytes) -> set[tuple[str, str]]:
    return rules(check(xml), "error")


@pytest.mark.parametrize(
    "inside",
    [
        '<bpmn:task id="t"><bpmn:userTask id="u" /></bpmn:task>',
        f'<bpmn:task id="t">{TIMER}</bpmn:task>',
        f'<bpmn:exclusiveGateway id="t">{LOOP}</bpmn:exclusiveGateway>',
        f'<bpmn:intermediateCatchEvent id="t">{TIMER}{LOOP}</bpmn:intermediateCatchEvent>',
        f'<bpmn:task id="t"><bpmn:standardLoopCharacteristics loopMaximum="2" />{LOOP}</bpmn:task>',
        '<bpmn:task id="t"><bpmn:conditionExpression>=a</bpmn:conditionExpression></bpmn:task>',
        '<bpmn:userTask id="t"><bpmn:script>=1</bpmn:script></bpmn:userTask>',
        '<bpmn:task id="t"><bpmn:message id="m" name="m" /></bpmn:task>',
        '<bpmn:task id="t"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:task>',
    ],
)
def test_a_part_that_has_no_place_there_is_refused(inside: str):
    named = {id_ for rule, id_ in errors(line(inside, ids="t")) if rule == "misplaced-element"}
    assert named & {"t", "u", "m"}


def test_an_arrow_waits_for_nothing():
    xml = process(
        f'{START}{END}<bpmn:sequenceFlow id="x" sourceRef="s" targetRef="e">{TIMER}'
        "</bpmn:sequenceFlow>"
    )
    assert ("misplaced-element", "x") in errors(xml)


@pytest.mark.parametrize("outside", ['<bpmn:task id="x" />', flow("s", "e").replace("s-e", "x")])
def test_what_stands_outside_of_every_process_is_refused(outside: str):
    xml = process(f"{START}{END}{flow('s', 'e')}", roots=outside)
    assert errors(xml) == {("misplaced-element", "x")}


def test_an_arrow_has_one_condition():
    twice = "<bpmn:conditionExpression>=a</bpmn:conditionExpression>" * 2
    xml = process(
        f'{START}<bpmn:exclusiveGateway id="g" default="g-e" />{END}<bpmn:endEvent id="f" />'
        f"{flow('s', 'g')}{flow('g', 'e')}"
        f'<bpmn:sequenceFlow id="x" sourceRef="g" targetRef="f">{twice}</bpmn:sequenceFlow>'
    )
    assert ("misplaced-element", "x") in errors(xml)


@pytest.mark.parametrize(
    "inside",
    [
        '<bpmn:task id="t" isForCompensation="soms" />',
        '<bpmn:parallelGateway id="t" gatewayDirection="Sideways" />',
        '<bpmn:adHocSubProcess id="t" ordering="Later"><bpmn:task id="u" /></bpmn:adHocSubProcess>',
    ],
)
def test_a_setting_with_a_value_that_is_none_is_refused(inside: str):
    assert ("value-not-allowed", "t") in errors(line(inside, ids="t"))


def test_a_gateway_that_says_it_only_joins_does_not_split():
    def gateway(direction: str) -> bytes:
        return process(
            f'{START}<bpmn:parallelGateway id="g" gatewayDirection="{direction}" />{END}'
            f'<bpmn:endEvent id="f" />{flow("s", "g")}{flow("g", "e")}{flow("g", "f")}'
        )

    assert ("gateway-direction", "g") in errors(gateway("Converging"))
    assert ("gateway-direction", "g") in errors(gateway("Mixed"))
    assert errors(gateway("Diverging")) == errors(gateway("Unspecified")) == set()


def test_an_id_with_a_space_is_refused():
    xml = process(
        f'{START}<bpmn:task id="mijn taak" />{END}{flow("s", "mijn taak")}{flow("mijn taak", "e")}'
    )
    assert ("id-with-space", "mijn taak") in errors(xml)


def test_a_public_process_is_not_executed():
    xml = process(
        START + END + flow("s", "e"), attributes='isExecutable="true" processType="Public"'
    )
    assert ("public-process-executable", "P") in errors(xml)


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [
        ('minimum="-1" maximum="2"', True),
        ('minimum="3" maximum="2"', True),
        ('minimum="0" maximum="2"', False),
        ('minimum="2"', False),
        ('maximum="veel"', True),
    ],
)
def test_a_pool_takes_part_a_possible_number_of_times(numbers: str, refused: bool):
    pool = f'<bpmn:participant id="x"><bpmn:participantMultiplicity {numbers} /></bpmn:participant>'
    xml = process(
        START + END + flow("s", "e"),
        roots=f'<bpmn:collaboration id="c">{pool}</bpmn:collaboration>',
    )
    assert (("participant-multiplicity", "x") in errors(xml)) is refused


@pytest.mark.parametrize(
    ("other", "id_"),
    [
        ('<bpmn:message id="t" name="m" />', "t"),
        ('<bpmn:collaboration id="t" />', "t"),
        ('<bpmn:collaboration id="c"><bpmn:participant id="P" processRef="P" />'
         "</bpmn:collaboration>", "P"),
    ],
)  # fmt: skip
def test_two_things_of_one_id_are_refused_whatever_they_are(other: str, id_: str):
    inside = f'{START}<bpmn:task id="t" />{END}{flow("s", "t")}{flow("t", "e")}'
    assert ("duplicate-id", id_) in errors(process(inside, roots=other))


def test_a_step_may_be_called_as_the_file_is():
    inside = '<bpmn:startEvent id="D" /><bpmn:endEvent id="e" />' + flow("D", "e")
    xml = definitions(f'<bpmn:process id="P" isExecutable="true">{inside}</bpmn:process>')
    assert errors(xml) == set()


def test_a_message_without_an_id_is_refused():
    xml = process(START + END + flow("s", "e"), roots='<bpmn:signal name="x" />')
    assert ("missing-id", "") in errors(xml)
