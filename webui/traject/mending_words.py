"""A trajectory that is mended, in words: where it stands, and what would come of something."""

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
from engine.execution.standing import REVIEW
from engine.families.chain import family_names
from engine.families.mending.interventions import Change, Outcome
from engine.families.mending.look import Look, Part, Place
from webui.gezinnen.mends import mended, mended_detail
from webui.words import element_name, method_name, process_name, role_name


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
class EarlierRow:
    """What somebody did before, in words."""

    at: datetime
    by: str
    title: str
    detail: str
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page of mending is about. ``family`` is there for who leads the trajectory."""

    trajectory_id: UUID
    family_id: UUID | None
    subject: str
    method: str
    suspended_since: datetime | None
    review_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of it, as sentences; ``warnings`` is what somebody must know first."""

    begins: Sequence[str]
    stops: Sequence[str]
    warnings: Sequence[str]


def heading(session: Session, actor: Actor, found: Look, now: datetime) -> Heading:
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
        trajectory.suspended_since,
        trajectory.review_at,
    )


def short_id(trajectory_id: UUID) -> str:
    """A trajectory for who knows no family: the beginning of its id."""
    return gettext("Traject %(id)s", id=str(trajectory_id)[:8])


def part_rows(session: Session, found: Look) -> list[PartRow]:
    """The parts with where they stand."""
    method = publication.load_version(session, found.trajectory.package_version)
    rows = []
    for part in found.parts:
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
            one.at,
            one.by or "",
            mended(one.name or "", one.detail, package),
            mended_detail(one.detail, package),
            one.reason or "",
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


def preview(session: Session, outcome: Outcome, method: Package) -> Preview:
    """What would come of it, in sentences."""
    begins = [text for one in outcome.begins if (text := _begins(session, one, method))]
    stops = [
        gettext("Stopt: %(name)s", name=_name(session, one))
        for one in outcome.stops
        if one.one.kind in ("user", "child", "incident", "job", "scope")
    ]
    warnings = [
        gettext("Daarna loopt het vast bij “%(name)s”: %(why)s", name=_name(session, one),
                why=one.one.details.get("message", ""))
        for one in outcome.begins
        if one.one.kind == "incident"
    ]  # fmt: skip
    for version, process_id in outcome.ended:
        name = process_name(publication.load_version(session, version), process_id)
        warnings.append(gettext("“%(name)s” is dan afgelopen.", name=name))
    unique = dict.fromkeys
    return Preview(list(unique(begins)), list(unique(stops)), list(unique(warnings)))


def _begins(session: Session, change: Change, method: Package) -> str:
    one, name = change.one, _name(session, change)
    package = publication.load_version(session, change.package_version)
    if one.kind == "user":
        role = role_name(method, one.details.get("role"), package)
        return gettext("Begint: taak “%(name)s” voor %(role)s", name=name, role=role.lower())
    if one.kind == "timer":
        return gettext("Gaat lopen: termijn “%(name)s”", name=name)
    if one.kind == "child":
        return gettext("Begint: deel “%(name)s”", name=name)
    if one.kind in ("message", "signal") and one.host_id is None:
        return gettext("Gaat wachten: “%(name)s”", name=name)
    return ""


def _name(session: Session, change: Change) -> str:
    one = change.one
    if one.element_name == REVIEW:
        return gettext("Beoordelen of dit traject weer verder kan")
    package = publication.load_version(session, change.package_version)
    return (
        one.element_name
        or element_name(package, change.process_id, one.host_id or "")
        or unnamed(one.element_kind, one.element_id)
    )
