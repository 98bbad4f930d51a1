"""Rows of tables that the texts of a form show, as they hold today.

A text that shows a telephone number, a name or another fact of a table has the property ``tabel``:
the decision whose only input is ``dag``. The text reads its result by that name. So a number that
changes is changed in the table alone, also for forms that are seen before there is a process.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from engine import feel
from engine.definitions.forms import Form
from engine.definitions.packages import Package
from engine.definitions.published import parts, publication
from engine.definitions.references import Part, Reference
from webui.presentation import local

PROPERTY: Final = "tabel"
_PLACES: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def rows_of_today(
    session: Session, form: Form, now: datetime, known: Collection[str] = ()
) -> dict[str, Any]:
    """What the published decisions that the form's texts name say today, by decision.

    ``known``: names that have a value already, such as variables of the process; those stay. A
    decision that nobody published is left out: the text is then shown without it.
    """
    found: dict[str, Any] = {}
    for name in tables_of(form).difference(known):
        version = parts.provider(session, "", Reference(Part.DECISION, name))
        if version is not None:
            found[name] = row_of_today(publication.load_version(session, version), name, now)
    return found


def tables_of(form: Form) -> set[str]:
    """The decisions that the form's texts name."""
    found = set()
    for one in (below for field in form.fields for below in field.walk()):
        properties = one.schema.get("properties")
        name = properties.get(PROPERTY) if isinstance(properties, Mapping) else None
        if isinstance(name, str) and name:
            found.add(name)
    return found


def row_of_today(package: Package, name: str, now: datetime) -> Any:
    """What a decision of the package says of today."""
    return package.evaluate_decision(name, {"dag": local(now).date()}, now)


def filled_in(text: str, values: Mapping[str, Any]) -> str:
    """A text of a form with its FEEL places filled in; what cannot be worked out is left empty."""

    def worked_out(place: re.Match[str]) -> str:
        try:
            value = feel.evaluate(place[1], dict(values))
        except feel.FeelError:
            return ""
        return "" if value is None else str(value)

    return _PLACES.sub(worked_out, text)
