"""From XML to decision tables."""

from __future__ import annotations

from typing import TypeVar

from lxml import etree

from engine.decisions import elements as el
from engine.decisions.errors import ModelInvalid
from engine.decisions.xml_nodes import child, children, name_of, place_of, text_of

Kind = TypeVar("Kind", el.HitPolicy, el.Aggregation)


def read_table(node: etree._Element) -> el.TableBox:
    """A ``decisionTable`` node.

    Raises:
        ModelInvalid: an unknown hit policy or aggregation, or a rule with another number of
            cells than the table has columns.
    """
    inputs = tuple(_input(found) for found in children(node, "input"))
    outputs = tuple(_output(found) for found in children(node, "output"))
    rules = tuple(
        _rule(found, number, len(inputs), len(outputs))
        for number, found in enumerate(children(node, "rule"), start=1)
    )
    aggregation = node.get("aggregation")
    return el.TableBox(
        place=place_of(node),
        hit_policy=_one_of(el.HitPolicy, node.get("hitPolicy", "UNIQUE"), node),
        aggregation=_one_of(el.Aggregation, aggregation, node) if aggregation else None,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        type_ref=node.get("typeRef", ""),
    )


def _one_of(kind: type[Kind], value: str, node: etree._Element) -> Kind:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise ModelInvalid(
            f"De tabel gebruikt '{value}'; bekend zijn {known}.",
            "Kies in de tabel een van de bekende waarden.",
            element_id=place_of(node).element_id,
            line=node.sourceline,
        ) from None


def _input(node: etree._Element) -> el.InputClause:
    expression = child(node, "inputExpression")
    text = text_of(expression)
    return el.InputClause(
        place=place_of(node),
        label=node.get("label", ""),
        expression=text or el.Text("", place_of(node)),
        type_ref="" if expression is None else expression.get("typeRef", ""),
        allowed=text_of(child(node, "inputValues")),
    )


def _output(node: etree._Element) -> el.OutputClause:
    return el.OutputClause(
        place=place_of(node),
        label=node.get("label", ""),
        name=name_of(node),
        type_ref=node.get("typeRef", ""),
        allowed=text_of(child(node, "outputValues")),
        default=text_of(child(node, "defaultOutputEntry")),
    )


def _rule(node: etree._Element, number: int, inputs: int, outputs: int) -> el.Rule:
    tests = tuple(_cell(found) for found in children(node, "inputEntry"))
    results = tuple(_cell(found) for found in children(node, "outputEntry"))
    if len(tests) != inputs or len(results) != outputs:
        raise ModelInvalid(
            f"Regel {number} heeft {len(tests)} invoercellen en {len(results)} uitvoercellen; "
            f"de tabel heeft {inputs} invoerkolommen en {outputs} uitvoerkolommen.",
            "Open de tabel in de modelleeromgeving en sla haar opnieuw op.",
            element_id=place_of(node).element_id,
            line=node.sourceline,
        )
    return el.Rule(
        place=place_of(node),
        number=number,
        inputs=tests,
        outputs=results,
        annotations=tuple(
            (found.findtext("{*}text") or "").strip() for found in children(node, "annotationEntry")
        ),
    )


def _cell(node: etree._Element) -> el.Text:
    return text_of(node) or el.Text("", place_of(node))
