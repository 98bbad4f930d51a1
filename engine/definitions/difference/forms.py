"""Two forms: their fields by id, setting by setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.definitions.difference.aligning import aligned
from engine.definitions.difference.model import Change, Detail, Sort
from engine.definitions.difference.settings import flat, shown
from engine.definitions.difference.texts import as_text, detail

_NAMES: Final = {
    "type": "field_type",
    "conditional.hide": "hide",
    "validate.required": "required",
    "properties.dossier": "dossier",
    "properties.procesvariabele": "procesvariabele",
    "properties.waarom": "waarom",
    "properties.rapport": "rapport",
    "defaultValue": "default",
    "valuesExpression": "expression",
    **{
        key: key
        for key in ("label", "key", "description", "readonly", "disabled", "expression", "text")
    },
}
"""What a setting of a component is called; those that are not here are named as they stand."""
_NOT_SETTINGS: Final = frozenset({"components", "id", "values"})
_DRAWING: Final = ("layout.", "appearance.")


@dataclass(frozen=True, slots=True)
class _Field:
    id: str
    name: str
    type: str
    group: str
    settings: Mapping[str, object]
    options: Mapping[str, str]


def compare_forms(before: bytes, after: bytes) -> tuple[Change, ...] | None:
    """What changed, in the order of the form; ``None`` when one of both cannot be read."""
    old_schema, new_schema = _schema(before), _schema(after)
    if old_schema is None or new_schema is None:
        return None
    old, new = list(_fields(old_schema, "")), list(_fields(new_schema, ""))
    changes: list[Change] = []
    of_form = _of_form(old_schema, new_schema)
    if of_form:
        changes.append(Change(Sort.CHANGED, "form", "", _named(new_schema), of_form))
    for step in aligned(old, new, lambda one: one.id, lambda one: (one.type, one.settings)):
        was = old[step.before] if step.before is not None else None
        now = new[step.after] if step.after is not None else None
        if was is None and now is not None:
            changes.append(Change(Sort.ADDED, "field", now.id, now.name, tuple(_said(now))))
        elif now is None and was is not None:
            changes.append(Change(Sort.REMOVED, "field", was.id, was.name))
        elif was and now:
            changes.extend(_compared(was, now, step.moved))
    if not changes and before != after:
        changes.append(Change(Sort.CHANGED, "writing", minor=True))
    return tuple(changes)


def _compared(was: _Field, now: _Field, moved: bool) -> Iterator[Change]:
    details = [*_settings(was.settings, now.settings), *_options(was.options, now.options)]
    drawing = [one for one in details if one.about.startswith(_DRAWING)]
    if was.group != now.group:
        details.append(Detail("group", was.group, now.group))
    if details:
        minor = len(drawing) == len(details)
        yield Change(Sort.CHANGED, "field", now.id, now.name, tuple(details), minor=minor)
    elif moved:
        yield Change(Sort.MOVED, "field", now.id, now.name)


def _settings(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Detail]:
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        what = _NAMES.get(key)
        if what is not None:
            yield detail(what, shown(was), shown(now))
        elif key.startswith("validate."):
            yield detail("rule", shown(was), shown(now), key.removeprefix("validate."))
        else:
            yield detail("setting", shown(was), shown(now), key)


def _options(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Detail]:
    for value in dict.fromkeys((*new, *old)):
        was, now = old.get(value, ""), new.get(value, "")
        if was != now:
            yield Detail("option", was, now, value)
    if old == new and list(old) != list(new):
        yield Detail("sequence", ", ".join(old.values()), ", ".join(new.values()))


def _said(field: _Field) -> Iterator[Detail]:
    """What a colleague wants to know of a field that is new."""
    for key in ("type", "validate.required", "properties.dossier", "properties.procesvariabele",
                "properties.waarom"):  # fmt: skip
        if key in field.settings:
            yield Detail(_NAMES[key], after=shown(field.settings[key]))
    if field.options:
        yield Detail("option", after=", ".join(field.options.values()))


def _of_form(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[Detail, ...]:
    named = {"name": "title", "title": "title", "id": "id"}
    return tuple(
        Detail(what, shown(old.get(key)), shown(new.get(key)))
        for key, what in named.items()
        if old.get(key) != new.get(key)
    )


def _fields(holder: Mapping[str, object], group: str) -> Iterator[_Field]:
    components = holder.get("components")
    for at, one in enumerate(components if isinstance(components, list) else []):
        if not isinstance(one, dict):
            continue
        name = _named(one)
        settings = {k: v for k, v in one.items() if k not in _NOT_SETTINGS}
        yield _Field(
            id=str(one.get("id") or one.get("key") or f"{group}.{at}"),
            name=name,
            type=str(one.get("type", "")),
            group=group,
            settings=flat(settings),
            options=_options_of(one.get("values")),
        )
        yield from _fields(one, name)


def _options_of(values: object) -> dict[str, str]:
    return {
        _written(one.get("value")): shown(one.get("label"))
        for one in (values if isinstance(values, list) else [])
        if isinstance(one, dict)
    }


def _written(value: object) -> str:
    """A value with what it is: the number 7 is another than the text 7."""
    return value if isinstance(value, str) else f"={shown(value)}"


def _named(holder: Mapping[str, object]) -> str:
    for key in ("label", "name", "title", "dateLabel", "text", "key", "id"):
        value = holder.get(key)
        if isinstance(value, str) and value.strip():
            text = " ".join(value.split())
            return text if len(text) <= 80 else f"{text[:79]}…"
    return str(holder.get("type", ""))


def _schema(content: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(as_text(content))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
