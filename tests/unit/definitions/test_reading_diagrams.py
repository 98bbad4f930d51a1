"""What the reader makes of BPMN as modellers write it."""

from __future__ import annotations

import pytest

from engine.definitions.model import Kind, Trigger, VariableMapping
from tests.unit.definitions.diagrams import (
    definitions,
    element,
    extended,
    flow,
    line,
    only,
    process,
    read,
)


def test_elements_and_flows_come_in_document_order_with_line_numbers():
    xml = line('<bpmn:userTask id="a" name="Bel" />', ids="a").replace(
        b"<bpmn:user", b"\n<bpmn:user"
    )
    found = only(xml)
    assert list(found.elements) == ["start", "a", "einde"]
    assert found.elements["a"].line == 2
    assert found.elements["a"].incoming == ("start-a",)
    assert found.elements["a"].outgoing == ("a-einde",)


def test_line_numbers_count_the_lines_of_the_xml_declaration():
    xml = b'<?xml version="1.0"\n encoding="UTF-8"?>\n' + process("\n<bpmn:task id='a' />")
    assert element(xml, "a").line == 4


def test_user_task_reads_form_role_dates_and_priority():
    task = f"""<bpmn:userTask id="a"><bpmn:documentation>Bel eerst.</bpmn:documentation>{
        extended(
            "<zeebe:userTask />",
            '<zeebe:formDefinition formId="verslag" />',
            '<zeebe:assignmentDefinition candidateGroups="vertrouwenspersoon" assignee="=wie" />',
            '<zeebe:taskSchedule dueDate="=now()" followUpDate="P1D" />',
            '<zeebe:priorityDefinition priority="70" />',
            '<zeebe:properties><zeebe:property name="fase" value="2" /></zeebe:properties>',
        )
    }</bpmn:userTask>"""
    found = element(line(task, ids="a"), "a")
    assert found.documentation == "Bel eerst."
    assert found.properties == {"fase": "2"}
    assert found.user is not None
    assert found.user.form_id == "verslag"
    assert found.user.candidate_groups == "vertrouwenspersoon"
    assert found.user.assignee == "=wie"
    assert found.user.due_date == "=now()"
    assert found.user.follow_up_date == "P1D"
    assert found.user.priority == "70"


def test_service_task_reads_type_mappings_and_headers():
    task = f"""<bpmn:serviceTask id="a">{
        extended(
            '<zeebe:taskDefinition type="gezin-toestemming" retries="5" />',
            '<zeebe:ioMapping><zeebe:input source="=x" target="doel" />'
            '<zeebe:output source="=toestemming" target="mag" /></zeebe:ioMapping>',
            '<zeebe:taskHeaders><zeebe:header key="k" value="v" /></zeebe:taskHeaders>',
        )
    }</bpmn:serviceTask>"""
    found = element(line(task, ids="a"), "a")
    assert (found.job_type, found.job_retries, found.headers) == (
        "gezin-toestemming",
        "5",
        {"k": "v"},
    )
    assert found.inputs == (VariableMapping("=x", "doel"),)
    assert found.outputs == (VariableMapping("=toestemming", "mag"),)


def test_decision_call_and_script_read_their_extensions():
    decision = '<zeebe:calledDecision decisionId="norm" resultVariable="n" />'
    called = (
        '<zeebe:calledElement processId="kind" propagateAllChildVariables="false" '
        'bindingType="deployment" />'
    )
    script = '<zeebe:script expression="=1+1" resultVariable="twee" />'
    inside = (
        f'<bpmn:businessRuleTask id="a">{extended(decision)}</bpmn:businessRuleTask>'
        f'<bpmn:callActivity id="b">{extended(called)}</bpmn:callActivity>'
        f'<bpmn:scriptTask id="c">{extended(script)}</bpmn:scriptTask>'
    )
    found = only(line(inside, ids="a b c")).elements
    assert (found["a"].decision_id, found["a"].result_variable) == ("norm", "n")
    assert (found["b"].called_process, found["b"].binding) == ("kind", "deployment")
    assert found["b"].propagate_all_child is False
    assert found["b"].propagate_all_parent is True
    assert (found["c"].script, found["c"].result_variable) == ("=1+1", "twee")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("<bpmn:timeDuration>P3D</bpmn:timeDuration>", ("P3D", None, None)),
        ("<bpmn:timeDate> =dan </bpmn:timeDate>", (None, "=dan", None)),
        ("<bpmn:timeCycle>R/P7D</bpmn:timeCycle>", (None, None, "R/P7D")),
    ],
)
def test_timers_by_duration_date_and_cycle(definition, expected):
    event = f"""<bpmn:intermediateCatchEvent id="a"><bpmn:timerEventDefinition>{definition}
        </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"""
    timer = element(line(event, ids="a"), "a").event
    assert timer is not None
    assert timer.trigger is Trigger.TIMER
    assert (timer.duration, timer.date, timer.cycle) == expected


