"""A caller for processes that other packages call, so that their scenarios have a beginning.

It does what any caller does: it calls, and goes on when the process ends. Whatever error or
escalation the process leaves to it ends at ``fout-opgevangen`` or ``escalatie-opgevangen``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.definitions.packages import Package
from engine.definitions.reading.xml import BPMN, ZEEBE
from engine.execution.variables import evaluate

PROCESS = "aanroeper"

_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{bpmn}" xmlns:zeebe="{zeebe}" id="d" targetNamespace="aanroeper">
 <process id="{process}" isExecutable="true">
  <startEvent id="begin"/>
  <callActivity id="aanroep">
   <extensionElements><zeebe:calledElement processId={called}/></extensionElements>
  </callActivity>
  <endEvent id="klaar"/>
  <boundaryEvent id="fout" attachedToRef="aanroep"><errorEventDefinition/></boundaryEvent>
  <endEvent id="fout-opgevangen"/>
  <boundaryEvent id="escalatie" attachedToRef="aanroep" cancelActivity="false">
   <escalationEventDefinition/>
  </boundaryEvent>
  <endEvent id="escalatie-opgevangen"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="aanroep"/>
  <sequenceFlow id="f2" sourceRef="aanroep" targetRef="klaar"/>
  <sequenceFlow id="f3" sourceRef="fout" targetRef="fout-opgevangen"/>
  <sequenceFlow id="f4" sourceRef="escalatie" targetRef="escalatie-opgevangen"/>
 </process>
</definitions>
"""


def caller_of(process_id: str) -> Package:
    """A package with one process that calls this one."""
    drawn = _FILE.format(bpmn=BPMN, zeebe=ZEEBE, process=PROCESS, called=quoteattr(process_id))
    return Package({"aanroeper.bpmn": drawn.encode()}, name=PROCESS)


def message_key(key: str, trajectory_id: object, now: datetime) -> str:
    """Whom a message of a scenario is for: the trajectory, or what ``key`` says.

    After ``=`` it is FEEL that sees ``trajectId``: ``=trajectId + ":geen-contact"``.

    Raises:
        engine.execution.errors.ExpressionFailed: the FEEL is not good.
    """
    known = {"trajectId": str(trajectory_id)}
    return str(evaluate(key or "=trajectId", known, now, what="De sleutel van het bericht"))


def worked_out(given: Any, now: datetime) -> Any:
    """What a caller gives, with FEEL after ``=`` evaluated: ``=duration("P4D")`` is a duration.

    Raises:
        engine.execution.errors.ExpressionFailed: the FEEL is not good.
    """
    if isinstance(given, Mapping):
        return {key: worked_out(value, now) for key, value in given.items()}
    if isinstance(given, list):
        return [worked_out(value, now) for value in given]
    if not isinstance(given, str):
        return given
    return evaluate(given, {}, now, what="De invoer van het scenario")
