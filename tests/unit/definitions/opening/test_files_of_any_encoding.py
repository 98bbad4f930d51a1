"""Files of any encoding open, or are refused in words that a person understands."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.checks import check_package
from engine.definitions.errors import DefinitionError, NotBpmn, XmlMalformed, XmlRefused
from engine.definitions.opening import Opened, open_diagram
from engine.definitions.packages import Package
from engine.definitions.reading.reader import read_processes
from tests.unit.definitions.diagrams import NAMESPACES, definitions, flow, line, process

FOREIGN = (
    '<bpmn:startEvent id="s"/><bpmn:userTask id="a" camunda:assignee="${x}">'
    '<bpmn:extensionElements><camunda:taskListener class="y"/></bpmn:extensionElements>'
    '</bpmn:userTask><bpmn:boundaryEvent id="r" attachedToRef="a"/>'
    f'<bpmn:subProcess id="d"><bpmn:task id="b"/></bpmn:subProcess>{flow("s", "a")}{flow("r", "d")}'
)
FOREIGN_7 = process(FOREIGN)
TASK = line('<bpmn:userTask id="a" name="Één gesprek" />', ids="a").decode()


def opened(content: bytes) -> Opened:
    return open_diagram(content, "x.bpmn")


def rules(content: bytes) -> set[str]:
    return {note.rule for note in opened(content).notes}


def name_of_task(content: bytes) -> str:
    (found,) = read_processes(opened(content).content, "x.bpmn").processes
    return found.elements["a"].name


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{TASK}'


@pytest.mark.parametrize(
    "content",
    [
        TASK.encode(),
        codecs.BOM_UTF8 + declared("utf-8").encode(),
        declared("UTF-16").encode("utf-16"),
        declared("UTF-16").encode("utf-16-le"),
        declared("UTF-16").encode("utf-16-be"),
        declared("UTF-32").encode("utf-32"),
        declared("ISO-8859-1").encode("latin-1"),
        declared("windows-1252").encode("cp1252"),
        declared("macintosh").encode("mac_roman"),
        # lies
        declared("UTF-16").encode(),
        declared("ISO-8859-1").encode(),
        declared("UTF-8").encode("utf-16"),
        declared("US-ASCII").encode(),
        ("  \n" + declared("UTF-8")).encode(),
    ],
    ids=lambda content: content[:40].decode("latin-1"),
)
def test_what_the_bytes_say_counts_more_than_what_the_file_says(content):
    assert name_of_task(content) == "Één gesprek"


def test_a_guess_is_a_decision_with_its_line():
    (note,) = [n for n in opened(declared("UTF-8").encode("cp1252")).notes if n.rule[:3] == "enc"]
    assert (note.kind, note.rule, note.line) == ("decide", "encoding-guessed", 2)
    assert name_of_task(declared("UTF-8").encode("cp1252")) == "Één gesprek"


def test_control_characters_are_left_out_and_told():
    content = TASK.replace("gesprek", "ge\x0bsprek&#8;").encode()
    assert name_of_task(content) == "Één gesprek"
    assert "control-characters" in rules(content)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", NotBpmn, "leeg"),
        (b" \n ", NotBpmn, "leeg"),
        (b"PK\x03\x04\x14", NotBpmn, "zip"),
        (b"%PDF-1.7", NotBpmn, "PDF"),
        (b"<!DOCTYPE html><html><body/></html>", NotBpmn, "webpagina"),
        (b'{"resourceId": "canvas"}', NotBpmn, "Signavio"),
        (b"<mxfile/>", NotBpmn, "draw.io"),
        (b'<Package xmlns="http://www.wfmc.org/2008/XPDL2.1"/>', NotBpmn, "XPDL"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', NotBpmn, "DMN"),
        (b"geen xml", XmlMalformed, "begint niet met XML"),
        (b"<a><b></a>", XmlMalformed, "afgesloten als"),
        (TASK.encode()[:300], XmlMalformed, "breekt halverwege af"),
        (b"<a>" * 5000, XmlMalformed, "256 lagen"),
        (b"<a>&nbsp;</a>", XmlMalformed, "nbsp"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', XmlRefused, "veiligheidsredenen"),
        ('<!doctype a SYSTEM "file:///etc/passwd"><a/>'.encode("utf-16"), XmlRefused, "veilig"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', XmlRefused, "tekencodering"),
        (b'<?xml version="1.0" encoding="zip"?><a/>', XmlRefused, "tekencodering"),
    ],
)
def test_a_refusal_says_what_the_file_is_and_what_to_do(content, error, said):
    with pytest.raises(DefinitionError) as refused:
        opened(content)
    assert isinstance(refused.value, error)
    assert said in refused.value.message
    assert refused.value.remedy
    assert refused.value.where.get("line", 1)


def test_a_file_that_is_too_large_is_not_read():
    with pytest.raises(XmlRefused, match="maximum"):
        open_diagram(b"<a" * 30, "x.bpmn", max_bytes=50)


def test_more_elements_than_anybody_can_look_after_are_refused():
    tasks = "".join(f'<bpmn:task id="t{number}"/>' for number in range(10_001))
    with pytest.raises(XmlRefused, match="10002 elementen"):
        opened(process(tasks))
    (finding,) = read_processes(process(tasks), "x.bpmn").findings
    assert (finding.rule, finding.line) == ("xml-refused", 1)


def test_a_document_type_inside_a_text_is_harmless():
    html = "<bpmn:documentation><![CDATA[<!DOCTYPE html><p>Brief</p>]]></bpmn:documentation>"
    content = TASK.replace(' name="Één gesprek" />', f' name="b">{html}</bpmn:userTask>').encode()
    assert name_of_task(content) == "b"
    assert not [f for f in read_processes(content, "x.bpmn").findings if f.level == "error"]


def test_prefixes_that_nobody_declared_are_known_or_passed_by():
    content = TASK.replace('id="a"', 'id="a" camunda:assignee="demo" eigen:kleur="rood"')
    content = content.replace(' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', "")
    found = opened(content.encode())
    assert b'assignee="demo"' in found.content
    assert {"prefix-undeclared", "assignment"} <= {note.rule for note in found.notes}


@pytest.mark.parametrize("older", ["http://schema.omg.org/spec/BPMN/2.0", ""])
def test_drafts_of_bpmn_and_files_without_a_namespace_are_read(older):
    content = (
        f'<definitions{f" xmlns={chr(34)}{older}{chr(34)}" if older else ""}><process id="P">'
        '<startEvent id="s"/><endEvent id="a" name="x"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"/></process></definitions>'
    ).encode()
    assert name_of_task(content) == "x"
    assert "namespace" in rules(content)


def test_a_process_without_definitions_around_it_is_read():
    content = f'<bpmn:process {NAMESPACES} id="P"><bpmn:task id="a" name="x"/></bpmn:process>'
    assert name_of_task(content.encode()) == "x"


def test_a_file_of_our_own_comes_through_byte_for_byte():
    content = opened(TASK.encode()).content
    again = open_diagram(content, "x.bpmn")
    assert again.content == content
    assert definitions("")  # a file without any process is not ours to change
    assert open_diagram(definitions(""), "x.bpmn").content == definitions("")


def said_of(content: bytes) -> list[tuple[str, str]]:
    """What a reader is told of a file: the refusal, or the notes."""
    try:
        found = opened(content)
    except DefinitionError as refused:
        return [(refused.message, refused.remedy)]
    check_package(Package({"x.bpmn": found.content}, name="x"))
    return [(note.message, note.mend) for note in found.notes]


PIECES = [b'""', b'id="a"', b"<bpmn:task/>", b"\x00", b"&#0;", b"]]>", b"NaN", b""]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_done_to_a_file_it_opens_or_is_refused_in_words(data):
    content = bytearray(
        open_diagram(process(FOREIGN), "x.bpmn").content if data.draw(st.booleans()) else FOREIGN_7
    )
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        upto = at + data.draw(st.integers(0, 30))
        content[at:upto] = data.draw(st.sampled_from(PIECES))
    told = said_of(bytes(content))
    assert all(message and mend for message, mend in told)
