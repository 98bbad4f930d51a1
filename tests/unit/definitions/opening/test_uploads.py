"""Uploaded files get a name that says what they are; a refusal names the file."""

from __future__ import annotations

import pytest

from engine.definitions.errors import PackageUnreadable
from engine.definitions.opening.uploads import opened_upload
from engine.definitions.package_files import to_zip
from tests.unit.definitions.diagrams import line

MODEL = line('<bpmn:userTask id="a" camunda:assignee="demo" />', ids="a")
DMN = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("proces.bpmn", "proces.bpmn"),
        ("proces.BPMN", "proces.bpmn"),
        ("proces.bpmn20.xml", "proces.bpmn"),
        ("proces.xml", "proces.bpmn"),
        ("proces.bpmn2", "proces.bpmn"),
        ("proces.bpmn.txt", "proces.bpmn"),
        ("proces", "proces.bpmn"),
        ("mijn: proces?.xml", "mijn- proces-.bpmn"),
        ("een proces.v2.bpmn", "een proces.v2.bpmn"),
    ],
)
def test_whatever_a_diagram_was_called_it_ends_as_one(name, path):
    upload = opened_upload([(name, MODEL)])
    assert list(upload.originals) == [path]
    assert upload.originals[path] == MODEL
    assert b"zeebe:assignmentDefinition" in upload.opened[path].content


def test_two_files_with_one_name_both_stay():
    upload = opened_upload([("a.bpmn", MODEL), ("a.xml", MODEL), ("a.bpmn", MODEL)])
    assert list(upload.originals) == ["a.bpmn", "a-2.bpmn", "a-3.bpmn"]


def test_tables_and_packages_stay_as_they_are():
    assert list(opened_upload([("tabel.xml", DMN)]).originals) == ["tabel.dmn"]
    files = {"pakket.toml": b'sleutel = "x"', "p.bpmn": MODEL}
    upload = opened_upload([("pakket.zip", to_zip(files))])
    assert (dict(upload.originals), dict(upload.opened)) == (files, {})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tekening.vsdx", b"PK\x03\x04", "zip"),
        ("proces.bpm", b"PK\x03\x04", "zip"),
        ("leeg.bpmn", b"", "leeg"),
        ("half.bpmn", MODEL[:200], "breekt halverwege af"),
        ("niets.zip", to_zip({"lees.docx": b"x"}), "geen diagram"),
    ],
)
def test_a_refusal_names_the_file_and_what_to_do(name, content, said):
    with pytest.raises(PackageUnreadable, match=said) as refused:
        opened_upload([(name, content)])
    assert name in refused.value.message
    assert refused.value.remedy
