"""What the check says about tasks: who does them, with which form, by what."""

from __future__ import annotations

import pytest

from tests.unit.definitions.diagrams import (
    extended,
    findings,
    found,
    line,
    rules,
    tagged,
    user_task,
)


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
