"""Bytes of a file to text, whatever its encoding is said to be.

What a file says about its encoding is believed only as far as its bytes agree. The text is handed
on as UTF-8 without its declaration, so nothing can hide in an encoding from what looks at it next.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from engine.definitions.errors import XmlMalformed, XmlRefused
from engine.definitions.opening.notes import Notes
from engine.definitions.reporting import Place

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_MARK: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"Lo\xa7\x94", "cp037"),
)
_DECLARED: Final = re.compile(rb"""<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>")
_TEXT_FAMILIES: Final = (
    "ascii", "big5", "cp", "euc", "gb", "iso2022", "iso8859", "johab", "koi8", "mac", "ptcp154",
    "shift_jis", "tis", "utf-16", "utf-32", "utf-8", "hz",
)  # fmt: skip
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_LOOK: Final = "Kijk of letters met accenten nog goed staan."


def decoded(content: bytes, notes: Notes) -> str:
    """The text of an XML file, without its declaration; lines stay where they were.

    Raises:
        XmlRefused: an encoding that is not known.
        XmlMalformed: bytes that are no text.
    """
    text = _text(content, notes)
    declaration = _DECLARATION.match(text)
    if declaration:
        text = "\n" * declaration.group().count("\n") + text[declaration.end() :]
    return _without_controls(text, notes)


def _text(content: bytes, notes: Notes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding, notes)
    start = content.lstrip()[:300]
    for mark, encoding in _WITHOUT_MARK:
        if start.startswith(mark):
            said = "EBCDIC" if encoding == "cp037" else encoding.upper()
            _changed(notes, f"Het bestand is gelezen als {said}; het is bewaard als UTF-8.")
            return _strictly(content, encoding, notes)
    found = _DECLARED.match(start)
    declared = found[1].decode("ascii") if found else "utf-8"
    name = _known(declared)
    if name.startswith(("utf-16", "utf-32")):  # it would not have come so far
        name = "utf-8"
    if name in ("utf-8", "ascii"):
        return _as_utf_8(content, declared, notes)
    if not content.isascii():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = _strictly(content, name, notes)
            _changed(notes, f"Het bestand was geschreven als {declared}; het is bewaard als UTF-8.")
            return text
        _changed(
            notes, f"Het bestand zegt dat het {declared} is, maar is UTF-8. Zo is het gelezen."
        )
        return text
    return content.decode("ascii")


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if not name.startswith(_TEXT_FAMILIES):
        raise XmlRefused(
            f"Het bestand zegt dat het geschreven is als ‘{declared}’. Die tekencodering is niet "
            "bekend.",
            "Open het in het programma waarmee het gemaakt is, en sla het op als UTF-8.",
            line=1,
        )
    return name


def _as_utf_8(content: bytes, declared: str, notes: Notes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if content.count(b"\x00"):
            raise _no_text(content, error.start, declared) from None
        line = content.count(b"\n", 0, error.start) + 1
        text = content.decode("cp1252", "replace")
    notes.decide(
        "encoding-guessed",
        Place(line=line),
        f"Het bestand zegt dat het {declared} is, maar dat is het niet (regel {line}). Het is "
        "gelezen als Windows-1252, wat in West-Europa gewoon is.",
        _LOOK,
    )
    return text


def _strictly(content: bytes, encoding: str, notes: Notes) -> str:
    if encoding in ("utf-16", "utf-32"):
        _changed(notes, f"Het bestand was {encoding.upper()}; het is bewaard als UTF-8.")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(content, error.start, encoding) from None


def _no_text(content: bytes, at: int, encoding: str) -> XmlMalformed:
    return XmlMalformed(
        f"Het bestand is geen geldige tekst in {encoding} (bij byte {at}).",
        "Het is misschien beschadigd of afgebroken. Sla het opnieuw op, als UTF-8.",
        line=content.count(b"\n", 0, at) + 1,
    )


def _changed(notes: Notes, message: str) -> None:
    notes.changed("encoding", Place(line=1), message, _LOOK)


def _without_controls(text: str, notes: Notes) -> str:
    """The text without characters that XML does not allow."""

    def reference(found: re.Match[str]) -> str:
        number = int(found[1], 16) if found[1] else int(found[2])
        allowed = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xDFFF < number < 0xFFFE
        return found[0] if allowed or 0xFFFF < number < 0x110000 else ""

    bad = _NOT_IN_XML.search(text)
    made = _NOT_IN_XML.sub("", text) if bad else text
    if "&#" in made:
        made = _REFERENCE.sub(reference, made)
    if made != text:
        line = text.count("\n", 0, bad.start()) + 1 if bad else 1
        notes.changed(
            "control-characters",
            Place(line=line),
            "Het bestand bevatte onzichtbare tekens die in XML niet mogen. Ze zijn weggelaten.",
            "U hoeft niets te doen.",
        )
    return made
