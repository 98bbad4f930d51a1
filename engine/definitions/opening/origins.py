"""Uploads as drafts: the file as it came is its first save, what was opened of it the second."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.drafts.models import DraftSave, PackageDraft
from engine.definitions.opening.uploads import Upload


def draft_of_upload(
    session: Session, upload: Upload, *, at: datetime, by: UUID | None
) -> PackageDraft:
    """A new draft with what was uploaded, its diagrams opened; the originals stay in its history.

    Raises:
        PackageUnreadable: a path is unsafe, or there is too much.
    """
    first = next(iter(upload.opened or upload.originals), "")
    name = PurePosixPath(first).stem
    made = drafts.open_draft(session, upload.originals, at=at, by=by, name=name)
    for path, opened in upload.opened.items():
        drafts.save(session, made.id, path, opened.content, seen=1, at=at, by=by)
    return made


def originals(session: Session, draft: PackageDraft) -> dict[str, bytes]:
    """The diagrams that were changed when they were opened, as they came, by path."""
    twice = (
        select(DraftSave.path, func.min(DraftSave.id).label("first"))
        .where(DraftSave.draft_id == draft.id, DraftSave.at == draft.opened_at)
        .group_by(DraftSave.path)
        .having(func.count() > 1)
        .subquery()
    )
    rows = session.execute(
        select(DraftSave.path, DraftSave.content)
        .join(twice, DraftSave.id == twice.c.first)
        .order_by(DraftSave.path)
    )
    return {path: content for path, content in rows if content is not None}
