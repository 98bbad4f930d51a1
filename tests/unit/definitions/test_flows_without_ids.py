"""Arrows need no id of their own; the ones they are given differ, also in a file of one line."""

from __future__ import annotations

from engine.definitions.packages import Package
from tests.unit.definitions.diagrams import definitions


def test_arrows_without_ids_in_two_processes_on_one_line() -> None:
    def process(key: str) -> str:
        return (
            f'<bpmn:process id="{key}" isExecutable="true"><bpmn:startEvent id="{key}s" />'
            f'<bpmn:sequenceFlow sourceRef="{key}s" targetRef="{key}e" />'
            f'<bpmn:endEvent id="{key}e" /></bpmn:process>'
        )

    package = Package({"x.bpmn": definitions(process("P") + process("Q"))}, name="x")
    assert [found for reading in package.readings for found in reading.findings] == []
    flows = [set(read.flows) for read in package.processes.values()]
    assert [len(ids) for ids in flows] == [1, 1]
    assert flows[0].isdisjoint(flows[1])
