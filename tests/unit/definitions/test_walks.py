"""The way into trouble as a walk: which token moves, which stand still, what never comes."""

from __future__ import annotations

from engine.definitions.checks import check_package
from engine.definitions.model import Process
from engine.definitions.packages import Package
from engine.definitions.soundness.walk import Step, walk_of
from tests.unit.definitions.diagrams import flow, process


def walk(content: bytes, rule: str) -> tuple[Step, ...]:
    package = Package({"x.bpmn": content}, name="x")
    (found,) = [one for one in check_package(package) if one.rule == rule]
    return walk_of(the_process(package), found.path)


def the_process(package: Package) -> Process:
    return next(iter(package.processes.values()))


def elements(**kinds: str) -> str:
    return "".join(f'<bpmn:{kind} id="{name}"/>' for name, kind in kinds.items())


def test_a_choice_before_a_join_leaves_one_token_and_one_empty_flow():
    content = process(
        elements(
            s="startEvent", keuze="exclusiveGateway", a="task", b="task",
            samen="parallelGateway", e="endEvent",
        )
        + flow("s", "keuze") + flow("keuze", "a", "=x") + flow("keuze", "b", "=y")
        + flow("a", "samen") + flow("b", "samen") + flow("samen", "e")
    )  # fmt: skip
    steps = walk(content, "join-waits-forever")
    assert [step.element for step in steps] == ["s", "keuze", "a", "samen"]
    assert [step.flows for step in steps] == [(), ("s-keuze",), ("keuze-a",), ("a-samen",)]
    assert steps[-1].stands == ("samen",)
    assert steps[-1].missing == ("b-samen",)


def test_a_token_that_was_split_off_stands_still_while_the_other_walks():
    content = process(
        elements(
            s="startEvent", splits="parallelGateway", a="task", b="task",
            samen="exclusiveGateway", c="task", e="endEvent",
        )
        + flow("s", "splits") + flow("splits", "a") + flow("splits", "b")
        + flow("a", "samen") + flow("b", "samen") + flow("samen", "c") + flow("c", "e")
    )  # fmt: skip
    steps = walk(content, "merge-runs-twice")
    assert all(len(step.stands) == 2 for step in steps[1:])
    assert steps[-1].stands == ("c", "c")


def test_a_token_leaves_by_the_border_of_its_task():
    content = process(
        elements(s="startEvent", splits="parallelGateway", a="userTask", b="task")
        + '<bpmn:boundaryEvent id="te-laat" attachedToRef="a"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
        + elements(samen="parallelGateway", e="endEvent", weg="endEvent")
        + flow("s", "splits") + flow("splits", "a") + flow("splits", "b")
        + flow("a", "samen") + flow("b", "samen") + flow("samen", "e") + flow("te-laat", "weg")
    )  # fmt: skip
    steps = walk(content, "join-waits-forever")
    border = next(step for step in steps if step.element == "te-laat")
    assert (border.flows, border.origin) == ((), "a")
    assert steps[-1].element == "samen"
    assert steps[-1].missing == ("a-samen",)


def test_every_step_of_a_walk_is_drawn_and_a_strange_path_is_harmless():
    package = Package({"x.bpmn": process(elements(s="startEvent", e="endEvent") + flow("s", "e"))})
    found = walk_of(the_process(package), ("s", "weg", "e", "e"))
    assert [step.element for step in found] == ["s", "e"]
    assert found[-1].stands == ()
    assert walk_of(the_process(package), ()) == ()
    assert isinstance(found[0].as_dict(), dict)
