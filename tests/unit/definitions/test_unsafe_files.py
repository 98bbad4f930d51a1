"""Hostile and broken files give a finding, quickly, and never an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.checks import check_package
from engine.definitions.packages import Package
from engine.definitions.reading.reader import read_processes
from tests.unit.definitions.diagrams import definitions, extended, flow, line, process, read

SHARED = Path(__file__).resolve().parents[4] / "shared"
MODELS = [
    *sorted((SHARED / "spike" / "bpmn").glob("*.bpmn")),
    *sorted((SHARED / "miwg").glob("*.bpmn")),
]
ATTACKS = sorted((SHARED / "spike" / "xml").glob("*.bpmn"))


def rule_of(xml: bytes) -> str:
    (finding,) = read_processes(xml, "x.bpmn").findings
    return finding.rule


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "xml-malformed"),
        (b"geen xml", "xml-malformed"),
        (b"\xff\xfe\xff", "xml-malformed"),
        (b"<a/>", "not-bpmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20191111/MODEL/"/>', "not-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-refused"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'.encode("utf-16"), "xml-refused"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "xml-refused"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-NL"?><a/>', "xml-refused"),
        (definitions(""), "no-process"),
        (b"<a>" * 5000, "xml-malformed"),
    ],
)
def test_rubbish_and_attacks_are_named(xml, rule):
    assert rule_of(xml) == rule


def test_file_over_the_limit_is_not_parsed():
    (finding,) = read_processes(process(""), "x.bpmn", max_bytes=10).findings
    assert finding.rule == "xml-refused"


def test_utf_16_and_latin_1_are_read():
    xml = process('<bpmn:task id="a" name="Één" />').decode()
    for encoding, mark in (("utf-16", "UTF-16"), ("iso-8859-1", "ISO-8859-1")):
        content = f'<?xml version="1.0" encoding="{mark}"?>{xml}'.encode(encoding)
        (found,) = read_processes(content, "x.bpmn").processes
        assert found.elements["a"].name == "Één"


@pytest.mark.skipif(not ATTACKS, reason="the shared models are not here")
@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_shared_attacks_are_refused(path):
    result = read_processes(path.read_bytes(), path.name)
    assert any(finding.level == "error" for finding in result.findings)
    assert result.processes == ()


@pytest.mark.skipif(not MODELS, reason="the shared models are not here")
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_shared_models_are_read_and_checked_in_bounded_time(path):
    started = time.thread_time()
    check_package(Package({path.name: path.read_bytes()}, name=path.stem))
    assert time.thread_time() - started < 5


BAD = [path for path in MODELS if path.stem.startswith(("bad_", "evil_"))]
FINE_HERE = {"bad_dead_end", "evil_corr"}


@pytest.mark.skipif(not BAD, reason="the shared models are not here")
@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_shared_faulty_models_are_refused_naming_an_element(path):
    findings = check_package(Package({path.name: path.read_bytes()}, name=path.stem))
    errors = [finding for finding in findings if finding.level == "error"]
    if path.stem not in FINE_HERE:
        assert errors
    assert all(finding.element_id and finding.line and finding.remedy for finding in errors)


RICH = line(
    '<bpmn:subProcess id="a"><bpmn:startEvent id="s"><bpmn:timerEventDefinition>'
    "<bpmn:timeCycle>R3/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    '<bpmn:userTask id="u">'
    + extended('<zeebe:formDefinition formId="f" />')
    + '<bpmn:multiInstanceLoopCharacteristics isSequential="true" /></bpmn:userTask>'
    + flow("s", "u", "=a &gt; 1")
    + '</bpmn:subProcess><bpmn:boundaryEvent id="b" attachedToRef="a">'
    '<bpmn:linkEventDefinition name="x" /></bpmn:boundaryEvent>',
    ids="a",
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises(data):
    xml = bytearray(RICH)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(xml) - 1))
        if data.draw(st.booleans()):
            xml[at] = data.draw(st.integers(32, 126))
        else:
            del xml[at : at + data.draw(st.integers(1, 40))]
        if not xml:
            break
    check_package(Package({"x.bpmn": bytes(xml)}, name="x"))


def test_a_large_diagram_is_read_and_checked_in_seconds():
    count = 3000
    tasks = "".join(f'<bpmn:task id="t{n}" />' for n in range(count))
    xml = line(tasks, ids=" ".join(f"t{n}" for n in range(count)))
    started = time.thread_time()
    check_package(Package({"x.bpmn": xml}, name="x"))
    assert time.thread_time() - started < 5


def test_deep_nesting_of_sub_processes_is_no_problem():
    depth = 120
    xml = process(
        '<bpmn:subProcess id="s%d">' * depth % tuple(range(depth)) + "</bpmn:subProcess>" * depth
    )
    check_package(Package({"x.bpmn": xml}, name="x"))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"<bpmn:definitions>", 1),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', 1),
        (b'<?xml version="1.0"?>\n\n<!DOCTYPE a [<!ENTITY b "c">]><a/>', 3),
        (b"<a>\n<b></a>", 2),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(content: bytes, line: int):
    (one,) = read(content).findings
    assert one.line == line
    assert one.remedy


def test_attributes_of_other_tools_are_told_once_and_never_by_the_thousand():
    many = " ".join(f'eigen{number}="1"' for number in range(3000))
    tasks = "".join(f'<bpmn:task id="t{number}" kleur="rood" />' for number in range(50))
    inside = f'<bpmn:startEvent id="start" /><bpmn:task id="veel" {many} />{tasks}'
    found = [one for one in read(process(inside)).findings if one.rule == "unknown-word"]
    assert len(found) <= 40
    assert all(one.level == "warning" for one in found)


def test_a_word_that_is_newer_than_ours_is_no_slip():
    newer = extended('<zeebe:priorityDefinitionByJob priority="1" />')
    xml = line(f'<bpmn:task id="a" isExecutableByRobots="true">{newer}</bpmn:task>', ids="a")
    found = [one for one in read(xml).findings if one.rule == "unknown-word"]
    assert [one.level for one in found] == ["warning", "warning"]
