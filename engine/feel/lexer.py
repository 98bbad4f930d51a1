"""FEEL text into tokens. Names are single words here; the parser joins them."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import FeelLimitError, FeelSyntaxError
from .limits import MAX_TEXT

_START = (
    "?A-Z_a-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = r"[\s\u0085\u180e\u200b\ufeff]+"

_TOKEN = re.compile(
    rf"(?P<space>{_SPACE}|//[^\n]*|/\*.*?\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r'|(?P<at>@\s*"(?:[^"\\]|\\.)*")'
    rf"|(?P<word>[{_START}][{_PART}]*)"
    r"|(?P<op>\*\*|\.\.|<=|>=|!=|->|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(U[0-9A-Fa-f]{6}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A piece of the text. ``kind`` is number, string, at, word, op or end; ``value`` is the
    unescaped content of a string, else the text itself.
    """

    kind: str
    value: str
    start: int
    end: int


def _unescape(found: re.Match[str]) -> str:
    body = found.group(1)
    if body[0] in "uU" and len(body) > 1:
        code = int(body[1:], 16)
        return chr(code) if code <= 0x10FFFF else found.group()
    # An escape that FEEL does not know stays as written: "\d" in a pattern keeps its backslash.
    return _SIMPLE_ESCAPES.get(body, found.group())


def unquote(literal: str) -> str:
    """The content of a string literal with its quotes."""
    content = literal[1:-1]
    if "\\" in content:
        content = _ESCAPE.sub(_unescape, content)
    if _SURROGATE.search(content):
        # Two \u escapes may be the halves of one character beyond the basic plane.
        return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return content


def quote(content: str) -> str:
    """A string literal for this content."""
    escaped = content.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def tokenise(text: str) -> list[Token]:
    """All tokens of a text, the last one of kind ``end``.

    Raises `FeelLimitError` for a text that is too long, `FeelSyntaxError` for an open string or
    comment.
    """
    if len(text) > MAX_TEXT:
        raise FeelLimitError(
            f"De expressie heeft {len(text)} tekens; {MAX_TEXT} mag.",
            code="feel.limit.text",
            remedy="Verdeel haar over enkele beslissingen.",
        )
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "op"
        if kind == "space":
            continue
        start, end = found.span()
        value = found.group()
        if kind == "op":
            _refuse_open_literal(text, start, value, tokens)
        elif kind == "string":
            value = unquote(value)
        elif kind == "at":
            value = unquote(value[1:].lstrip())
        tokens.append(Token(kind, value, start, end))
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _refuse_open_literal(text: str, start: int, value: str, tokens: list[Token]) -> None:
    if value == '"':
        raise FeelSyntaxError(
            "De tekst die hier begint, is niet gesloten.",
            text=text,
            position=start,
            expected='"',
            remedy='Sluit de tekst met "; schrijf een aanhalingsteken in een tekst als \\".',
        )
    if value == "*" and tokens and tokens[-1].value == "/" and tokens[-1].end == start:
        raise FeelSyntaxError(
            "De opmerking die hier begint, is niet gesloten.",
            text=text,
            position=start - 1,
            expected="*/",
        )
