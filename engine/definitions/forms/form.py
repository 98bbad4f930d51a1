"""The form: what a package holds, a task shows and a submission is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.forms.model import Field, outside_rows
from engine.definitions.forms.reading import FormReader
from engine.definitions.model import Finding


@dataclass(frozen=True, slots=True)
class Form:
    """A form-js form.

    Attributes:
        id: found by user tasks; the file's stem.
        name: the title that people read.
        schema: the JSON as the viewer wants it.
        findings: what is wrong with the file itself.
    """

    id: str
    name: str
    file: str
    fields: tuple[Field, ...]
    schema: Mapping[str, object] = field(repr=False, default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def process_variables(self) -> tuple[str, ...]:
        """Names of the variables that a submission gives to the process."""
        return tuple(
            found.path[-1]
            for found in outside_rows(self.fields)
            if found.process_variable and found.path
        )


def read_form(content: bytes, file: str) -> Form:
    """Read a form-js schema. Never raises on bad content: ``findings`` says what is wrong."""
    reader = FormReader(file)
    form_id, schema, fields = reader.read(content)
    title = schema.get("name")
    return Form(
        id=form_id,
        name=title.strip() if isinstance(title, str) and title.strip() else form_id,
        file=file,
        fields=fields,
        schema=schema,
        findings=tuple(reader.report.findings),
    )
