"""Files of other tools in the Studio: what was changed when they were opened, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.drafts.left_to_decide import left_to_decide
from engine.definitions.errors import DefinitionError
from engine.definitions.manifest import FILE
from engine.definitions.opening import Note, NoteKind, open_diagram
from engine.definitions.opening.origins import originals
from engine.definitions.opening.packaging import package_around
from engine.definitions.packages import Package
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.people import actor, only_for
from webui.services import services
from webui.studio.views import bp


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A diagram as it was opened.

    Attributes:
        still_open: decisions that stand at an element of the draft as it is now.
        there: ids of the elements that the draft still has.
    """

    path: str
    name: str
    decisions: Sequence[Note]
    changes: Sequence[Note]
    kept: Sequence[Note]
    still_open: int
    there: frozenset[str]


def opened_files(session: Session, draft_id: UUID) -> list[OpenedFile]:
    """The diagrams of a draft that were changed when they came in.

    Raises:
        NoSuchDraft: there is none.
    """
    came = originals(session, drafts.draft(session, draft_id))
    if not came:
        return []
    package = drafts.package_of(session, draft_id)
    return [_opened(path, content, package) for path, content in came.items()]


def _opened(path: str, content: bytes, package: Package) -> OpenedFile:
    notes = open_diagram(content, path).notes
    inside = [found for found in package.processes.values() if found.file == path]
    elements = [one for found in inside for one in found.elements.values()]
    properties = [*(one.properties for one in inside), *(one.properties for one in elements)]
    return OpenedFile(
        path=path,
        name=PurePosixPath(path).name,
        decisions=[note for note in notes if note.kind is NoteKind.DECIDE],
        changes=[note for note in notes if note.kind is NoteKind.CHANGED],
        kept=[note for note in notes if note.kind is NoteKind.KEPT],
        still_open=len([one for held in properties for one in left_to_decide(held)]),
        there=frozenset(
            [*(one.id for one in elements), *(flow for found in inside for flow in found.flows)]
        ),
    )


@bp.post("/studio/concepten/<uuid:draft_id>/pakket")
@only_for("process_owner")
def make_package(draft_id: UUID) -> ResponseReturnValue:
    """Put a manifest, with roles, and the forms of the diagrams into a draft."""
    by, at = actor().user_id, services().clock.now()

    def work(session: Session) -> None:
        draft = drafts.draft(session, draft_id)
        files = {path: one.content for path, one in drafts.files_of(session, draft_id).items()}
        made = package_around(files, originals(session, draft), draft.key)
        for path, content in made.items():
            drafts.save(session, draft_id, path, content, seen=None, at=at, by=by)

    try:
        in_transaction(services().database, work)
    except DefinitionError as error:
        flash(told(error), "error")
        return redirect(url_for("studio.draft", draft_id=draft_id))
    flash(gettext("Het is nu een pakket. Kijk of de rollen kloppen."), "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id, bestand=FILE))


@bp.get("/studio/concepten/<uuid:draft_id>/geopend")
@only_for("process_owner")
def opened(draft_id: UUID) -> ResponseReturnValue:
    """What changed in the files of a draft when they were opened."""
    with services().reading() as session:
        draft = drafts.draft(session, draft_id)
        files = opened_files(session, draft_id)
        name = drafts.package_of(session, draft_id).key
        is_package = FILE in drafts.files_of(session, draft_id)
    return render_template(
        "studio/geopend.html",
        draft=draft,
        files=files,
        name=name,
        is_package=is_package,
        most=200,
    )
