"""Element templates: read as Camunda Modeler reads them, and elements that name one fit it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.definitions.checks import check_package, templates_that_misfit
from engine.definitions.checks.names import declared_inputs
from engine.definitions.connectors import KNOWN_CONNECTORS
from engine.definitions.neighbours import Neighbours, folders_in, packages_beside
from engine.definitions.packages import Package, load_package
from engine.definitions.reporting import Reporter
from engine.definitions.template_reading import read_templates
from engine.definitions.templates import FOLDER, Templates, read_folders, templates_around
from tests.unit.definitions.diagrams import check, extended, line, package, rules

MAIL = {
    "id": "nl.voorbeeld.mail",
    "name": "Mail",
    "version": 2,
    "appliesTo": ["bpmn:Task"],
    "elementType": {"value": "bpmn:ServiceTask"},
    "properties": [
        {
            "type": "Hidden",
            "value": "melding-mailen",
            "binding": {"type": "zeebe:taskDefinition", "property": "type"},
        },
        {
            "type": "String",
            "label": "Aan",
            "constraints": {"notEmpty": True},
            "binding": {"type": "zeebe:input", "name": "aan"},
        },
        {
            "type": "String",
            "label": "Onderwerp",
            "binding": {"type": "zeebe:taskHeader", "key": "onderwerp"},
        },
    ],
}


def mail(**changes: object) -> dict[str, object]:
    return {**MAIL, **changes}


def with_field(**field: object) -> dict[str, object]:
    return mail(properties=[*MAIL["properties"], field])  # type: ignore[misc]


def faults(*templates: object) -> set[str]:
    """The rules that a file with these templates breaks."""
    report = Reporter("sjablonen.json")
    list(read_templates(json.dumps(list(templates)).encode(), report))
    return {finding.rule for finding in report.findings}


def task(*extensions: str, attributes: str = "", tag: str = "serviceTask") -> str:
    return f'<bpmn:{tag} id="mail" name="Mail" {attributes}>{extended(*extensions)}</bpmn:{tag}>'


TEMPLATED = 'zeebe:modelerTemplate="nl.voorbeeld.mail" zeebe:modelerTemplateVersion="2"'
SORT = '<zeebe:taskDefinition type="melding-mailen" />'
TO = (
    "<zeebe:ioMapping>"
    '<zeebe:input source="=&quot;coordinator&quot;" target="aan" />'
    "</zeebe:ioMapping>"
)


def told(element: str, templates: Templates | None) -> set[str]:
    """The rules about templates that a process with this element breaks."""
    found = check_package(
        package({"proef.bpmn": line(element, ids="mail")}), Neighbours(templates=templates)
    )
    return {rule for rule, place in rules(found, "warning") if rule.startswith("template-")}


def known(*templates: dict[str, object]) -> Templates:
    report = Reporter("sjablonen.json")
    read = tuple(read_templates(json.dumps(list(templates)).encode(), report))
    assert not report.findings
    return Templates(read)


def test_an_element_that_fits_its_template_is_fine():
    assert told(task(SORT, TO, attributes=TEMPLATED), known(MAIL)) == set()


def test_what_a_modeller_writes_about_a_template_is_no_finding():
    icon = 'zeebe:modelerTemplateIcon="data:image/svg+xml;utf8,x"'
    written = line(task(SORT, TO, attributes=f"{TEMPLATED} {icon}"), ids="mail")
    plain = line(task(SORT, TO), ids="mail")
    assert rules(check(written), "warning") == rules(check(plain), "warning")
    assert rules(check(written)) == rules(check(plain))


def test_where_no_templates_are_known_nothing_is_said():
    assert told(task(SORT, attributes=TEMPLATED), None) == set()


def test_a_template_that_is_not_there_is_told():
    assert told(task(SORT, TO, attributes=TEMPLATED), known()) == {"template-unknown"}


@pytest.mark.parametrize("version", ["1", "3", "twee", ""])
def test_another_version_than_the_newest_is_told(version):
    attributes = TEMPLATED.replace('Version="2"', f'Version="{version}"')
    assert told(task(SORT, TO, attributes=attributes), known(MAIL)) == {"template-version"}


def test_an_older_version_that_is_still_there_is_held_against_itself():
    older = mail(version=1, properties=[MAIL["properties"][0]])  # type: ignore[index]
    attributes = TEMPLATED.replace('Version="2"', 'Version="1"')
    assert told(task(SORT, attributes=attributes), known(MAIL, older)) == {"template-version"}


def test_a_template_for_another_kind_of_element_is_told():
    element = '<bpmn:task id="mail" name="Mail" ' + TEMPLATED + " />"
    assert told(element, known(MAIL)) == {"template-misfit"}


def test_a_fixed_value_that_was_changed_is_told():
    other = '<zeebe:taskDefinition type="traject-notitie" />'
    assert told(task(other, TO, attributes=TEMPLATED), known(MAIL)) == {"template-changed"}


@pytest.mark.parametrize("given", ["", TO.replace("=&quot;coordinator&quot;", "  ")])
def test_a_value_that_the_template_requires_is_told_when_it_lacks(given):
    assert told(task(SORT, given, attributes=TEMPLATED), known(MAIL)) == {"template-value-missing"}


def test_a_file_that_is_no_json_is_told_and_the_others_are_read(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("{")
    (folder / "b.json").write_text(json.dumps(MAIL))
    found = templates_around(tmp_path / "pakket")
    assert found is not None
    assert [one.id for one in found.all] == ["nl.voorbeeld.mail"]
    assert [finding.rule for finding in found.findings] == ["template-unreadable"]
    assert found.findings[0].file == ".camunda/element-templates/a.json"


def test_without_a_folder_of_templates_there_are_none(tmp_path):
    assert read_folders([tmp_path]).all == ()
    assert templates_around(tmp_path / "pakket") is None


def test_one_id_and_version_in_two_files_is_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps(MAIL))
    assert [finding.rule for finding in read_folders([tmp_path]).findings] == ["template-duplicate"]


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ({"id": "x"}, "template-incomplete"),
        ("x", "template-unreadable"),
        (mail(version="2"), "template-version"),
        (mail(version=True), "template-version"),
        (mail(elementType={"value": "bpmn:Servicetaak"}), "template-element"),
        (with_field(type="String", label="X"), "template-property"),
        (with_field(type="String", label="X", binding={"type": "zeebe:in"}), "template-property"),
        (
            with_field(type="String", label="X", binding={"type": "zeebe:taskHeader"}),
            "template-property",
        ),
        (
            with_field(type="Hidden", binding={"type": "zeebe:taskHeader", "key": "tekst"}),
            "template-property",
        ),
        (
            with_field(type="String", binding={"type": "zeebe:taskHeader", "key": "tekst"}),
            "template-property",
        ),
        (
            with_field(
                type="Dropdown", label="X", binding={"type": "zeebe:taskHeader", "key": "tekst"}
            ),
            "template-property",
        ),
        (
            with_field(
                type="Kleur", label="X", binding={"type": "zeebe:taskHeader", "key": "tekst"}
            ),
            "template-property",
        ),
        (
            with_field(
                label="X", group="nergens", binding={"type": "zeebe:taskHeader", "key": "tekst"}
            ),
            "template-property",
        ),
        (
            with_field(
                label="X",
                optional=True,
                constraints={"notEmpty": True},
                binding={"type": "zeebe:taskHeader", "key": "tekst"},
            ),
            "template-property",
        ),
        (
            with_field(label="X", binding={"type": "zeebe:input", "name": "naar"}),
            "template-connector",
        ),
    ],
)
def test_what_a_writer_of_templates_runs_into_is_told(template, rule):
    assert faults(template) == {rule}


def test_a_template_for_a_kind_of_service_task_that_is_not_there_is_told():
    kind = {**MAIL["properties"][0], "value": "melding-maielen"}  # type: ignore[index]
    assert faults(mail(properties=[kind])) == {"template-connector"}


def test_a_template_that_leaves_out_what_its_service_task_needs_is_told():
    kind = {**MAIL["properties"][0], "value": "gezin-toestemming"}  # type: ignore[index]
    assert faults(mail(properties=[kind])) == {"template-connector"}


# --- our own ------------------------------------------------------------------------------------
TREE = Path(__file__).parents[3] / "processes"
OURS = sorted((TREE / FOLDER).glob("*.json"))
SCHEMA = Path(__file__).parent / "zeebe-element-templates-json-schema-0.46.0" / "schema.json"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_templates_keep_camundas_schema(path):
    from jsonschema import Draft7Validator

    schema = json.loads(SCHEMA.read_bytes())
    errors = Draft7Validator(schema).iter_errors(json.loads(path.read_bytes()))
    assert [error.message for error in errors] == []


def test_our_templates_ask_what_the_shared_processes_and_service_tasks_need():
    place = TREE / "gedeeld" / "contactritme"
    beside = packages_beside(place)
    assert beside.templates is not None
    around = Neighbours((*beside.packages, load_package(place)))
    found = list(templates_that_misfit(beside.templates, around))
    assert [finding.message for finding in found] == []


def test_every_service_task_for_a_method_can_be_chosen_as_a_template():
    offered = {
        template.fixed("zeebe:taskDefinition", "type")
        for template in read_folders([TREE / FOLDER]).all
    }
    inside_one_package = ("overleg-", "regie-")  # steps of the care meeting and of case direction
    missing = {
        kind
        for kind in KNOWN_CONNECTORS
        if kind not in offered and not kind.startswith(inside_one_package)
    }
    assert missing == set()


def test_a_template_whose_process_is_gone_is_told():
    call = {
        "id": "x",
        "name": "X",
        "appliesTo": ["bpmn:CallActivity"],
        "properties": [
            {
                "type": "Hidden",
                "value": "gedeeld-iets",
                "binding": {"type": "zeebe:calledElement", "property": "processId"},
            }
        ],
    }
    found = templates_that_misfit(known(call), Neighbours())
    assert [finding.rule for finding in found] == ["template-call"]


def our_packages() -> list[Package]:
    return [load_package(folder) for folder in folders_in(TREE)]


def test_our_templates_offer_every_input_that_a_shared_process_takes():
    packages = our_packages()
    processes = {key: one for package in packages for key, one in package.processes.items()}
    missing = set()
    for template in read_folders([TREE / FOLDER]).all:
        called = template.fixed("zeebe:calledElement", "processId")
        if called is not None:
            given = {name for kind, name in (one.bound_to for one in template.fields)}
            taken = {name for name, _needed in declared_inputs(processes[called])}
            missing |= {(template.id, name) for name in taken - given}
    assert missing == set()


def test_our_diagrams_are_drawn_with_our_templates():
    used = {
        element.template_id
        for package in our_packages()
        for process in package.processes.values()
        for element in process.elements.values()
    }
    offered = {template.id for template in read_folders([TREE / FOLDER]).all}
    for_other_methods = {
        "nl.ketenspoor.duo-coaching",  # ours begin it beside the trajectory
        "nl.ketenspoor.duo-coaching-starten-einde",
        "nl.ketenspoor.opvoedcursus-starten-einde",
        "nl.ketenspoor.afspraak",  # people begin it themselves
        "nl.ketenspoor.taak",  # the plainest task: any modeller's own panel does as well
    }
    assert offered - used <= for_other_methods
    assert {one for one in used if one} <= offered
