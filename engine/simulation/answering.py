"""Answers as a person might give them: any that the form takes, made from the form itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine import feel
from engine.clock import BUSINESS_ZONE
from engine.definitions.forms import Form
from engine.definitions.forms.family_paths import HAPPENED
from engine.definitions.forms.model import CHOICES_MANY, CHOICES_ONE, INPUTS, Field

ATTEMPTS, ROUNDS = 8, 6
"""How often it begins anew, and how often what was wrong is mended: an answer may bring up a
question that was hidden, and may bring up one that has no answer, so that another is chosen.
"""

Lists = Mapping[str, Sequence[Mapping[str, Any]]]


class CannotBeFilledIn(Exception):
    """No answer that was tried satisfies the form."""


def any_answers(
    form: Form, lists: Lists, context: Mapping[str, Any], now: datetime, random: Random
) -> dict[str, Any]:
    """Valid answers: what is asked is answered, of the rest some, what is hidden may be too.

    Raises:
        CannotBeFilledIn: a required question has no answer, such as an empty list of choices.
    """
    somebody = _Somebody(lists, context, now, random)
    wrong: dict[str, str] = {}
    for _attempt in range(ATTEMPTS):
        answers: dict[str, Any] = {}
        somebody.answer(form.fields, answers, context)
        for _round in range(ROUNDS):
            result = form.validate(answers, lists, now, context)
            if result.is_valid:
                return answers
            somebody.answer(form.fields, answers, context, only=set(result.errors))
            wrong = {path: error.text() for path, error in result.errors.items()}
    raise CannotBeFilledIn(f"{form.id}: {wrong}")


class _Somebody:
    def __init__(
        self, lists: Lists, context: Mapping[str, Any], now: datetime, random: Random
    ) -> None:
        self.lists, self.context, self.now, self.random = lists, context, now, random

    def answer(
        self,
        fields: Sequence[Field],
        answers: dict[str, Any],
        scope: Mapping[str, Any],
        *,
        prefix: str = "",
        only: set[str] | None = None,
    ) -> None:
        """Fill in the fields in order; with ``only``, those whose answers were refused."""
        unanswered = dict.fromkeys(field.path[0] for field in fields if field.path)
        for field in fields:
            seen = {**scope, **unanswered, **answers}
            if field.hide is not None and self._worked_out(field.hide, seen) is True:
                continue
            path = prefix + ".".join(field.path)
            if field.type == "group":
                inner = _inside(answers, field.path)
                below = f"{path}." if field.path else prefix
                self.answer(field.children, inner, seen, prefix=below, only=only)
            elif field.type == "dynamiclist":
                self._rows(field, answers, seen, path, only)
            elif field.type == "expression" and field.path and field.expression:
                _inside(answers, field.path[:-1])[field.path[-1]] = self._worked_out(
                    field.expression, seen
                )
            elif field.type in INPUTS and field.path and self._is_answered(field, path, only):
                value = self._value(field, seen)
                if value is not None:
                    _inside(answers, field.path[:-1])[field.path[-1]] = value

    def _is_answered(self, field: Field, path: str, only: set[str] | None) -> bool:
        if only is not None:
            return path in only
        return field.required or self.random.random() < 0.6

    def _rows(
        self,
        field: Field,
        answers: dict[str, Any],
        scope: Mapping[str, Any],
        path: str,
        only: set[str] | None,
    ) -> None:
        at = _inside(answers, field.path[:-1])
        if only is None or path in only:
            at[field.path[-1]] = [{} for _ in range(self.random.randint(int(field.required), 2))]
        elif not field.required and self.random.random() < 0.5:
            at.pop(field.path[-1], None)  # a row that cannot be filled in is not begun
        for index, row in enumerate(at.get(field.path[-1]) or []):
            inside = f"{path}[{index}]."
            if only is None or path in only or any(name.startswith(inside) for name in only):
                again = None if only is None or path in only else only
                self.answer(field.children, row, scope, prefix=inside, only=again)

    def _value(self, field: Field, scope: Mapping[str, Any]) -> Any:
        if field.type in CHOICES_ONE | CHOICES_MANY:
            values = [self._of(option) for option in self._options(field, scope)]
            if not values:
                return None
            if field.type in CHOICES_ONE:
                return self.random.choice(values)
            return self.random.sample(values, self.random.randint(1, len(values)))
        match field.type:
            case "checkbox":
                return field.required or self.random.random() < 0.5
            case "number":
                return self._number(field, scope)
            case "datetime":
                return self._moment(field)
            case _:
                return self._text(field)

    @staticmethod
    def _of(option: Any) -> Any:
        return option.get("value") if isinstance(option, Mapping) else option

    def _options(self, field: Field, scope: Mapping[str, Any]) -> Sequence[Any]:
        if field.options_key is not None:
            found = self.lists.get(field.options_key, self.context.get(field.options_key))
        elif field.options_expression is not None:
            found = self._worked_out(field.options_expression, self.context)
        else:
            return [option.value for option in field.options]
        return found if isinstance(found, Sequence) else ()

    def _number(self, field: Field, scope: Mapping[str, Any]) -> float | int:
        low, high = (self._limit(field.rules.get(name), scope) for name in ("min", "max"))
        least = int(low) if low is not None else (0 if high is None else min(0, int(high)))
        most = int(high) if high is not None else least + 20
        return self.random.randint(least, max(least, most))

    def _limit(self, rule: object, scope: Mapping[str, Any]) -> float | None:
        if isinstance(rule, str) and rule.startswith("="):
            rule = self._worked_out(rule[1:], scope)
        try:
            return None if rule is None else float(str(rule))
        except ValueError:
            return None

    def _moment(self, field: Field) -> str:
        soon = field.schema.get("disallowPassedDates") is True
        earliest, latest = (0 if soon else -40), (0 if field.dossier in HAPPENED else 400)
        days = self.random.randint(min(earliest, latest), latest)
        moment = (self.now + timedelta(days=days)).astimezone(BUSINESS_ZONE)
        if field.subtype == "date":
            return moment.date().isoformat()
        if field.subtype == "time":
            return moment.strftime("%H:%M")
        return moment.isoformat(timespec="minutes")

    def _text(self, field: Field) -> str:
        kind = field.rules.get("validationType")
        if kind == "email":
            return "iemand@voorbeeld.example"
        if kind == "phone":
            return "06 12345678"
        least = int(str(field.rules.get("minLength") or 1))
        most = int(str(field.rules.get("maxLength") or 60))
        said = self.random.choice(("Zo gezegd.", "Ja, later", "Twee keer: morgen en straks"))
        return said.ljust(least, ".")[:most]

    def _worked_out(self, expression: str, scope: Mapping[str, Any]) -> Any:
        try:
            return feel.compile(expression).evaluate(scope, now=self.now)
        except feel.FeelError:
            return None


def _inside(answers: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    for key in path:
        answers = answers.setdefault(key, {})
    return answers
