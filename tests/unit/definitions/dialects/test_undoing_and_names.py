"""Undoing by rounds, and names and contents of signals, as Camunda 7 writes them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
REPEATED = """
<process id="p" isExecutable="true"><startEvent id="s"/><task id="a">
<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>
</multiInstanceLoopCharacteristics></task>
<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
<userTask id="u" isForCompensation="true"/><association sourceRef="b" targetRef="u"/>
<endEvent id="e"><compensateEventDefinition activityRef="a"/></endEvent>
<sequenceFlow id="1" sourceRef="s" targetRef="a"/>
<sequenceFlow id="2" sourceRef="a" targetRef="e"/></process>
"""


def model(inside: str, vendor: str | None = CAMUNDA) -> LoneModel:
    words = "" if vendor is None else f' xmlns:camunda="{vendor}"'
    xml = (
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{words}>'
        f"{inside}</definitions>"
    )
    return LoneModel({"proef.bpmn": xml.encode()}, name="proef")


def ran(inside: str, vendor: str | None = CAMUNDA, **given) -> Counter[str]:
    made = model(inside, vendor)
    assert [f for f in findings_of_run(made) if f.level == "error"] == []
    run = run_model(made, begin=datetime(2026, 1, 5, 8, tzinfo=UTC), **given)
    assert run.state == "completed", run.error
    return Counter(entry["element_id"] for entry in run.trace)


@pytest.mark.parametrize(
    ("vendor", "times"),
    [
        (CAMUNDA, 3),
        ("http://flowable.org/bpmn", 3),
        ("http://camunda.org/schema/zeebe/1.0", 1),
        (None, 1),
    ],
)
def test_rounds_are_undone_each_where_the_file_is_of_an_engine_that_does_so(vendor, times):
    assert ran(REPEATED, vendor)["u"] == times


def test_undoing_is_waited_for_where_the_engine_of_the_file_always_waits():
    inside = REPEATED.replace("activityRef", 'waitForCompletion="false" activityRef')
    assert ran(inside)["u"] == 3
    found = findings_of_run(model(inside, "http://camunda.org/schema/zeebe/1.0"))
    assert ("compensation-without-waiting", "e") in {(f.rule, f.element_id) for f in found}


def test_step_that_undoes_stands_beside_the_way():
    inside = (
        '<process id="p" isExecutable="true"><startEvent id="s"/>'
        '<userTask id="a" isForCompensation="true"/><endEvent id="e"/>'
        '<sequenceFlow id="1" sourceRef="s" targetRef="a"/>'
        '<sequenceFlow id="2" sourceRef="a" targetRef="e"/></process>'
    )
    for vendor in (CAMUNDA, None):
        found = {f.rule for f in findings_of_run(model(inside, vendor)) if f.level == "error"}
        assert "flow-into-start" in found


def signalled(name: str, payload: str = "") -> str:
    extension = f"<extensionElements>{payload}</extensionElements>" if payload else ""
    thrown = f'<signalEventDefinition signalRef="sig">{extension}</signalEventDefinition>'
    return (
        f'<signal id="sig" name="{name}"/><process id="p" isExecutable="true"><startEvent id="s"/>'
        '<parallelGateway id="f"/><intermediateCatchEvent id="c"><signalEventDefinition '
        'signalRef="sig"/></intermediateCatchEvent><userTask id="w"/>'
        f'<intermediateThrowEvent id="t">{thrown}</intermediateThrowEvent>'
        '<endEvent id="e"/><endEvent id="e2"/>'
        '<sequenceFlow id="1" sourceRef="s" targetRef="f"/>'
        '<sequenceFlow id="2" sourceRef="f" targetRef="c"/>'
        '<sequenceFlow id="3" sourceRef="f" targetRef="w"/>'
        '<sequenceFlow id="4" sourceRef="w" targetRef="t"/>'
        '<sequenceFlow id="5" sourceRef="t" targetRef="e"/>'
        '<sequenceFlow id="6" sourceRef="c" targetRef="e2"/></process>'
    )


@pytest.mark.parametrize("name", ["alarm", "alarm-${wie}", "${wie}", "#{wie}-${wie}"])
def test_name_with_expressions_is_put_together(name):
    assert ran(signalled(name), variables={"wie": "noor"})["c"] == 1


def test_name_that_is_computed_by_code_is_refused():
    found = findings_of_run(model(signalled("alarm-${bean.naam(execution)}")))
    assert "foreign-expression" in {f.rule for f in found if f.level == "error"}


def test_signal_carries_what_it_names():
    payload = (
        '<camunda:in source="a" target="b"/><camunda:in sourceExpression="${a + 1}" target="c"/>'
    )
    made = model(signalled("alarm", payload))
    run = run_model(made, variables={"a": 1}, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert (run.variables["b"], run.variables["c"]) == (1, 2)


def test_signal_that_carries_all_that_is_local_is_thrown_as_it_is():
    payload = '<camunda:in variables="all" local="true"/>'
    assert ran(signalled("alarm", payload))["c"] == 1


@pytest.mark.parametrize("row", ['variables="all"', 'source="a" target="b" local="true"'])
def test_signal_that_carries_something_else_is_refused(row):
    found = findings_of_run(model(signalled("alarm", f"<camunda:in {row}/>")))
    assert "foreign-dialect" in {f.rule for f in found if f.level == "error"}
