"""Safe reading of BPMN XML and small questions about its nodes.

No document types, no entities, no network, a size limit, and only encodings in which the text
``<!DOCTYPE`` can't hide. Inside CDATA or a comment that text declares nothing and is harmless.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.errors import NotBpmn, XmlMalformed, XmlRefused
from engine.definitions.model import Kind
from engine.definitions.reading.xml_faults import in_words
from engine.definitions.reporting import Place

MAX_BYTES: Final = 20 * 1024 * 1024
"""Largest BPMN file that is read unless the caller says otherwise."""

MAX_ELEMENTS: Final = 10_000
"""Elements and flows of one file; the check of more would keep others waiting."""

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"

DRAWN: Final = frozenset({*map(str, Kind), "sequenceFlow", "process"})
"""Tags of what a modeller sees and selects."""
_NAMED: Final = frozenset(
    {
        "BPMNEdge", "BPMNPlane", "BPMNShape", "association", "category", "collaboration",
        "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "definitions",
        "error", "escalation", "group", "interface", "itemDefinition", "lane", "message",
        "messageFlow", "operation", "participant", "signal", "textAnnotation",
    }
)  # fmt: skip
"""Tags of what else has an id or a name that people see."""

_ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"})
_DOCTYPE: Final = "<!doctype"
_PROLOG: Final = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
"""What may stand before a document type; further on its text is a comment or a character."""
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
_DECLARED_ENCODING: Final = re.compile(
    rb"""<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']"""
)

Node = etree._Element


def parse_bpmn(xml: bytes, max_bytes: int = MAX_BYTES, *, unnamed: bool = False) -> Node:
    """The root element ``definitions``.

    What names no namespace is taken for BPMN where it may be ``unnamed``, as engines do it.

    Raises:
        XmlRefused: too large, an unusual encoding, or a document type or entity.
        XmlMalformed: not well-formed.
        NotBpmn: another root than BPMN 2.0's ``definitions``.
    """
    refuse_size(len(xml), max_bytes)
    root = parse_text(_decode(xml))
    if unnamed:
        _name(root)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace != BPMN:
        raise NotBpmn(
            f"Het bestand is geen BPMN 2.0-model: het begint met <{name.localname}>.",
            "Kies een .bpmn-bestand dat met Camunda Modeler of bpmn.io is opgeslagen.",
            line=root.sourceline,
        )
    refuse_many(root)
    return root


def names_bpmn(xml: bytes) -> bool:
    """Whether a file that can be read says anywhere in which namespace BPMN is."""
    return BPMN in _decode(xml)


def _name(root: Node) -> None:
    for node in root.iter(etree.Element):
        parent = node.getparent()
        in_bpmn = parent is None or etree.QName(parent).namespace == BPMN
        extends = parent is not None and etree.QName(parent).localname == "extensionElements"
        if etree.QName(node).namespace is None and in_bpmn and not extends:
            node.tag = f"{{{BPMN}}}{etree.QName(node).localname}"


def refuse_many(root: Node) -> None:
    """Refuse a model with more elements and flows than anybody can look after.

    Raises:
        XmlRefused: there are more than ``MAX_ELEMENTS``.
    """
    tags = (f"{{{BPMN}}}{tag}" for tag in DRAWN)
    found = sum(1 for _node in root.iter(*tags))
    if found > MAX_ELEMENTS:
        raise XmlRefused(
            f"Het model heeft {found} elementen en pijlen; het maximum is {MAX_ELEMENTS}.",
            "Splits het model in processen die elkaar aanroepen.",
            line=root.sourceline or 1,
        )


def refuse_size(size: int, max_bytes: int = MAX_BYTES) -> None:
    """Refuse a file that is too large to read.

    Raises:
        XmlRefused: it has more than ``max_bytes`` bytes.
    """
    if size > max_bytes:
        raise XmlRefused(
            f"Het bestand is {size} bytes groot; het maximum is {max_bytes} bytes.",
            "Splits het model in kleinere bestanden.",
        )


def parse_text(text: str) -> Node:
    """The root of an XML text without document type or entities, whatever it describes.

    Raises:
        XmlRefused: a document type or entity.
        XmlMalformed: not well-formed.
    """
    before = _PROLOG.match(text)
    start = before.end() if before else 0
    if text[start : start + len(_DOCTYPE)].lower() == _DOCTYPE:
        raise _declares(text.count("\n", 0, start) + 1)
    root = _parse(text)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _declares(1)
    return root


def _declares(line: int) -> XmlRefused:
    return XmlRefused(
        "Het bestand bevat een documenttype of entiteit (<!DOCTYPE of <!ENTITY). "
        "Dat is om veiligheidsredenen niet toegestaan.",
        "Verwijder de declaratie, of sla het model opnieuw op in de modelleeromgeving.",
        line=line,
    )


