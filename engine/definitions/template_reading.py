"""Reading element templates, with what is wrong in them.

Of Camunda's schema (``@camunda/zeebe-element-templates-json-schema``) the rules are kept that a
writer runs into; the tests hold our own files against the whole of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions.connectors import KNOWN_CONNECTORS
from engine.definitions.model import Kind
from engine.definitions.reporting import Place, Reporter
from engine.definitions.suggestions import did_you_mean

NAMED_BY: Final[Mapping[str, str | None]] = {
    "property": "name",
    "zeebe:input": "name",
    "zeebe:output": "source",
    "zeebe:property": "name",
    "zeebe:taskHeader": "key",
    "zeebe:taskDefinition:type": None,
    "zeebe:taskDefinition": "property",
    "zeebe:calledElement": "property",
    "zeebe:calledDecision": "property",
    "zeebe:formDefinition": "property",
    "zeebe:assignmentDefinition": "property",
    "zeebe:taskSchedule": "property",
    "zeebe:priorityDefinition": "property",
    "zeebe:script": "property",
    "zeebe:userTask": None,
    "bpmn:Message#property": "name",
    "bpmn:Message#zeebe:subscription#property": "name",
}
"""The kinds of binding, with the key that says which value is bound."""

_FIELD_TYPES: Final = ("String", "Text", "Hidden", "Dropdown", "Boolean", "Number")
_ELEMENTS: Final = frozenset(f"bpmn:{kind.value[0].upper()}{kind.value[1:]}" for kind in Kind)
"""The BPMN types that a template may be for."""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One value that a template asks for, or holds fixed.

    ``bound_to`` is the kind of binding and the name in it: an input's name, a header's key.
    """

    bound_to: tuple[str, str]
    label: str = ""
    fixed: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """An element template. ``elements`` are the BPMN types that it is for."""

    id: str
    version: int | None
    name: str
    file: str
    elements: frozenset[str]
    fields: tuple[TemplateField, ...] = ()

    def fixed(self, kind: str, name: str) -> str | None:
        """The value that it holds fixed at a binding."""
        return next((one.fixed for one in self.fields if one.bound_to == (kind, name)), None)


