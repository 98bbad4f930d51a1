"""What the check says about calls, and about how what is called begins."""

from __future__ import annotations

from tests.unit.definitions.diagrams import (
    definitions,
    extended,
    findings,
    flow,
    found,
    line,
    other_process,
    rules,
)


def calls(target: str) -> bytes:
    called = extended(f'<zeebe:calledElement processId="{target}" />')
    return line(f'<bpmn:callActivity id="c">{called}</bpmn:callActivity>', ids="c")


def test_timer_at_the_start_of_a_package_is_refused_and_of_a_single_model_is_not():
    timer = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle>"
    timed = other_process("Kind", f"{timer}</bpmn:timerEventDefinition>")
    assert ("timer-start-in-package", "s") in rules(findings(calls("Kind"), k__bpmn=timed))


def test_condition_starts_no_process_of_a_package():
    condition = "<bpmn:conditionalEventDefinition><bpmn:condition>=a</bpmn:condition>"
    waits = other_process("Kind", f"{condition}</bpmn:conditionalEventDefinition>")
    found = findings(calls("Kind"), k__bpmn=waits)
    assert ("condition-start-in-package", "s") in rules(found)


def test_called_process_must_exist_run_and_have_a_plain_start():
    assert rules(findings(calls("Kind"), k__bpmn=other_process("Kind"))) == set()
    unknown = found(findings(calls("Kimd"), k__bpmn=other_process("Kind")), "unknown-process")
    assert "‘Kind’" in unknown.remedy
    idle = findings(calls("Kind"), k__bpmn=other_process("Kind", executable="false"))
    assert ("called-process-not-executable", "c") in rules(idle)
    timed = other_process(
        "Kind", "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle>"
        "</bpmn:timerEventDefinition>"
    )  # fmt: skip
    assert ("called-process-without-start", "c") in rules(findings(calls("Kind"), k__bpmn=timed))


def test_process_that_calls_itself_is_a_warning_and_an_error_where_it_always_does():
    called = extended('<zeebe:calledElement processId="P" />')
    xml = line(f'<bpmn:callActivity id="c">{called}</bpmn:callActivity>', ids="c")
    assert ("calls-itself-always", "c") in rules(findings(xml))
    other_way = xml.replace(
        b"</bpmn:process>", flow("start", "einde").encode() + b"</bpmn:process>"
    )
    assert ("calls-itself", "c") in rules(findings(other_way), "warning")


def test_names_pass_between_processes_only_as_the_call_lets_them():
    def caller(call: str) -> bytes:
        script = '<zeebe:script expression="=kindvariabele" resultVariable="uit" />'
        return line(
            f'<bpmn:callActivity id="c">{extended(call)}</bpmn:callActivity>',
            f'<bpmn:scriptTask id="s">{extended(script)}</bpmn:scriptTask>',
            ids="c s",
        )

    child = definitions(
        '<bpmn:process id="Kind" isExecutable="true"><bpmn:startEvent id="s" />'
        '<bpmn:scriptTask id="k">'
        + extended('<zeebe:script expression="=1" resultVariable="kindvariabele" />')
        + f"</bpmn:scriptTask>{flow('s', 'k')}</bpmn:process>"
    )
    everything = caller('<zeebe:calledElement processId="Kind" />')
    assert "unknown-name" not in {one.rule for one in findings(everything, k__bpmn=child)}
    nothing = caller('<zeebe:calledElement processId="Kind" propagateAllChildVariables="false" />')
    assert found(findings(nothing, k__bpmn=child), "unknown-name").element_id == "s"
