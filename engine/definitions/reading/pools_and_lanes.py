"""Pools and lanes that contradict themselves: a step in two lanes, one process in two pools."""

from __future__ import annotations

from lxml import etree

from engine.definitions.reading.xml import (
    BPMN,
    Node,
    children,
    local_id,
    nearest_named,
    text_of,
)
from engine.definitions.reporting import Reporter, label


def report_pools_and_lanes(root: Node, report: Reporter) -> None:
    """Name the lanes and pools that can't both be right."""
    for lane_set in root.iter(f"{{{BPMN}}}laneSet", f"{{{BPMN}}}childLaneSet"):
        _steps_once(lane_set, report)
    homes = {
        node.get("id", ""): process
        for process in children(root, "process")
        for node in process.iter(etree.Element)
        if node.get("id")
    }
    for process in children(root, "process"):
        for lane in process.iter(f"{{{BPMN}}}lane"):
            _own_steps(lane, process, homes, report)
    for collaboration in root.iter(f"{{{BPMN}}}collaboration"):
        _processes_once(collaboration, report)


def _steps_once(lane_set: Node, report: Reporter) -> None:
    """Lanes inside a lane may name its steps again; lanes beside each other may not."""
    first: dict[str, Node] = {}
    for lane in children(lane_set, "lane"):
        for reference in lane.iter(f"{{{BPMN}}}flowNodeRef"):
            step = local_id(text_of(reference))
            other = first.setdefault(step, lane)
            if not step or other is lane:
                continue
            place = nearest_named(lane)._replace(line=reference.sourceline or 0)
            report.error(
                "lane-twice",
                place,
                f"{label(place)} heeft ‘{step[:80]}’, maar die staat al in de baan "
                f"{label(nearest_named(other))}.",
                "Zet elke stap in één baan.",
            )


def _own_steps(lane: Node, process: Node, homes: dict[str, Node], report: Reporter) -> None:
    for reference in children(lane, "flowNodeRef"):
        step = local_id(text_of(reference))
        home = homes.get(step)
        if home is None or home is process:
            continue
        place = nearest_named(lane)._replace(line=reference.sourceline or 0)
        report.error(
            "lane-elsewhere",
            place,
            f"{label(place)} heeft ‘{step[:80]}’, maar die stap staat in een ander proces "
            f"({home.get('id', '')}).",
            "Haal de stap uit de baan, of teken haar in het proces van de baan.",
        )


def _processes_once(collaboration: Node, report: Reporter) -> None:
    first: dict[str, Node] = {}
    for pool in children(collaboration, "participant"):
        process = local_id(pool.get("processRef"))
        other = first.setdefault(process, pool)
        if not process or other is pool:
            continue
        place = nearest_named(pool)
        report.error(
            "pool-twice",
            place,
            f"{label(place)} is van het proces ‘{process[:80]}’, maar dat heeft al een pool: "
            f"{label(nearest_named(other))}.",
            "Houd één pool over, of geef deze een eigen proces.",
        )
