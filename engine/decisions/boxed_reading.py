"""From XML to boxed expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml import etree

from engine.decisions import elements as el
from engine.decisions.errors import ModelInvalid
from engine.decisions.table_reading import read_table
from engine.decisions.xml_nodes import child, children, name_of, place_of

MAX_DEPTH: Final = 60
"""Deepest nesting of boxed expressions; deeper ones are refused before Python's stack is."""


def read_expression(holder: etree._Element | None, depth: int = 0) -> el.Expression | None:
    """The boxed expression directly inside ``holder``; None if there is none."""
    if holder is None:
        return None
    return _first([*holder.iterchildren(etree.Element)], depth)


def read_function(node: etree._Element, depth: int = 0) -> el.FunctionBox:
    """A ``functionDefinition`` or ``encapsulatedLogic`` node."""
    return el.FunctionBox(
        place=place_of(node),
        parameters=tuple(_parameter(found) for found in children(node, "formalParameter")),
        body=read_expression(node, depth + 1),
        kind=node.get("kind", "FEEL"),
        type_ref=node.get("typeRef", ""),
    )


def _first(nodes: list[etree._Element], depth: int) -> el.Expression | None:
    return next((found for found in (_read(node, depth) for node in nodes) if found), None)


def _read(node: etree._Element, depth: int) -> el.Expression | None:
    parent = node.getparent()
    name = etree.QName(node)
    if parent is not None and name.namespace != etree.QName(parent).namespace:
        return None
    reader = _READERS.get(name.localname)
    if reader is None:
        return None
    if depth > MAX_DEPTH:
        raise ModelInvalid(
            f"Een expressie is dieper genest dan {MAX_DEPTH} niveaus.",
            "Splits de beslissing in meerdere beslissingen.",
            element_id=place_of(node).element_id,
            line=node.sourceline,
        )
    return reader(node, depth)


def _parameter(node: etree._Element) -> el.Parameter:
    return el.Parameter(name_of(node), node.get("typeRef", ""), place_of(node))


def _literal(node: etree._Element, depth: int) -> el.Expression:
    found = child(node, "text")
    text = "" if found is None or found.text is None else found.text
    return el.Literal(
        place_of(node), text, node.get("typeRef", ""), node.get("expressionLanguage", "")
    )


def _context(node: etree._Element, depth: int) -> el.Expression:
    entries = []
    for entry in children(node, "contextEntry"):
        variable = child(entry, "variable")
        entries.append(
            el.ContextEntry(
                place_of(entry),
                None if variable is None else _parameter(variable),
                read_expression(entry, depth + 1),
            )
        )
    return el.ContextBox(place_of(node), tuple(entries), node.get("typeRef", ""))


def _list(node: etree._Element, depth: int) -> el.Expression:
    items = (_read(found, depth + 1) for found in node.iterchildren(etree.Element))
    found = tuple(item for item in items if item is not None)
    return el.ListBox(place_of(node), found, node.get("typeRef", ""))


def _relation(node: etree._Element, depth: int) -> el.Expression:
    rows = []
    for row in children(node, "row"):
        cells = (_read(found, depth + 1) for found in row.iterchildren(etree.Element))
        rows.append(tuple(cell for cell in cells if cell is not None))
    columns = tuple(_parameter(found) for found in children(node, "column"))
    return el.RelationBox(place_of(node), columns, tuple(rows), node.get("typeRef", ""))


def _function(node: etree._Element, depth: int) -> el.Expression:
    return read_function(node, depth)


def _invocation(node: etree._Element, depth: int) -> el.Expression:
    bindings = []
    for found in children(node, "binding"):
        parameter = child(found, "parameter")
        if parameter is not None:
            bindings.append(el.Binding(_parameter(parameter), read_expression(found, depth + 1)))
    return el.InvocationBox(
        place_of(node), read_expression(node, depth + 1), tuple(bindings), node.get("typeRef", "")
    )


def _conditional(node: etree._Element, depth: int) -> el.Expression:
    condition, then, otherwise = (
        read_expression(child(node, name), depth + 1) for name in ("if", "then", "else")
    )
    return el.ConditionalBox(place_of(node), condition, then, otherwise, node.get("typeRef", ""))


def _filter(node: etree._Element, depth: int) -> el.Expression:
    source, match = (read_expression(child(node, name), depth + 1) for name in ("in", "match"))
    return el.FilterBox(place_of(node), source, match, node.get("typeRef", ""))


def _iterator(node: etree._Element, depth: int) -> el.Expression:
    kind = etree.QName(node).localname
    source = child(node, "in")
    body = child(node, "return" if kind == "for" else "satisfies")
    variable_type = "" if source is None else source.get("typeRef", "")
    return el.IteratorBox(
        place_of(node),
        kind,
        el.Parameter(node.get("iteratorVariable", ""), variable_type, place_of(node)),
        read_expression(source, depth + 1),
        read_expression(body, depth + 1),
        node.get("typeRef", ""),
    )


def _table(node: etree._Element, depth: int) -> el.Expression:
    return read_table(node)


_READERS: Final[dict[str, Callable[[etree._Element, int], el.Expression]]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "decisionTable": _table,
}
