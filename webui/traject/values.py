"""Values of process variables as people who never programmed see and change them.

A variable that a form of the package asks is shown with that form's words and choices. What no form
asks is written as FEEL, for who knows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from engine.clock import BUSINESS_ZONE
from engine.definitions.forms import Form
from engine.definitions.forms.model import CHOICES_ONE, Field, outside_rows
from engine.families.mending.incidents import KEPT
from engine.feel.values import to_json
from webui.beheer.values import NotAValue, kind_in_words, typed, written
from webui.presentation import local, show_day, show_moment

NEW, SEEN = "v-", "s-"
NOTHING = "-"
"""What a list of choices says for: no value."""

_CONTROLS = {"checkbox": "yesno", "number": "number", "textfield": "text", "textarea": "text"}


@dataclass(frozen=True, slots=True)
class Value:
    """A variable as it is shown.

    Attributes:
        control: ``choice``, ``yesno``, ``number``, ``date``, ``moment``, ``text`` or ``literal``
            (FEEL); how it is changed.
        now: as people read it; ``typed``: as it stands in its control.
        seen: what it was, to tell whether it changed meanwhile.
    """

    name: str
    label: str
    control: str
    now: str = ""
    typed: str = ""
    seen: str = "null"
    kind: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether a form asks it, so that its words are known."""
        return self.control != "literal"


def asked_by(form: Form | None) -> list[Value]:
    """The values that a form would give the process; not those from lists of the family."""
    return [] if form is None else [one for one in _fields([form]).values() if one.plain]


def values_of(
    variables: Mapping[str, Any], own: Iterable[Form], others: Iterable[Form]
) -> list[Value]:
    """The variables that may be corrected: those in a form's words first.

    ``own`` are the forms of the part's own tasks; words of ``others`` count where all of them
    that ask a variable ask it in the same way.
    """
    known = {**_unanimous(others), **_fields(own)}
    shown = [
        _shown(name, value, known.get(name))
        for name, value in variables.items()
        if name not in KEPT
    ]
    return sorted(shown, key=lambda one: (not one.plain, one.label.casefold()))


def given_values(
    values: Iterable[Value], given: Mapping[str, str], now: datetime, errors: dict[str, str]
) -> dict[str, Any]:
    """What was changed, by name; what is wrong with it goes into ``errors``."""
    found: dict[str, Any] = {}
    for one in values:
        key = f"{NEW}{one.name}"
        text = given.get(key, "").strip()
        if text in ("", one.typed):
            continue
        try:
            found[one.name] = _parsed(one, text, now)
        except (ValueError, InvalidOperation, OverflowError) as error:
            told = str(error) if isinstance(error, NotAValue) else ""
            errors[key] = told or gettext("Dit past hier niet. Kies of typ een andere waarde.")
    return found


def seen_values(names: Iterable[str], given: Mapping[str, str]) -> dict[str, Any]:
    """What the person saw of these variables, JSON-ready."""
    found: dict[str, Any] = {}
    for name in names:
        try:
            found[name] = json.loads(given.get(f"{SEEN}{name}", ""))
        except ValueError:
            continue
    return found


def _fields(forms: Iterable[Form]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for form in forms:
        for field in outside_rows(form.fields):
            if field.process_variable and field.path and field.path[-1] not in found:
                found[field.path[-1]] = _asked(field)
    return found


def _unanimous(forms: Iterable[Form]) -> dict[str, Value]:
    found: dict[str, set[Value]] = {}
    for form in forms:
        for name, one in _fields([form]).items():
            found.setdefault(name, set()).add(one)
    return {name: next(iter(same)) for name, same in found.items() if len(same) == 1}


def _asked(field: Field) -> Value:
    name, label = field.path[-1], field.label or field.path[-1]
    if field.type in CHOICES_ONE and field.options and not field.options_key:
        options = tuple((str(one.value), one.label) for one in field.options)
        return Value(name, label, "choice", options=options)
    if field.type == "datetime":
        control = {"date": "date", "datetime": "moment"}.get(field.subtype, "literal")
        return Value(name, label, control)
    return Value(name, label, _CONTROLS.get(field.type, "literal"))


def _shown(name: str, value: Any, asked: Value | None) -> Value:
    seen, kind = json.dumps(to_json(value), ensure_ascii=False), kind_in_words(value)
    known = asked if asked is not None and _fits(value, asked) else None
    if known is None:
        text = written(value)
        return Value(name, asked.label if asked else name, "literal", text, "", seen, kind)
    return Value(
        name, known.label, known.control, _told(value, known), _typed(value), seen, kind,
        known.options,
    )  # fmt: skip


def _fits(value: Any, asked: Value) -> bool:
    if value is None:
        return asked.plain
    types: dict[str, tuple[type, ...]] = {
        "choice": (str,),
        "yesno": (bool,),
        "number": (Decimal, int),
        "date": (date,),
        "moment": (datetime,),
        "text": (str,),
    }
    if asked.control == "choice" and value not in dict(asked.options):
        return False
    wanted = types.get(asked.control, ())
    exact = not (asked.control == "date" and isinstance(value, datetime))
    plain_number = not (asked.control == "number" and isinstance(value, bool))
    return isinstance(value, wanted) and exact and plain_number


def _told(value: Any, asked: Value) -> str:
    if value is None:
        return gettext("leeg")
    if asked.control == "choice":
        return dict(asked.options).get(value, value)
    if asked.control == "yesno":
        return gettext("ja") if value else gettext("nee")
    if asked.control == "date":
        return show_day(value)
    return show_moment(value) if asked.control == "moment" else str(value)


def _typed(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%dT%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _parsed(one: Value, text: str, now: datetime) -> Any:
    """The value that was chosen or typed.

    Raises:
        ValueError, InvalidOperation: it is none.
    """
    if one.plain and text == NOTHING:
        return None
    match one.control:
        case "choice":
            if text not in dict(one.options):
                raise ValueError(text)
            return text
        case "yesno":
            return {"ja": True, "nee": False}[text] if text in ("ja", "nee") else _refuse(text)
        case "number":
            number = Decimal(text.replace(",", "."))
            return number if number.is_finite() else _refuse(text)
        case "date":
            return date.fromisoformat(text)
        case "moment":
            return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)
        case "text":
            return text if len(text) <= 200 else _refuse(text)
        case _:
            return typed(text, now)


def _refuse(text: str) -> Any:
    raise ValueError(text)
