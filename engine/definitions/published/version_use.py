"""Taking a published version out of use and into use again, with the reason and who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.checks import asked_of_others, check_package
from engine.definitions.errors import DefinitionError, UnknownVersion
from engine.definitions.published import publication
from engine.definitions.published.care_models import VersionUse
from engine.definitions.published.models import PackageVersion
from engine.definitions.references import Binding


class StillCalled(DefinitionError):
    """Without the version another package would no longer be right."""

    code = "version-still-called"


def callers(session: Session, key: str) -> Sequence[PackageVersion]:
    """The packages in use, in their newest version, that call something of this one."""
    own = publication.latest(session, key)
    if own is None:
        return ()
    package = publication.load_version(session, own.version)
    return [
        row
        for row in publication.all_latest(session)
        if row.key != key
        and any(
            package.provides(replace(one, binding=Binding.LATEST))
            for one in asked_of_others(publication.load_version(session, row.version))
        )
    ]


def next_after(session: Session, version: str) -> PackageVersion | None:
    """The version that new trajectories follow once this one is out of use, if any.

    Raises:
        UnknownVersion: there is no such version.
    """
    left = (
        one
        for one in publication.versions(session, _row(session, version).key)
        if one.retired_at is None and one.version != version
    )
    return next(left, None)


def retire(session: Session, version: str, *, reason: str, at: datetime, by: UUID | None) -> None:
    """Let nothing new start on a version; what runs on it goes on.

    Raises:
        UnknownVersion: there is no such version.
        StillCalled: another package in use cannot do without it. Whoever retires rolls back.
    """
    publication.one_at_a_time(session)
    row = _row(session, version)
    if row.retired_at is not None:
        return
    calling = callers(session, row.key)
    before = {one.key: _errors(session, one) for one in calling}
    publication.retire(session, version, at=at)
    session.flush()
    broken = [one.key for one in calling if _errors(session, one) - before[one.key]]
    if broken:
        raise StillCalled(
            f"Deze versie is nog nodig voor: {', '.join(broken)}.",
            "Publiceer eerst een versie van dit pakket die daarbij past, of pas die aan.",
        )
    _note(session, version, in_use=False, reason=reason, at=at, by=by)


def take_into_use(
    session: Session, version: str, *, reason: str, at: datetime, by: UUID | None
) -> None:
    """Let new trajectories follow a retired version again, if it is the newest one in use then.

    Raises:
        UnknownVersion: there is no such version.
        PackageNotSound: it does not fit the other packages any more.
    """
    publication.one_at_a_time(session)
    row = _row(session, version)
    if row.retired_at is None:
        return
    publication.require_sound(session, publication.load_version(session, version))
    row.retired_at = None
    _note(session, version, in_use=True, reason=reason, at=at, by=by)


def uses(session: Session, version: str) -> Sequence[VersionUse]:
    """When a version went out of use and into use again; the latest first."""
    return session.scalars(
        select(VersionUse).where(VersionUse.version == version).order_by(VersionUse.id.desc())
    ).all()


def _errors(session: Session, row: PackageVersion) -> set[tuple[str, str, str]]:
    package = publication.load_version(session, row.version)
    return {
        (one.rule, one.file, one.element_id)
        for one in check_package(package, publication.published_beside(session, row.key))
        if one.level == "error"
    }


def _row(session: Session, version: str) -> PackageVersion:
    row = session.get(PackageVersion, version)
    if row is None:
        raise UnknownVersion(
            f"Er is geen gepubliceerde versie ‘{version[:12]}’.", "Kies een versie uit de lijst."
        )
    return row


def _note(
    session: Session, version: str, *, in_use: bool, reason: str, at: datetime, by: UUID | None
) -> None:
    session.add(VersionUse(version=version, in_use=in_use, at=at, by=by, reason=reason))
    session.flush()
