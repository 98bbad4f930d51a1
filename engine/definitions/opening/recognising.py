"""What a file is when it is no BPMN 2.0, so that its refusal says so and what to do instead."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.errors import NotBpmn
from engine.definitions.reading.xml import Node

_AS_BPMN: Final = (
    "Open het in het programma waarmee het gemaakt is en kies daar ‘Exporteren als BPMN 2.0’."
)
_STARTS: Final = (
    (b"PK\x03\x04", "een zip (zo bewaren Visio, Bizagi en Word hun bestanden)", _AS_BPMN),
    (b"\xd0\xcf\x11\xe0", "een ouder Microsoft-bestand (Visio of Word)", _AS_BPMN),
    (b"%PDF", "een PDF", "Een PDF is alleen een afbeelding. " + _AS_BPMN),
    (b"\x89PNG", "een afbeelding (PNG)", "Vraag het diagram zelf op. " + _AS_BPMN),
    (b"\xff\xd8\xff", "een afbeelding (JPEG)", "Vraag het diagram zelf op. " + _AS_BPMN),
    (b"GIF8", "een afbeelding (GIF)", "Vraag het diagram zelf op. " + _AS_BPMN),
    (b"\x1f\x8b", "een ingepakt bestand (gzip)", "Pak het eerst uit."),
    (b"7z\xbc\xaf", "een ingepakt bestand (7-Zip)", "Pak het eerst uit."),
)
_DOWNLOAD: Final = (
    "Download het bestand zelf (vaak ‘Raw’ of ‘Downloaden’), niet de pagina eromheen."
)
_ROOTS: Final = {
    "html": ("een webpagina", _DOWNLOAD),
    "Package": ("XPDL, de voorloper van BPMN 2.0", _AS_BPMN),
    "AML": ("een export van ARIS (AML)", _AS_BPMN),
    "mxfile": ("een tekening van draw.io", _AS_BPMN),
    "mxGraphModel": ("een tekening van draw.io", _AS_BPMN),
    "VisioDocument": ("een tekening van Visio", _AS_BPMN),
    "pnml": ("een Petri-net (PNML)", _AS_BPMN),
    "epml": ("een EPC-model (EPML)", _AS_BPMN),
    "ADOXML": ("een export van ADONIS in eigen vorm", _AS_BPMN),
    "specificationSet": ("een YAWL-model", _AS_BPMN),
    "process-definition": ("een jPDL-model (oud jBPM)", _AS_BPMN),
    "graphml": ("een tekening in GraphML (yEd)", _AS_BPMN),
    "svg": ("een afbeelding (SVG)", "Vraag het diagram zelf op. " + _AS_BPMN),
    "XMI": ("een UML-model (XMI)", _AS_BPMN),
    "BpmnDiagram": ("een tekening van het oude Eclipse-programma voor BPMN 1", _AS_BPMN),
    "project": ("een projectbestand", "Kies het .bpmn-bestand dat in het project staat."),
}
_DEFINITIONS: Final = (
    ("DMN", "een beslistabel (DMN)", "Geef het bestand de uitgang .dmn en open het opnieuw."),
    (
        "CMMN",
        "een model van losse gevallen (CMMN)",
        "Teken het na in BPMN; CMMN wordt niet gelezen.",
    ),
    ("wsdl", "een beschrijving van een webdienst (WSDL)", "Kies een .bpmn-bestand."),
)


def refuse_by_its_start(content: bytes) -> None:
    """Refuse what is no XML at all.

    Raises:
        NotBpmn: it says what the file is.
    """
    if not content.strip():
        raise NotBpmn("Het bestand is leeg.", "Kies een bestand waar iets in staat.", line=1)
    for start, what, mend in _STARTS:
        if content.startswith(start):
            raise NotBpmn(f"Dit is geen BPMN 2.0 maar {what}.", mend, line=1)
    if content.lstrip()[:9].lower() == b"<!doctype" and b"html" in content[:200].lower():
        raise NotBpmn("Dit is geen BPMN 2.0 maar een webpagina.", _DOWNLOAD, line=1)
    if content.lstrip().startswith((b"{", b"[")):
        raise NotBpmn(
            "Dit is geen BPMN 2.0 maar JSON (zo bewaart bijvoorbeeld Signavio zijn modellen).",
            _AS_BPMN,
            line=1,
        )


def refusal_of(root: Node) -> NotBpmn:
    """Why a file with this root element is refused."""
    name = etree.QName(root)
    line = root.sourceline or 1
    if name.localname.lower() == "definitions":
        for word, what, mend in _DEFINITIONS:
            if word in (name.namespace or ""):
                return NotBpmn(f"Dit is geen BPMN 2.0 maar {what}.", mend, line=line)
    known = _ROOTS.get(name.localname)
    if known is not None:
        return NotBpmn(f"Dit is geen BPMN 2.0 maar {known[0]}.", known[1], line=line)
    return NotBpmn(
        f"Dit is geen BPMN 2.0: het bestand begint met <{name.localname[:60]}>.",
        _AS_BPMN,
        line=line,
    )
