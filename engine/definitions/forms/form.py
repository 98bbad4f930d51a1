"""The form: what a package holds, a task shows and a submission is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.forms.model import Field, outside_rows
from engine.definitions.forms.reading import FormReader
from engine.definitions.forms.validation import Datasets, ValidationResult, Validator
from engine.definitions.model import Finding

LETTER = "brief"
"""What ``rapport`` says of the field that is the text of a letter."""


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

    @property
    def is_report(self) -> bool:
        """Whether a document can be made of what was filled in: some answers stand in it."""
        return any(found.report_title for one in self.fields for found in one.walk())

    @property
    def is_letter(self) -> bool:
        """Whether that document is a letter: the text alone, and who signs it."""
        return any(
            found.report_title.lower() == LETTER for one in self.fields for found in one.walk()
        )

    def validate(
        self,
        data: object,
        datasets: Datasets,
        now: datetime,
        context: Mapping[str, Any] | None = None,
    ) -> ValidationResult:
        """Check what was submitted. Never raises, whatever ``data`` is.

        Args:
            data: the submission in the form's shape.
            datasets: options by name, for fields with a ``valuesKey``.
            now: the current instant, aware.
            context: what expressions of the form may use besides its own fields, and the values
                of read-only fields; usually the task's variables.
        """
        return Validator(datasets, now, context).validate(self.fields, data)


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
