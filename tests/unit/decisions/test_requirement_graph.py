"""Decisions see what they require; functions, services and imports work across the graph."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.decisions import load
from engine.decisions.errors import ModelInvalid
from tests.unit.decisions.dmn import (
    NAMESPACE,
    decision,
    definitions,
    input_data,
    literal,
    table,
)


def knowledge(name: str, parameters: dict[str, str], body: str, requires: str = "") -> str:
    formal = "".join(
        f'<formalParameter name="{key}" typeRef="{kind}"/>' for key, kind in parameters.items()
    )
    needed = (
        f'<knowledgeRequirement><requiredKnowledge href="#{requires}"/></knowledgeRequirement>'
        if requires
        else ""
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>{needed}'
        f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic></businessKnowledgeModel>"
    )


def service(name: str, outputs: list[str], inputs: list[str], decisions: list[str]) -> str:
    parts = "".join(
        [
            *(f'<outputDecision href="#{each}"/>' for each in outputs),
            *(f'<inputDecision href="#{each}"/>' for each in decisions),
            *(f'<inputData href="#{each}"/>' for each in inputs),
        ]
    )
    variable = f'<variable name="{name}"/>'
    return f'<decisionService id="{name}" name="{name}">{variable}{parts}</decisionService>'


def test_a_decision_sees_the_decisions_that_it_requires() -> None:
    xml = definitions(
        input_data("leeftijd", "number")
        + decision(
            "groep",
            table([["< 18", '"kind"'], [">= 18", '"ouder"']], inputs=[("leeftijd", "")]),
            inputs=["leeftijd"],
        )
        + decision("besluit", literal('groep + "!"'), decisions=["groep"])
    )
    explained = load(xml).evaluate("besluit", {"leeftijd": 12}, explain=True)
    assert explained.value == "kind!"
    assert [(each.name, each.value) for each in explained.decisions] == [
        ("groep", "kind"),
        ("besluit", "kind!"),
    ]
    assert explained.tables[0].matched[0].rule_id == "r1"


def test_a_declared_input_without_an_arrow_is_not_seen() -> None:
    xml = definitions(input_data("a") + input_data("b") + decision("d", literal("b"), inputs=["a"]))
    assert load(xml).evaluate("d", {"a": 1, "b": 2}) is None


def test_decisions_without_an_id_are_told_apart_by_name() -> None:
    xml = definitions(decision("a", literal("1")) + decision("b", literal("2")))
    model = load(xml.replace(b'id="a"', b"").replace(b'id="b"', b""))
    assert (model.evaluate("a", {}), model.evaluate("b", {})) == (1, 2)


def test_an_undeclared_input_is_seen() -> None:
    assert load(definitions(decision("d", literal("b + 1")))).evaluate("d", {"b": 2}) == 3


def test_a_required_decision_is_also_known_by_its_id() -> None:
    first = decision("id1", literal("1")).replace('name="id1"', 'name="Eerste"')
    xml = definitions(first + decision("d", literal("id1 + Eerste"), decisions=["id1"]))
    assert load(xml).evaluate("d", {}) == 2


def test_a_given_value_does_not_replace_a_decision() -> None:
    xml = definitions(decision("a", literal("1")) + decision("b", literal("a"), decisions=["a"]))
    assert load(xml).evaluate("b", {"a": 5}) == 1


def test_a_circle_ends_in_null_with_a_reason() -> None:
    xml = definitions(
        decision("a", literal("b"), decisions=["b"]) + decision("b", literal("a"), decisions=["a"])
    )
    explained = load(xml).evaluate("a", {}, explain=True)
    assert explained.value is None
    assert "kring" in explained.problems[0].message


def test_a_knowledge_model_is_called_as_a_function() -> None:
    xml = definitions(
        knowledge("dubbel", {"n": "number"}, literal("n * 2"))
        + knowledge("viermaal", {"n": "number"}, literal("dubbel(dubbel(n))"), "dubbel")
        + decision("d", literal("viermaal(n: 3)"), knowledge=["viermaal"])
    )
    model = load(xml)
    assert model.evaluate("d", {}) == 12
    assert model.evaluate("dubbel", {"n": 4}) == 8


def test_an_argument_of_the_wrong_type_makes_the_call_null() -> None:
    xml = definitions(
        knowledge("altijd", {"n": "number"}, literal("1"))
        + decision("d", literal('altijd("x")'), knowledge=["altijd"])
    )
    assert load(xml).evaluate("d", {}) is None


def test_a_knowledge_model_may_call_itself() -> None:
    body = literal("if n <= 1 then 1 else n * fac(n - 1)")
    xml = definitions(
        knowledge("fac", {"n": "number"}, body, "fac")
        + decision("d", literal("fac(5)"), knowledge=["fac"])
    )
    assert load(xml).evaluate("d", {}) == 120


def test_an_endless_call_ends_in_null_with_a_reason() -> None:
    xml = definitions(
        knowledge("eeuwig", {"n": "number"}, literal("eeuwig(n)"), "eeuwig")
        + decision("d", literal("eeuwig(5)"), knowledge=["eeuwig"])
    )
    explained = load(xml).evaluate("d", {}, explain=True)
    assert explained.value is None
    assert any("zichzelf" in problem.message for problem in explained.problems)


def test_a_java_function_is_never_run() -> None:
    body = literal('"x"')
    text = knowledge("java", {"n": "number"}, body).replace(
        "<encapsulatedLogic>", '<encapsulatedLogic kind="Java">'
    )
    xml = definitions(text + decision("d", literal("java(1)"), knowledge=["java"]))
    assert load(xml).evaluate("d", {}) is None
    assert "not-feel-language" in [found.rule for found in load(xml).check()]


SERVICE = definitions(
    input_data("leeftijd", "number")
    + decision("grens", literal("18"), type_ref="number")
    + decision("besluit", literal("leeftijd >= grens"), inputs=["leeftijd"], decisions=["grens"])
    + service("dienst", ["besluit"], ["leeftijd"], ["grens"])
    + decision("gebruik", literal("dienst(16, 12)"), knowledge=["dienst"])
)


def test_a_service_is_asked_directly_with_its_inputs_and_input_decisions() -> None:
    assert load(SERVICE).evaluate("dienst", {"leeftijd": 16, "grens": 12}) is True


def test_a_service_is_called_from_feel_with_data_before_decisions() -> None:
    model = load(SERVICE)
    assert model.evaluate("gebruik", {}) is True
    assert model.evaluate("besluit", {"leeftijd": 16}) is False


def test_a_service_with_two_outputs_gives_a_context() -> None:
    xml = definitions(
        decision("a", literal("1"))
        + decision("b", literal("2"))
        + service("dienst", ["a", "b"], [], [])
    )
    assert load(xml).evaluate("dienst", {}) == {"a": Decimal(1), "b": Decimal(2)}


IMPORTED = definitions(
    '<itemDefinition name="tLeeftijd"><typeRef>number</typeRef></itemDefinition>'
    + input_data("leeftijd", "tLeeftijd")
    + decision("groep", literal('if leeftijd < 18 then "kind" else "ouder"'), inputs=["leeftijd"]),
    'namespace="urn:other"',
)
IMPORTING = definitions(
    f'<import name="ander model" namespace="urn:other" importType="{NAMESPACE}"/>'
    '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
    '<requiredDecision href="urn:other#groep"/></informationRequirement>'
    + literal('"groep: " + ander model.groep')
    + "</decision>"
)


def test_an_imported_decision_is_known_by_its_prefix() -> None:
    model = load(IMPORTING, imports=[b"broken", IMPORTED])
    assert model.evaluate("d", {"leeftijd": 5}) == "groep: kind"
    assert model.evaluate("d", {"ander model": {"leeftijd": 50}}) == "groep: ouder"
    assert model.evaluate("d", {"ander model.leeftijd": 50}) == "groep: ouder"
    assert model.evaluate("d", {"leeftijd": 5, "ander model": 3}) == "groep: kind"
    assert model.decisions[0].required_names == ("leeftijd",)
    assert model.check() == []


def test_an_import_that_is_not_there_is_refused() -> None:
    with pytest.raises(ModelInvalid):
        load(IMPORTING)


def test_a_knowledge_model_is_an_instance_of_its_function_type() -> None:
    text = knowledge("dubbel", {"n": "number"}, literal("n * 2")).replace(
        '<variable name="dubbel"/>', '<variable name="dubbel" typeRef="number"/>'
    )
    asked = literal(
        "[dubbel instance of function<number> -> number, "
        "dubbel instance of function<string> -> number]"
    )
    xml = definitions(text + decision("d", asked, knowledge=["dubbel"]))
    assert load(xml).evaluate("d", {}) == [True, False]
