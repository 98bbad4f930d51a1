"""Values as Camunda 7 writes them in its mappings: texts, expressions, scripts, lists and maps."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.expressions import problems
from engine.definitions.reading.xml import Node

_GIVEN: Final = re.compile(r"\$\{\s*content\.output\.(?=[^\W\d])")
"""What a step gave, in an engine in JavaScript: where it is mapped, that is what came of it."""


def parameter_source(node: Node) -> str | None:
    """The source of a mapping: an expression, a text, or a list or map of them."""
    made = _written(node)
    return None if made is None or problems(made) else f"={made}"


def _written(node: Node) -> str | None:
    inner = next(node.iterchildren(etree.Element), None)
    text = _GIVEN.sub("${", (node.text or "").strip())
    if inner is None:
        return text_or_expression(text) if text else "null"
    return _structure(inner)


def _structure(inner: Node) -> str | None:
    kind = etree.QName(inner).localname
    if kind == "script":
        text = (inner.text or "").strip().removeprefix("return ")
        language = inner.get("scriptFormat") or ""
        return None if inner.get("resource") else reading.value(text, language)
    parts = list(inner.iterchildren(etree.Element))
    values = [value for value in map(_written_part, parts) if value is not None]
    if len(values) < len(parts):
        return None
    if kind == "list":
        return f"[{', '.join(values)}]"
    return _map([one.get("key", "") for one in parts], values) if kind == "map" else None


def _written_part(node: Node) -> str | None:
    """What stands in a list or a map: a value, or a list, a map or a script itself."""
    kind = etree.QName(node).localname
    return _structure(node) if kind in ("list", "map", "script") else _written(node)


def _map(keys: list[str], values: list[str]) -> str | None:
    named = [text_or_expression(key) for key in keys]
    if all(key is not None and key.startswith('"') for key in named):
        entries = (f"{key}: {value}" for key, value in zip(named, values, strict=True))
        return f"{{{', '.join(entries)}}}"
    pairs = [f"{{key: {key}, value: {value}}}" for key, value in zip(named, values, strict=True)]
    return None if None in named else f"context([{', '.join(pairs)}])"


def text_or_expression(text: str) -> str | None:
    """FEEL of what stands between ``${`` and ``}``; else of the text itself."""
    if "${" in text or "#{" in text:
        return reading.value(text) if reading.unwrapped(text) is not None else None
    return f'"{text}"' if '"' not in text and "\\" not in text else None
