"""Packages in the making: opened from a version, saved file by file, never lost.

Every save is kept. Two people may work on one draft: who saves a file says which revision of it
they saw, and is told when somebody else saved it since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.drafts.models import DraftFile, DraftSave, PackageDraft
from engine.definitions.errors import DefinitionError, PackageUnreadable
from engine.definitions.package_files import bounded, safe_path
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.keys import new_key

ONE_SAVE: Final = timedelta(minutes=2)
"""Saves of one person in one file that follow each other this quickly are one in the history."""


class NoSuchDraft(DefinitionError):
    """There is no such draft, or no such file in it."""

    code = "no-such-draft"


class DraftClosed(DefinitionError):
    """The draft was published or thrown away; nothing in it changes any more."""

    code = "draft-closed"


class SavedByAnother(DefinitionError):
    """Somebody saved the file after the revision that was seen.

    ``where`` says who (``by``), when (``at``) and the ``revision`` that the file has now.
    """

    code = "saved-by-another"


def open_draft(
    session: Session,
    files: Mapping[str, bytes],
    *,
    at: datetime,
    by: UUID | None,
    base_version: str | None = None,
    name: str = "",
) -> PackageDraft:
    """A new draft that holds these files; ``name`` is for those that do not name themselves.

    Raises:
        PackageUnreadable: a path is unsafe, or there is too much.
    """
    kept = {safe_path(path): content for path, content in files.items()}
    bounded(kept)
    draft = PackageDraft(
        id=new_key(),
        key=Package(kept, name=name).key[:100],
        base_version=base_version,
        revision=1,
        opened_at=at,
        opened_by=by,
        changed_at=at,
        changed_by=by,
    )
    session.add(draft)
    session.flush()
    for path, content in kept.items():
        _keep(session, draft, path, content, at, by)
    session.flush()
    return draft


def draft_of(session: Session, version: str, *, at: datetime, by: UUID | None) -> PackageDraft:
    """A new draft that begins as a published version.

    Raises:
        UnknownVersion: there is no such version.
    """
    package = publication.load_version(session, version)
    return open_draft(session, package.files, at=at, by=by, base_version=version)


def drafts(session: Session, *, closed: bool = False) -> Sequence[PackageDraft]:
    """The drafts that are worked on, or those that are closed; the latest changed first."""
    is_closed = PackageDraft.closed_at.is_not(None)
    return session.scalars(
        select(PackageDraft)
        .where(is_closed if closed else ~is_closed)
        .order_by(PackageDraft.changed_at.desc(), PackageDraft.id.desc())
    ).all()


def draft(session: Session, draft_id: UUID) -> PackageDraft:
    """A draft.

    Raises:
        NoSuchDraft: there is none.
    """
    found = session.get(PackageDraft, draft_id)
    if found is None:
        raise NoSuchDraft("Dit concept bestaat niet.", "Kies een concept uit de bibliotheek.")
    return found


def files_of(session: Session, draft_id: UUID) -> dict[str, DraftFile]:
    """The files of a draft by path, sorted."""
    found = session.scalars(
        select(DraftFile).where(DraftFile.draft_id == draft_id).order_by(DraftFile.path)
    )
    return {file.path: file for file in found}


def file_of(session: Session, draft_id: UUID, path: str) -> DraftFile:
    """One file of a draft.

    Raises:
        NoSuchDraft: there is none.
    """
    found = session.get(DraftFile, (draft_id, path))
    if found is None:
        raise NoSuchDraft("Dit bestand staat niet in het concept.", "Vernieuw de lijst.", file=path)
    return found


def package_of(session: Session, draft_id: UUID) -> Package:
    """The package that the draft is now."""
    files = {path: file.content for path, file in files_of(session, draft_id).items()}
    return Package(files, name=draft(session, draft_id).key)


def hold(session: Session, draft_id: UUID) -> PackageDraft:
    """A draft that may be changed, kept from others until the transaction ends.

    Raises:
        NoSuchDraft, DraftClosed: there is none.
    """
    found = session.get(PackageDraft, draft_id, with_for_update=True)
    if found is None:
        raise NoSuchDraft("Dit concept bestaat niet.", "Kies een concept uit de bibliotheek.")
    if found.closed_at is not None:
        raise DraftClosed(
            "Dit concept is al gepubliceerd."
            if found.outcome == "published"
            else "Dit concept is weggelegd.",
            "Open een nieuw concept van de laatste versie, of pak het weer op.",
        )
    return found


def save(
    session: Session,
    draft_id: UUID,
    path: str,
    content: bytes,
    *,
    seen: int | None,
    at: datetime,
    by: UUID | None,
    apart: bool = False,
) -> int:
    """Write a file; the draft's revision from now on. The same content again changes nothing.

    ``seen`` is the file's revision that the writer began with, ``None`` for a new file. ``apart``:
    it is a line of its own in the history, however quickly it follows another.

    Raises:
        NoSuchDraft, DraftClosed: it cannot be written.
        SavedByAnother: somebody else was first.
        PackageUnreadable: the path is unsafe, or it grows too large.
    """
    path = safe_path(path)
    now_open = hold(session, draft_id)
    known = session.get(DraftFile, (draft_id, path))
    if known is not None and known.content == content:
        return known.revision
    _require_seen(known, seen, path)
    others = {p: f.content for p, f in files_of(session, draft_id).items() if p != path}
    bounded({**others, path: content})
    _next(now_open, at, by)
    _keep(session, now_open, path, content, at, by, apart=apart)
    session.flush()
    return now_open.revision


def remove(
    session: Session, draft_id: UUID, path: str, *, seen: int | None, at: datetime, by: UUID | None
) -> int:
    """Take a file out of the draft; its history stays. Raises as ``save``."""
    now_open = hold(session, draft_id)
    known = file_of(session, draft_id, path)
    _require_seen(known, seen, path)
    _next(now_open, at, by)
    session.delete(known)
    _remember(session, now_open, path, None, at, by)
    session.flush()
    return now_open.revision


def rename(
    session: Session,
    draft_id: UUID,
    path: str,
    to: str,
    *,
    seen: int | None,
    at: datetime,
    by: UUID | None,
) -> int:
    """Give a file another path.

    Raises:
        PackageUnreadable: there is a file with that path.
        NoSuchDraft, DraftClosed, SavedByAnother: as ``save``.
    """
    to = safe_path(to)
    if session.get(DraftFile, (draft_id, to)) is not None:
        raise PackageUnreadable("Er is al een bestand met deze naam.", "Kies een andere.", file=to)
    content = file_of(session, draft_id, path).content
    remove(session, draft_id, path, seen=seen, at=at, by=by)
    return save(session, draft_id, to, content, seen=None, at=at, by=by)


def publish(
    session: Session, draft_id: UUID, *, reason: str, at: datetime, by: UUID | None
) -> PackageVersion:
    """Make the draft a published version, and close it.

    Raises:
        NoSuchDraft, DraftClosed: there is nothing to publish.
        PackageNotSound: its check finds errors.
    """
    now_open = hold(session, draft_id)
    made = publication.publish(session, package_of(session, draft_id), at=at, by=by, reason=reason)
    now_open.closed_at, now_open.outcome = at, "published"
    now_open.published_version = made.version
    session.flush()
    return made


def discard(session: Session, draft_id: UUID, *, at: datetime) -> None:
    """Put a draft away. Raises as ``save``."""
    now_open = hold(session, draft_id)
    now_open.closed_at, now_open.outcome = at, "discarded"
    session.flush()


def take_up(session: Session, draft_id: UUID) -> None:
    """Go on with a draft that was put away; with another one nothing happens."""
    put_away = draft(session, draft_id)
    if put_away.outcome == "discarded":
        put_away.closed_at = put_away.outcome = None
        session.flush()


def _require_seen(known: DraftFile | None, seen: int | None, path: str) -> None:
    now = known.revision if known is not None else None
    if now == seen:
        return
    raise SavedByAnother(
        "Iemand anders heeft dit bestand intussen veranderd.",
        "Vergelijk uw versie met de andere, en kies.",
        file=path,
        by=known.changed_by if known is not None else None,
        at=known.changed_at if known is not None else None,
        revision=now,
    )


def _next(now_open: PackageDraft, at: datetime, by: UUID | None) -> None:
    now_open.revision += 1
    now_open.changed_at, now_open.changed_by = at, by


def _keep(
    session: Session,
    now_open: PackageDraft,
    path: str,
    content: bytes,
    at: datetime,
    by: UUID | None,
    *,
    apart: bool = False,
) -> None:
    known = session.get(DraftFile, (now_open.id, path))
    if known is None:
        known = DraftFile(draft_id=now_open.id, path=path)
        session.add(known)
    known.content, known.revision = content, now_open.revision
    known.changed_at, known.changed_by = at, by
    _remember(session, now_open, path, content, at, by, apart=apart)


def _remember(
    session: Session,
    now_open: PackageDraft,
    path: str,
    content: bytes | None,
    at: datetime,
    by: UUID | None,
    *,
    apart: bool = False,
) -> None:
    last = session.scalar(
        select(DraftSave)
        .where(DraftSave.draft_id == now_open.id, DraftSave.path == path)
        .order_by(DraftSave.revision.desc(), DraftSave.id.desc())
        .limit(1)
    )
    goes_on = last is not None and last.by == by and last.revision > 1 and at - last.at < ONE_SAVE
    if (
        last is not None
        and goes_on
        and not apart
        and content is not None
        and last.content is not None
    ):
        last.content, last.revision = content, now_open.revision
        return
    session.add(
        DraftSave(
            draft_id=now_open.id,
            path=path,
            content=content,
            revision=now_open.revision,
            at=at,
            by=by,
        )
    )
