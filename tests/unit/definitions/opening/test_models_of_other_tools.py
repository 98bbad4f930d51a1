"""Models of many tools, kept outside the project: they open, are drawn, and are checked in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions.checks import check_package
from engine.definitions.opening import open_diagram
from engine.definitions.packages import Package
from engine.definitions.reading.xml import BPMNDI

SHARED = Path(__file__).resolve().parents[5] / "shared"
MODELS = sorted((SHARED / "miwg").glob("*.bpmn"))
SECONDS = 2


@pytest.mark.skipif(not MODELS, reason="the models of other tools are not on this machine")
@pytest.mark.parametrize("drawn", [True, False], ids=["as it is", "without its drawing"])
def test_a_model_of_another_tool_opens_in_time_and_every_note_has_its_place(drawn: bool):
    for model in MODELS:
        content = model.read_bytes()
        if not drawn:
            root = etree.fromstring(content)
            for diagram in list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")):
                root.remove(diagram)
            content = etree.tostring(root)
        began = time.process_time()
        opened = open_diagram(content, model.name)
        found = check_package(Package({"x.bpmn": opened.content}, name="x"))
        assert time.process_time() - began < SECONDS
        assert all(note.line and note.message and note.mend for note in opened.notes)
        assert all(one.line and one.message and one.remedy for one in found)
        rules = {one.rule for one in found}
        assert not rules & {"without-drawing", "element-not-drawn", "foreign-dialect"}, model.name
        assert open_diagram(opened.content, model.name).content == opened.content
