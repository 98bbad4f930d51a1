"""What the check says about tasks and how the parts of a package fit together."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from engine.definitions.model import Finding
from tests.unit.definitions.diagrams import (
    ENTRY,
    MANIFEST,
    check,
    definitions,
    extended,
    flow,
    form,
    found,
    line,
    package,
    process,
    rules,
)

GOOD_FIELD = {"type": "radio", "key": "keuze", "id": "f1", "label": "Keuze",
              "values": [{"label": "Ja", "value": "ja"}],
              "properties": {"procesvariabele": "ja"}}  # fmt: skip


def user_task(
    *extensions: str, role: str = "vertrouwenspersoon", form_id: str = "verslag", name: str = "Bel"
) -> str:
    return (
        f'<bpmn:userTask id="a" name="{name}"><bpmn:documentation>Doe dit.</bpmn:documentation>'
        + extended(
            f'<zeebe:formDefinition formId="{form_id}" />',
            f'<zeebe:assignmentDefinition candidateGroups="{role}" />',
            '<zeebe:taskSchedule dueDate="P3D" />',
            *extensions,
        )
        + "</bpmn:userTask>"
    )


def findings(xml: bytes, *, manifest: str = MANIFEST, **files: bytes) -> list[Finding]:
    content: dict[str, bytes | str] = {
        "p.bpmn": xml,
        "formulieren/verslag.form": form("verslag", GOOD_FIELD),
    }
    content |= {name.replace("__", "."): text for name, text in files.items()}
    return check_package(package(content, manifest))


def test_a_sound_package_has_no_errors():
    assert rules(findings(line(user_task(), ids="a"))) == set()


def test_unknown_role_gets_the_nearest_one_proposed():
    one = found(findings(line(user_task(role="vertrouwenpersoon"), ids="a")), "unknown-role")
    assert (one.element_id, one.element_name) == ("a", "Bel")
    assert one.remedy == "Bedoelde u ‘vertrouwenspersoon’?"


def test_role_in_feel_text_is_checked_and_a_variable_one_is_not():
    fixed = user_task(role="=&quot;onbekende&quot;")
    assert ("unknown-role", "a") in rules(findings(line(fixed, ids="a")))
    assert rules(findings(line(user_task(role="=rol"), ids="a"))) == set()


def test_missing_form_names_the_task():
    one = found(findings(line(user_task(form_id="verslg"), ids="a")), "unknown-form")
    assert (one.file, one.element_id) == ("p.bpmn", "a")
    assert "‘verslag’" in one.remedy


def test_task_without_role_form_guidance_and_date():
    result = findings(line('<bpmn:userTask id="a" />', ids="a"))
    assert rules(result) == {("task-without-role", "a")}
    assert {rule for rule, at in rules(result, "warning") if at == "a"} == {
        "task-without-form",
        "task-without-guidance",
        "task-without-due-date",
    }


def service(job_type: str, *inputs: str) -> str:
    mappings = "".join(f'<zeebe:input source="=x" target="{name}" />' for name in inputs)
    return (
        '<bpmn:serviceTask id="s">'
        + extended(
            f'<zeebe:taskDefinition type="{job_type}" />',
            f"<zeebe:ioMapping>{mappings}</zeebe:ioMapping>",
        )
        + "</bpmn:serviceTask>"
    )


def test_connector_must_be_known_and_get_its_inputs():
    unknown = found(findings(line(service("gezin-toestemmin"), ids="s")), "unknown-connector")
    assert "‘gezin-toestemming’" in unknown.remedy
    missing = findings(line(service("gezin-betrek", "rol"), ids="s"))
    assert "‘persoon’" in found(missing, "connector-input-missing").message
    assert rules(findings(line(service("gezin-betrek", "rol", "persoon"), ids="s"))) == set()
    extra = findings(line(service("gezin-doelen", "rol"), ids="s"))
    assert ("connector-input-unknown", "s") in rules(extra, "warning")


@pytest.mark.parametrize("tag", ["serviceTask", "scriptTask", "businessRuleTask", "sendTask"])
def test_task_that_does_nothing_is_refused_in_a_package(tag):
    assert ("task-does-nothing", "s") in rules(findings(line(f'<bpmn:{tag} id="s" />', ids="s")))


def calls(target: str) -> bytes:
    called = extended(f'<zeebe:calledElement processId="{target}" />')
    return line(f'<bpmn:callActivity id="c">{called}</bpmn:callActivity>', ids="c")


def other_process(process_id: str, start: str = "", executable: str = "true") -> bytes:
    return definitions(
        f'<bpmn:process id="{process_id}" isExecutable="{executable}"><bpmn:startEvent id="s">'
        f'{start}</bpmn:startEvent><bpmn:endEvent id="e" />{flow("s", "e")}</bpmn:process>'
    )


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


def test_process_that_calls_itself_is_a_warning_and_an_error_where_it_always_does():
    called = extended('<zeebe:calledElement processId="P" />')
    xml = line(f'<bpmn:callActivity id="c">{called}</bpmn:callActivity>', ids="c")
    assert ("calls-itself-always", "c") in rules(findings(xml))
    other_way = xml.replace(
        b"</bpmn:process>", flow("start", "einde").encode() + b"</bpmn:process>"
    )
    assert ("calls-itself", "c") in rules(findings(other_way), "warning")


def tagged(tag: str, *extensions: str) -> str:
    return f'<bpmn:{tag} id="a">{extended(*extensions)}</bpmn:{tag}>'


def marked(name: str, value: str) -> str:
    mark = f'<zeebe:property name="{name}" value="{value}" />'
    return tagged("task", f"<zeebe:properties>{mark}</zeebe:properties>")


def bound(binding: str) -> str:
    called = f'<zeebe:calledElement processId="P" bindingType="{binding}" />'
    return tagged("callActivity", called)


@pytest.mark.parametrize(
    ("inside", "level", "rule"),
    [
        ('<bpmn:callActivity id="a" />', "error", "called-process-missing"),
        ('<bpmn:receiveTask id="a" />', "error", "message-missing"),
        (bound("newest"), "error", "binding-unsupported"),
        (bound("versionTag"), "error", "version-tag-missing"),
        (marked("status", "klaar"), "error", "unknown-status"),
        (marked("inhalen", "alles"), "error", "unknown-catch-up"),
        (user_task('<zeebe:priorityDefinition priority="hoog" />'), "error", "task-priority"),
        (user_task(role="vertrouwenspersoon, projectleider"), "error", "several-roles"),
        (marked("uitkomst", "klaar"), "warning", "outcome-misplaced"),
        (tagged("scriptTask", '<zeebe:script expression="=1" />'), "error", "result-missing"),
    ],
)
def test_tasks_that_lack_or_misplace_something(inside, level, rule):
    assert (rule, "a") in rules(findings(line(inside, ids="a")), level)


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


def test_what_is_wrong_in_a_drawing_beside_a_process_that_runs_refuses_nothing() -> None:
    drawing = b'<bpmn:process id="X" isExecutable="false"><bpmn:task id="los" /></bpmn:process>'
    xml = line('<bpmn:task id="a" />', ids="a").replace(
        b"</bpmn:definitions>", drawing + END_OF_FILE
    )
    assert rules(check(xml)) == set()
    assert ("no-start", "X") in rules(check(xml), "warning")


END_OF_FILE = b"</bpmn:definitions>"


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


WAITS = (
    '<bpmn:intermediateCatchEvent id="a"><bpmn:messageEventDefinition messageRef="m" />'
    "</bpmn:intermediateCatchEvent>"
)


def waiting(*, name: str = "antwoord", beside: str = "") -> set[tuple[str, str]]:
    roots = f'<bpmn:message id="m" name="{name}">' + extended(
        '<zeebe:subscription correlationKey="=trajectId" />'
    )
    ids = "a b" if beside else "a"
    xml = line(WAITS, beside, ids=ids).replace(
        b"</bpmn:definitions>", f"{roots}</bpmn:message></bpmn:definitions>".encode()
    )
    return rules(check_package(package({"p.bpmn": xml})), "warning")


def test_a_message_that_nobody_sends_is_told_unless_the_screens_or_the_package_send_it() -> None:
    assert ("message-nobody-sends", "a") in waiting()
    assert ("message-nobody-sends", "a") not in waiting(name="terugvalsignaal")
    sends = '<bpmn:sendTask id="b" messageRef="m" />'
    assert ("message-nobody-sends", "a") not in waiting(beside=sends)


def test_a_wait_without_a_deadline_or_a_person_is_told() -> None:
    assert ("wait-without-deadline", "a") in waiting()
    assert ("wait-without-deadline", "a") not in waiting(beside='<bpmn:userTask id="b" />')
    timer = (
        '<bpmn:intermediateCatchEvent id="b"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    assert ("wait-without-deadline", "a") not in waiting(beside=timer)


def test_a_wait_for_a_message_without_a_key_is_refused_in_a_package_only() -> None:
    xml = line(WAITS, ids="a").replace(
        b"</bpmn:definitions>", b'<bpmn:message id="m" name="x" /></bpmn:definitions>'
    )
    assert ("correlation-missing", "a") in rules(check(xml), "warning")
    assert ("correlation-missing", "a") in rules(check_package(package({"p.bpmn": xml})))
