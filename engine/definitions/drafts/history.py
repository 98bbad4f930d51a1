"""What was ever saved in a draft: who, when, and what each file was then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.drafts.models import DraftSave


@dataclass(frozen=True, slots=True)
class Save:
    """A line of a file's history, without its content."""

    revision: int
    path: str
    at: datetime
    by: UUID | None
    removed: bool


def history(session: Session, draft_id: UUID, path: str | None = None) -> Sequence[Save]:
    """What was saved in a draft, or in one file of it; the latest first."""
    of_file = [] if path is None else [DraftSave.path == path]
    rows = session.execute(
        select(
            DraftSave.revision, DraftSave.path, DraftSave.at, DraftSave.by,
            DraftSave.content.is_(None).label("removed"),
        )
        .where(DraftSave.draft_id == draft_id, *of_file)
        .order_by(DraftSave.revision.desc(), DraftSave.path)
    )  # fmt: skip
    return [Save(*row) for row in rows]


def save_at(session: Session, draft_id: UUID, revision: int) -> Save | None:
    """The latest save of a draft up to and including a revision."""
    return next((one for one in history(session, draft_id) if one.revision <= revision), None)


def files_at(session: Session, draft_id: UUID, revision: int) -> dict[str, bytes]:
    """The files of a draft as they were at a revision, by path."""
    rows = session.execute(
        select(DraftSave.path, DraftSave.content)
        .where(DraftSave.draft_id == draft_id, DraftSave.revision <= revision)
        .distinct(DraftSave.path)
        .order_by(DraftSave.path, DraftSave.revision.desc(), DraftSave.id.desc())
    )
    return {path: content for path, content in rows if content is not None}


def content_at(session: Session, draft_id: UUID, path: str, revision: int) -> bytes | None:
    """What a file was at a revision of the draft; ``None`` if it was not there."""
    return session.scalar(
        select(DraftSave.content)
        .where(
            DraftSave.draft_id == draft_id, DraftSave.path == path, DraftSave.revision <= revision
        )
        .order_by(DraftSave.revision.desc(), DraftSave.id.desc())
        .limit(1)
    )


def take_back(
    session: Session,
    draft_id: UUID,
    path: str,
    revision: int,
    *,
    seen: int | None,
    at: datetime,
    by: UUID | None,
) -> int:
    """Make a file again what it was at a revision, as a new save; nothing of the history goes.

    Raises:
        NoSuchDraft: the file is not there now and was not there then.
        DraftClosed, SavedByAnother, PackageUnreadable: as ``drafts.save``.
    """
    content = content_at(session, draft_id, path, revision)
    if content is None:
        return drafts.remove(session, draft_id, path, seen=seen, at=at, by=by)
    return drafts.save(session, draft_id, path, content, seen=seen, at=at, by=by, apart=True)
