"""What the check says about starts, ends, paths, gateways, events and loops."""

from __future__ import annotations

import pytest

from engine.definitions.checks.support import CONSTRUCTS, Position, construct_of
from engine.definitions.model import Kind, Trigger
from tests.unit.definitions.diagrams import check, extended, flow, found, line, process, rules

START = '<bpmn:startEvent id="start" />'
END = '<bpmn:endEvent id="einde" />'


def task(element_id: str) -> str:
    return f'<bpmn:task id="{element_id}" />'


def catch(element_id: str, definition: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element_id}">{definition}</bpmn:intermediateCatchEvent>'
    )


def timer(text: str = "P1D", kind: str = "timeDuration") -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def boundary(element_id: str, host: str, definition: str, interrupting: bool = True) -> str:
    return (
        f'<bpmn:boundaryEvent id="{element_id}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}">{definition}</bpmn:boundaryEvent>'
    )


def errors(xml: bytes) -> set[tuple[str, str]]:
    return rules(check(xml))


def test_a_sound_line_has_no_errors():
    assert errors(line(task("a"), ids="a")) == set()


def test_every_finding_names_element_line_and_remedy():
    xml = process(f"{START}\n<bpmn:complexGateway id='cg' name='Kies' />" + flow("start", "cg"))
    one = found(check(xml), "unsupported-element")
    assert (one.element_id, one.element_name, one.line) == ("cg", "Kies", 2)
    assert "‘Kies’ (cg)" in one.message
    assert one.remedy


def test_missing_start_is_an_error_of_process_and_sub_process():
    xml = process(
        START
        + '<bpmn:subProcess id="sub">'
        + task("b")
        + "</bpmn:subProcess>"
        + flow("start", "sub")
    )
    assert ("no-start", "sub") in errors(xml)
    assert ("no-start", "P") in errors(process(task("a")))


def test_second_plain_start_is_refused_and_a_triggered_one_is_not():
    second = '<bpmn:startEvent id="s2" />'
    assert ("several-none-starts", "s2") in errors(
        process(START + second + task("a") + flow("start", "a") + flow("s2", "a"))
    )
    triggered = f'<bpmn:startEvent id="s2">{timer("R/P1D", "timeCycle")}</bpmn:startEvent>'
    assert (
        errors(process(START + triggered + task("a") + flow("start", "a") + flow("s2", "a")))
        == set()
    )


def test_unreachable_step_and_dead_end():
    findings = check(process(START + task("a") + task("los") + flow("start", "a")))
    assert ("unreachable", "los") in rules(findings)
    assert ("implicit-end", "a") in rules(findings, "warning")


def test_steps_after_boundary_events_links_and_compensation_are_reachable():
    xml = process(
        START
        + task("a")
        + boundary("b", "a", timer())
        + task("na")
        + boundary("c", "a", "<bpmn:compensateEventDefinition />")
        + '<bpmn:task id="herstel" isForCompensation="true" />'
        '<bpmn:association id="as" sourceRef="c" targetRef="herstel" />'
        '<bpmn:intermediateThrowEvent id="lt"><bpmn:linkEventDefinition name="X" />'
        "</bpmn:intermediateThrowEvent>"
        + catch("lc", '<bpmn:linkEventDefinition name="X" />')
        + END
        + flow("start", "a")
        + flow("b", "na")
        + flow("a", "lt")
        + flow("lc", "einde")
    )
    assert errors(xml) == set()


def test_flow_over_the_edge_of_a_sub_process():
    xml = process(
        START
        + '<bpmn:subProcess id="sub"><bpmn:startEvent id="s" />'
        + task("b")
        + flow("s", "b")
        + "</bpmn:subProcess>"
        + task("a")
        + flow("start", "sub")
        + flow("b", "a")
    )
    assert ("flow-crosses-sub-process", "b-a") in errors(xml)


