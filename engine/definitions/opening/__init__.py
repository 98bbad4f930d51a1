"""Opening diagrams of any tool: made readable, translated, drawn, with a note of every change.

A file that this product (or Camunda Modeler 8) saved comes through byte for byte. Of any other,
what has the same meaning here is translated, what has not becomes a decision for a person: noted
with its element, line and mend, and kept at the element so that nothing is published before.
"""

from engine.definitions.opening.notes import Note, NoteKind
from engine.definitions.opening.opened import Opened, open_diagram, with_drawing

__all__ = ["Note", "NoteKind", "Opened", "open_diagram", "with_drawing"]
