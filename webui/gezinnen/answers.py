"""The answers of a submitted form under the questions that were asked, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.forms import Form
from engine.definitions.forms.model import Field
from engine.families.file import naming
from engine.families.models import PlanGoal
from webui.presentation import show_day, show_moment


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer; a list of rows has answers of its own per row."""

    question: str
    answer: str = ""
    rows: Sequence[Sequence[Answer]] = ()


class AnswerReader:
    """Reads the answers of one family's form, with the names behind what was chosen."""

    def __init__(self, session: Session, family_id: UUID) -> None:
        self._session = session
        self._family_id = family_id

    def read(self, form: Form | None, answers: Mapping[str, Any]) -> Iterator[Answer]:
        """The answers in the form's order; those of a form that is gone by their keys."""
        if form is None:
            yield from (Answer(key, str(value)) for key, value in answers.items() if value)
            return
        yield from self.of_fields(form.fields, answers)

    def of_fields(self, fields: Sequence[Field], answers: Mapping[str, Any]) -> Iterator[Answer]:
        """The answers to some fields of the form."""
        for one in fields:
            value = _at(answers, one.path)
            if one.type == "group":
                yield from self.of_fields(one.children, value if one.path else answers)
            elif one.type == "dynamiclist":
                rows = [list(self.of_fields(one.children, row)) for row in value or ()]
                if any(rows):
                    yield Answer(one.label, rows=[row for row in rows if row])
            elif one.path and (text := self._text(one, value)):
                yield Answer(one.label or one.key, text)

    def _text(self, one: Field, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(filter(None, (self._text(one, part) for part in value)))
        if value in (None, ""):
            return ""
        if isinstance(value, bool):
            return gettext("ja") if value else gettext("nee")
        for option in one.options:
            if option.value == value:
                return option.label
        if one.type == "datetime":
            return _moment(str(value))
        if one.options_key:
            return self._chosen(one.options_key, value)
        return str(value)

    def _chosen(self, key: str, value: Any) -> str:
        """The name behind an id that was chosen from a list."""
        if key == "ketenpartners":
            return naming.organisation(self._session, value) or ""
        if key in ("doelen", "alleDoelen"):
            try:
                goal = self._session.get(PlanGoal, UUID(str(value)))
            except ValueError:
                return str(value)
            mine = goal is not None and goal.family_id == self._family_id
            return goal.goal if goal is not None and mine else ""
        return naming.person(self._session, self._family_id, value) or ""


def _at(answers: Mapping[str, Any] | None, path: tuple[str, ...]) -> Any:
    value: Any = answers
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _moment(text: str) -> str:
    """A date, or a date with its time, as people read it; a bare time as it is."""
    try:
        if "T" not in text:
            return show_day(date.fromisoformat(text))
        read = datetime.fromisoformat(text)
        return show_moment(read) if read.tzinfo else f"{show_day(read.date())}, {text[11:16]}"
    except ValueError:
        return text
