"""What the check says about starts, ends, paths, events and compensation."""

from __future__ import annotations

import pytest

from engine.definitions.checks.support import CONSTRUCTS, Position, construct_of
from engine.definitions.model import Kind, Trigger
from tests.unit.definitions.diagrams import (
    END,
    START,
    boundary,
    catch,
    check,
    errors,
    flow,
    found,
    line,
    process,
    rules,
    task,
    timer,
)


def test_a_sound_line_has_no_errors():
    assert errors(line(task("a"), ids="a")) == set()


def test_every_finding_names_element_line_and_remedy():
    xml = process(f"{START}\n<bpmn:complexGateway id='cg' name='Kies' />" + flow("start", "cg"))
    one = found(check(xml), "unsupported-gateway")
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


def test_two_arrows_to_the_same_step_are_a_warning():
    again = '<bpmn:sequenceFlow id="dubbel" sourceRef="a" targetRef="einde" />'
    assert ("flow-twice", "a-einde") in rules(check(line(task("a") + again, ids="a")), "warning")


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


def test_ids_and_names_that_no_database_can_find_things_by_are_refused():
    long_id, name = "a" * 301, "n" * 251
    sound = process(
        START + task("a" * 300) + END + flow("start", "a" * 300) + flow("a" * 300, "einde")
    )
    assert errors(sound) == set()
    xml = process(
        START + task(long_id) + END + flow("start", long_id) + flow(long_id, "einde"),
    )
    assert ("id-too-long", long_id) in errors(xml)
    waiting = catch("wacht", '<bpmn:signalEventDefinition signalRef="S" />')
    xml = process(START + waiting + END + flow("start", "wacht") + flow("wacht", "einde"))
    signal = f'<bpmn:signal id="S" name="{name}" />'
    named = xml.replace(b"<bpmn:process", signal.encode() + b"<bpmn:process", 1)
    assert ("name-too-long", "wacht") in errors(named)
