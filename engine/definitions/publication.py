"""Publishing packages into the database, and getting published versions back.

A version never changes: its name is the hash of its content. Loaded packages are kept per
process, so that every step of every trajectory finds its version in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, undefer

from engine import feel
from engine.definitions import parts
from engine.definitions.checks import check_package
from engine.definitions.errors import PackageNotSound, UnknownVersion
from engine.definitions.expressions import body, is_feel
from engine.definitions.model import Element, Finding, Kind, Trigger
from engine.definitions.models import PackageStartEvent, PackageVersion
from engine.definitions.package_files import files_in_zip, to_zip
from engine.definitions.packages import Package

CACHED_PACKAGES: Final = 64
_STARTS: Final = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.TIMER})
_NAMED_IN_MESSAGE: Final = 5


@dataclass(frozen=True, slots=True)
class StartEvent:
    """A start event that a message, signal or timer fires, in the latest version of a package."""

    package_key: str
    version: str
    process_id: str
    element_id: str
    trigger: str
    name: str


def publish(
    session: Session, package: Package, *, at: datetime, by: UUID | None = None, reason: str = ""
) -> PackageVersion:
    """Store a package as a new version; its start events answer from the commit on.

    The same content again gives the version that there already is, in use again if it was
    retired. Whoever publishes commits.

    Raises:
        PackageNotSound: the check finds errors; ``findings`` carries everything found.
    """
    findings = check_package(package)
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise PackageNotSound(_summary(package, errors), _REMEDY, findings)
    # one publication per key at a time, so that numbers follow each other
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"package:{package.key}"},
    )
    known = session.get(PackageVersion, package.version)
    if known is not None:
        known.retired_at = None
        return known
    last = session.scalar(
        select(func.max(PackageVersion.number)).where(PackageVersion.key == package.key)
    )
    row = PackageVersion(
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
    session.add(row)
    session.flush()
    parts.offer(session, package)
    session.add_all(
        PackageStartEvent(
            version=package.version,
            process_id=process.id,
            element_id=element.id,
            trigger=trigger.value,
            name=name,
        )
        for process in package.processes.values()
        if process.executable
        for element in process.children(process.id)
        for trigger, name in _start_of(element)
    )
    session.flush()
    return row


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


def start_events(session: Session, trigger: Trigger, name: str = "") -> list[StartEvent]:
    """The start events that a message or signal of this name fires (timers have no name).

    Only the latest version in use of each package answers.
    """
    newest = (
        select(PackageVersion.version, PackageVersion.key)
        .where(PackageVersion.retired_at.is_(None))
        .distinct(PackageVersion.key)
        .order_by(PackageVersion.key, PackageVersion.number.desc())
        .subquery()
    )
    rows = session.execute(
        select(PackageStartEvent, newest.c.key)
        .join(newest, newest.c.version == PackageStartEvent.version)
        .where(PackageStartEvent.trigger == trigger.value, PackageStartEvent.name == name)
        .order_by(newest.c.key, PackageStartEvent.process_id, PackageStartEvent.element_id)
    )
    return [
        StartEvent(key, row.version, row.process_id, row.element_id, row.trigger, row.name)
        for row, key in rows
    ]


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


def _start_of(element: Element) -> list[tuple[Trigger, str]]:
    event = element.event
    if element.kind is not Kind.START_EVENT or event is None or event.trigger not in _STARTS:
        return []
    return [(event.trigger, _fixed(event.name or "") if event.name else "")]


def _fixed(name: str) -> str:
    """A message name as it is compared; FEEL without variables is evaluated."""
    if not is_feel(name):
        return name
    try:
        return str(feel.compile(body(name)).evaluate({}))
    except feel.FeelError:
        return name


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
