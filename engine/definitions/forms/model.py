"""A form as plain data: its fields, and where the form says that each answer goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

NESTING: Final = frozenset({"group", "dynamiclist"})
CHOICES_ONE: Final = frozenset({"radio", "select"})
CHOICES_MANY: Final = frozenset({"checklist", "taglist"})
TEXTS: Final = frozenset({"textfield", "textarea"})
INPUTS: Final = frozenset(
    {"textfield", "textarea", "number", "checkbox", "datetime"} | CHOICES_ONE | CHOICES_MANY
)
"""Component types that a person fills in."""
COMPUTED: Final = frozenset({"expression"})
SHOWN: Final = frozenset({"text", "html", "separator", "spacer", "image", "button", "table"})
"""Component types that only show something."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio, select, checklist or taglist."""

    label: str
    value: object


@dataclass(frozen=True, slots=True)
class Field:
    """One component of a form.

    Attributes:
        id: the component's id, unique in the form.
        path: the keys under which the value stands in the data, from the enclosing form or row;
            empty for what has no value of its own.
        options_key: name of the data set that gives the options (``valuesKey``).
        options_expression: FEEL that gives the options (``valuesExpression``).
        hide: FEEL, without ``=``; the field is hidden when it is true.
        locked: ``True`` when the field is always read-only or disabled; FEEL when it depends.
        rules: the ``validate`` object of the schema as it stands.
        dossier: family-file path that the value is written to (``contact.soort``).
        process_variable: whether the value travels into the process state.
        report_title: under what the answer stands in the document made of the form (``rapport``);
            empty when it is not in it.
        reason: why the field is asked and who uses it (``waarom``).
        children: fields of a group, or of one row of a dynamic list.
        line: line in the file, from 1; 0 when unknown.
    """

    id: str
    type: str
    key: str
    path: tuple[str, ...]
    label: str
    rules: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    options_key: str | None = None
    options_expression: str | None = None
    hide: str | None = None
    locked: bool | str = False
    subtype: str = ""
    expression: str | None = None
    dossier: str | None = None
    process_variable: bool = False
    report_title: str = ""
    reason: str = ""
    schema: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    children: tuple[Field, ...] = ()
    line: int = 0

    @property
    def required(self) -> bool:
        """Whether an answer must be given when the field is shown."""
        return self.rules.get("required") is True

    def walk(self) -> Iterator[Field]:
        """The field and everything below it."""
        yield self
        for below in self.children:
            yield from below.walk()


def outside_rows(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Every field that is not inside a row of a dynamic list; the lists themselves included."""
    for found in fields:
        yield found
        if found.type == "group":
            yield from outside_rows(found.children)
