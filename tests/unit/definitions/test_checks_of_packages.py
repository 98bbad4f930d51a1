"""What the check says about how the parts of a package fit together."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from tests.unit.definitions.diagrams import (
    ENTRY,
    GOOD_FIELD,
    MANIFEST,
    check,
    extended,
    findings,
    flow,
    form,
    found,
    line,
    other_process,
    package,
    process,
    rules,
    tagged,
    user_task,
)


def test_a_sound_package_has_no_errors():
    assert rules(findings(line(user_task(), ids="a"))) == set()


def test_decision_must_be_in_the_package():
    decides = (
        '<bpmn:businessRuleTask id="b">'
        + extended('<zeebe:calledDecision decisionId="norm" resultVariable="n" />')
        + "</bpmn:businessRuleTask>"
    )
    assert ("unknown-decision", "b") in rules(findings(line(decides, ids="b")))


def test_unreadable_decision_file_is_a_finding_of_that_file():
    one = found(findings(line(user_task(), ids="a"), d__dmn=b"<a/>"), "decision-not-dmn")
    assert one.file == "d.dmn"


def test_name_that_nobody_gives_is_a_warning_with_the_nearest_name():
    sound = line(user_task('<zeebe:ioMapping><zeebe:input source="=keuze" target="z" />'
                           "</zeebe:ioMapping>"), ids="a")  # fmt: skip
    assert rules(findings(sound), "warning") == {("without-drawing", "P")}
    wrong = sound.replace(b"=keuze", b"=keuse")
    one = found(findings(wrong), "unknown-name")
    assert one.level == "warning"
    assert "‘keuze’" in one.remedy


def test_variable_written_without_equals_sign_is_a_warning():
    literal = line(user_task('<zeebe:ioMapping><zeebe:input source="trajectId" target="z" />'
                             "</zeebe:ioMapping>"), ids="a")  # fmt: skip
    assert "‘=trajectId’" in found(findings(literal), "literal-source").remedy


def test_entry_must_match_a_message_start_and_a_form():
    result = findings(line(user_task(), ids="a"), manifest=MANIFEST + ENTRY)
    assert {rule for rule, _ in rules(result)} == {"entry-without-start", "unknown-form"}
    start = (
        '<bpmn:startEvent id="m"><bpmn:messageEventDefinition messageRef="M" /></bpmn:startEvent>'
        + user_task()
        + flow("m", "a")
    )
    xml = process(start, roots='<bpmn:message id="M" name="aanmelding" />')
    referral = form("aanmelding", {**GOOD_FIELD, "key": "bron"})
    sound = findings(xml, manifest=MANIFEST + ENTRY, aanmelding__form=referral)
    assert rules(sound) == set()


def test_main_process_must_exist():
    result = findings(line(user_task(), ids="a"), manifest=MANIFEST.replace('"P"', '"Q"'))
    assert {rule for rule, _ in rules(result)} == {"unknown-process"}


def test_two_processes_with_one_id_and_two_tasks_with_one_id():
    result = findings(line(user_task(), ids="a"), q__bpmn=line(user_task(), ids="a"))
    assert ("duplicate-process", "P") in rules(result)
    other = other_process("Q").replace(b'<bpmn:endEvent id="e" />', b'<bpmn:userTask id="a" />'
                                       b'<bpmn:endEvent id="e" />')  # fmt: skip
    result = findings(line(user_task(), ids="a"), q__bpmn=other)
    assert ("duplicate-task-id", "a") in rules(result, "warning")


def test_diagram_without_drawing_is_a_warning():
    assert ("without-drawing", "P") in rules(findings(line(user_task(), ids="a")), "warning")


def test_only_process_that_is_not_executable_is_an_error():
    result = findings(process("<bpmn:task id='a' />", attributes='isExecutable="false"'))
    assert ("not-executable", "P") in rules(result)


def test_findings_come_by_file_and_line():
    result = findings(line("<bpmn:userTask id='a' />", ids="a"), a__bpmn=other_process("Kind"))
    assert result == sorted(result, key=lambda one: (one.file, one.line, one.level, one.rule))


DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D"
 namespace="http://proef"><inputData id="i" name="fase" />
<decision id="norm" name="Norm"><variable name="norm" typeRef="number" />
<informationRequirement id="r"><requiredInput href="#i" /></informationRequirement>
<literalExpression id="l"><text>fase * 2</text></literalExpression></decision></definitions>"""


def decides(inputs: str = "") -> bytes:
    task = extended(
        '<zeebe:calledDecision decisionId="norm" resultVariable="n" />',
        f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>",
    )
    return line(f'<bpmn:businessRuleTask id="b">{task}</bpmn:businessRuleTask>', ids="b")


def test_decision_of_the_package_can_be_asked():
    whole = package({"p.bpmn": decides(), "d.dmn": DMN})
    assert whole.evaluate_decision("norm", {"fase": 3}) == 6


def test_value_that_a_decision_asks_for_must_come_from_somewhere():
    missing = findings(decides(), d__dmn=DMN)
    assert ("decision-input-unknown", "b") in rules(missing, "warning")
    given = findings(decides('<zeebe:input source="=1" target="fase" />'), d__dmn=DMN)
    assert "decision-input-unknown" not in {one.rule for one in given}


def test_double_form_and_decision_ids_are_named():
    result = findings(decides(), d__dmn=DMN, e__dmn=DMN, **{"x__form": form("verslag", GOOD_FIELD)})
    assert {("duplicate-decision", "norm"), ("duplicate-form", "verslag")} <= rules(result)


def test_package_without_diagram_or_main_process_is_refused():
    empty = check_package(package({}))
    assert ("no-process", "pakket.toml") in rules(empty)
    two = {"p.bpmn": other_process("A"), "q.bpmn": other_process("B")}
    unnamed = check_package(package(two, MANIFEST.replace('hoofdproces = "P"', "")))
    assert ("main-process-missing", "hoofdproces") in rules(unnamed)


def test_a_drawing_that_does_not_run_is_checked_when_it_stands_alone() -> None:
    xml = process(
        '<bpmn:startEvent id="start" /><bpmn:task id="los" />', attributes='isExecutable="false"'
    )
    assert {("not-executable", "P"), ("unreachable", "los")} <= rules(check(xml))


END_OF_FILE = b"</bpmn:definitions>"


def test_what_is_wrong_in_a_drawing_beside_a_process_that_runs_refuses_nothing() -> None:
    drawing = b'<bpmn:process id="X" isExecutable="false"><bpmn:task id="los" /></bpmn:process>'
    xml = line('<bpmn:task id="a" />', ids="a").replace(
        b"</bpmn:definitions>", drawing + END_OF_FILE
    )
    assert rules(check(xml)) == set()
    assert ("no-start", "X") in rules(check(xml), "warning")


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        (tagged("serviceTask", '<zeebe:taskDefinition type="elders" />'), "unknown-connector"),
        (tagged("callActivity", '<zeebe:calledElement processId="elders" />'), "unknown-process"),
        (
            tagged(
                "businessRuleTask",
                '<zeebe:calledDecision decisionId="elders" resultVariable="x" />',
            ),
            "unknown-decision",
        ),
    ],
)
def test_what_a_single_file_refers_to_may_stand_elsewhere(inside: str, rule: str) -> None:
    xml = line(inside, ids="a")
    assert (rule, "a") in rules(check(xml), "warning")
    assert (rule, "a") in rules(check_package(package({"p.bpmn": xml})))
