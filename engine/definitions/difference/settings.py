"""Settings by name next to each other: what is new, gone or other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from engine.definitions.difference.model import Detail
from engine.definitions.difference.texts import detail


def compared(
    before: Mapping[str, object], after: Mapping[str, object], what: str
) -> Iterator[Detail]:
    """Settings of one sort (``what``), each named by its key, in their order after."""
    for key in dict.fromkeys((*after, *before)):
        if before.get(key) != after.get(key):
            yield detail(what, shown(before.get(key)), shown(after.get(key)), key)


def shown(value: object) -> str:
    """A value as people read it; ``None`` as nothing, yes and no as ``true`` and ``false``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def flat(value: object, path: str = "") -> dict[str, object]:
    """Nested settings by dotted path; lists stay whole."""
    if not isinstance(value, Mapping):
        return {path: value}
    found: dict[str, object] = {}
    for key, inner in value.items():
        found |= flat(inner, f"{path}.{key}" if path else str(key))
    return found
