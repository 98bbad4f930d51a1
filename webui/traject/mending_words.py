"""A trajectory that is mended, in words: what it is about, where it stands, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.chain import family_names
from engine.families.mending.look import Look, Part, Place, Running
from webui.gezinnen.mends import mended, mended_detail
from webui.words import in_language, method_name, process_name, role_name


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A step where it stands, in words."""

    place: Place
    name: str
    kind: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part with its places, in words."""

    part: Part
    name: str
    places: Sequence[PlaceRow]


@dataclass(frozen=True, slots=True)
class CourseRow:
    """The trajectory, or what runs beside it, with its parts. ``part`` names it in addresses."""

    running: Running
    name: str
    part: UUID | None
    parts: Sequence[PartRow]


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """What somebody did before, in words."""

    id: UUID
    at: datetime
    by: str
    title: str
    detail: str
    reason: str
    no_undo: str | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page of mending is about. ``family_id`` is there for who leads the trajectory.

    ``part`` and ``beside`` are there for what runs beside it: how an address names it, its name.
    """

    trajectory_id: UUID
    family_id: UUID | None
    subject: str
    method: str
    suspended_since: datetime | None
    review_at: datetime | None
    part: UUID | None = None
    beside: str = ""
    urgent: bool = False
    running: bool = False


def heading(
    session: Session, actor: Actor, found: Look, now: datetime, running: Running | None = None
) -> Heading:
    """The heading: the family's name for who leads it, an id for who owns the process."""
    trajectory = found.trajectory
    package = publication.load_version(session, trajectory.package_version)
    subject = short_id(trajectory.id)
    if found.leads:
        names = family_names(session, actor, [trajectory.id], now=now)
        subject = names.get(trajectory.id, subject)
    return Heading(
        trajectory.id,
        trajectory.family_id if found.leads else None,
        subject,
        method_name(package, trajectory.package_key),
        running.suspended_since if running is not None else None,
        running.review_at if running is not None else None,
        _address(running) if running is not None else None,
        course_name(running) if running is not None else "",
        running is not None and running.course.urgent,
        running is not None,
    )


def course_name(running: Running) -> str:
    """What runs beside a trajectory; empty for the trajectory itself."""
    names = running.course.names
    return "" if names is None else in_language(names, "")


def _address(running: Running) -> UUID | None:
    return None if running.course.names is None else running.course.root_id


def course_rows(session: Session, found: Look) -> list[CourseRow]:
    """All that runs, the trajectory itself first."""
    return [
        CourseRow(one, course_name(one), _address(one), part_rows(session, found, one))
        for one in found.running
    ]


def short_id(trajectory_id: UUID) -> str:
    """A trajectory for who knows no family: the beginning of its id."""
    return gettext("Traject %(id)s", id=str(trajectory_id)[:8])


def part_rows(session: Session, found: Look, running: Running) -> list[PartRow]:
    """The parts with where they stand."""
    method = publication.load_version(session, found.trajectory.package_version)
    rows = []
    for part in running.parts:
        package = publication.load_version(session, part.package_version)
        name = process_name(package, part.process_id)
        places = [place_row(method, package, part, one) for one in part.places]
        rows.append(PartRow(part, name, places))
    return rows


def earlier_rows(session: Session, found: Look) -> list[EarlierRow]:
    """What people did before, as the chronology says it."""
    package = publication.load_version(session, found.trajectory.package_version)
    return [
        EarlierRow(
            one.id,
            one.at,
            one.by or "",
            mended(one.name or "", one.detail, package),
            mended_detail(one.detail, package),
            one.reason or "",
            one.no_undo,
            one.undo_until,
        )
        for one in found.earlier
    ]


def place_row(method: Package, package: Package, part: Part, place: Place) -> PlaceRow:
    """A place in words."""
    process = package.processes.get(part.process_id)
    element = process.elements.get(place.element_id) if process else None
    user = element.user if element else None
    role = user.candidate_groups if user else None
    kind = kind_in_words(place.kind)
    if place.kind == "user" and role and not role.startswith("="):
        kind = gettext("Taak voor: %(role)s", role=role_name(method, role, package))
    name = place.name or unnamed(place.element_kind, place.element_id)
    if place.within:
        name = f"{place.within}: {name}"
    return PlaceRow(place, name, kind, place.kind == "incident")


def kind_in_words(kind: str) -> str:
    """What a place waits for."""
    words = {
        "user": gettext("Taak"),
        "timer": gettext("Wacht op een tijdstip"),
        "message": gettext("Wacht op een bericht"),
        "signal": gettext("Wacht op een bericht"),
        "condition": gettext("Wacht tot iets waar is"),
        "several": gettext("Wacht op wat in het diagram staat"),
        "child": gettext("Deel dat nu loopt"),
        "scope": gettext("Deel dat nu loopt"),
        "job": gettext("Wacht op verzending"),
        "join": gettext("Wacht op een andere weg in het diagram"),
        "incident": gettext("Technisch vastgelopen; de beheerder ziet het ook"),
    }
    return words.get(kind, gettext("Wacht op een ander deel"))


def unnamed(element_kind: str, element_id: str) -> str:
    """What an element without a name is called."""
    words = {
        "exclusiveGateway": gettext("Keuze"),
        "inclusiveGateway": gettext("Keuze"),
        "parallelGateway": gettext("Splitsing"),
        "eventBasedGateway": gettext("Wachten op wat het eerst komt"),
        "endEvent": gettext("Einde"),
        "intermediateCatchEvent": gettext("Wachten"),
    }
    return f"{words.get(element_kind, gettext('Stap'))} ({element_id})"
