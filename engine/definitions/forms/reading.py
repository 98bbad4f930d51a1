"""Reading a form-js schema (JSON) into fields. Rubbish gives findings, never an exception."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from engine.definitions.forms.limits import MAX_BYTES, MAX_COMPONENTS, MAX_DEPTH
from engine.definitions.forms.model import COMPUTED, INPUTS, NESTING, SHOWN, Field, Option
from engine.definitions.reporting import Place, Reporter, label

KNOWN_TYPES: Final = INPUTS | NESTING | COMPUTED | SHOWN
_RESAVE: Final = "Open het formulier in de formulierbouwer en sla het opnieuw op."


class FormReader:
    """Reads one file; ``report`` collects what is wrong with its shape."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.report = Reporter(file)
        self._count = 0
        self._text = ""

    def read(self, content: bytes) -> tuple[str, dict[str, object], tuple[Field, ...]]:
        """Form id, schema and fields; the id is the file's stem when the file says none."""
        stem = PurePosixPath(self.file.replace("\\", "/")).stem
        schema = self._json(content)
        if schema is None:
            return stem, {}, ()
        form_id = schema.get("id")
        if not isinstance(form_id, str) or not form_id.strip():
            self._error(
                "form-without-id",
                Place(stem),
                f"Het formulier in {self.file} heeft geen id.",
                f"Geef het formulier de id ‘{stem}’.",
            )
            form_id = stem
        components = schema.get("components")
        if not isinstance(components, list):
            self._error(
                "form-unreadable",
                Place(form_id),
                f"Het formulier ‘{form_id}’ heeft geen lijst van velden (components).",
                _RESAVE,
            )
            components = []
        return form_id, schema, self._fields(components, 1)

    def place(self, found: Field) -> Place:
        """Where a field stands in the file."""
        return Place(found.id or found.key, found.label or found.key, found.line)

    def _json(self, content: bytes) -> dict[str, object] | None:
        stem = PurePosixPath(self.file).stem
        if len(content) > MAX_BYTES:
            self._error(
                "form-unreadable",
                Place(stem),
                f"Het formulier is {len(content)} bytes groot; het maximum is {MAX_BYTES} bytes.",
                "Splits het formulier.",
            )
            return None
        try:
            self._text = content.decode("utf-8-sig")
            schema = json.loads(self._text, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            self._error(
                "form-unreadable",
                Place(stem, line=error.lineno),
                f"Het formulier is geen geldige JSON (regel {error.lineno}, teken {error.colno}).",
                _RESAVE,
            )
            return None
        except (ValueError, RecursionError):
            self._error(
                "form-unreadable", Place(stem), "Het formulier is geen geldige JSON.", _RESAVE
            )
            return None
        if not isinstance(schema, dict):
            self._error(
                "form-unreadable", Place(stem), "Het bestand is geen form-js-formulier.", _RESAVE
            )
            return None
        return schema

    def _fields(self, components: list[object], depth: int) -> tuple[Field, ...]:
        if depth > MAX_DEPTH:
            self._error(
                "form-unreadable",
                Place(),
                f"Het formulier is dieper genest dan {MAX_DEPTH} lagen.",
                "Maak het formulier platter.",
            )
            return ()
        found = []
        for component in components:
            self._count += 1
            if self._count > MAX_COMPONENTS:
                self._error(
                    "form-unreadable",
                    Place(),
                    f"Het formulier heeft meer dan {MAX_COMPONENTS} onderdelen.",
                    "Splits het formulier.",
                )
                break
            if isinstance(component, dict):
                found.append(self._field(component, depth))
            else:
                self._error(
                    "form-unreadable",
                    Place(),
                    "Een onderdeel van het formulier is geen veld.",
                    _RESAVE,
                )
        return tuple(found)

    def _field(self, component: dict[str, object], depth: int) -> Field:
        kind = _text(component.get("type"))
        key = _text(component.get("key"))
        field_id = _text(component.get("id")) or key
        properties = _mapping(component.get("properties"))
        below = component.get("components")
        children: tuple[Field, ...] = ()
        if isinstance(below, list):
            children = self._fields(below, depth + 1)
        path = key if kind in INPUTS | COMPUTED else _text(component.get("path"))
        found = Field(
            id=field_id,
            type=kind,
            key=key or path,
            path=tuple(filter(None, path.split("."))),
            label=_text(component.get("label")),
            rules=_mapping(component.get("validate")),
            options=_options(component.get("values")),
            options_key=_text(component.get("valuesKey")) or None,
            options_expression=_feel(component.get("valuesExpression")),
            hide=_feel(_mapping(component.get("conditional")).get("hide")),
            locked=_locked(component),
            subtype=_text(component.get("subtype")) or ("date" if kind == "datetime" else ""),
            expression=_feel(component.get("expression")),
            dossier=_text(properties.get("dossier")) or None,
            process_variable=_text(properties.get("procesvariabele")).lower() == "ja",
            report_title=_report_title(properties, component),
            reason=_text(properties.get("waarom")),
            schema=component,
            children=children,
            line=self._line(field_id),
        )
        self._check_shape(found, depth)
        return found

    def _check_shape(self, found: Field, depth: int) -> None:
        place = self.place(found)
        if found.type not in KNOWN_TYPES:
            self._error(
                "form-unknown-component",
                place,
                f"Veld {label(place)} is van het soort ‘{found.type or 'onbekend'}’. "
                "Dat soort veld wordt niet ondersteund.",
                "Kies een ander soort veld, zoals textfield, select of datetime.",
            )
        elif found.type in INPUTS | COMPUTED | {"dynamiclist"} and not found.path:
            self._error(
                "form-field-without-key",
                place,
                f"Veld {label(place)} heeft geen sleutel (key); het antwoord gaat nergens heen.",
                "Vul bij het veld een sleutel in.",
            )

    def _line(self, field_id: str) -> int:
        at = self._text.find(f'"{field_id}"') if field_id else -1
        return self._text.count("\n", 0, at) + 1 if at >= 0 else 0

    def _error(self, rule: str, place: Place, message: str, remedy: str) -> None:
        self.report.error(rule, place, message, remedy)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _feel(value: object) -> str | None:
    return _text(value).removeprefix("=").strip() or None


def _locked(component: Mapping[str, object]) -> bool | str:
    for name in ("disabled", "readonly"):
        value = component.get(name)
        if value is True:
            return True
        if isinstance(value, str) and value.strip().startswith("="):
            return value.strip().removeprefix("=").strip()
    return False


def _options(values: object) -> tuple[Option, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(
        Option(_text(value.get("label")) or str(value.get("value")), value.get("value"))
        for value in values
        if isinstance(value, dict) and "value" in value
    )


def _report_title(properties: Mapping[str, object], component: Mapping[str, object]) -> str:
    """The title that ``rapport`` gives; with ``ja`` the question itself."""
    title = _text(properties.get("rapport"))
    return _text(component.get("label")) if title.lower() == "ja" else title
