"""One fault in a sound package: in what its files ask of each other, its tables and its forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.checks import check_package
from engine.definitions.model import Finding
from engine.definitions.neighbours import Neighbours, packages_beside
from engine.definitions.packages import Package, load_package

ROOT = Path(__file__).parents[3] / "processes" / "tussen-in"
INTAKE = "aanmelding.bpmn"
PHASE = "fase-1-vertrouwen.bpmn"
GUIDING = "fase-3-toeleiden.bpmn"
SUPPORT = "begeleiding.bpmn"
CRITERIA = "criteria.dmn"
NOTE = "formulieren/kennismaking.form"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The files of the package, which is sound."""
    return dict(load_package(ROOT).files)


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    """The shared packages that it calls."""
    return packages_beside(ROOT)


def findings_of(
    files: dict[str, bytes], neighbours: Neighbours, file: str, old: str, new: str
) -> list[Finding]:
    text = files[file].decode()
    assert old in text, f"{file} has no {old!r}"
    changed = {**files, file: text.replace(old, new, 1).encode()}
    return check_package(Package(changed, name="tussen-in"), neighbours)


def test_the_package_is_sound(files: dict[str, bytes], neighbours: Neighbours) -> None:
    assert check_package(Package(files, name="tussen-in"), neighbours) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "level", "rule", "element"),
    [
        (INTAKE, 'candidateGroups="projectleider"', 'candidateGroups="projectlieder"',
         "error", "unknown-role", "vul-aanmelding-aan"),
        (INTAKE, 'candidateGroups="projectleider"', 'assignee=""',
         "error", "task-without-role", "vul-aanmelding-aan"),
        (INTAKE, 'candidateGroups="projectleider"', 'candidateGroups="projectleider, intaker"',
         "error", "several-roles", "vul-aanmelding-aan"),
        (INTAKE, 'formId="aanmelding-toetsen"', 'formId="aanmelding-toetzen"',
         "error", "unknown-form", "beoordeel-aanmelding"),
        (INTAKE, 'type="melding-mailen"', 'type="melding-malen"',
         "error", "unknown-connector", None),
        (INTAKE, 'decisionId="criteria"', 'decisionId="kriteria"',
         "error", "unknown-decision", "toets-criteria"),
        (INTAKE, '=besluitAanmelding = "aanvullen"', '=besluitAanmeldng = "aanvullen"',
         "warning", "unknown-name", None),
        (INTAKE, '=toets.uitkomst = "gevaar"', '=toest.uitkomst = "gevaar"',
         "warning", "unknown-name", None),
        (PHASE, 'processId="gedeeld-contactritme"', 'processId="gedeeld-contactritmes"',
         "error", "unknown-process", None),
        (PHASE, 'type="bericht-versturen"', 'type="bericht-verstuurd"',
         "error", "unknown-connector", None),
        (GUIDING, 'type="gezin-toeleidingen"', 'type="gezin-toelijdingen"',
         "error", "unknown-connector", None),
        (SUPPORT, 'target="persoon"', 'target="mens"',
         "error", "connector-input-missing", None),
        ("pakket.toml", 'hoofdproces = "tussen-in-traject"', 'hoofdproces = "traject"',
         "error", "unknown-process", "hoofdproces"),
        ("pakket.toml", 'bericht = "aanmelding-professional"', 'bericht = "aanmelding-prof"',
         "error", "entry-without-start", "ingangen.aanmelding-professional"),
        ("pakket.toml", 'formulier = "aanmelding-professional"', 'formulier = "aanmelding-prof"',
         "error", "unknown-form", "ingangen.aanmelding-professional"),
        ("pakket.toml", 'functie = "worker"', 'functie = "werker"', "error", None, None),
        ("pakket.toml", 'sleutel = "tussen-in"', 'sleutel = "tussen in!"', "error", None, None),
        ("pakket.toml", "[naam]", "[naam", "error", None, None),
        (CRITERIA, '<text>"ja"</text>', '<text>"ja</text>', "error", None, "criteria"),
        (CRITERIA, "<text>aantalLeefgebieden</text>", "<text>aantalLeefgebiden</text>",
         "warning", "decision-input-unknown", "toets-criteria"),
        (CRITERIA, 'hitPolicy="FIRST"', 'hitPolicy="EERSTE"', "error", None, "tabel_criteria"),
        (NOTE, '"dossier": "contact.soort"', '"dossier": "contact.sort"', "error", None, None),
        (NOTE, '"type": "radio"', '"type": "radoi"', "error", None, None),
        (NOTE, '"components": [', '"components": {', "error", None, None),
    ],
)  # fmt: skip
def test_a_fault_in_a_package_is_named_where_it_stands(
    files: dict[str, bytes], neighbours: Neighbours,
    file: str, old: str, new: str, level: str, rule: str | None, element: str | None,
) -> None:  # fmt: skip
    found = findings_of(files, neighbours, file, old, new)
    named = [
        one
        for one in found
        if one.level == level
        and one.rule == (rule or one.rule)
        and (element is None or one.element_id.startswith(element))
    ]
    assert named, [(one.level, one.rule, one.element_id) for one in found]
    assert all(one.remedy and one.element_id for one in named)
