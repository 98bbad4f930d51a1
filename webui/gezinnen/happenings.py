"""The chronology in words: what the family file and the process tell, joined by time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.file.chronology import Entry
from engine.runtime.models import AuditEvent, ProcessInstance
from engine.runtime.past import past_of_trajectory
from webui.gezinnen.mends import mended, mended_detail
from webui.gezinnen.models import Happening
from webui.presentation import day_of, show_day, show_moment, show_number, show_word
from webui.words import element_name, is_timer, role_name, with_agency

CLOSE = Decimal("0.01")
"""How far a rate may be from once in whole weeks: a third of a contact is kept as 0.33."""
SHOWN_STEPS = ("completed", "triggered")
SHOWN_KINDS = ("userTask", "boundaryEvent", "intermediateCatchEvent")


def by_day(happenings: Iterable[Happening]) -> list[tuple[date, list[Happening]]]:
    """The happenings, newest first, under the business day of each."""
    ordered = sorted(happenings, key=lambda happening: happening.at, reverse=True)
    return [(day, list(group)) for day, group in groupby(ordered, lambda one: day_of(one.at))]


def of_file(
    entries: Sequence[Entry], package: Package, in_contacts: Collection[UUID | None]
) -> list[Happening]:
    """The family file's entries in words.

    A form that wrote a contact (``in_contacts``) is told with the contact only.
    """
    unchanged = _unchanged_cadences(entries)
    return [
        _happening(entry, package)
        for at, entry in enumerate(entries)
        if at not in unchanged and (entry.kind != "document" or entry.object_id not in in_contacts)
    ]


def _unchanged_cadences(entries: Sequence[Entry]) -> set[int]:
    """Places of entries that set the cadence to what it was: the diagram sets it ever again."""
    places = [at for at, entry in enumerate(entries) if entry.kind == "cadence"]
    return {
        later
        for later, earlier in pairwise(places)
        if entries[later].subject == entries[earlier].subject
    }


def of_process(
    session: Session,
    trajectory_id: UUID,
    *,
    since: datetime | None,
    told: Iterable[UUID | None],
    limit: int,
) -> list[Happening]:
    """Steps of the process itself; tasks whose form is in the chronology already are left out."""
    query = (
        select(AuditEvent, User.name, ProcessInstance.package_version, ProcessInstance.process_id)
        .join(ProcessInstance, ProcessInstance.id == AuditEvent.instance_id)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(
            ProcessInstance.business_key == str(trajectory_id),
            AuditEvent.type.in_(SHOWN_STEPS),
            AuditEvent.element_kind.in_(SHOWN_KINDS),
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(AuditEvent.at >= since)
    known = set(told)
    past = past_of_trajectory(session, str(trajectory_id))
    steps = []
    for event, by, version, now_called in session.execute(query):
        if not past.holds(event.instance_id, event.id):
            continue
        version_then = past.version_at(event.instance_id, event.id, version)
        process_id = past.process_at(event.instance_id, event.id, now_called)
        package = publication.load_version(session, version_then)
        name = element_name(package, process_id, event.element_id)
        is_task = event.element_kind == "userTask"
        done = (
            event.type == "completed"
            if is_task
            else event.type == "triggered" and is_timer(package, process_id, event.element_id)
        )
        if not name or not done or (is_task and event.token_id in known):
            continue
        title = gettext("Taak afgerond: %(name)s", name=name) if is_task else name
        steps.append(
            Happening(
                "step" if is_task else "timer", event.at, title, by=(by or "") if is_task else ""
            )
        )
    return steps


def _happening(entry: Entry, package: Package) -> Happening:
    kind, title, text, extra = _words(entry, package)
    shown = entry.document_id if entry.kind in ("document", "contact", "no-show") else None
    sign = entry.subject if entry.kind == "contact" else ""
    return Happening(kind, entry.at, title, text or "", entry.by or "", extra, shown, sign)


def _words(entry: Entry, package: Package) -> tuple[str, str, str | None, str]:
    subject, text, detail = entry.subject, entry.text, entry.detail
    match entry.kind:
        case "contact":
            action = detail.get("action")
            done = gettext("Actie: %(action)s", action=action) if action else ""
            what = with_agency(show_word(subject, "contact_kind"), detail.get("agency"))
            return "contact", what, text, done
        case "no-show":
            what = with_agency(show_word(subject, "contact_kind"), detail.get("agency"))
            return "missed", gettext("%(kind)s: ging niet door", kind=what), text, ""
        case "document":
            name = with_agency(subject, detail.get("agency"))
            return "document", gettext("Formulier: %(name)s", name=name), text, ""
        case "consent":
            title = gettext("Toestemming: %(purpose)s", purpose=plain(subject))
            return "consent", title, _consent_text(detail, text), ""
        case "refusal":
            title = gettext("Geen toestemming: %(purpose)s", purpose=plain(subject))
            return "warning", title, _consent_text(detail, text), ""
        case "withdrawal":
            title = gettext("Toestemming ingetrokken: %(purpose)s", purpose=plain(subject))
            return "warning", title, _consent_text(detail, text), ""
        case "agreement":
            due = detail.get("due")
            until = gettext("Vóór %(day)s", day=show_day(due)) if due else ""
            title = (
                gettext("Afspraak: %(owner)s", owner=subject) if subject else gettext("Afspraak")
            )
            return "agreement", title, text, until
        case "agreement-done":
            return "agreement", gettext("Afspraak nagekomen"), text, ""
        case "agreement-dropped":
            return "agreement", gettext("Afspraak vervallen"), text, ""
        case "handover":
            state = show_word(detail.get("status"), "handover_status")
            return "handover", f"{subject}: {state.lower()}", text, ""
        case "life-domain-phase":
            domain = show_word(subject, "life_domain")
            return (
                "phase",
                gettext("%(domain)s: fase %(phase)s", domain=domain, phase=detail.get("phase")),
                text,
                "",
            )
        case "phase":
            return "phase", gettext("Fase %(phase)s begonnen", phase=subject), text, ""
        case "status":
            state = show_word(subject, "trajectory_status")
            return "phase", gettext("Traject: %(status)s", status=state.lower()), text, ""
        case "cadence":
            return (
                "phase",
                _cadence(subject),
                text,
                "",
            )
        case "involved":
            role = role_name(package, subject)
            return (
                "person",
                gettext(
                    "%(name)s doet mee als %(role)s", name=detail.get("name"), role=role.lower()
                ),
                text,
                "",
            )
        case "left":
            role = role_name(package, subject)
            return (
                "person",
                gettext(
                    "%(name)s is geen %(role)s meer", name=detail.get("name"), role=role.lower()
                ),
                text,
                "",
            )
        case "rescheduled":
            until = show_moment(detail.get("after"))
            title = gettext("Andere termijn: %(name)s", name=subject)
            return "rescheduled", title, text, gettext("Nu tot %(moment)s", moment=until)
        case "version":
            back = detail.get("back")
            title = (
                gettext("Terug naar versie %(number)s van de methode", number=subject)
                if back
                else gettext("Verder op versie %(number)s van de methode", number=subject)
            )
            return "mend", title, text, ""
        case "mend":
            return "mend", mended(subject, detail, package), text, mended_detail(detail, package)
        case _:
            return "note", text or subject, None, ""


def plain(purpose: str) -> str:
    """A purpose as people read it: ``informatie-delen`` → ``informatie delen``."""
    return purpose.replace("-", " ").replace("_", " ")


def _consent_text(detail: dict[str, Any], text: str | None) -> str:
    parts = [
        detail.get("giver") or "",
        gettext("aan %(recipient)s", recipient=detail["recipient"])
        if detail.get("recipient")
        else "",
        show_word(detail.get("form"), "consent_form"),
        text or "",
    ]
    return " · ".join(part for part in parts if part)


def _cadence(number: str) -> str:
    """So many contacts a week; of less than one, once in so many weeks."""
    often = Decimal(number)
    weeks = round(1 / often) if 0 < often < 1 else 0
    if weeks > 1 and abs(often - Decimal(1) / weeks) < CLOSE:
        return gettext("Contactritme: eens per %(weeks)d weken", weeks=weeks)
    return gettext("Contactritme: %(number)s per week", number=show_number(often.normalize()))
