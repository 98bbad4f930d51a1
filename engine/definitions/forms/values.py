"""One raw answer made into a clean value, by type of field.

``json`` is what is stored and sent, ``feel`` what expressions and the process see (numbers exact,
dates as dates). ``None`` stands for "nothing filled in".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.clock import BUSINESS_ZONE
from engine.definitions.forms.family_paths import HAPPENED
from engine.definitions.forms.limits import (
    DEFAULT_MAX_LENGTH,
    MAX_CHOICES,
    MAX_DECIMALS,
    MAX_NUMBER,
    PATTERN_TEXT,
)
from engine.definitions.forms.messages import Invalid
from engine.definitions.forms.model import Field, Option
from engine.definitions.forms.patterns import safe_pattern
from engine.feel import YearsMonthsDuration

_NUMBER: Final = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?", re.ASCII)
_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,8}")
_PHONE: Final = re.compile(r"\+?[0-9 ()./-]{6,25}", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DATE_TIME: Final = re.compile(_DATE.pattern + "T" + _TIME.pattern, re.ASCII)
_YEARS: Final = range(1850, 2201)


@dataclass(frozen=True, slots=True)
class Clean:
    """A value ready for storage (``json``) and for expressions (``feel``)."""

    json: Any = None
    feel: Any = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return self.json is None or self.json in ("", [])


EMPTY: Final = Clean()


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of a field, its expressions already evaluated, and its options."""

    options: Sequence[Option] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    now: datetime | None = None


def clean(field: Field, raw: object, rules: Rules) -> Clean:
    """The clean value of an answer.

    Raises:
        Invalid: it does not fit the field.
    """
    if raw is None or raw == "":
        return EMPTY
    match field.type:
        case "textfield" | "textarea":
            return _text(field, raw, rules)
        case "number":
            return _number(field, raw, rules)
        case "checkbox":
            if not isinstance(raw, bool):
                raise Invalid("wrong-type")
            return Clean(raw, raw)
        case "radio" | "select":
            option = _option(raw, rules.options, field)
            return Clean(option, _exact(option))
        case "checklist" | "taglist":
            return _choices(raw, rules.options, field)
        case "datetime":
            return _moment(field, raw, rules)
        case _:
            return EMPTY


def _text(field: Field, raw: object, rules: Rules) -> Clean:
    if not isinstance(raw, str):
        raise Invalid("wrong-type")
    # what is far too long is refused before any work is done on it
    limit = rules.max_length if rules.max_length is not None else DEFAULT_MAX_LENGTH[field.type]
    if len(raw) > 2 * limit + 100:
        raise Invalid("too-long", limit=limit, actual=len(raw))
    text = without_control_characters(raw, lines=field.type == "textarea").strip()
    if not text:
        return EMPTY
    if len(text) > limit:
        raise Invalid("too-long", limit=limit, actual=len(text))
    if rules.min_length is not None and len(text) < rules.min_length:
        raise Invalid("too-short", limit=rules.min_length)
    kind = field.rules.get("validationType")
    if kind == "email" and not _EMAIL.fullmatch(text):
        raise Invalid("email")
    if kind == "phone" and not (_PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= 6):
        raise Invalid("phone")
    written = field.rules.get("pattern")
    pattern = safe_pattern(written) if isinstance(written, str) and written else None
    if pattern is not None and (len(text) > PATTERN_TEXT or not pattern.search(text)):
        raise Invalid("pattern")
    return Clean(text, text)


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates, but for the tabs and line ends of a text with lines."""


def without_control_characters(text: str, *, lines: bool) -> str:
    """The text without control characters and lone surrogates; line ends only if ``lines``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if lines else text.replace("\n", " ").replace("\t", " ")
    return _CONTROLS.sub("", text)


