"""What Flowable says of events, rounds and calls, and what it leaves unsaid."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import ModelRun, run_model

FLOWABLE = ' xmlns:flowable="http://flowable.org/bpmn"'
CAMUNDA = ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def _model(body: str, named: str = FLOWABLE, **settings: Any) -> LoneModel:
    xml = f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{named}>{body}'
    return LoneModel({"proef.bpmn": f"{xml}</definitions>".encode()}, name="proef", **settings)


def _process(*inside: str, ways: str = "", process_id: str = "p") -> str:
    flows = "".join(
        f'<sequenceFlow id="f{process_id}{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(way.split(">") for way in ways.split())
    )
    return f'<process id="{process_id}" isExecutable="true">{"".join(inside)}{flows}</process>'


def _run(model: LoneModel, answers: dict[str, Any] | None = None, **given: Any) -> ModelRun:
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return run_model(model, answers=answers, begin=begin, **given)


def _done(run: ModelRun) -> Counter[str]:
    return Counter(entry["element_id"] for entry in run.trace)


def _refused(model: LoneModel) -> set[tuple[str, str]]:
    found = findings_of_run(model)
    return {(one.rule, one.element_id) for one in found if one.level == "error"}


SIGNAL = '<signal id="alarm" name="alarm"/>'
BORDER = _process(
    '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><endEvent id="x"/>',
    '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><extensionElements>'
    '<flowable:in source="one" target="kept"/>'
    '<flowable:in sourceExpression="${two + 1}" target="more"/></extensionElements>'
    '<signalEventDefinition signalRef="alarm"/></boundaryEvent>',
    ways="s>t t>e b>x",
)


def test_of_what_comes_with_a_signal_only_what_is_named_goes_on():
    answers = {"b": {"one": 1, "two": 2}}
    run = _run(_model(SIGNAL + BORDER, answered=answers), answers)
    assert _done(run) == Counter("sbxte")
    assert {k: v for k, v in run.variables.items() if k != "trajectId"} == {"kept": 1, "more": 3}


def test_with_a_signal_goes_what_the_event_that_throws_it_names():
    body = _process(
        '<startEvent id="s"/><parallelGateway id="g"/><intermediateCatchEvent id="c">'
        '<extensionElements><flowable:in source="there" target="kept"/></extensionElements>'
        '<signalEventDefinition signalRef="alarm"/></intermediateCatchEvent><endEvent id="e"/>',
        '<endEvent id="x"><extensionElements><flowable:out source="here" target="there"/>'
        '</extensionElements><signalEventDefinition signalRef="alarm"/></endEvent>',
        ways="s>g g>c g>x c>e",
    )
    run = _run(_model(SIGNAL + body), variables={"here": 7})
    assert run.state == "completed"
    assert run.variables["kept"] == 7
    assert "there" not in run.variables


ROUNDS = _process(
    '<startEvent id="s"/><userTask id="t"><multiInstanceLoopCharacteristics><extensionElements>'
    '<flowable:variableAggregation target="all">{rows}</flowable:variableAggregation>'
    "</extensionElements><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    '</userTask><endEvent id="e"/>',
    ways="s>t t>e",
)


def test_what_rounds_make_is_gathered_and_stays_theirs():
    rows = '<variable source="yes"/><flowable:variable source="why" target="reason"/>'
    answers = {"t": [{"yes": True, "why": "a"}, {"yes": False, "why": "b"}]}
    run = _run(_model(ROUNDS.replace("{rows}", rows), answered=answers), answers)
    assert run.variables["all"] == [{"yes": True, "reason": "a"}, {"yes": False, "reason": "b"}]
    assert not {"yes", "why"} & run.variables.keys()


@pytest.mark.parametrize(
    "rows",
    [
        '<flowable:variable source="yes" targetExpression="${x}"/>',
        '<flowable:variable source="yes.no"/>',
        "",
    ],
)
def test_a_gathering_that_means_something_else_is_refused(rows: str):
    assert ("foreign-dialect", "t") in _refused(_model(ROUNDS.replace("{rows}", rows)))


NAMELESS = _process(
    '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>',
    '<subProcess triggeredByEvent="true"><startEvent id="vs">'
    '<signalEventDefinition signalRef="alarm"/></startEvent><endEvent id="ve"/>'
    '<sequenceFlow id="v" sourceRef="vs" targetRef="ve"/></subProcess>',
    ways="s>t t>e",
)


def test_an_event_sub_process_needs_no_id():
    run = _run(_model(SIGNAL + NAMELESS, answered={"vs"}), {"vs": {}})
    assert _done(run) == Counter(["s", "vs", "ve", "eventSubProcess-1"])


def test_camunda_8_wants_an_id_of_every_event_sub_process():
    model = _model(SIGNAL + NAMELESS, ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"')
    assert ("missing-id", "") in _refused(model)


ESCALATES = _process(
    '<startEvent id="s"/><subProcess id="w"><startEvent id="ws"/><endEvent id="x">'
    '<escalationEventDefinition escalationRef="hulp"/></endEvent>'
    '<sequenceFlow id="wf" sourceRef="ws" targetRef="x"/></subProcess><endEvent id="e"/>',
    '<boundaryEvent id="b" attachedToRef="w"><escalationEventDefinition escalationRef="hulp"/>'
    '</boundaryEvent><endEvent id="f"/>',
    ways="s>w w>e b>f",
)


def test_a_reference_to_no_escalation_is_the_code_itself():
    assert _done(_run(_model(ESCALATES))) == Counter(["s", "ws", "x", "b", "f"])


def test_camunda_7_has_no_escalation_that_is_not_declared():
    assert ("unknown-escalation", "x") in _refused(_model(ESCALATES, CAMUNDA))


def test_which_version_a_call_means_changes_nothing_in_one_file():
    call = (
        '<callActivity id="c" calledElement="q" flowable:sameDeployment="true" '
        'flowable:fallbackToDefaultTenant="true"/>'
    )
    body = _process('<startEvent id="s"/>', call, '<endEvent id="e"/>', ways="s>c c>e")
    body += _process('<startEvent id="qs"/><endEvent id="qe"/>', ways="qs>qe", process_id="q")
    run = _run(_model(body, chosen="p"), process_id="p")
    assert _done(run) == Counter(["s", "qs", "qe", "c", "e"])


def test_a_script_that_prints_and_sets_is_read():
    script = 'out:println "klaar";\nexecution.setVariable("x", "ja");'
    body = _process(
        '<startEvent id="s"/><scriptTask id="t" scriptFormat="groovy" '
        f'flowable:autoStoreVariables="false"><script>{script}</script></scriptTask>'
        '<endEvent id="e"/>',
        ways="s>t t>e",
    )
    assert _run(_model(body)).variables["x"] == "ja"
