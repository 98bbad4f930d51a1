"""From DMN XML to :class:`~engine.decisions.elements.Definitions`."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.decisions import elements as el
from engine.decisions.boxed_reading import read_expression, read_function
from engine.decisions.errors import ModelInvalid
from engine.decisions.xml_nodes import (
    child,
    children,
    name_of,
    own_place,
    place_of,
    reference,
    text_of,
)
from engine.decisions.xml_reading import MAX_BYTES, read_xml


def read_definitions(xml: bytes, max_bytes: int = MAX_BYTES) -> el.Definitions:
    """The model that the file describes; see :func:`read_xml` for what is refused."""
    root = read_xml(xml, max_bytes)
    _refuse_double_ids(root)
    return el.Definitions(
        place=place_of(root),
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        expression_language=root.get("expressionLanguage", ""),
        item_definitions=tuple(_item_definition(node) for node in children(root, "itemDefinition")),
        inputs=tuple(_input_data(node) for node in children(root, "inputData")),
        decisions=tuple(_decision(node) for node in children(root, "decision")),
        knowledge=tuple(_knowledge(node) for node in children(root, "businessKnowledgeModel")),
        services=tuple(_service(node) for node in children(root, "decisionService")),
        imports=tuple(_import(node) for node in children(root, "import")),
    )


def _refuse_double_ids(root: etree._Element) -> None:
    seen: set[str] = set()
    for node in root.iterchildren("{*}decision", "{*}inputData", "{*}businessKnowledgeModel"):
        element_id = node.get("id")
        if element_id in seen:
            raise ModelInvalid(
                f"De id '{element_id}' komt twee keer voor.",
                "Geef een van de twee elementen een andere id.",
                element_id=str(element_id),
                line=node.sourceline,
            )
        if element_id:
            seen.add(element_id)


def _variable(node: etree._Element) -> el.Parameter:
    variable = child(node, "variable")
    if variable is None:
        return el.Parameter(name_of(node), "", place_of(node))
    return el.Parameter(
        name_of(variable) or name_of(node),
        variable.get("typeRef", ""),
        place_of(variable),
    )


def _input_data(node: etree._Element) -> el.InputData:
    return el.InputData(own_place(node), name_of(node), _variable(node))


def _decision(node: etree._Element) -> el.DecisionElement:
    return el.DecisionElement(
        place=own_place(node),
        name=name_of(node),
        variable=_variable(node),
        required_inputs=tuple(_required(node, "informationRequirement", "requiredInput")),
        required_decisions=tuple(_required(node, "informationRequirement", "requiredDecision")),
        required_knowledge=tuple(_required(node, "knowledgeRequirement", "requiredKnowledge")),
        expression=read_expression(node),
    )


def _knowledge(node: etree._Element) -> el.KnowledgeModel:
    logic = child(node, "encapsulatedLogic")
    return el.KnowledgeModel(
        place=own_place(node),
        name=name_of(node),
        variable=_variable(node),
        required_knowledge=tuple(_required(node, "knowledgeRequirement", "requiredKnowledge")),
        function=None if logic is None else read_function(logic),
    )


def _service(node: etree._Element) -> el.DecisionService:
    return el.DecisionService(
        place=own_place(node),
        name=name_of(node),
        variable=_variable(node),
        output_decisions=tuple(map(reference, children(node, "outputDecision"))),
        input_decisions=tuple(map(reference, children(node, "inputDecision"))),
        input_data=tuple(map(reference, children(node, "inputData"))),
    )


def _required(node: etree._Element, requirement: str, target: str) -> Iterator[str]:
    for needed in children(node, requirement):
        yield from (reference(found) for found in children(needed, target))


def _import(node: etree._Element) -> el.Import:
    return el.Import(
        place_of(node), name_of(node), node.get("namespace", ""), node.get("importType", "")
    )


def _item_definition(node: etree._Element) -> el.ItemDefinition:
    function = child(node, "functionItem")
    parameters: tuple[el.Parameter, ...] = ()
    if function is not None:
        parameters = tuple(
            el.Parameter(name_of(found), found.get("typeRef", ""), place_of(found))
            for found in children(function, "parameters")
        )
    return el.ItemDefinition(
        place=place_of(node),
        name=name_of(node),
        type_ref=_type_ref(node),
        is_collection=node.get("isCollection") == "true",
        allowed=text_of(child(node, "allowedValues")),
        type_constraint=text_of(child(node, "typeConstraint")),
        components=tuple(_item_definition(found) for found in children(node, "itemComponent")),
        is_function=function is not None,
        function_output=None if function is None else function.get("outputTypeRef"),
        function_parameters=parameters,
    )


def _type_ref(node: etree._Element) -> str:
    found = child(node, "typeRef")
    return "" if found is None or found.text is None else found.text.strip()
