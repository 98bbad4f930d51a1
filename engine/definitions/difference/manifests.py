"""Two manifests: key, names, roles and ways in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Final

from engine.definitions.difference.model import Change, Detail, Sort
from engine.definitions.difference.settings import flat, shown
from engine.definitions.difference.texts import as_text, detail

_LISTS: Final = {"rollen": "role", "ingangen": "entry", "naast": "beside"}
_NAMES: Final = {
    "functie": "function",
    "bericht": "message",
    "formulier": "form_id",
    "door": "by",
    "nadruk": "urgent",
    "hoofdproces": "main_process",
    "gedeeld": "shared",
    "sleutel": "id",
}


def compare_manifests(before: bytes, after: bytes) -> tuple[Change, ...] | None:
    """What changed; ``None`` when one of both cannot be read."""
    old, new = _read(before), _read(after)
    if old is None or new is None:
        return None
    changes = [*_own(old, new)]
    for name, kind in _LISTS.items():
        changes.extend(_listed(kind, _tables(old.get(name)), _tables(new.get(name))))
    if not changes and before != after:
        changes.append(Change(Sort.CHANGED, "writing", minor=True))
    return tuple(changes)


def _own(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    def rest(data: Mapping[str, object]) -> dict[str, object]:
        return flat({key: value for key, value in data.items() if key not in _LISTS})

    details = _details(rest(old), rest(new))
    if details:
        yield Change(Sort.CHANGED, "package", "", shown(new.get("sleutel")), details)


def _listed(kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for key, value in new.items():
        if key not in old:
            yield Change(Sort.ADDED, kind, key, _name(value, key), _details({}, flat(value)))
        elif details := _details(flat(old[key]), flat(value)):
            yield Change(Sort.CHANGED, kind, key, _name(value, key), details)
    for key, value in old.items():
        if key not in new:
            yield Change(Sort.REMOVED, kind, key, _name(value, key))


def _details(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[Detail, ...]:
    found = []
    for key in dict.fromkeys((*new, *old)):
        if old.get(key) == new.get(key):
            continue
        was, now = shown(old.get(key)), shown(new.get(key))
        if key == "naam" or key.startswith("naam."):
            found.append(detail("name", was, now, key.removeprefix("naam").lstrip(".")))
        elif key in _NAMES:
            found.append(detail(_NAMES[key], was, now))
        else:
            found.append(detail("setting", was, now, key))
    return tuple(found)


def _name(value: object, key: str) -> str:
    names = value.get("naam") if isinstance(value, dict) else None
    if isinstance(names, dict):
        names = names.get("nl")
    return names if isinstance(names, str) and names else key


def _tables(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _read(content: bytes) -> dict[str, object] | None:
    try:
        return tomllib.loads(as_text(content))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
