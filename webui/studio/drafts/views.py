"""Drafts over HTTP: open, edit file by file, check, put away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import PurePosixPath
from typing import cast
from uuid import UUID

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from engine.definitions.drafts import drafts
from engine.definitions.drafts import history as draft_history
from engine.definitions.errors import DefinitionError
from engine.definitions.opening import with_drawing
from engine.definitions.opening.origins import draft_of_upload, originals
from engine.definitions.opening.uploads import opened_upload
from engine.definitions.package_files import to_zip
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import spoken, told
from webui.people import actor, only_for
from webui.presentation import show_moment
from webui.services import services
from webui.studio.drafts.workbench import choices, findings_with_walks, workbench
from webui.studio.people import person
from webui.studio.views import bp

LARGEST = 25 * 1024 * 1024
"""Bytes of an upload; what a package may be is bounded by the engine."""

MEDIA = {".bpmn": "application/xml", ".dmn": "application/xml", ".form": "application/json"}


@bp.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: object) -> None:
    """Before anything reads the request: the check of its token reads the whole form."""
    if endpoint in ("studio.begin", "studio.write_file") and current_user.is_authenticated:
        request.max_content_length = LARGEST


@bp.post("/studio/concepten")
@only_for("process_owner")
def begin() -> ResponseReturnValue:
    """A new draft: of a published version, or of files that are uploaded."""
    version = request.form.get("versie", "")
    by, at = actor().user_id, services().clock.now()
    uploaded = [file for file in request.files.getlist("bestanden") if file.filename]

    def work(session: Session) -> UUID:
        if version:
            return drafts.draft_of(session, version, at=at, by=by).id
        return draft_of_upload(session, opened_upload(contents), at=at, by=by).id

    contents = [_content_of(file) for file in uploaded]
    if not version and not contents:
        flash(gettext("Kies eerst een bestand."), "error")
        return redirect(url_for("studio.packages"))
    try:
        draft_id = in_transaction(services().database, work)
    except DefinitionError as error:
        flash(told(error), "error")
        return redirect(url_for("studio.packages"))
    with services().reading() as session:
        was_changed = not version and bool(originals(session, drafts.draft(session, draft_id)))
    page = "studio.opened" if was_changed else "studio.draft"
    return redirect(url_for(page, draft_id=draft_id))


def _content_of(file: FileStorage) -> tuple[str, bytes]:
    """Name and content; a large one stood in a temporary file, which is let go of."""
    with closing(file):
        return _name_of(file.filename or ""), file.read()


def _name_of(given: str) -> str:
    """The file's own name, however the browser sends its folder."""
    return PurePosixPath(given.replace("\\", "/")).name


@bp.get("/studio/concepten/<uuid:draft_id>")
@only_for("process_owner")
def draft(draft_id: UUID) -> ResponseReturnValue:
    """The workbench of a draft."""
    with services().reading() as session:
        page = workbench(session, draft_id, request.args.get("bestand", ""))
    return render_template("studio/werkbank.html", page=page)


@bp.get("/studio/concepten/<uuid:draft_id>/bestanden/<path:path>")
@only_for("process_owner")
def read_file(draft_id: UUID, path: str) -> ResponseReturnValue:
    """A file as it is now; its revision is the ETag. For the modeller it is wholly drawn."""
    with services().reading() as session:
        asked = request.args.get("revisie", type=int)
        file = drafts.file_of(session, draft_id, path)
        content = (
            file.content
            if asked is None
            else draft_history.content_at(session, draft_id, path, asked) or b""
        )
        revision = file.revision if asked is None else asked
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".bpmn" and "getekend" in request.args:
        content = with_drawing(content)
    answer = Response(content, mimetype=MEDIA.get(suffix, "text/plain"))
    answer.headers["ETag"] = f'"{revision}"'
    return answer


