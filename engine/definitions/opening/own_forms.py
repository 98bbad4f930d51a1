"""Fields that other engines write inside a diagram, as forms of a package.

The diagram gets the name of the form; the form itself is made when the diagram becomes a package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from engine.definitions.dialects.parts import extension
from engine.definitions.opening.identities import give_ids
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.reading import tree_of
from engine.definitions.opening.vendors import drop, extensions_of
from engine.definitions.reading.foreign import JUEL
from engine.definitions.reading.xml import (
    BPMN,
    MAX_BYTES,
    Node,
    children,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import label

_NUMBERS: Final = frozenset({"long", "integer", "int", "double", "float", "decimal"})
_HOLDERS: Final = ("userTask", "startEvent")


def name_forms(process: Node, notes: Notes) -> None:
    """Put the name of a form in the place of fields inside the diagram."""
    for node in list(process.iter(*(f"{{{BPMN}}}{tag}" for tag in _HOLDERS))):
        fields = list(_fields(node))
        if not fields:
            continue
        form_id = form_id_of(node)
        if tag_of(node) == "userTask":
            settings = extension(node, "formDefinition")
            if not settings.get("formId"):
                settings.set("formId", form_id)
        for holder in _holders(node):
            drop(holder)
        notes.changed(
            "form-fields",
            node,
            f"{label(place_of(node))} had {len(fields)} veld(en) in het diagram: "
            f"{', '.join(str(one['label']) for one in fields[:12])}. Ze komen in het formulier "
            f"‘{form_id}’, dat gemaakt wordt als u er een pakket van maakt.",
            "Kijk daarna of de velden kloppen en zeg bij verplichte velden waarom u het vraagt.",
        )


def forms_in(content: bytes) -> dict[str, bytes]:
    """The forms that the fields in a diagram, as it came, ask for; by path in a package.

    Raises:
        DefinitionError: the diagram cannot be read.
    """
    root = tree_of(content, MAX_BYTES, Notes())
    give_ids(root, Notes())
    asked = _asked(root)
    found: dict[str, bytes] = {}
    for process in children(root, "process"):
        for node in process.iter(*(f"{{{BPMN}}}{tag}" for tag in _HOLDERS)):
            fields = list(_fields(node))
            if fields:
                form_id = form_id_of(node)
                found[f"formulieren/{form_id}.form"] = _form(form_id, node, fields, asked)
    return found


def form_id_of(node: Node) -> str:
    """The form's id: the element's, in the signs that a file name may have."""
    return re.sub(r"[^\w-]+", "-", node.get("id", "")).strip("-").casefold() or "formulier"


def _holders(node: Node) -> Iterator[Node]:
    for found in extensions_of(node, *JUEL):
        if etree.QName(found).localname in ("formData", "formProperty"):
            yield found


def _fields(node: Node) -> Iterator[dict[str, Any]]:
    for holder in _holders(node):
        inside = [holder]
        if etree.QName(holder).localname == "formData":
            inside = [one for one in holder if etree.QName(one).localname == "formField"]
        for one in inside:
            if one.get("id"):
                yield _component(one)


def _component(field: Node) -> dict[str, Any]:
    key = re.sub(r"\W", "_", field.get("id", ""))
    kind = (field.get("type") or "string").casefold()
    made: dict[str, Any] = {
        "label": field.get("label") or field.get("name") or key,
        "key": key,
        "id": f"Veld_{key}",
    }
    values = [
        {"label": one.get("name") or one.get("id") or "", "value": one.get("id") or ""}
        for one in field.iter(etree.Element)
        if etree.QName(one).localname == "value" and one.get("id")
    ]
    if values:
        made |= {"type": "select" if len(values) > 5 else "radio", "values": values}
    elif kind in _NUMBERS:
        made["type"] = "number"
    elif kind == "boolean":
        made["type"] = "checkbox"
    elif kind == "date":
        made |= {"type": "datetime", "subtype": "date", "dateLabel": made["label"]}
    else:
        made |= {"type": "textfield", "validate": {"maxLength": 400}}
    if _is_required(field):
        made.setdefault("validate", {})["required"] = True
    return made


def _is_required(field: Node) -> bool:
    return field.get("required") == "true" or any(
        etree.QName(one).localname == "constraint" and one.get("name") == "required"
        for one in field.iter(etree.Element)
    )


def _asked(root: Node) -> frozenset[str]:
    """Words in the conditions of a diagram: a field with such a name is a process variable."""
    return frozenset(
        word
        for node in root.iter(f"{{{BPMN}}}conditionExpression")
        for word in re.findall(r"[^\W\d]\w*", text_of(node))
    )


def _form(form_id: str, node: Node, fields: list[dict[str, Any]], asked: frozenset[str]) -> bytes:
    for field in fields:
        if field["key"] in asked:
            field["properties"] = {"procesvariabele": "ja"}
    document = {
        "type": "default",
        "schemaVersion": 18,
        "id": form_id,
        "name": " ".join((node.get("name") or form_id).split()),
        "components": fields,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
