"""What the check says about choices, gateways, joins and rounds."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import (
    END,
    START,
    boundary,
    catch,
    check,
    errors,
    extended,
    flow,
    line,
    process,
    rules,
    task,
    timer,
)


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


def test_choice_with_one_conditional_way_is_a_warning_and_a_task_with_one_an_error():
    one_way = process(START + '<bpmn:exclusiveGateway id="g" />' + task("a") + flow("start", "g")
                      + flow("g", "a", "=x"))  # fmt: skip
    assert ("single-flow-with-condition", "g-a") in rules(check(one_way), "warning")
    only = process(START + task("a") + task("b") + flow("start", "a") + flow("a", "b", "=x"))
    assert ("condition-on-only-way", "a-b") in rules(check(only), "error")
    after_task = process(
        START + task("a") + task("b") + task("c") + flow("start", "a")
        + flow("a", "b", "=x") + flow("a", "c", "=y")
    )  # fmt: skip
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
