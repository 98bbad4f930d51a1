"""The full method as a process owner might change it: a task inserted, a timer changed, a rename.

All three are where trajectories stand: who takes stock of the life domains in phase 2 has the
renamed task open, everybody in that phase runs the timer, and the new task comes right after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.definitions.packages import Package

FILE = "fase-2-motiveren.bpmn"
OLD, NEW = "leefgebieden-start", "leefgebieden-beginmeting"
NAME = "Breng de vijf leefgebieden in kaart"
TIMER = "langer-dan-norm"
INSERTED = "deel-beeld-met-gezin"
_FLOW = "van-leefgebieden-start-naar-zorg-om-veiligheid"
_TASK = f"""
    <bpmn:userTask id="{INSERTED}" name="Deel het beeld met het gezin">
      <bpmn:documentation>Vertel wat je opschreef en vraag of het klopt.</bpmn:documentation>
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="leefgebieden" />
        <zeebe:assignmentDefinition candidateGroups="vertrouwenspersoon" />
        <zeebe:taskSchedule dueDate="=now() + tijd.ruim" />
      </bpmn:extensionElements>
      <bpmn:incoming>naar-{INSERTED}</bpmn:incoming>
      <bpmn:outgoing>{_FLOW}</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="naar-{INSERTED}" sourceRef="{NEW}" targetRef="{INSERTED}" />
"""
RENAMED: Mapping[str, str] = {OLD: NEW}


def changed(package: Package) -> Package:
    """The method with the three changes; its scenarios do the new task too."""
    files = dict(package.files)
    diagram = files[FILE].decode()
    for before, after in (
        (rf'(id|sourceRef|targetRef|bpmnElement)="{OLD}"', rf'\1="{NEW}"'),
        (rf'name="{NAME}"', 'name="Breng met het gezin de vijf leefgebieden in kaart"'),
        (rf'id="{_FLOW}" sourceRef="{NEW}"', f'id="{_FLOW}" sourceRef="{INSERTED}"'),
        (rf"<bpmn:outgoing>{_FLOW}</bpmn:outgoing>",
         f"<bpmn:outgoing>naar-{INSERTED}</bpmn:outgoing>"),
        (r"=norm\.langsteDuur<", '=norm.langsteDuur + duration("P14D")<'),
    ):  # fmt: skip
        diagram, times = re.subn(before, after, diagram)
        if not times:
            raise LookupError(f"{FILE}: {before}")
    place = diagram.index("</bpmn:userTask>", diagram.index(f'id="{NEW}"')) + len(
        "</bpmn:userTask>"
    )
    files[FILE] = (diagram[:place] + _TASK + diagram[place:]).encode()
    for path, content in files.items():
        if path.startswith("scenarios/"):
            files[path] = content.replace(OLD.encode(), NEW.encode())
    return Package(files, name=package.key)
