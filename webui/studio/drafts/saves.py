"""What was saved in a draft: each save, taking a file back to it, comparing with a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.difference import FileDifference, compare
from engine.definitions.drafts import drafts
from engine.definitions.drafts import history as draft_history
from engine.definitions.errors import DefinitionError
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.people import actor, only_for
from webui.services import services
from webui.studio.comparing import words as difference_words
from webui.studio.comparing.sides import of_draft
from webui.studio.people import person
from webui.studio.views import bp
from webui.words import in_language

LARGEST = 25 * 1024 * 1024
"""Bytes of a file that is compared before it is saved."""


@dataclass(frozen=True, slots=True)
class SaveRow:
    """A save of one file.

    Attributes:
        begin: the file as the draft began with it.
        now: the file is this, now.
        before, after: what to compare to see what the save changed.
    """

    revision: int
    path: str
    at: datetime
    by: str
    removed: bool
    begin: bool
    now: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SavesPage:
    """The history of a draft, or of one file of it; ``seen`` is the revision of each file."""

    draft_id: UUID
    name: str
    path: str
    closed: bool
    rows: Sequence[SaveRow]
    seen: dict[str, int]


@bp.get("/studio/concepten/<uuid:draft_id>/bewaringen")
@only_for("process_owner")
def saves(draft_id: UUID) -> ResponseReturnValue:
    """Every save, the latest first."""
    with services().reading() as session:
        page = _page(session, draft_id, request.args.get("bestand", ""))
        return render_template("studio/bewaringen.html", page=page, now=services().clock.now())


@bp.post("/studio/concepten/<uuid:draft_id>/bewaringen/<int:revision>/terug")
@only_for("process_owner")
def back_to_save(draft_id: UUID, revision: int) -> ResponseReturnValue:
    """Make a file again what it was."""
    path, seen = request.form.get("bestand", ""), request.form.get("gezien", type=int)
    by, at = actor().user_id, services().clock.now()

    def work(session: Session) -> int:
        return draft_history.take_back(session, draft_id, path, revision, seen=seen, at=at, by=by)

    try:
        in_transaction(services().database, work)
        flash(gettext("%(path)s is weer zoals het toen was.", path=path), "ok")
    except DefinitionError as error:
        flash(told(error), "error")
    return redirect(url_for("studio.saves", draft_id=draft_id, bestand=path))


@bp.post("/studio/concepten/<uuid:draft_id>/botsing/<path:path>")
@only_for("process_owner")
def conflict(draft_id: UUID, path: str) -> ResponseReturnValue:
    """What a colleague changed in a file and what I did, both since the revision I began with.

    The body is the file as it is on my screen; nothing is saved.
    """
    request.max_content_length = LARGEST
    mine, seen = request.get_data(), request.args.get("gezien", 0, type=int)
    with services().reading() as session:
        theirs = drafts.file_of(session, draft_id, path)
        began = draft_history.content_at(session, draft_id, path, seen) or b""
        return render_template(
            "studio/botsing.html",
            who=person(session, theirs.changed_by),
            theirs=_only(path, began, theirs.content),
            mine=_only(path, began, mine),
            words=difference_words,
        )


def _only(path: str, before: bytes, after: bytes) -> FileDifference | None:
    files = compare({path: before}, {path: after}).files
    return files[0] if files else None


def _page(session: Session, draft_id: UUID, path: str) -> SavesPage:
    draft = drafts.draft(session, draft_id)
    package = drafts.package_of(session, draft_id)
    files = drafts.files_of(session, draft_id)
    found = draft_history.history(session, draft_id, path or None)
    earlier: dict[str, list[int]] = {}
    for save in found:
        earlier.setdefault(save.path, []).append(save.revision)
    names: dict[UUID | None, str] = {}
    rows = []
    for save in found:
        revisions = earlier[save.path]
        at = revisions.index(save.revision)
        before = revisions[at + 1] if at + 1 < len(revisions) else save.revision - 1
        rows.append(
            SaveRow(
                revision=save.revision,
                path=save.path,
                at=save.at,
                by=names.setdefault(save.by, person(session, save.by)),
                removed=save.removed,
                begin=save.revision == 1,
                now=at == 0,
                before=of_draft(draft_id, before),
                after=of_draft(draft_id, save.revision),
            )
        )
    return SavesPage(
        draft_id=draft_id,
        name=in_language(package.names, draft.key),
        path=path,
        closed=draft.closed_at is not None,
        rows=rows if path else [row for row in rows if not row.begin],
        seen={path: file.revision for path, file in files.items()},
    )