@pytest.mark.parametrize(
    ("inside", "rule", "at"),
    [
        (END + flow("start", "a") + flow("a", "einde") + flow("einde", "a"),
         "flow-out-of-end", "einde"),
        (flow("start", "a") + flow("a", "start"), "flow-into-start", "start"),
        (boundary("b", "a", timer()) + flow("start", "a") + flow("a", "b"), "flow-into-start", "b"),
        (boundary("b", "weg", timer()) + flow("start", "a"), "boundary-host", "b"),
        (boundary("b", "start", timer()) + flow("start", "a"), "boundary-host", "b"),
        (boundary("b", "a", "<bpmn:errorEventDefinition />", False) + flow("start", "a"),
         "error-must-interrupt", "b"),
        (boundary("b", "a", "<bpmn:compensateEventDefinition />") + flow("start", "a"),
         "compensation-without-handler", "b"),
        (boundary("b", "a", "<bpmn:cancelEventDefinition />") + flow("start", "a"),
         "cancel-outside-transaction", "b"),
        ('<bpmn:endEvent id="e"><bpmn:cancelEventDefinition /></bpmn:endEvent>'
         + flow("start", "a") + flow("a", "e"), "cancel-outside-transaction", "e"),
        ('<bpmn:task id="h" isForCompensation="true" />' + flow("start", "a"),
         "compensation-handler-unlinked", "h"),
        (boundary("b", "a", timer("R/P1D", "timeCycle")) + flow("start", "a"),
         "timer-cycle-once", "b"),
        (catch("c", timer("R/P1D", "timeCycle")) + flow("start", "a") + flow("a", "c"),
         "timer-cycle-once", "c"),
        (catch("c", "<bpmn:messageEventDefinition />") + flow("start", "a") + flow("a", "c"),
         "message-missing", "c"),
        (catch("c", "<bpmn:signalEventDefinition />") + flow("start", "a") + flow("a", "c"),
         "signal-missing", "c"),
        (catch("c", "<bpmn:conditionalEventDefinition />") + flow("start", "a") + flow("a", "c"),
         "condition-missing", "c"),
        (catch("c", "") + flow("start", "a") + flow("a", "c"), "unsupported-element", "c"),
        (catch("c", "<bpmn:timerEventDefinition />") + flow("start", "a") + flow("a", "c"),
         "timer-missing", "c"),
        ('<bpmn:endEvent id="e"><bpmn:errorEventDefinition /></bpmn:endEvent>'
         + flow("start", "a") + flow("a", "e"), "error-missing", "e"),
        ('<bpmn:intermediateThrowEvent id="t"><bpmn:linkEventDefinition name="Q" />'
         "</bpmn:intermediateThrowEvent>" + flow("start", "a") + flow("a", "t"),
         "link-without-target", "t"),
        ('<bpmn:subProcess id="ev" triggeredByEvent="true"><bpmn:startEvent id="s" />'
         "</bpmn:subProcess>" + flow("start", "a"), "unsupported-element", "s"),
        ('<bpmn:subProcess id="ev" triggeredByEvent="true"><bpmn:startEvent id="s">'
         f"{timer()}</bpmn:startEvent></bpmn:subProcess>" + flow("start", "a") + flow("a", "ev"),
         "event-sub-process-connected", "ev"),
    ],
)  # fmt: skip
def test_shape_that_can_not_run_is_refused(inside, rule, at):
    assert (rule, at) in errors(process(START + task("a") + inside))


def test_two_boundary_events_for_the_same_error_are_refused():
    catch_all = "<bpmn:errorEventDefinition />"
    xml = process(
        START
        + task("a")
        + boundary("b", "a", catch_all)
        + boundary("c", "a", catch_all)
        + flow("start", "a")
    )
    assert errors(xml) == {("caught-twice", "c")}


def test_two_start_events_for_the_same_message_are_refused():
    message = '<bpmn:messageEventDefinition messageRef="M" />'
    starts = "".join(f'<bpmn:startEvent id="{key}">{message}</bpmn:startEvent>' for key in "bc")
    xml = process(
        starts + task("a") + flow("b", "a") + flow("c", "a"),
        roots='<bpmn:message id="M" name="aanmelding" />',
    )
    assert errors(xml) == {("caught-twice", "c")}


