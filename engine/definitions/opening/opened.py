"""A file from anywhere, opened: what the modeller and the engine read of it, and the notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.definitions.dialects.translating import translate
from engine.definitions.errors import DefinitionError
from engine.definitions.layout import draw_missing
from engine.definitions.opening.identities import give_ids, repoint_drawing, shorten_names
from engine.definitions.opening.leftovers import clear_leftovers, name_strangers, said_in_zeebe
from engine.definitions.opening.notes import Note, NoteKind, Notes
from engine.definitions.opening.own_forms import name_forms
from engine.definitions.opening.people import translate_people
from engine.definitions.opening.plain import is_for_camunda_8, make_runnable
from engine.definitions.opening.reading import DC, DI, tree_of
from engine.definitions.opening.work import translate_work
from engine.definitions.reading.foreign import DIALECTS
from engine.definitions.reading.xml import BPMN, BPMNDI, MAX_BYTES, ZEEBE, Node, children
from engine.definitions.reporting import Place, Reporter, label

_LOOK: Final = "Kijk of het nog hetzelfde zegt."
_MOVE: Final = "Verschuif wat u liever anders ziet; de volgorde van het proces blijft gelijk."
_TOLD_DRAWN: Final = 25
_PREFIXES: Final = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "zeebe": ZEEBE}


@dataclass(frozen=True, slots=True)
class Opened:
    """A diagram that was opened.

    Attributes:
        content: UTF-8; byte for byte what came when nothing had to change.
        notes: what changed and what is to be decided, decisions first.
    """

    file: str
    content: bytes
    notes: tuple[Note, ...]

    @property
    def decisions(self) -> int:
        """How many notes ask for a decision."""
        return sum(note.kind is NoteKind.DECIDE for note in self.notes)


def open_diagram(content: bytes, file: str, *, max_bytes: int = MAX_BYTES) -> Opened:
    """Make a BPMN file of any tool ready for the modeller and the check.

    Raises:
        XmlRefused: too large, a document type or entity, an unknown encoding.
        XmlMalformed: broken XML.
        NotBpmn: something else; the message says what it is.
    """
    notes = Notes()
    root = tree_of(content, max_bytes, notes)
    read_otherwise = bool(notes)
    before = etree.tostring(root)
    native = is_for_camunda_8(root)
    give_ids(root, notes)
    shorten_names(root, notes)
    _translate(root, file, notes)
    if not native:
        make_runnable(root, notes)
    repoint_drawing(root)
    _draw(root, notes)
    name_strangers(root, notes)
    if not read_otherwise and etree.tostring(root) == before:
        return Opened(file, content, notes.all())
    return Opened(file, _written(root), notes.all())


def with_drawing(content: bytes) -> bytes:
    """A diagram with what its drawing lacks; as it is where it lacks nothing or is unreadable."""
    try:
        root = tree_of(content, MAX_BYTES, Notes())
    except DefinitionError:
        return content
    before = etree.tostring(root)
    give_ids(root, Notes())
    repoint_drawing(root)
    draw_missing(root)
    return content if etree.tostring(root) == before else _written(root)


def _translate(root: Node, file: str, notes: Notes) -> None:
    foreign = any(_is_foreign(node) for node in root.iter(etree.Element))
    said = said_in_zeebe(root)
    processes = list(children(root, "process"))
    for process in processes:
        translate_people(process, notes)
        if foreign:
            name_forms(process, notes)
            translate_work(process, notes)
    report = Reporter(file)
    translate(root, report, by_itself=False)
    notes.take(report.findings, _LOOK)
    if foreign:
        for process in processes:
            clear_leftovers(process, said, notes)


def _is_foreign(node: Node) -> bool:
    return etree.QName(node).namespace in DIALECTS or any(
        etree.QName(str(name)).namespace in DIALECTS for name in node.attrib
    )


def _draw(root: Node, notes: Notes) -> None:
    drawn = draw_missing(root)
    if drawn.whole and drawn.places:
        notes.changed(
            "drawn",
            Place(line=root.sourceline or 1),
            f"Het bestand had geen tekening. Er is er een gemaakt met {len(drawn.places)} "
            "onderdelen.",
            _MOVE,
        )
        return
    for place in drawn.places[:_TOLD_DRAWN]:
        notes.changed(
            "drawn", place, f"{label(place)} stond niet in de tekening en is erbij getekend.", _MOVE
        )
    more = len(drawn.places) - _TOLD_DRAWN
    if more > 0:
        notes.changed(
            "drawn",
            drawn.places[_TOLD_DRAWN],
            f"Nog {more} andere onderdelen stonden niet in de tekening en zijn erbij getekend.",
            _MOVE,
        )


def _written(root: Node) -> bytes:
    """The tree in UTF-8, its namespaces declared once, at the top."""
    declared = {uri for prefix, uri in root.nsmap.items()}
    missing = {
        prefix: uri
        for prefix, uri in _PREFIXES.items()
        if uri not in declared and prefix not in root.nsmap
    }
    kept = [prefix for prefix in root.nsmap if prefix]
    etree.cleanup_namespaces(root, top_nsmap=missing, keep_ns_prefixes=kept)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
