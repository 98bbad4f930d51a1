"""A draft that is behind: what was published meanwhile is taken over, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts, merging
from engine.definitions.drafts.merging import Choice
from engine.definitions.errors import DefinitionError
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.people import actor, only_for
from webui.services import services
from webui.studio.comparing.sides import of_draft, of_version
from webui.studio.people import person
from webui.studio.views import bp
from webui.words import in_language


@dataclass(frozen=True, slots=True)
class TakingOver:
    """A draft and the version that it is behind.

    Attributes:
        began, newer, here: what to compare, as references of the comparison.
        chosen: what was chosen before the page was refused.
    """

    draft_id: UUID
    name: str
    number: int
    by: str
    reason: str
    version: str
    revision: int
    began: str
    newer: str
    here: str
    theirs: Sequence[str]
    mine: Sequence[str]
    both: Sequence[str]
    chosen: dict[str, str]


@bp.get("/studio/concepten/<uuid:draft_id>/overnemen")
@only_for("process_owner")
def before_taking_over(draft_id: UUID) -> ResponseReturnValue:
    """What would be taken over, and what is to be chosen."""
    return _shown(draft_id)


@bp.post("/studio/concepten/<uuid:draft_id>/overnemen")
@only_for("process_owner")
def take_over(draft_id: UUID) -> ResponseReturnValue:
    """Take it over."""
    by, at = actor().user_id, services().clock.now()
    choices = {path: Choice(chosen) for path, chosen in _chosen().items()}
    newer, revision = request.form.get("versie", ""), request.form.get("stand", 0, type=int)

    def work(session: Session) -> int:
        found = merging.take_over(
            session, draft_id, choices, newer=newer, revision=revision, at=at, by=by
        )
        theirs = sum(choices[path] is Choice.THEIRS for path in found.sides.both)
        return len(found.sides.theirs) + theirs

    try:
        number = in_transaction(services().database, work)
    except DefinitionError as error:
        flash(told(error), "error")
        return _shown(draft_id, refused=True)
    flash(
        ngettext(
            "%(num)d bestand is overgenomen. Wat er stond, staat bij de eerdere bewaringen.",
            "%(num)d bestanden zijn overgenomen. Wat er stond, staat bij de eerdere bewaringen.",
            number,
        )
        if number
        else gettext("Het concept volgt nu op de nieuwste versie. Er hoefde niets over."),
        "ok",
    )
    return redirect(url_for("studio.draft", draft_id=draft_id))


def _chosen() -> dict[str, str]:
    """Which side was chosen, by path."""
    return {
        name.removeprefix("kies:"): value
        for name, value in request.form.items()
        if name.startswith("kies:") and value in {one.value for one in Choice}
    }


def _shown(draft_id: UUID, *, refused: bool = False) -> ResponseReturnValue:
    with services().reading() as session:
        page = _page(session, draft_id)
        if page is None:
            return redirect(url_for("studio.draft", draft_id=draft_id))
        return render_template("studio/overnemen.html", page=page), 422 if refused else 200


def _page(session: Session, draft_id: UUID) -> TakingOver | None:
    found = merging.behind(session, draft_id)
    if found is None:
        return None
    draft = drafts.draft(session, draft_id)
    return TakingOver(
        draft_id=draft_id,
        name=in_language(found.newer.names, draft.key),
        number=found.newer.number,
        by=person(session, found.newer.published_by),
        reason=found.newer.reason,
        version=found.newer.version,
        revision=found.revision,
        began=of_version(str(draft.base_version)),
        newer=of_version(found.newer.version),
        here=of_draft(draft_id),
        theirs=found.sides.theirs,
        mine=found.sides.mine,
        both=found.sides.both,
        chosen=_chosen(),
    )
