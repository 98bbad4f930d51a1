"""What other engines wrote is said in our words, or becomes a decision with its place and mend."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from engine.definitions.model import Element, Finding
from engine.definitions.opening import NoteKind, Opened, open_diagram
from engine.definitions.packages import Package
from tests.unit.definitions.diagrams import definitions, extended, flow, line, process

FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn"'


def opened(content: bytes) -> Opened:
    return open_diagram(content, "x.bpmn")


def element(content: bytes, element_id: str = "a") -> Element:
    package = Package({"x.bpmn": opened(content).content}, name="x")
    (found,) = package.processes.values()
    return found.elements[element_id]


def task(attributes: str = "", inside: str = "", tag: str = "userTask") -> bytes:
    return line(f'\n<bpmn:{tag} id="a" name="Gesprek" {attributes}>{inside}</bpmn:{tag}>', ids="a")


def notes(content: bytes) -> dict[str, NoteKind]:
    found = opened(content).notes
    assert all(note.line and note.message and note.mend for note in found)
    return {note.rule: note.kind for note in found if note.rule != "drawn"}


def left(content: bytes) -> list[Finding]:
    found = check_package(Package({"x.bpmn": opened(content).content}, name="x"))
    return [one for one in found if one.rule == "left-to-decide"]


def test_who_by_when_and_with_which_form():
    content = task(
        'camunda:assignee="${leider}" camunda:candidateGroups="projectleider" '
        'camunda:dueDate="P3D" camunda:priority="70" camunda:formRef="intake" '
        'camunda:formRefBinding="latest"'
    )
    user = element(content).user
    assert user is not None
    assert (user.assignee, user.candidate_groups) == ("=leider", "projectleider")
    assert (user.due_date, user.priority) == ('=now() + duration("P3D")', "70")
    assert user.form_id == "intake"
    assert set(notes(content).values()) == {NoteKind.CHANGED}
    assert b"camunda:assignee" not in opened(content).content


def test_what_people_said_in_code_is_a_decision():
    found = notes(
        task('camunda:dueDate="${dateTime().plusDays(3)}" camunda:candidateUsers="jan,piet"')
    )
    assert found == {"schedule": NoteKind.DECIDE, "candidate-users": NoteKind.DECIDE}


def test_a_form_of_another_program_is_a_decision_and_one_of_a_package_is_not():
    assert notes(task('camunda:formKey="embedded:app:x.html"')) == {"form": NoteKind.DECIDE}
    content = task('camunda:formKey="camunda-forms:deployment:intake.form"')
    assert element(content).user.form_id == "intake"  # type: ignore[union-attr]


def test_external_work_and_code_become_kinds_of_services_to_choose():
    outside = task('camunda:type="external" camunda:topic="brief"', tag="serviceTask")
    assert element(outside).job_type == "brief"
    code = task('camunda:class="nl.x.StuurBrief"', tag="serviceTask")
    assert element(code).job_type == "stuur-brief"
    assert notes(code)["service"] is NoteKind.DECIDE


def test_an_expression_with_a_result_becomes_a_script_and_a_decision_is_called():
    counted = task('camunda:expression="${a + 1}" camunda:resultVariable="b"', tag="serviceTask")
    found = element(counted)
    assert (found.kind, found.script, found.result_variable) == ("scriptTask", "=(a + 1)", "b")
    asked = element(
        task('camunda:decisionRef="past" camunda:resultVariable="u"', tag="serviceTask")
    )
    assert (asked.kind, asked.decision_id, asked.result_variable) == (
        "businessRuleTask",
        "past",
        "u",
    )


def test_settings_and_properties_travel_along():
    inside = extended(
        '<camunda:field name="aan" stringValue="gezin"/>',
        '<camunda:properties><camunda:property name="fase" value="2"/></camunda:properties>',
    )
    found = element(task('camunda:class="x.Y"', inside, "serviceTask"))
    assert (found.headers, found.properties) == ({"aan": "gezin"}, {"fase": "2"})


def test_a_listener_is_kept_as_a_decision_that_holds_up_publishing():
    listener = '<camunda:taskListener event="create" class="x.Mail"/>'
    content = task('camunda:asyncBefore="true"', extended(listener))
    assert notes(content)["foreign-dialect"] is NoteKind.DECIDE
    assert notes(content)["left-out"] is NoteKind.CHANGED
    (finding,) = left(content)
    assert (finding.level, finding.element_id) == ("error", "a")
    assert "taskListener" in finding.message
    assert "te-beslissen" in finding.remedy
    assert b"camunda:taskListener" not in opened(content).content


def test_a_listener_without_code_and_a_form_without_fields_are_nothing_to_decide():
    listener = '<camunda:executionListener class="" event="start"/>'
    content = task(inside=extended(listener + "<camunda:formData></camunda:formData>"))
    assert set(notes(content).values()) == {NoteKind.CHANGED}
    assert left(content) == []


def test_several_decisions_at_one_element_are_all_kept():
    one = '<camunda:executionListener event="{}" class="x.A"/>'
    two = one.format("start") + one.format("end")
    assert len(left(task(inside=extended(two)))) == 2


def test_a_decision_about_a_flow_stands_at_its_source():
    inside = extended('<camunda:executionListener event="take" class="x.A"/>')
    arrow = f'<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b">{inside}</bpmn:sequenceFlow>'
    content = process(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="b"/>'
        + flow("s", "a")
        + arrow
    )
    (finding,) = left(content)
    assert finding.element_id == "a"


def test_nothing_of_a_dialect_is_left_that_the_check_would_refuse():
    content = task(
        'flowable:skipExpression="${x}" flowable:candidateGroups="leider" '
        'flowable:formFieldValidation="true"'
    ).replace(b' id="D"', f' {FLOWABLE} id="D"'.encode())
    found = check_package(Package({"x.bpmn": opened(content).content}, name="x"))
    assert not [one for one in found if one.rule == "foreign-dialect"]
    assert len(left(content)) == 1


def test_conditions_loops_and_calls_are_translated_where_they_mean_the_same():
    loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${leden}" '
    content = task(inside=loop + 'camunda:elementVariable="lid"/>')
    found = element(content).loop
    assert found is not None
    assert (found.input_collection, found.input_element) == ("=leden", "lid")
    assert notes(content) == {"translated": NoteKind.CHANGED}


def test_own_data_of_drawing_tools_stays_and_is_told_once():
    content = task().replace(
        b"<bpmn:userTask", b'<x:meta xmlns:x="http://www.signavio.com"/>' * 3 + b"<bpmn:userTask"
    )
    (note,) = [one for one in opened(content).notes if one.kind is NoteKind.KEPT]
    assert "Signavio (3 keer" in note.message
    assert b"signavio" in opened(content).content


def test_a_drawing_is_made_runnable_and_its_plain_tasks_are_asked_about():
    content = process(
        '<bpmn:startEvent id="s"/><bpmn:task id="a" name="Bel het gezin"/><bpmn:endEvent id="e"/>'
        + flow("s", "a") + flow("a", "e"),
        attributes='isExecutable="false"',
    )  # fmt: skip
    found = notes(content)
    assert found["executable"] is NoteKind.CHANGED
    assert found["plain-task"] is NoteKind.DECIDE
    assert b'isExecutable="true"' in opened(content).content


def test_what_a_drawing_leaves_open_is_one_list_of_decisions():
    content = process(
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" name="Goed zo?"/>'
        '<bpmn:serviceTask id="dienst"/><bpmn:callActivity id="roep"/><bpmn:subProcess id="deel"/>'
        '<bpmn:userTask id="elk"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>'
        '<bpmn:userTask id="steeds"><bpmn:standardLoopCharacteristics/></bpmn:userTask>'
        '<bpmn:intermediateCatchEvent id="klok"><bpmn:timerEventDefinition/>'
        "</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id='als'>"
        "<bpmn:conditionalEventDefinition/></bpmn:intermediateCatchEvent>"
        '<bpmn:sequenceFlow id="ja" name="Ja" sourceRef="g" targetRef="dienst"/>'
        + flow("s", "g") + flow("g", "roep"),
        attributes='isExecutable="false"',
    )  # fmt: skip
    found = {one.rule: one for one in opened(content).notes if one.kind is NoteKind.DECIDE}
    assert {rule: one.element_id for rule, one in found.items()} == {
        "choice": "g", "service": "dienst", "call": "roep", "empty": "deel", "each": "elk",
        "round": "steeds", "time": "klok", "condition": "als",
    }  # fmt: skip
    assert "‘Ja’" in found["choice"].message
    assert "‘roep’" in found["choice"].message


def test_what_a_drawing_says_is_no_decision():
    content = process(
        '<bpmn:intermediateCatchEvent id="k"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        '</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="g" default="g-a"/>'
        '<bpmn:userTask id="a"><bpmn:multiInstanceLoopCharacteristics>'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
        "</bpmn:userTask>"
        '<bpmn:endEvent id="e"/>' + flow("k", "g") + flow("g", "a") + flow("g", "e"),
        attributes='isExecutable="false"',
    )
    assert NoteKind.DECIDE not in notes(content).values()


def test_an_event_of_a_drawing_gets_a_message_with_its_name():
    event = '<bpmn:{0} id="{1}" name="{2}"><bpmn:{3}EventDefinition/></bpmn:{0}>'
    content = process(
        '<bpmn:startEvent id="s"/>'
        + event.format("intermediateCatchEvent", "wacht", "Antwoord binnen", "message")
        + event.format("intermediateThrowEvent", "zeg", "Klaar", "signal")
        + event.format("endEvent", "fout", "Mislukt", "error")
        + flow("s", "wacht") + flow("wacht", "zeg") + flow("zeg", "fout")
    )  # fmt: skip
    named = {key: element(content, key).event for key in ("wacht", "zeg", "fout")}
    assert {key: event.name for key, event in named.items() if event} == {
        "wacht": "Antwoord binnen", "zeg": "Klaar", "fout": "Mislukt",
    }  # fmt: skip
    assert named["wacht"].correlation_key == "=trajectId"  # type: ignore[union-attr]
    assert notes(content)["named-after-event"] is NoteKind.CHANGED


def test_what_a_drawing_calls_in_its_own_file_runs_too():
    called = '<bpmn:process id="Q" isExecutable="false"><bpmn:userTask id="q"/></bpmn:process>'
    tasks = '<bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
    inside = f'{tasks}<bpmn:callActivity id="roep" calledElement="Q"/>'
    content = process(inside, roots=called, attributes='isExecutable="false"')
    package = Package({"x.bpmn": opened(content).content}, name="x")
    assert all(one.executable for one in package.processes.values())


def test_of_several_processes_the_largest_runs_and_the_owner_is_asked():
    one = '<bpmn:process id="{0}" isExecutable="false"><bpmn:task id="{0}1"/>{1}</bpmn:process>'
    content = definitions(one.format("P", "") + one.format("Q", '<bpmn:task id="Q2"/>'))
    (note,) = [n for n in opened(content).notes if n.rule == "executable"]
    assert (note.kind, note.element_id) == (NoteKind.DECIDE, "Q")


def test_a_name_that_no_drawing_can_hold_moves_to_the_documentation():
    content = line(f'<bpmn:userTask id="a" name="{"lang " * 400}"/>', ids="a")
    found = element(content)
    assert (len(found.name) < 130, found.documentation) == (True, ("lang " * 400).strip())
    assert notes(content) == {"long-name": NoteKind.CHANGED}


def test_missing_and_double_ids_get_mended_and_told():
    content = process(
        '<bpmn:startEvent id="s"/><bpmn:task name="Bel"/><bpmn:task id="s" name="Twee"/>'
        '<bpmn:subProcess id="d"><bpmn:task id="x"/><bpmn:task id="y"/>'
        '<bpmn:sequenceFlow sourceRef="x" targetRef="y"/></bpmn:subProcess>'
    )
    found = {(n.rule, n.element_id): n.kind for n in opened(content).notes}
    assert found["missing-id", "task-bel"] is NoteKind.DECIDE
    assert found["duplicate-id", "s-2"] is NoteKind.DECIDE
    assert found["missing-id", "sequenceFlow-1"] is NoteKind.CHANGED
    rules = {f.rule for f in check_package(Package({"x.bpmn": opened(content).content}, name="x"))}
    assert not rules & {"missing-id", "duplicate-id"}


@pytest.mark.parametrize("one_by_one", [True, False])
def test_rounds_to_come_are_counted_only_where_they_run_together(one_by_one: bool) -> None:
    repeated = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(one_by_one).lower()}" '
        'camunda:collection="lijst" camunda:elementVariable="i"><bpmn:completionCondition>'
        "${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    loop = element(task(inside=repeated)).loop
    assert loop is not None
    assert ("numberOfInstances" in (loop.completion_condition or "")) is not one_by_one
    found = check_package(Package({"x.bpmn": opened(task(inside=repeated)).content}, name="x"))
    assert any(f.level == "error" and f.element_id == "a" for f in found) is one_by_one
