"""A diagram that was opened becomes a package: roles from lanes and groups, forms from fields."""

from __future__ import annotations

from engine.definitions.checks import check_package
from engine.definitions.opening import open_diagram
from engine.definitions.opening.packaging import package_around
from engine.definitions.packages import Package
from tests.unit.definitions.diagrams import definitions, extended, flow

FIELDS = extended(
    "<camunda:formData>"
    '<camunda:formField id="samen" label="Zijn ouders samen?" type="enum">'
    '<camunda:value id="ja" name="Ja"/><camunda:value id="nee" name="Nee"/>'
    '<camunda:validation><camunda:constraint name="required"/></camunda:validation>'
    "</camunda:formField>"
    '<camunda:formField id="datum" type="date"/><camunda:formField id="aantal" type="long"/>'
    "</camunda:formData>"
)
DIAGRAM = definitions(
    '<bpmn:message id="m" name="gezin-aangemeld"/>'
    '<bpmn:process id="bezoek" name="Huisbezoek – proef" isExecutable="true"><bpmn:laneSet id="l">'
    '<bpmn:lane id="l1" name="Wijkcoördinator"><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane>'
    "</bpmn:laneSet>"
    '<bpmn:startEvent id="s" name="Aangemeld"><bpmn:messageEventDefinition messageRef="m"/>'
    "</bpmn:startEvent>"
    f'<bpmn:userTask id="a" name="Vraag" camunda:candidateGroups="leider">{FIELDS}</bpmn:userTask>'
    '<bpmn:userTask id="b" name="Regel"/><bpmn:endEvent id="e"/>'
    + flow("s", "a")
    + flow("a", "b", '${samen == "ja"}'.replace('"', "&quot;"))
    + flow("b", "e")
    + "</bpmn:process>"
)


def packed() -> Package:
    opened = open_diagram(DIAGRAM, "bezoek.bpmn").content
    made = package_around({"bezoek.bpmn": opened}, {"bezoek.bpmn": DIAGRAM}, "bezoek")
    return Package({"bezoek.bpmn": opened, **made})


def test_the_manifest_names_what_the_diagram_shows():
    package = packed()
    assert (package.key, package.main_process) == ("huisbezoek-proef", "bezoek")
    assert {key: role.function for key, role in package.roles.items()} == {
        "leider": "worker",
        "wijkcoordinator": "coordinator",
    }
    assert package.entries["gezin-aangemeld"].message == "gezin-aangemeld"
    assert package.processes["bezoek"].elements["b"].user.candidate_groups == "wijkcoordinator"  # type: ignore[union-attr]


def test_fields_in_the_diagram_become_a_form_and_the_task_shows_it():
    package = packed()
    form = package.forms["a"]
    assert [(one.path[-1], one.type) for one in form.fields] == [
        ("samen", "radio"), ("datum", "datetime"), ("aantal", "number"),
    ]  # fmt: skip
    assert form.process_variables == ("samen",)
    assert package.processes["bezoek"].elements["a"].user.form_id == "a"  # type: ignore[union-attr]


def test_the_check_of_the_package_finds_no_error_of_making():
    found = [f for f in check_package(packed()) if f.level == "error"]
    assert not [f for f in found if f.file != "bezoek.bpmn"]
    assert not [f for f in found if f.rule in ("unknown-role", "task-without-role", "unknown-form")]
