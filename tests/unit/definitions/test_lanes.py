"""Lanes as roles."""

from __future__ import annotations

import pytest

from engine.definitions.manifest import Role
from engine.definitions.model import Process
from engine.definitions.reading.lanes import with_roles_of_lanes
from tests.unit.definitions.diagrams import process, read

ROLES = {
    "bezoeker": Role("bezoeker", {"nl": "Gezinsbezoeker"}, "worker"),
    "leider": Role("leider", {"nl": "Projectleider"}, "project_leader"),
}


def in_lane(lane: str, inside: str, *ids: str) -> Process:
    refs = "".join(f"<bpmn:flowNodeRef>{id_}</bpmn:flowNodeRef>" for id_ in ids)
    lanes = f'<bpmn:laneSet><bpmn:lane id="l" name="{lane}">{refs}</bpmn:lane></bpmn:laneSet>'
    (found,) = read(process(lanes + inside)).processes
    return with_roles_of_lanes(found, ROLES)


@pytest.mark.parametrize("lane", ["bezoeker", "Gezinsbezoeker", " gezinsBEZOEKER "])
def test_task_without_a_role_is_for_the_role_that_its_lane_names(lane):
    found = in_lane(lane, '<bpmn:userTask id="a" />', "a")
    assert found.elements["a"].user.candidate_groups == "bezoeker"


def test_task_inside_a_sub_process_is_in_the_lane_of_the_sub_process():
    found = in_lane(
        "leider", '<bpmn:subProcess id="d"><bpmn:userTask id="a" /></bpmn:subProcess>', "d"
    )
    assert found.elements["a"].user.candidate_groups == "leider"


def test_own_role_goes_before_the_lane_and_a_lane_that_names_none_gives_none():
    own = (
        '<bpmn:userTask id="a"><bpmn:extensionElements>'
        '<zeebe:assignmentDefinition candidateGroups="leider" /></bpmn:extensionElements>'
        "</bpmn:userTask>"
    )
    assert in_lane("bezoeker", own, "a").elements["a"].user.candidate_groups == "leider"
    found = in_lane("Afdeling Noord", '<bpmn:userTask id="a" />', "a")
    assert found.elements["a"].user.candidate_groups is None
