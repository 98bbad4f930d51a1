"""Publishing packages into the database, and getting published versions back.

A version never changes: its name is the hash of its content. Loaded packages are kept per
process, so that every step of every trajectory finds its version in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, undefer

from engine.definitions import manifest as manifests
from engine.definitions.checks import asked_of_others, check_package
from engine.definitions.errors import PackageNotSound, UnknownVersion
from engine.definitions.model import Finding
from engine.definitions.neighbours import Neighbours, in_order_of_calls
from engine.definitions.package_files import files_in_zip, to_zip
from engine.definitions.packages import Package
from engine.definitions.published import parts, starts
from engine.definitions.published.models import PackageVersion
from engine.definitions.reporting import Place, Reporter
from engine.definitions.templates import Templates

CACHED_PACKAGES: Final = 64
_NAMED_IN_MESSAGE: Final = 5


@dataclass(frozen=True, slots=True)
class Published:
    """A version as it is in the database now, and what its check found."""

    version: PackageVersion
    findings: Sequence[Finding]


def publish(
    session: Session, package: Package, *, at: datetime, by: UUID | None = None, reason: str = ""
) -> PackageVersion:
    """Store a package as a new version; its start events answer from the commit on.

    The same content again gives the version that there already is, in use again if it was
    retired. Whoever publishes commits.

    Raises:
        PackageNotSound: the check finds errors; ``findings`` carries everything found.
    """
    [published] = publish_all(session, [package], at=at, by=by, reason=reason)
    return published.version


def publish_all(
    session: Session,
    packages: Sequence[Package],
    *,
    at: datetime,
    by: UUID | None = None,
    reason: str = "",
    templates: Templates | None = None,
) -> list[Published]:
    """Store several packages, which may call each other, in the order in which they do.

    With the element ``templates`` that they are drawn with, the findings tell what misfits them.

    Raises:
        PackageNotSound: the check of one finds errors, or two have one key; none is published then.
    """
    _require_one_of_each(packages)
    one_at_a_time(session)
    checked = [
        (package, require_sound(session, package, packages, templates))
        for package in in_order_of_calls(packages)
    ]
    new = [package for package, _findings in checked if not _in_use_again(session, package)]
    for package in new:
        _store(session, package, at, by, reason)
    for package in new:  # after all of them are there: they may be bound to each other
        parts.bind(session, package.version, asked_of_others(package))
    session.flush()
    return [
        Published(session.get_one(PackageVersion, package.version), findings)
        for package, findings in checked
    ]


def one_at_a_time(session: Session) -> None:
    """Wait until nobody else publishes; holds until the transaction ends.

    So numbers follow each other, no id is taken twice, and what is in use stays that.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('packages', 0))"))


def require_sound(
    session: Session,
    package: Package,
    together: Sequence[Package] = (),
    templates: Templates | None = None,
) -> Sequence[Finding]:
    """What the check finds in a package beside the others that there are; no errors.

    Raises:
        PackageNotSound: there are errors; ``findings`` carries everything found.
    """
    beside = published_beside(session, package.key, together)
    findings = check_package(package, replace(beside, templates=templates))
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise PackageNotSound(_summary(package, errors), _REMEDY, findings)
    return findings


def _require_one_of_each(packages: Sequence[Package]) -> None:
    versions: dict[str, str] = {}
    for package in packages:
        if versions.setdefault(package.key, package.version) == package.version:
            continue
        report = Reporter(manifests.FILE)
        report.error(
            "package-twice",
            Place(package.key),
            f"Er zijn twee verschillende pakketten met de sleutel ‘{package.key}’.",
            "Publiceer er een van, of geef het andere een eigen sleutel.",
        )
        raise PackageNotSound(_summary(package, report.findings), _REMEDY, report.findings)


def _in_use_again(session: Session, package: Package) -> bool:
    known = session.get(PackageVersion, package.version)
    if known is not None:
        known.retired_at = None
    return known is not None


