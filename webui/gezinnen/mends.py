"""What somebody did against the drawn course, in the words of the chronology."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from engine.definitions.forms.model import Field, outside_rows
from engine.definitions.packages import Package
from webui.presentation import show_day, show_short_day
from webui.words import in_language


def mended(subject: str, detail: Mapping[str, Any], package: Package) -> str:
    """The line itself; first what it is about, where that runs beside the trajectory."""
    if beside := detail.get("beside"):
        own = {key: value for key, value in detail.items() if key != "beside"}
        name, what = in_language(beside, ""), _whole(own) or mended(subject, own, package)
        return gettext("%(name)s: %(what)s", name=name, what=what)
    name = subject or gettext("een stap")
    match detail.get("kind"):
        case "undone":
            what = mended(subject, detail.get("of") or {}, package)
            return gettext("Ongedaan gemaakt: %(what)s", what=what)
        case "skipped":
            return gettext("Overgeslagen: %(name)s", name=name)
        case "repeated":
            return gettext("Opnieuw begonnen: %(name)s", name=name)
        case "moved":
            there = detail.get("to") or ""
            return gettext("Verplaatst: van %(name)s naar %(there)s", name=name, there=there)
        case "corrected":
            return gettext("Gegevens verbeterd")
        case "suspended":
            return gettext("Traject stilgelegd")
        case "postponed":
            return gettext("Traject blijft langer stil")
        case "resumed":
            return gettext("Traject gaat weer verder")
        case _:
            return gettext("Traject beëindigd")


def _whole(detail: Mapping[str, Any]) -> str:
    """What was done to all of what runs beside a trajectory."""
    words = {
        "suspended": gettext("stilgelegd"),
        "postponed": gettext("blijft langer stil"),
        "resumed": gettext("gaat weer verder"),
        "ended": gettext("beëindigd"),
    }
    return words.get(str(detail.get("kind")), "")


def mended_detail(detail: Mapping[str, Any], package: Package) -> str:
    """What more there is to tell: values, dates, and who may not know the family."""
    parts = [_value(name, old, new, package) for name, old, new in detail.get("values", ())]
    if review := detail.get("review"):
        day = show_day(date.fromisoformat(review))
        parts.append(gettext("Op %(day)s wordt er opnieuw naar gekeken", day=day))
    if detail.get("kind") == "resumed":
        if since := detail.get("since"):
            day = show_short_day(datetime.fromisoformat(since))
            parts.append(gettext("Lag stil sinds %(day)s", day=day))
        told = {
            "all": gettext("alle termijnen schoven op"),
            "none": gettext("termijnen bleven staan"),
            "some": gettext("sommige termijnen schoven op"),
        }
        parts.append(told.get(str(detail.get("later")), ""))
    if detail.get("safety"):
        parts.append(gettext("dit gaat over veiligheid"))
    if detail.get("role") == "process_owner":
        parts.append(gettext("door een proceseigenaar, zonder het gezin te zien"))
    return " · ".join(filter(None, parts))


def _value(name: str, before: Any, after: Any, package: Package) -> str:
    field = _field(name, package)
    label = (field.label if field else "") or name
    was, now = _told(before, field), _told(after, field)
    if before is None:
        return gettext("%(label)s: %(now)s", label=label, now=now)
    return gettext("%(label)s: van %(was)s naar %(now)s", label=label, was=was, now=now)


def _field(name: str, package: Package) -> Field | None:
    for form in package.forms.values():
        for field in outside_rows(form.fields):
            if field.process_variable and field.path and field.path[-1] == name:
                return field
    return None


def _told(value: Any, field: Field | None) -> str:
    """A value of the process, JSON-ready, as people read it."""
    if value is None:
        return gettext("leeg")
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    if isinstance(value, str | int | float):
        for option in field.options if field else ():
            if str(option.value) == str(value):
                return option.label
        return str(value)
    if isinstance(value, Mapping) and len(value) == 1:  # a date, a number, ... of FEEL
        return str(next(iter(value.values())))
    return gettext("andere waarden")
