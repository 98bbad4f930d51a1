"""What would come of a mend, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.execution.standing import REVIEW
from engine.families.mending.outcomes import Change, Outcome
from webui.presentation import show_moment
from webui.traject.mending_words import unnamed
from webui.words import element_name, process_name, role_name


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of it, as sentences; ``warnings`` is what somebody must know first.

    ``final``: why it cannot be undone afterwards.
    """

    begins: Sequence[str]
    stops: Sequence[str]
    warnings: Sequence[str]
    final: str = ""


def preview(session: Session, outcome: Outcome, method: Package, now: datetime) -> Preview:
    """What would come of it, in sentences."""
    stops = [text for one in outcome.stops if (text := _stops(session, one))]
    stops += [text for one in outcome.rests if (text := _rests(session, one))]
    begins = [text for one in outcome.returns if (text := _returns(session, one, now))]
    begins += [text for one in outcome.begins if (text := _begins(session, one, method))]
    unique = dict.fromkeys
    return Preview(
        list(unique(begins)),
        list(unique(stops)),
        list(unique(_warnings(session, outcome))),
        outcome.final or "",
    )


def _warnings(session: Session, outcome: Outcome) -> Iterator[str]:
    for one in outcome.begins:
        if one.one.kind == "incident":
            why = one.one.details.get("message", "")
            yield gettext(
                "Daarna loopt het vast bij “%(name)s”: %(why)s", name=_name(session, one), why=why
            )
    for version, process_id in outcome.ended:
        name = process_name(publication.load_version(session, version), process_id)
        yield gettext("“%(name)s” is dan afgelopen.", name=name)


def _stops(session: Session, change: Change) -> str:
    one, name = change.one, _name(session, change)
    kind = one.name if one.kind == "suspended" else one.kind
    if kind == "timer" and one.due_at is not None:
        return gettext(
            "Vervalt: termijn “%(name)s” van %(moment)s", name=name, moment=show_moment(one.due_at)
        )
    if kind in ("user", "child", "incident", "job", "scope"):
        return gettext("Stopt: %(name)s", name=name)
    return ""


def _rests(session: Session, change: Change) -> str:
    one, name = change.one, _name(session, change)
    moment = show_moment(one.due_at) if one.due_at is not None else ""
    if one.name == "timer":
        return gettext("Loopt niet: termijn “%(name)s” van %(moment)s", name=name, moment=moment)
    if one.name == "job":
        return gettext("Wacht met versturen: “%(name)s”", name=name)
    if moment:
        return gettext("Ligt stil: taak “%(name)s”, einddatum %(moment)s", name=name, moment=moment)
    return gettext("Ligt stil: taak “%(name)s”", name=name)


def _returns(session: Session, change: Change, now: datetime) -> str:
    one, name = change.one, _name(session, change)
    was = change.was.due_at if change.was is not None else None
    if one.kind == "job":
        return gettext("Wordt weer verstuurd: “%(name)s”", name=name)
    dated = _dated(was, one.due_at)
    if one.kind == "user":
        return gettext("Komt terug: taak “%(name)s”", name=name) + dated
    if one.due_at is not None and one.due_at <= now:
        return gettext(
            "Gaat meteen af: termijn “%(name)s” van %(moment)s",
            name=name,
            moment=show_moment(one.due_at),
        )
    return gettext("Loopt weer: termijn “%(name)s”", name=name) + dated


def _dated(before: datetime | None, after: datetime | None) -> str:
    if after is None:
        return ""
    if before is None or before == after:
        return gettext(", tot %(moment)s", moment=show_moment(after))
    return gettext(
        ", van %(before)s naar %(after)s", before=show_moment(before), after=show_moment(after)
    )


def _begins(session: Session, change: Change, method: Package) -> str:
    one, name = change.one, _name(session, change)
    package = publication.load_version(session, change.package_version)
    dated = _dated(None, one.due_at)
    if one.kind == "user":
        role = role_name(method, one.details.get("role"), package)
        begins = gettext("Begint: taak “%(name)s” voor %(role)s", name=name, role=role.lower())
        return begins + dated
    if one.kind == "timer":
        return gettext("Gaat lopen: termijn “%(name)s”", name=name) + dated
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