def _decode(xml: bytes) -> str:
    if xml.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        declared = _DECLARED_ENCODING.match(xml.lstrip()[:300])
        encoding = declared.group(1).decode("ascii", "replace") if declared else "utf-8"
        try:
            known = codecs.lookup(encoding).name in _ENCODINGS
        except LookupError:
            known = False
        if not known:
            raise XmlRefused(
                f"De tekencodering '{encoding[:40]}' wordt niet gelezen.",
                "Sla het bestand op als UTF-8.",
            )
    try:
        return xml.decode(encoding)
    except UnicodeDecodeError as error:
        raise XmlMalformed(
            f"Het bestand is geen geldige tekst in {encoding} (bij byte {error.start}).",
            "Sla het bestand op als UTF-8.",
            line=xml.count(b"\n", 0, error.start) + 1,
        ) from None


def _parse(text: str) -> Node:
    declaration = _DECLARATION.match(text)
    if declaration:
        text = "\n" * declaration.group().count("\n") + text[declaration.end() :]
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "strict"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        what, mend = in_words(str(error))
        line = getattr(error, "lineno", 0) or 1
        raise XmlMalformed(
            f"Het bestand is geen geldige XML: {what} (regel {line}).",
            mend,
            line=line,
            said=str(error)[:300],
        ) from None


def tag_of(node: Node) -> str:
    """The local name of a BPMN element; '' for elements of other namespaces."""
    name = etree.QName(node)
    return name.localname if name.namespace == BPMN else ""


def children(node: Node, *names: str) -> Iterator[Node]:
    """The direct BPMN children with one of these local names, in document order."""
    return node.iterchildren(*(f"{{{BPMN}}}{name}" for name in names))


def child(node: Node, name: str) -> Node | None:
    """The first such child, or None."""
    return next(children(node, name), None)


def text_of(node: Node | None) -> str:
    """The text of a node, trimmed; '' when the node is absent or empty."""
    return "" if node is None else "".join(node.itertext()).strip()


def local_id(reference: str | None) -> str:
    """The id in a reference, without a namespace prefix (``tns:Message_1``)."""
    return (reference or "").strip().rpartition(":")[2]


def is_true(value: str | None) -> bool:
    """An xsd:boolean that is true."""
    return value is not None and value.strip() in ("true", "1")


def is_false(value: str | None) -> bool:
    """An xsd:boolean that is given and false."""
    return value is not None and value.strip() in ("false", "0")


def place_of(node: Node) -> Place:
    """Where a node stands: its own line, id and name of the drawn element that it is part of."""
    holder: Node | None = node
    while holder is not None and not (tag_of(holder) in DRAWN and holder.get("id")):
        holder = holder.getparent()
    if holder is None:
        return Place(line=node.sourceline or 0)
    return Place(holder.get("id", ""), holder.get("name", ""), node.sourceline or 0)


def nearest_named(node: Node) -> Place:
    """The node itself or the nearest one around it that people see or name; its own line."""
    holder: Node | None = node
    while holder is not None and not (holder.get("id") and _is_named(holder)):
        holder = holder.getparent()
    found = node if holder is None else holder
    return Place(found.get("id", ""), found.get("name", ""), node.sourceline or 0)


def _is_named(node: Node) -> bool:
    tag = etree.QName(node).localname
    return tag in DRAWN or tag in _NAMED


def documentation_of(node: Node) -> str:
    """The ``documentation`` texts of an element, joined by blank lines."""
    return "\n\n".join(filter(None, map(text_of, children(node, "documentation"))))


class Extensions:
    """The zeebe extensions of one element, as Camunda Modeler 8 writes them."""

    def __init__(self, node: Node) -> None:
        self._nodes: dict[str, Node] = {}
        holder = child(node, "extensionElements")
        self._all = [] if holder is None else list(holder.iterchildren(f"{{{ZEEBE}}}*"))
        for found in self._all:
            self._nodes.setdefault(etree.QName(found).localname, found)

    def node(self, name: str) -> Node | None:
        """The extension element ``zeebe:<name>``, or None."""
        return self._nodes.get(name)

    def get(self, name: str, attribute: str) -> str | None:
        """An attribute of an extension element, trimmed; None when absent or empty."""
        node = self._nodes.get(name)
        value = None if node is None else node.get(attribute)
        return (value.strip() or None) if value is not None else None

    def every(self, name: str) -> list[Node]:
        """All extension elements ``zeebe:<name>``, in document order."""
        return [node for node in self._all if etree.QName(node).localname == name]

    def inside(self, name: str, tag: str) -> Iterator[Node]:
        """The ``zeebe:<tag>`` children of extension element ``zeebe:<name>``."""
        node = self._nodes.get(name)
        return iter(()) if node is None else node.iterchildren(f"{{{ZEEBE}}}{tag}")

    def properties(self) -> dict[str, str]:
        """The ``zeebe:properties`` by name."""
        return {
            found.get("name", ""): found.get("value", "")
            for found in self.inside("properties", "property")
            if found.get("name")
        }
