"""Keeps the English of what the engine finds and refuses complete; the engine says it in Dutch.

python -m scripts.engine_texts        what lacks English, and English whose Dutch is gone

The texts are read out of the source: every literal of the rooms below that reads as a sentence or a
part of one, with ``{1}``, ``{2}`` … where the code fills something in.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "webui" / "translations" / "en" / "engine.json"
ROOMS = (
    "engine/definitions/checks",
    "engine/definitions/reading",
    "engine/definitions/forms/checks.py",
    "engine/definitions/forms/reading.py",
    "engine/definitions/forms/instruments.py",
    "engine/definitions/forms/rules.py",
    "engine/definitions/soundness",
    "engine/definitions/published",
    "engine/definitions/drafts",
    "engine/definitions/contact_note.py",
    "engine/definitions/expressions.py",
    "engine/definitions/manifest.py",
    "engine/definitions/package_files.py",
    "engine/definitions/packages.py",
    "engine/definitions/reporting.py",
    "engine/definitions/suggestions.py",
    "engine/definitions/times.py",
    "engine/decisions",
    "engine/feel/signatures.py",
)
READS_AS_TEXT = re.compile(r"[a-zë’]{2,}[,.:;]? |[a-zë]{2,}[.?!]$")
CODE = re.compile(r"^[\[(^]|\\[dws]|^[a-z]+(?: [a-z_.]+)* (?:IN|IS|=)|^SELECT|^\w+(?:\.\w+)+$")


def english() -> dict[str, str | None]:
    """From the engine's Dutch to English; ``None`` is a literal that nobody is shown."""
    found: dict[str, str | None] = json.loads(ENGLISH.read_text(encoding="utf-8"))
    return found


def texts() -> Iterator[str]:
    """The texts of the rooms, in their order; each once."""
    seen: set[str] = set()
    for room in ROOMS:
        place = ROOT / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            for text in _texts_of(file.read_text(encoding="utf-8")):
                if text not in seen and READS_AS_TEXT.search(text) and not CODE.search(text):
                    seen.add(text)
                    yield text


def _texts_of(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield _template(node)


def _template(node: ast.JoinedStr) -> str:
    parts, filled = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            filled += 1
            parts.append(f"{{{filled}}}")
    return "".join(parts)


def missing() -> list[str]:
    """Texts without English."""
    known = english()
    return [text for text in texts() if text not in known]


def left_over() -> list[str]:
    """English whose Dutch the engine does not say; single words are for what is filled in."""
    said = set(texts())
    return [text for text in english() if text not in said and READS_AS_TEXT.search(text)]


def main() -> int:
    """Print the lists; 1 when something is missing or left over."""
    wanting, gone = missing(), left_over()
    for text in wanting:
        print(f"no English: {text!r}")
    for text in gone:
        print(f"not said (any more): {text!r}")
    return 1 if wanting or gone else 0


if __name__ == "__main__":
    sys.exit(main())
