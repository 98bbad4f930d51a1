"""What a process owner tries out: a draft or a published version, beside the other packages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.errors import UnknownVersion
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.simulation.plays.keeping import Owner
from webui.errors import NotThere
from webui.named import named_id
from webui.words import in_language

DRAFT, VERSION = "concepten", "versies"
KEPT_DRAFTS = 16

_read: OrderedDict[tuple[UUID, int], Package] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Subject:
    """A draft or version with what it may call.

    Attributes:
        kind: ``concepten`` or ``versies``, as in the address.
        number: the version's number; of a draft that of the version it began as, if any.
        base: the hash of the version that the draft began as, if any.
        open: whether it is a draft that may be changed.
    """

    kind: str
    key: str
    name: str
    package: Package
    others: Sequence[Package]
    owner: Owner
    number: int | None
    base: str | None
    open: bool

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft, open or closed."""
        return self.kind == DRAFT

    @property
    def back(self) -> str:
        """The page that one came from."""
        if self.is_draft:
            return url_for("studio.draft", draft_id=self.key)
        return url_for("studio.package", key=self.package.key)


def subject(session: Session, kind: str, key: str, user_id: UUID) -> Subject:
    """The draft or version with this key.

    Raises:
        NoSuchDraft, NotThere: there is none.
    """
    return _draft(session, key, user_id) if kind == DRAFT else _version(session, key, user_id)


def _draft(session: Session, key: str, user_id: UUID) -> Subject:
    found = drafts.draft(session, named_id(key))
    package = _package_of(session, found.id, found.revision)
    base = session.get(PackageVersion, found.base_version) if found.base_version else None
    return Subject(
        kind=DRAFT,
        key=str(found.id),
        name=in_language(package.names, package.key) or found.key,
        package=package,
        others=_others(session, package),
        owner=Owner(user_id, draft_id=found.id),
        number=base.number if base else None,
        base=found.base_version,
        open=found.closed_at is None,
    )


def _version(session: Session, key: str, user_id: UUID) -> Subject:
    row = session.get(PackageVersion, key)
    if row is None:
        raise NotThere
    try:
        package = publication.load_version(session, key)
    except UnknownVersion:
        raise NotThere from None
    return Subject(
        kind=VERSION,
        key=key,
        name=in_language(package.names, package.key),
        package=package,
        others=_others(session, package),
        owner=Owner(user_id, version=key),
        number=row.number,
        base=None,
        open=False,
    )


def _others(session: Session, package: Package) -> Sequence[Package]:
    return [
        publication.load_version(session, row.version)
        for row in publication.all_latest(session)
        if row.key != package.key
    ]


def _package_of(session: Session, draft_id: UUID, revision: int) -> Package:
    """The draft's package; the same object as long as nothing was saved in it."""
    with _lock:
        known = _read.get((draft_id, revision))
        if known is not None:
            _read.move_to_end((draft_id, revision))
            return known
    package = drafts.package_of(session, draft_id)
    with _lock:
        _read[draft_id, revision] = package
        while len(_read) > KEPT_DRAFTS:
            _read.popitem(last=False)
    return package
