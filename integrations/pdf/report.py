"""A report as a PDF, set by typst with the template beside this module.

The content goes in as data: nothing that somebody wrote is ever read as markup. The font is one
that typst carries itself (Libertinus, SIL Open Font License), embedded in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

import typst

TEMPLATE = Path(__file__).with_name("report.typ")

MISSING = "[?]"
"""Stands for a sign that no font of ours has."""

_LACKING = re.compile(r'the text `"(?P<signs>.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_BLOCK = 0x80
"""So many code points are replaced together: who writes one sign of a script writes more."""
_MOST_BLOCKS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A question with a short answer."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it: short answers, a table, paragraphs."""

    title: str
    lines: Sequence[Line] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that the PDF shows, as text in the reader's language.

    ``notice`` stands above the text (that it is a draft); ``foot`` below each page; ``missing``
    tells what ``MISSING`` means, where it is needed. ``made_at`` is put into the file's own data.
    """

    language: str
    title: str
    author: str
    notice: str
    foot: str
    page_words: tuple[str, str]
    made_at: datetime
    missing: str = ""
    parts: Sequence[Part] = field(default_factory=list)


def render(content: ReportContent) -> bytes:
    """The PDF. Texts may hold anything: signs that the fonts lack are shown as ``MISSING``."""
    data = asdict(content)
    made, missing = data.pop("made_at"), data.pop("missing")
    data["made"] = [made.year, made.month, made.day, made.hour, made.minute, made.second]
    text = json.dumps(_shown(data), ensure_ascii=False)
    for _ in range(_MOST_BLOCKS):
        try:
            return _compiled(text, made)
        except typst.TypstError as error:
            lacking = _LACKING.search(str(error))
            if lacking is None:
                raise
        signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), lacking["signs"])
        blocks = {ord(sign) // _BLOCK for sign in signs if ord(sign) >= _BLOCK}
        if not blocks:
            break
        text = "".join(MISSING if ord(sign) // _BLOCK in blocks else sign for sign in text)
        if missing:
            data = json.loads(text)
            data["parts"].append(asdict(Part(MISSING, paragraphs=[missing])))
            text, missing = json.dumps(data, ensure_ascii=False), ""
    plain = "".join(sign if ord(sign) < 2 * _BLOCK else MISSING for sign in text)
    return _compiled(plain, made)


def _shown(value: Any) -> Any:
    """The same data without control characters and the like, which nobody sees."""
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    if not isinstance(value, str):
        return value
    return "".join(sign for sign in value if category(sign) not in _UNSEEN)


def _compiled(text: str, made: datetime) -> bytes:
    pdf: bytes = typst.compile(
        _template(),
        sys_inputs={"report": text},
        ignore_system_fonts=True,
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(made.timestamp()),
    )
    return pdf


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