def _store(session: Session, package: Package, at: datetime, by: UUID | None, reason: str) -> None:
    last = session.scalar(
        select(func.max(PackageVersion.number)).where(PackageVersion.key == package.key)
    )
    session.add(
        PackageVersion(
            version=package.version,
            key=package.key,
            number=(last or 0) + 1,
            names=dict(package.names),
            published_at=at,
            published_by=by,
            reason=reason,
            content=to_zip(package.files),
            retired_at=None,
        )
    )
    session.flush()
    parts.offer(session, package)
    starts.note(session, package)
    session.flush()


def published_beside(session: Session, key: str, together: Sequence[Package] = ()) -> Neighbours:
    """The packages that a package with this key may call once it is published.

    ``together`` are those that are published with it; they count instead of what there was.
    """
    replaced = {key, *(package.key for package in together)}
    there = [
        load_version(session, row.version) for row in all_latest(session) if row.key not in replaced
    ]
    beside = [package for package in together if package.key != key]
    return Neighbours((*there, *beside), parts.tags_with(session, beside))


def latest(session: Session, key: str) -> PackageVersion | None:
    """The newest version of a package that is not retired."""
    return session.scalar(
        select(PackageVersion)
        .where(PackageVersion.key == key, PackageVersion.retired_at.is_(None))
        .order_by(PackageVersion.number.desc())
        .limit(1)
    )


def all_latest(session: Session) -> Sequence[PackageVersion]:
    """The newest version in use of every package, by key."""
    return session.scalars(
        select(PackageVersion)
        .where(PackageVersion.retired_at.is_(None))
        .distinct(PackageVersion.key)
        .order_by(PackageVersion.key, PackageVersion.number.desc())
    ).all()


def versions(session: Session, key: str) -> Sequence[PackageVersion]:
    """Every version of a package, newest first, the retired ones included."""
    return session.scalars(
        select(PackageVersion)
        .where(PackageVersion.key == key)
        .order_by(PackageVersion.number.desc())
    ).all()


def retire(session: Session, version: str, *, at: datetime) -> None:
    """Let nothing new start on a version; what runs on it goes on.

    Raises:
        UnknownVersion: nothing was published under this hash.
    """
    row = session.get(PackageVersion, version)
    if row is None:
        raise _unknown(version)
    if row.retired_at is None:
        row.retired_at = at


def load_version(session: Session, version: str) -> Package:
    """The package published under a content hash; from memory when it was loaded before.

    Raises:
        UnknownVersion: nothing was published under this hash.
    """
    package = _cache.get(version)
    if package is None:
        row = session.get(PackageVersion, version, options=[undefer(PackageVersion.content)])
        if row is None:
            raise _unknown(version)
        package = Package(files_in_zip(row.content, f"{row.key}.zip"), name=row.key)
        _cache.put(version, package)
    return package


class _Cache:
    """The most recently used packages. They are immutable, so any thread may share them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._packages: OrderedDict[str, Package] = OrderedDict()

    def get(self, version: str) -> Package | None:
        with self._lock:
            package = self._packages.get(version)
            if package is not None:
                self._packages.move_to_end(version)
            return package

    def put(self, version: str, package: Package) -> None:
        with self._lock:
            self._packages[version] = package
            self._packages.move_to_end(version)
            while len(self._packages) > self._size:
                self._packages.popitem(last=False)


_cache = _Cache(CACHED_PACKAGES)
_REMEDY: Final = "Verbeter wat ‘package check’ noemt en publiceer opnieuw."


def _summary(package: Package, errors: Sequence[Finding]) -> str:
    named = "; ".join(error.message for error in errors[:_NAMED_IN_MESSAGE])
    more = len(errors) - _NAMED_IN_MESSAGE
    rest = f" … en nog {more}." if more > 0 else ""
    return f"Pakket ‘{package.key}’ heeft {len(errors)} fout(en): {named}{rest}"


def _unknown(version: str) -> UnknownVersion:
    return UnknownVersion(
        f"Er is geen gepubliceerde versie ‘{version[:12]}’.",
        "Publiceer het pakket.",
        version=version,
    )
