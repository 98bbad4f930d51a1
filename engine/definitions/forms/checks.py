"""What is wrong in a form, beyond its shape."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.forms.form import Form
from engine.definitions.model import Finding


def check_form(form: Form) -> Iterator[Finding]:
    """Every remark about a form."""
    yield from ()
