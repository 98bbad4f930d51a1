"""Safe reading of DMN XML: no document types, no entities, no network, a size limit."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.decisions.errors import NotDmn, XmlMalformed, XmlRefused

MAX_BYTES: Final = 5 * 1024 * 1024
"""Largest file that is read unless the caller says otherwise."""

DMN_NAMESPACES: Final = {
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
OLDER_DMN_NAMESPACES: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
}


def read_xml(xml: bytes, max_bytes: int = MAX_BYTES) -> etree._Element:
    """The root element ``definitions`` of a DMN file.

    Raises:
        XmlRefused: over ``max_bytes``, or a document type or entity is declared.
        XmlMalformed: not well-formed.
        NotDmn: another root or another namespace than DMN 1.3 to 1.5.
    """
    if len(xml) > max_bytes:
        raise XmlRefused(
            f"Het bestand is {len(xml)} bytes groot; het maximum is {max_bytes} bytes.",
            "Splits het model in kleinere bestanden.",
        )
    _refuse_document_type(xml)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlMalformed(
            f"Het bestand is geen geldige XML: {error}.",
            "Open het bestand in de modelleeromgeving en sla het opnieuw op.",
            line=getattr(error, "lineno", None),
        ) from None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _document_type_refused()
    _check_root(root)
    return root


def _refuse_document_type(xml: bytes) -> None:
    lowered = xml.replace(b"\x00", b"").lower()
    if b"<!doctype" in lowered or b"<!entity" in lowered:
        raise _document_type_refused()


def _document_type_refused() -> XmlRefused:
    return XmlRefused(
        "Het bestand bevat een documenttype of entiteit (<!DOCTYPE of <!ENTITY). "
        "Dat is om veiligheidsredenen niet toegestaan.",
        "Verwijder de declaratie, of sla het model opnieuw op in de modelleeromgeving.",
    )


def _check_root(root: etree._Element) -> None:
    name = etree.QName(root)
    if name.localname == "definitions" and name.namespace in DMN_NAMESPACES:
        return
    if name.namespace in OLDER_DMN_NAMESPACES:
        version = OLDER_DMN_NAMESPACES[str(name.namespace)]
        raise NotDmn(
            f"Het model is in DMN {version} geschreven; alleen 1.3, 1.4 en 1.5 worden gelezen.",
            "Open het bestand in Camunda Modeler of dmn-js en sla het opnieuw op.",
            line=root.sourceline,
        )
    raise NotDmn(
        f"Het bestand is geen DMN-model: het begint met <{name.localname}>.",
        "Kies een bestand met de extensie .dmn uit Camunda Modeler of dmn-js.",
        line=root.sourceline,
    )