def _number(field: Field, raw: object, rules: Rules) -> Clean:
    number = _decimal(raw)
    if abs(number) > MAX_NUMBER:
        raise Invalid("number-too-big")
    exponent = number.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    allowed = field.schema.get("decimalDigits")
    limit = allowed if isinstance(allowed, int) and 0 <= allowed <= MAX_DECIMALS else MAX_DECIMALS
    if decimals > limit and number != round(number, limit):
        raise Invalid("too-many-decimals", limit=limit)
    if rules.minimum is not None and number < rules.minimum:
        raise Invalid("below-minimum", limit=rules.minimum)
    if rules.maximum is not None and number > rules.maximum:
        raise Invalid("above-maximum", limit=rules.maximum)
    value = json_number(number)
    return Clean(str(value) if field.schema.get("serializeToString") is True else value, number)


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, bool):
        raise Invalid("not-a-number")
    if isinstance(raw, int):
        if abs(raw) > MAX_NUMBER:
            raise Invalid("number-too-big")
        return Decimal(raw)
    if isinstance(raw, float | Decimal):
        number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
        if not number.is_finite():
            raise Invalid("not-a-number")
        return number
    if isinstance(raw, str) and len(raw) < 60 and _NUMBER.fullmatch(raw.strip()):
        return Decimal(raw.strip().replace(",", "."))
    raise Invalid("not-a-number")


def json_number(number: Decimal) -> int | float:
    """A number as JSON writes it."""
    return int(number) if number == number.to_integral_value() else float(number)


def _exact(value: object) -> object:
    """A JSON value as FEEL sees it: numbers as Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(repr(value))


def _option(raw: object, options: Sequence[Option], field: Field) -> Any:
    if isinstance(raw, str | int | float | bool):
        for option in options:
            if option.value == raw and isinstance(option.value, bool) == isinstance(raw, bool):
                return option.value
    raise Invalid("unknown-option", known=", ".join(str(one.value) for one in field.options))


def _choices(raw: object, options: Sequence[Option], field: Field) -> Clean:
    if not isinstance(raw, list):
        raise Invalid("wrong-type")
    if len(raw) > MAX_CHOICES:
        raise Invalid("too-many-choices", limit=MAX_CHOICES)
    chosen: list[Any] = []
    for value in raw:
        found = _option(value, options, field)
        if found not in chosen:
            chosen.append(found)
    return Clean(chosen, [_exact(value) for value in chosen])


def _moment(field: Field, raw: object, rules: Rules) -> Clean:
    code = {"date": "not-a-date", "time": "not-a-time"}.get(field.subtype, "not-a-date-time")
    pattern = {"date": _DATE, "time": _TIME}.get(field.subtype, _DATE_TIME)
    if not isinstance(raw, str) or len(raw) > 40 or not pattern.fullmatch(raw.strip()):
        raise Invalid(code)
    value: date | time | datetime
    try:
        if field.subtype == "date":
            value = date.fromisoformat(raw.strip())
        elif field.subtype == "time":
            value = time.fromisoformat(raw.strip())
        else:
            found = datetime.fromisoformat(raw.strip())
            value = found if found.tzinfo else found.replace(tzinfo=BUSINESS_ZONE)
    except ValueError:
        raise Invalid(code) from None
    if not isinstance(value, time):
        if value.year not in _YEARS:
            raise Invalid(code)
        if rules.now is not None:
            day = value.astimezone(BUSINESS_ZONE).date() if isinstance(value, datetime) else value
            today = rules.now.astimezone(BUSINESS_ZONE).date()
            if field.schema.get("disallowPassedDates") is True and day < today:
                raise Invalid("date-passed")
            if field.dossier in HAPPENED and day > today:
                raise Invalid("date-to-come")
    return Clean(value.isoformat(), value)


def to_json(value: object, depth: int = 0) -> Any:
    """A FEEL value as JSON; what JSON can't say becomes None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal | float):
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        return json_number(number) if number.is_finite() else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta | YearsMonthsDuration):
        return str(value)
    if depth > 20:
        return None
    if isinstance(value, list):
        return [to_json(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item, depth + 1) for key, item in value.items()}
    return None