def test_computed_name_is_refused_where_it_must_be_fixed():
    error = '<bpmn:errorEventDefinition errorRef="E" />'
    xml = process(
        START
        + task("a")
        + boundary("b", "a", error)
        + END
        + flow("start", "a")
        + flow("b", "einde"),
        roots='<bpmn:error id="E" errorCode="=code" />',
    )
    assert errors(xml) == {("name-must-be-fixed", "b")}


def choice(*flows: str, default: str = "", kind: str = "exclusiveGateway") -> bytes:
    mark = f' default="{default}"' if default else ""
    return process(
        START
        + f'<bpmn:{kind} id="g"{mark} />'
        + task("a")
        + task("b")
        + flow("start", "g")
        + "".join(flows)
    )


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_choice_needs_a_condition_or_default_on_every_flow(kind):
    bare = choice(flow("g", "a", "=x"), flow("g", "b"), kind=kind)
    assert errors(bare) == {("flow-without-condition", "g-b")}
    mended = choice(flow("g", "a", "=x"), flow("g", "b"), default="g-b", kind=kind)
    assert errors(mended) == set()


def test_choice_without_default_is_a_warning():
    findings = check(choice(flow("g", "a", "=x"), flow("g", "b", "=not(x)")))
    assert rules(findings) == set()
    assert ("no-default-flow", "g") in rules(findings, "warning")


def test_default_flow_must_leave_the_gateway_and_have_no_condition():
    flows = (flow("g", "a", "=x"), flow("g", "b", "=y"))
    assert ("default-flow-with-condition", "g-b") in errors(choice(*flows, default="g-b"))
    assert ("default-flow-unknown", "g") in errors(choice(*flows, default="weg"))


def test_parallel_gateway_has_no_conditions():
    xml = choice(flow("g", "a", "=x"), flow("g", "b"), kind="parallelGateway")
    assert errors(xml) == {("parallel-with-condition", "g-a")}


def test_parallel_join_of_a_choice_waits_forever():
    xml = process(
        START
        + '<bpmn:exclusiveGateway id="g" default="g-b" />'
        + task("a")
        + task("b")
        + '<bpmn:parallelGateway id="j" />'
        + END
        + flow("start", "g")
        + flow("g", "a", "=x")
        + flow("g", "b")
        + flow("a", "j")
        + flow("b", "j")
        + flow("j", "einde")
    )
    assert errors(xml) == {("join-waits-forever", "j")}


def test_event_gateway_wants_two_events_behind_it():
    xml = choice(flow("g", "a"), kind="eventBasedGateway")
    assert {("event-gateway-too-few", "g"), ("event-gateway-target", "a")} <= errors(xml)


def test_event_gateway_with_timer_and_message_is_fine():
    xml = process(
        START
        + '<bpmn:eventBasedGateway id="g" />'
        + catch("t", timer())
        + catch("m", '<bpmn:messageEventDefinition messageRef="M" />')
        + flow("start", "g")
        + flow("g", "t")
        + flow("g", "m"),
        roots='<bpmn:message id="M" name="reactie" />',
    )
    findings = check(xml)
    assert rules(findings) == set()
    assert ("correlation-missing", "m") in rules(findings, "warning")


def test_loop_settings_that_never_end_or_have_nothing_to_loop_over():
    bare = '<bpmn:task id="a"><bpmn:standardLoopCharacteristics /></bpmn:task>'
    assert ("loop-without-end", "a") in errors(line(bare, ids="a"))
    multi = '<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics /></bpmn:task>'
    assert ("loop-without-collection", "a") in errors(line(multi, ids="a"))
    half = (
        '<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics>'
        + extended('<zeebe:loopCharacteristics inputCollection="=x" outputCollection="y" />')
        + "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
    )
    assert ("loop-output", "a") in errors(line(half, ids="a"))


def round_trip(middle: str, way_out: bool) -> bytes:
    leave = flow("g", "einde") if way_out else ""
    default = 'default="g-einde"' if way_out else ""
    condition = "=x" if way_out else None
    return process(
        START
        + middle
        + f'<bpmn:exclusiveGateway id="g" {default} />'
        + END
        + flow("start", "m")
        + flow("m", "g")
        + flow("g", "m", condition)
        + leave
    )