def test_messages_signals_errors_and_escalations_are_read_by_reference():
    roots = (
        '<bpmn:message id="m" name="reactie">'
        + extended('<zeebe:subscription correlationKey="=trajectId" />')
        + '</bpmn:message><bpmn:signal id="s" name="alarm" />'
        '<bpmn:error id="e" errorCode="geen-gehoor" />'
        '<bpmn:escalation id="x" escalationCode="te-laat" />'
    )
    inside = (
        '<bpmn:intermediateCatchEvent id="a"><bpmn:messageEventDefinition messageRef="m" />'
        '</bpmn:intermediateCatchEvent><bpmn:intermediateThrowEvent id="b">'
        '<bpmn:signalEventDefinition signalRef="s" /></bpmn:intermediateThrowEvent>'
        '<bpmn:endEvent id="c"><bpmn:errorEventDefinition errorRef="e" /></bpmn:endEvent>'
        '<bpmn:endEvent id="d"><bpmn:escalationEventDefinition escalationRef="x" /></bpmn:endEvent>'
        '<bpmn:receiveTask id="r" messageRef="m" />'
    )
    found = only(process(inside, roots=roots)).elements
    events = {key: value.event for key, value in found.items()}
    assert (events["a"].name, events["a"].correlation_key) == ("reactie", "=trajectId")
    assert events["b"].name == "alarm"
    assert events["c"].name == "geen-gehoor"
    assert events["d"].name == "te-laat"
    assert (events["r"].name, events["r"].correlation_key) == ("reactie", "=trajectId")


def test_thrown_message_takes_its_correlation_from_the_property():
    inside = (
        '<bpmn:intermediateThrowEvent id="a">'
        + extended(
            '<zeebe:properties><zeebe:property name="correlatie" value="=overdrachtId" />'
            "</zeebe:properties>"
        )
        + '<bpmn:messageEventDefinition messageRef="m" /></bpmn:intermediateThrowEvent>'
    )
    event = element(process(inside, roots='<bpmn:message id="m" name="klaar" />'), "a").event
    assert event is not None
    assert event.correlation_key == "=overdrachtId"


def test_boundary_events_know_host_and_whether_they_interrupt():
    inside = (
        '<bpmn:task id="a" /><bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:boundaryEvent id="c" attachedToRef="a"><bpmn:errorEventDefinition />'
        "</bpmn:boundaryEvent>"
    )
    found = only(process(inside)).elements
    assert (found["b"].attached_to, found["b"].interrupting) == ("a", False)
    assert found["c"].interrupting
    assert found["c"].event.name is None


def test_compensation_handler_is_found_by_its_association():
    inside = (
        '<bpmn:task id="a" /><bpmn:boundaryEvent id="b" attachedToRef="a">'
        "<bpmn:compensateEventDefinition /></bpmn:boundaryEvent>"
        '<bpmn:task id="herstel" isForCompensation="true" />'
        '<bpmn:association id="as" sourceRef="b" targetRef="herstel" />'
    )
    found = only(process(inside)).elements
    assert found["b"].compensation_handler == "herstel"
    assert found["a"].compensation_handler == "herstel"
    assert found["herstel"].is_compensation


def test_sub_processes_nest_and_event_sub_processes_are_marked():
    inside = (
        '<bpmn:subProcess id="sub"><bpmn:startEvent id="s1" />'
        '<bpmn:subProcess id="ev" triggeredByEvent="true"><bpmn:startEvent id="s2" '
        'isInterrupting="false"><bpmn:signalEventDefinition /></bpmn:startEvent>'
        "</bpmn:subProcess></bpmn:subProcess>"
    )
    found = only(process(inside)).elements
    assert (found["sub"].parent, found["ev"].parent, found["s2"].parent) == ("P", "sub", "ev")
    assert found["ev"].triggered_by_event
    assert not found["s2"].interrupting


def test_loops_of_all_kinds():
    inside = (
        '<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        + extended(
            '<zeebe:loopCharacteristics inputCollection="=lijst" inputElement="een" '
            'outputCollection="uit" outputElement="=een.x" />'
        )
        + "<bpmn:completionCondition>=klaar</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
        '<bpmn:task id="b"><bpmn:multiInstanceLoopCharacteristics>'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
        '</bpmn:task><bpmn:task id="c"><bpmn:standardLoopCharacteristics testBefore="true" '
        'loopMaximum="4"><bpmn:loopCondition>=nog</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics></bpmn:task>"
    )
    found = {key: value.loop for key, value in only(process(inside)).elements.items()}
    assert found["a"].sequential
    assert (found["a"].input_collection, found["a"].input_element) == ("=lijst", "een")
    assert (found["a"].output_collection, found["a"].output_element) == ("uit", "=een.x")
    assert found["a"].completion_condition == "=klaar"
    assert found["b"].cardinality == "3"
    assert (found["c"].standard, found["c"].test_before, found["c"].maximum) == (True, True, 4)
    assert found["c"].condition == "=nog"