@bp.put("/studio/concepten/<uuid:draft_id>/bestanden/<path:path>")
@only_for("process_owner")
def write_file(draft_id: UUID, path: str) -> ResponseReturnValue:
    """Save a file. ``If-Match`` names the revision that was seen, none for a new file."""
    seen, content = _seen(), request.get_data()
    by, at = actor().user_id, services().clock.now()
    return _saved(lambda s: drafts.save(s, draft_id, path, content, seen=seen, at=at, by=by))


@bp.delete("/studio/concepten/<uuid:draft_id>/bestanden/<path:path>")
@only_for("process_owner")
def remove_file(draft_id: UUID, path: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    seen, by, at = _seen(), actor().user_id, services().clock.now()
    return _saved(lambda s: drafts.remove(s, draft_id, path, seen=seen, at=at, by=by))


@bp.get("/studio/concepten/<uuid:draft_id>/geschiedenis")
@only_for("process_owner")
def file_history(draft_id: UUID) -> ResponseReturnValue:
    """What was saved in a file of the draft, the latest first."""
    with services().reading() as session:
        lines = draft_history.history(session, draft_id, request.args.get("bestand"))
        return jsonify(
            [
                {
                    "revisie": line.revision,
                    "wanneer": show_moment(line.at),
                    "wie": person(session, line.by),
                    "weg": line.removed,
                }
                for line in lines
            ]
        )


@bp.get("/studio/concepten/<uuid:draft_id>/controle")
@only_for("process_owner")
def check(draft_id: UUID) -> ResponseReturnValue:
    """What the check finds in the draft as it is now."""
    with services().reading() as session:
        return jsonify(findings_with_walks(session, draft_id))


@bp.get("/studio/concepten/<uuid:draft_id>/keuzes")
@only_for("process_owner")
def choose(draft_id: UUID) -> ResponseReturnValue:
    """What may be chosen in a diagram of the draft."""
    with services().reading() as session:
        return jsonify(choices(session, draft_id))


@bp.get("/studio/concepten/<uuid:draft_id>.zip")
@only_for("process_owner")
def export(draft_id: UUID) -> ResponseReturnValue:
    """The draft's files as a zip."""
    with services().reading() as session:
        package = drafts.package_of(session, drafts.draft(session, draft_id).id)
    answer = Response(to_zip(package.files), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{package.key}-concept.zip"'
    return answer


@bp.post("/studio/concepten/<uuid:draft_id>/wegleggen")
@only_for("process_owner")
def put_away(draft_id: UUID) -> ResponseReturnValue:
    """Put a draft away; it can be taken up again."""
    at = services().clock.now()
    try:
        in_transaction(services().database, lambda s: drafts.discard(s, draft_id, at=at))
        flash(gettext("Het concept is weggelegd. U vindt het onderaan de bibliotheek."), "ok")
    except DefinitionError as error:
        flash(told(error), "error")
    return redirect(url_for("studio.packages"))


@bp.post("/studio/concepten/<uuid:draft_id>/oppakken")
@only_for("process_owner")
def take_up(draft_id: UUID) -> ResponseReturnValue:
    """Go on with a draft that was put away."""
    try:
        in_transaction(services().database, lambda s: drafts.take_up(s, draft_id))
    except DefinitionError as error:
        flash(told(error), "error")
        return redirect(url_for("studio.packages"))
    return redirect(url_for("studio.draft", draft_id=draft_id))


def _seen() -> int | None:
    given = request.headers.get("If-Match", "").strip('"')
    return int(given) if given.isdigit() else None


def _saved(work: Callable[[Session], int]) -> ResponseReturnValue:
    try:
        revision = in_transaction(services().database, work)
    except drafts.SavedByAnother as error:
        with services().reading() as session:
            who = person(session, cast(UUID | None, error.where.get("by")))
        return _refused(error, 409, revision=error.where.get("revision"), by=who)
    except drafts.NoSuchDraft as error:
        return _refused(error, 404)
    except DefinitionError as error:
        return _refused(error, 422)
    return jsonify(revision=revision)


def _refused(error: DefinitionError, status: int, **more: object) -> ResponseReturnValue:
    said = {"message": spoken(error.message), "remedy": spoken(error.remedy)}
    return jsonify(code=error.code, **said, **more), status