def test_round_without_waiting_is_a_warning_and_without_exit_an_error():
    assert ("endless-loop", "m") in errors(round_trip(task("m"), way_out=False))
    findings = check(round_trip(task("m"), way_out=True))
    assert rules(findings) == set()
    assert ("loop-without-wait", "m") in rules(findings, "warning")


def test_round_past_a_person_is_fine():
    findings = check(round_trip('<bpmn:userTask id="m" />', way_out=True))
    assert "loop-without-wait" not in {one.rule for one in findings}


def test_table_of_support_gives_a_remedy_for_everything_refused():
    assert all(bool(row.remedy) != row.supported for row in CONSTRUCTS)


@pytest.mark.parametrize(
    ("kind", "trigger", "position", "supported"),
    [
        (Kind.START_EVENT, Trigger.CONDITIONAL, Position.SUB_PROCESS, False),
        (Kind.START_EVENT, Trigger.CONDITIONAL, Position.EVENT_SUB_PROCESS, True),
        (Kind.BOUNDARY_EVENT, Trigger.CANCEL, Position.PROCESS, True),
        (Kind.THROW_EVENT, Trigger.CANCEL, Position.PROCESS, False),
        (Kind.START_EVENT, Trigger.COMPENSATION, Position.PROCESS, False),
        (Kind.START_EVENT, Trigger.COMPENSATION, Position.EVENT_SUB_PROCESS, True),
        (Kind.USER_TASK, None, Position.SUB_PROCESS, True),
        (Kind.COMPLEX_GATEWAY, None, Position.PROCESS, False),
    ],
)
def test_support_is_looked_up_by_position(kind, trigger, position, supported):
    assert construct_of(kind, trigger, position).supported is supported


def thrown(code: str = "te-laat") -> bytes:
    return process(
        START + '<bpmn:subProcess id="sub"><bpmn:startEvent id="s" /><bpmn:endEvent id="e">'
        '<bpmn:errorEventDefinition errorRef="E" /></bpmn:endEvent>'
        + flow("s", "e")
        + "</bpmn:subProcess>"
        + boundary("b", "sub", '<bpmn:errorEventDefinition errorRef="F" />')
        + END
        + flow("start", "sub")
        + flow("sub", "einde")
        + flow("b", "einde"),
        roots=f'<bpmn:error id="E" errorCode="te-laat" /><bpmn:error id="F" errorCode="{code}" />',
    )


def test_error_that_nothing_catches_is_a_warning():
    assert "error-not-caught" not in {one.rule for one in check(thrown())}
    assert ("error-not-caught", "e") in rules(check(thrown("anders")), "warning")


def test_parallel_ways_merged_without_waiting_are_a_warning():
    xml = process(
        START
        + '<bpmn:parallelGateway id="g" />'
        + task("a")
        + task("b")
        + '<bpmn:exclusiveGateway id="m" />'
        + END
        + "".join(map(flow, ["start", "g", "g", "a", "b", "m"], ["g", "a", "b", "m", "m", "einde"]))
    )
    findings = check(xml)
    assert rules(findings) == set()
    assert ("merge-runs-twice", "m") in rules(findings, "warning")


def test_two_arrows_to_the_same_step_are_a_warning():
    again = '<bpmn:sequenceFlow id="dubbel" sourceRef="a" targetRef="einde" />'
    assert ("flow-twice", "a-einde") in rules(check(line(task("a") + again, ids="a")), "warning")


def test_choice_with_one_conditional_way_and_task_with_only_conditions_are_warnings():
    one_way = process(START + '<bpmn:exclusiveGateway id="g" />' + task("a") + flow("start", "g")
                      + flow("g", "a", "=x"))  # fmt: skip
    assert ("single-flow-with-condition", "g-a") in rules(check(one_way), "warning")
    after_task = process(START + task("a") + task("b") + flow("start", "a") + flow("a", "b", "=x"))
    assert ("no-default-flow", "a") in rules(check(after_task), "warning")


