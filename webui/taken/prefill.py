"""What the family file knows already, put into a form, so that nobody is asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from engine.definitions.forms import Form
from engine.definitions.forms.model import outside_rows
from engine.families.file.overview import FamilyOverview
from engine.families.tasks.shown_subjects import ShownMeeting
from webui.presentation import local
from webui.taken.variables import asks_for_known
from webui.words import in_family_order

QUARTER = 15


def known_answers(form: Form, overview: FamilyOverview, now: datetime) -> dict[str, Any]:
    """Answers by field key, for the fields that the form binds to the file.

    Single facts of the family, the latest phases and levels of concern, and "now" for a contact.
    Lists (members, goals, agreements) are never filled in: sending them would add them again. But
    people, in a list that asks for it (``bekend``): who is known by name is not added again.
    """
    known = _known(overview)
    answers: dict[str, Any] = known_people(form, overview, only_asked=True)
    for found in outside_rows(form.fields):
        if not found.dossier or not found.path or found.type == "dynamiclist":
            continue
        value = known.get(found.dossier)
        if found.dossier == "contact.datum":
            value = moment_of_contact(now, found.subtype)
        if value not in (None, ""):
            put(answers, found.path, value)
    return answers


def known_people(
    form: Form, overview: FamilyOverview, *, only_asked: bool = False
) -> dict[str, Any]:
    """The rows of the form's lists of family members and network members.

    For a form that begins a trajectory: sent in again, who is known by name is not added again.
    With ``only_asked``, of those lists that have the property ``bekend``.
    """
    known: dict[str, list[dict[str, Any]]] = {
        "gezinsleden": [
            {
                "naam": one.name,
                "rol": one.role,
                "geboortedatum": one.birth_date and one.birth_date.isoformat(),
                "gezag": one.has_authority,
            }
            for one in in_family_order(overview.members)
        ],
        "netwerk": [
            {
                "naam": one.name,
                "relatie": one.relation,
                "telefoon": one.phone,
                "steun": one.support,
            }
            for one in overview.network
        ],
    }
    answers: dict[str, Any] = {}
    for found in outside_rows(form.fields):
        rows = known.get(found.dossier or "")
        if only_asked and not asks_for_known(found):
            continue
        if found.type == "dynamiclist" and found.path and rows:
            keys = {child.key for child in found.children}
            filled = [
                {key: value for key, value in row.items() if key in keys and value is not None}
                for row in rows
            ]
            put(answers, found.path, filled)
    return answers


def meeting_answers(form: Form, meeting: ShownMeeting) -> dict[str, Any]:
    """What the file knows of a meeting, for a form that says it anew: its lists replace the old."""
    told = {
        "overleg.plaats": meeting.place,
        "overleg.voorzitter": meeting.chair,
        "overleg.woordvoerder": meeting.spokesperson,
        "overleg.agenda": [{"onderwerp": key, "punt": text} for key, text in meeting.raw_agenda],
        "overleg.verslag": [{"onderwerp": key, "tekst": text} for key, text in meeting.raw_minutes],
    }
    answers: dict[str, Any] = {}
    for found in outside_rows(form.fields):
        value = told.get(found.dossier or "")
        if value and found.path:
            put(answers, found.path, value)
    return answers


def lists_used(form: Form, lists: Mapping[str, Any]) -> dict[str, Any]:
    """The lists that a form chooses from, as ``drawn`` calls them: no others reach the page."""
    names = {below.options_key for found in form.fields for below in found.walk()}
    called = _called(form)
    return {called.get(name, name): lists[name] for name in names if name and name in lists}


def drawn(form: Form) -> dict[str, Any]:
    """The form as the page draws it.

    A list of the product has a name of its own where the form asks something under that name:
    form-js has one place for both, and would make a row of every choice.
    """
    called = _called(form)
    schema = dict(form.schema)
    return cast(dict[str, Any], _renamed(schema, called)) if called else schema


def _called(form: Form) -> dict[str, str]:
    """New names of the lists that are called as something which the form asks."""
    asked = {found.path[0] for found in outside_rows(form.fields) if found.path}
    names = {below.options_key for found in form.fields for below in found.walk()}
    return {name: f"lijst-{name}" for name in names & asked if name}


def _renamed(part: Any, called: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_renamed(one, called) for one in part]
    if not isinstance(part, Mapping):
        return part
    made = {key: _renamed(inner, called) for key, inner in part.items()}
    if part.get("valuesKey") in called:
        made["valuesKey"] = called[part["valuesKey"]]
    return made


def _known(overview: FamilyOverview) -> dict[str, Any]:
    family = overview.family
    known: dict[str, Any] = {
        "gezin.naam": family.name,
        "gezin.taal": family.language,
        "gezin.tolk": None if family.interpreter_need == "onbekend" else family.interpreter_need,
        "gezin.adres": family.address,
        "gezin.telefoon": family.phone,
    }
    known |= {f"fase.{domain}": phase for domain, phase in overview.phases.items()}
    known |= {f"zorg.{one.domain}.{one.item}": one.latest for one in overview.concerns}
    return known


def moment_of_contact(now: datetime, subtype: str) -> str:
    """Now, to the quarter of an hour before, as form-js writes dates, times or both."""
    here = local(now)
    here = here.replace(minute=here.minute - here.minute % QUARTER, second=0, microsecond=0)
    if subtype == "time":
        return here.strftime("%H:%M")
    return here.date().isoformat() if subtype == "date" else here.isoformat(timespec="minutes")


def put(answers: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        answers = answers.setdefault(key, {})
    answers[path[-1]] = value