def test_innermost_lane_and_pool_name_are_kept():
    xml = definitions(
        '<bpmn:collaboration id="c"><bpmn:participant id="p" name="De pool" processRef="P" />'
        '</bpmn:collaboration><bpmn:process id="P" isExecutable="true"><bpmn:laneSet id="l">'
        '<bpmn:lane id="l1" name="Buiten"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        '<bpmn:childLaneSet id="l2"><bpmn:lane id="l3" name="Binnen">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane>"
        '</bpmn:laneSet><bpmn:task id="a" /><bpmn:task id="b" /></bpmn:process>'
    )
    found = only(xml)
    assert found.name == "De pool"
    assert found.elements["a"].lane == "Binnen"
    assert found.elements["b"].lane is None


def test_condition_without_equals_is_read_as_feel_with_a_warning():
    xml = process(
        '<bpmn:exclusiveGateway id="g" /><bpmn:task id="a" />' + flow("g", "a", "aantal &gt; 3")
    )
    result = read(xml)
    assert result.processes[0].flows["g-a"].condition == "=aantal > 3"
    (warning,) = result.findings
    assert (warning.rule, warning.level) == ("expression-without-equals", "warning")
    assert "=aantal > 3" in warning.remedy


def test_condition_that_is_not_feel_is_left_as_it_is():
    xml = process('<bpmn:task id="a" /><bpmn:task id="b" />' + flow("a", "b", "${x == 1}"))
    assert only(xml).flows["a-b"].condition == "${x == 1}"


def test_plain_script_is_read_only_when_it_is_feel():
    inside = (
        '<bpmn:scriptTask id="a" scriptFormat="FEEL"><bpmn:script>1 + 1</bpmn:script>'
        '</bpmn:scriptTask><bpmn:scriptTask id="b" scriptFormat="python"><bpmn:script>x = 1'
        "</bpmn:script></bpmn:scriptTask>"
    )
    result = read(process(inside))
    assert result.processes[0].elements["a"].script == "=1 + 1"
    assert result.processes[0].elements["b"].script is None
    assert [(one.rule, one.element_id) for one in result.findings] == [("unsupported-script", "b")]


def test_single_process_that_does_not_say_executable_is_executable():
    result = read(process('<bpmn:task id="a" />', attributes=""))
    assert result.processes[0].executable
    assert [one.rule for one in result.findings] == ["executable-not-said"]


def test_process_that_says_not_executable_is_not():
    assert not only(process("", attributes='isExecutable="false"')).executable


def test_refused_constructs_are_read_so_that_they_can_be_named():
    found = only(
        process(
            '<bpmn:complexGateway id="a" /><bpmn:transaction id="b" />'
            '<bpmn:adHocSubProcess id="c" />'
        )
    ).elements
    assert [one.kind for one in found.values()] == [
        Kind.COMPLEX_GATEWAY,
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
    ]


LISTENER = "<zeebe:taskListeners><zeebe:taskListener /></zeebe:taskListeners>"
LISTENING = f'<bpmn:userTask id="a">{extended(LISTENER)}</bpmn:userTask>'
PARALLEL_WAIT = '<bpmn:eventBasedGateway id="a" eventGatewayType="Parallel" />'


@pytest.mark.parametrize(
    ("inside", "rule", "at"),
    [
        ('<bpmn:task id="a" /><bpmn:task id="a" />', "duplicate-id", "a"),
        ('<bpmn:task name="Zonder" />', "missing-id", ""),
        ('<bpmn:task id="a" />' + flow("a", "weg"), "flow-to-nothing", "a-weg"),
        ('<bpmn:choreographyTask id="a" />', "unsupported-element", "a"),
        ('<bpmn:receiveTask id="a" messageRef="weg" />', "unknown-message", "a"),
        ('<bpmn:receiveTask id="a" instantiate="true" />', "instantiating-element", "a"),
        ('<bpmn:userTask id="a" camunda:assignee="x" />', "foreign-dialect", "a"),
        (LISTENING, "unsupported-extension", "a"),
        ('<bpmn:task id="a" completionQuantity="0" />', "token-quantity-invalid", "a"),
        (PARALLEL_WAIT, "parallel-event-gateway", "a"),
    ],
)  # fmt: skip
def test_what_can_not_be_kept_is_named(inside, rule, at):
    findings = read(process(inside)).findings
    assert (rule, at) in {(one.rule, one.element_id) for one in findings}


def test_harmless_attributes_of_other_tools_are_ignored():
    xml = process('<bpmn:task id="a" camunda:asyncBefore="true" />')
    assert read(xml).findings == ()


def test_a_remnant_of_another_engine_is_passed_by_where_zeebe_says_what_happens() -> None:
    inside = (
        '<bpmn:serviceTask id="a" camunda:class="org.Oud">'
        + extended('<zeebe:taskDefinition type="nieuw" />')
        + '</bpmn:serviceTask><bpmn:task id="b" camunda:class="org.Oud" />'
    )
    findings = read(line(inside, ids="a b")).findings
    assert {(f.level, f.element_id) for f in findings if f.rule == "foreign-dialect"} == {
        ("warning", "a"),
        ("error", "b"),
    }
