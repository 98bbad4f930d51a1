"""Small forms as plain HTML, which work without JavaScript: their fields, and what was filled in.

Only forms whose every component has a plain counterpart; others are drawn by form-js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from engine.definitions.forms import Form
from engine.definitions.forms.model import Field
from webui.form_tables import filled_in
from webui.guidance import render_guidance

_PLAIN = frozenset(
    {"textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "datetime"}
)
_SHOWN = frozenset({"text", "separator", "spacer"})
_INPUT_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time"}

Choices = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PlainField:
    """A field as a template draws it; ``kind`` is ``text`` for what only tells something."""

    kind: str
    name: str
    label: str
    required: bool = False
    description: str = ""
    text: Markup | None = None
    options: tuple[tuple[str, str], ...] = ()
    input_type: str = "text"
    max_length: int | None = None


def plain_fields(
    form: Form, datasets: Mapping[str, Choices], values: Mapping[str, Any] | None = None
) -> list[PlainField] | None:
    """The fields of a form; ``None`` when one of them needs JavaScript.

    ``values`` are what its texts may show.
    """
    fields = list(form.fields)
    if any(one.type not in _PLAIN | _SHOWN for one in fields):
        return None
    if any(one.hide or one.locked or one.options_expression for one in fields):
        return None
    shown = values or {}
    return [made for one in fields if (made := _field(one, datasets, shown)) is not None]


def _field(
    one: Field, datasets: Mapping[str, Choices], values: Mapping[str, Any]
) -> PlainField | None:
    if one.type == "text":
        text = filled_in(str(one.schema.get("text", "")), values)
        return PlainField("text", "", "", text=render_guidance(text))
    if one.type not in _PLAIN:
        return None
    limit = one.rules.get("maxLength")
    return PlainField(
        kind=one.type,
        name=".".join(one.path),
        label=one.label,
        required=one.required,
        description=str(one.schema.get("description", "") or ""),
        options=tuple(_options(one, datasets)),
        input_type="number" if one.type == "number" else _INPUT_TYPES.get(one.subtype, "text"),
        max_length=limit if isinstance(limit, int) else None,
    )


def _options(one: Field, datasets: Mapping[str, Choices]) -> Iterator[tuple[str, str]]:
    if one.options_key:
        for choice in datasets.get(one.options_key, ()):
            yield choice["value"], choice["label"]
    for option in one.options:
        yield str(option.value), option.label


def plain_answers(form: Form, sent: MultiDict[str, str]) -> dict[str, Any]:
    """What was filled in, in the form's shape; nothing is checked yet."""
    answers: dict[str, Any] = {}
    for one in form.fields:
        if one.type not in _PLAIN or not one.path:
            continue
        name = ".".join(one.path)
        if one.type == "checklist":
            value: object = sent.getlist(name)
        elif one.type == "checkbox":
            value = name in sent
        else:
            value = sent.get(name) or None
        place = answers
        for key in one.path[:-1]:
            place = place.setdefault(key, {})
        place[one.path[-1]] = value
    return answers