def test_condition_after_an_event_and_default_of_a_parallel_gateway_are_refused():
    after_event = process(START + task("a") + flow("start", "a", "=x"))
    assert ("condition-after-event", "start-a") in errors(after_event)
    parallel = choice(flow("g", "a"), flow("g", "b"), default="g-b", kind="parallelGateway")
    assert ("default-flow-not-allowed", "g") in errors(parallel)


def test_event_gateway_rules_about_its_events():
    def behind(events: str, *more: str) -> set[tuple[str, str]]:
        ways = flow("start", "g") + flow("g", "c") + flow("g", "d") + "".join(more)
        return errors(
            process(
                START + '<bpmn:eventBasedGateway id="g" />' + events + ways,
                roots='<bpmn:message id="M" name="reactie" />',
            )
        )

    message = '<bpmn:messageEventDefinition messageRef="M" />'
    waits = catch("c", message) + catch("d", timer())
    assert behind(waits) == set()
    assert ("event-gateway-target-shared", "c") in behind(waits, flow("d", "c"))
    assert ("caught-twice", "d") in behind(catch("c", message) + catch("d", message))
    receive = '<bpmn:receiveTask id="c" messageRef="M" />' + catch("d", timer())
    assert behind(receive) == set()
    assert ("event-gateway-target", "c") in behind(receive + boundary("b", "c", timer("P2D")))


def test_event_sub_process_has_one_start_and_does_not_loop():
    def inside(content: str) -> set[tuple[str, str]]:
        return errors(
            process(
                START + task("a") + flow("start", "a")
                + f'<bpmn:subProcess id="ev" triggeredByEvent="true">{content}</bpmn:subProcess>'
            )
        )  # fmt: skip

    start = f'<bpmn:startEvent id="s">{timer()}</bpmn:startEvent>'
    assert inside(start) == set()
    assert ("event-sub-process-starts", "s2") in inside(start + start.replace('"s"', '"s2"'))
    loop = "<bpmn:standardLoopCharacteristics loopMaximum='2' />"
    assert ("event-sub-process-loop", "ev") in inside(start + loop)
    error = '<bpmn:startEvent id="s" isInterrupting="false"><bpmn:errorEventDefinition />'
    assert ("error-must-interrupt", "s") in inside(error + "</bpmn:startEvent>")


def test_compensation_must_point_at_a_step_that_can_be_undone():
    def throws(target: str) -> set[tuple[str, str]]:
        event = f'<bpmn:compensateEventDefinition activityRef="{target}" />'
        return errors(line(task("a"), f'<bpmn:intermediateThrowEvent id="t">{event}'
                           "</bpmn:intermediateThrowEvent>", ids="a t"))  # fmt: skip

    assert ("compensation-target", "t") in throws("weg")
    assert ("compensation-target", "t") in throws("a")


def test_link_names_meet_once_in_their_scope():
    target = '<bpmn:linkEventDefinition name="X" />'
    throw = f'<bpmn:intermediateThrowEvent id="t">{target}</bpmn:intermediateThrowEvent>'
    both = catch("c", target) + catch("d", target)
    xml = process(START + throw + both + flow("start", "t"))
    assert ("link-target-twice", "d") in errors(xml)
    alone = process(START + task("a") + flow("start", "a") + catch("c", target))
    assert ("link-without-source", "c") in rules(check(alone), "warning")


def test_a_join_that_never_goes_on_is_refused_although_a_terminate_ends_everything():
    xml = process(
        START
        + '<bpmn:parallelGateway id="f" /><bpmn:exclusiveGateway id="x" default="x-a" />'
        + '<bpmn:parallelGateway id="j" />'
        + task("a")
        + task("b")
        + task("stop")
        + END
        + '<bpmn:endEvent id="alles"><bpmn:terminateEventDefinition /></bpmn:endEvent>'
        + flow("start", "f")
        + "".join(map(flow, ["f", "f", "stop", "x", "a"], ["x", "stop", "alles", "a", "j"]))
        + flow("b", "j")
        + flow("j", "einde")
        + flow("x", "b", "=keuze")
    )
    assert ("never-runs", "j") in errors(xml)
    assert ("never-runs", "einde") not in errors(xml)