def read_templates(content: bytes, report: Reporter) -> Iterator[Template]:
    """The templates in a file: one, or a list. What is wrong goes to ``report``."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    listed = data if isinstance(data, list) else [data]
    for one in listed:
        if isinstance(one, dict):
            template = _Reading(one, report).template()
            if template is not None:
                yield template
        else:
            report.error(
                "template-unreadable",
                Place(report.file),
                f"{report.file} is geen leesbaar sjabloon.",
                "Schrijf één sjabloon, of een lijst daarvan, als JSON van hoogstens 1 MB.",
            )


class _Reading:
    def __init__(self, data: dict[str, Any], report: Reporter) -> None:
        self._data = data
        self._report = report
        self._place = Place(_text(data.get("id")), _text(data.get("name")))

    def template(self) -> Template | None:
        missing = [
            key for key in ("id", "name", "appliesTo", "properties") if not self._data.get(key)
        ]
        if missing:
            self._error(
                "template-incomplete",
                f"Het sjabloon mist: {', '.join(missing)}.",
                "Vul aan wat ontbreekt; kijk naar een ander sjabloon in deze map.",
            )
            return None
        version = self._data.get("version")
        if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
            self._error(
                "template-version",
                "De versie van het sjabloon is geen geheel getal.",
                'Schrijf bijvoorbeeld: "version": 1 (zonder aanhalingstekens om het getal).',
            )
            version = None
        found = Template(
            id=self._place.id,
            version=version,
            name=self._place.name,
            file=self._report.file,
            elements=frozenset(self._elements()),
            fields=tuple(self._fields()),
        )
        self._connector(found)
        return found

    def _elements(self) -> Iterator[str]:
        chosen = self._data.get("elementType")
        if isinstance(chosen, dict):
            named = [chosen.get("value")]
        else:
            named = self._data["appliesTo"] if isinstance(self._data["appliesTo"], list) else []
        for name in named or [""]:
            if name in _ELEMENTS:
                yield name
            else:
                self._error(
                    "template-element",
                    f"Het sjabloon is voor ‘{name}’, maar dat element is er niet.",
                    did_you_mean(str(name), sorted(_ELEMENTS), "Kies een element van BPMN."),
                )

    def _fields(self) -> Iterator[TemplateField]:
        properties = self._data["properties"]
        groups = {
            group.get("id") for group in self._data.get("groups", ()) if isinstance(group, dict)
        }
        for number, one in enumerate(properties if isinstance(properties, list) else [None], 1):
            if not isinstance(one, dict) or not isinstance(one.get("binding"), dict):
                self._field_error(
                    number, "heeft geen ‘binding’", "Zeg waar de waarde komt te staan."
                )
                continue
            where = _bound_to(one["binding"])
            if where is None:
                self._field_error(
                    number,
                    f"heeft een ‘binding’ die niet klopt ({one['binding'].get('type')})",
                    f"Kies een van: {', '.join(NAMED_BY)}; met de naam erbij.",
                )
                continue
            kind = one.get("type", "String")
            hidden = kind == "Hidden"
            if kind not in _FIELD_TYPES:
                self._field_error(
                    number, f"is van soort ‘{kind}’", f"Kies: {', '.join(_FIELD_TYPES)}."
                )
            if hidden and one.get("value") is None and "generatedValue" not in one:
                self._field_error(number, "is verborgen zonder waarde", "Geef ‘value’ een waarde.")
            if not hidden and not _text(one.get("label")):
                self._field_error(number, "heeft geen ‘label’", "Schrijf wat iemand invult.")
            if kind == "Dropdown" and not one.get("choices"):
                self._field_error(number, "heeft geen keuzes", "Vul ‘choices’ in.")
            if one.get("group") is not None and one["group"] not in groups:
                self._field_error(
                    number,
                    f"staat in een groep ‘{one['group']}’ die er niet is",
                    "Noem de groep bij ‘groups’.",
                )
            constraints = one.get("constraints")
            needed = isinstance(constraints, dict) and constraints.get("notEmpty") is True
            if needed and one.get("optional") is True:
                self._field_error(
                    number, "is verplicht en mag toch ontbreken", "Kies een van de twee."
                )
            yield TemplateField(
                bound_to=where,
                label=_text(one.get("label")),
                fixed=_written(one.get("value")) if hidden else None,
                required=needed,
            )

    def _connector(self, template: Template) -> None:
        """What a template for a service task asks is what its connector takes."""
        kind = template.fixed("zeebe:taskDefinition", "type") or template.fixed(
            "zeebe:taskDefinition:type", ""
        )
        if kind is None or "bpmn:ServiceTask" not in template.elements:
            return
        connector = KNOWN_CONNECTORS.get(kind)
        if connector is None:
            self._error(
                "template-connector",
                f"Het sjabloon is voor ‘{kind}’, maar dat soort servicetaak is er niet.",
                did_you_mean(kind, KNOWN_CONNECTORS, "Kies een bestaand soort servicetaak."),
            )
            return
        given = {
            name
            for where, name in (one.bound_to for one in template.fields)
            if where == "zeebe:input"
        }
        known = {value.name for value in connector.inputs}
        for name in sorted(set(connector.required_inputs) - given):
            self._error(
                "template-connector",
                f"Het sjabloon vraagt niet om ‘{name}’, en ‘{kind}’ heeft dat nodig.",
                "Voeg een veld toe met een binding van soort zeebe:input.",
            )
        for name in sorted(given - known):
            self._error(
                "template-connector",
                f"Het sjabloon vraagt om ‘{name}’, maar ‘{kind}’ kent dat niet.",
                did_you_mean(name, known, "Haal het veld weg."),
            )

    def _field_error(self, number: int, what: str, remedy: str) -> None:
        self._error("template-property", f"Veld {number} van het sjabloon {what}.", remedy)

    def _error(self, rule: str, message: str, remedy: str) -> None:
        self._report.error(rule, self._place, message, remedy)


def _bound_to(binding: Mapping[str, Any]) -> tuple[str, str] | None:
    kind = binding.get("type")
    if not isinstance(kind, str) or kind not in NAMED_BY:
        return None
    key = NAMED_BY[kind]
    if key is None:
        return kind, ""
    name = binding.get(key)
    return (kind, name) if isinstance(name, str) and name else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _written(value: object) -> str | None:
    """A fixed value as the modeller writes it into XML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
