"""The publish page: what changes, why, and where it is wanted a colleague who looks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.drafts import approvals, drafts
from engine.definitions.drafts.approvals import Standing, State
from engine.definitions.errors import DefinitionError
from engine.definitions.model import Finding
from engine.definitions.published.care_models import PublicationRequest
from engine.families import approval_notices
from engine.families.errors import FamilyError
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.people import actor, only_for
from webui.services import services, web_config
from webui.studio.comparing import words as difference_words
from webui.studio.comparing.sides import Side, of_draft, of_version, side
from webui.studio.comparing.views import Comparison, comparison, published_before
from webui.studio.drafts import live
from webui.studio.drafts.workbench import findings
from webui.studio.people import person, process_owners
from webui.studio.views import bp

LONGEST = 1000
"""Characters of a reason or remark."""


@dataclass(frozen=True, slots=True)
class PublishPage:
    """A draft just before it is published.

    Attributes:
        wanted: a second person has to approve first.
        asked_by, decided_by: names of colleagues; ``mine`` if I am the one who asked.
        colleagues: the other process owners, who can approve.
        missed: the version that the draft began as, where another was published meanwhile; what
            that one changed is undone by this draft unless somebody took it over.
    """

    draft_id: UUID
    closed: bool
    comparison: Comparison
    errors: Sequence[Finding]
    warnings: int
    wanted: bool
    standing: Standing
    asked_by: str
    decided_by: str
    mine: bool
    colleagues: Sequence[str]
    missed: Side | None


@bp.get("/studio/concepten/<uuid:draft_id>/publiceren")
@only_for("process_owner")
def before_publishing(draft_id: UUID) -> ResponseReturnValue:
    """What would change, and what is still needed before it is published."""
    return _shown(draft_id)


def _shown(draft_id: UUID, *, refused: bool = False) -> ResponseReturnValue:
    """The page; after a refusal with what was typed."""
    with services().reading() as session:
        page = _page(session, draft_id)
        shown = render_template(
            "studio/publiceren.html",
            page=page,
            words=difference_words,
            state=State,
            live=live.live_page(session, draft_id, services().clock.now()),
            reason=_text("reden"),
            remark=_text("opmerking"),
        )
    return shown, 422 if refused else 200


@bp.post("/studio/concepten/<uuid:draft_id>/publiceren")
@only_for("process_owner")
def publish(draft_id: UUID) -> ResponseReturnValue:
    """Make the draft a version, or ask a colleague to look where that is wanted."""
    reason = _text("reden")
    by, at = actor().user_id, services().clock.now()
    here = url_for("studio.before_publishing", draft_id=draft_id)
    asks, at_once = "vragen" in request.form, "meteen" in request.form
    if not reason and "goedgekeurd" not in request.form:
        flash(gettext("Schrijf in één zin waarom u dit verandert. Collega’s lezen het."), "error")
        return _shown(draft_id, refused=True)

    def work(session: Session) -> tuple[int, UUID | None]:
        if asks:
            asked = approvals.ask(session, draft_id, reason=reason, at=at, by=by)
            others = [user_id for user_id, _name in process_owners(session, at) if user_id != by]
            _mail(session, asked, others)
            return 0, None
        before = live.version_before(session, draft_id)
        made = approvals.publish(session, draft_id, reason=reason, at=at, by=by)
        move_id = None
        if at_once:
            move_id = live.to_all(session, before, made.version, reason=made.reason, at=at, by=by)
        return made.number, move_id

    try:
        number, move_id = in_transaction(services().database, work)
    except (DefinitionError, FamilyError) as error:
        flash(told(error), "error")
        return _shown(draft_id, refused=True)
    if asks:
        flash(
            gettext("Gevraagd. Een collega krijgt bericht, en ziet het in de bibliotheek.")
            if web_config().mails
            else gettext("Gevraagd. Een collega ziet het in de bibliotheek."),
            "ok",
        )
        return redirect(here)
    if move_id is not None:
        flash(gettext("Versie %(number)d gaat naar alles wat loopt.", number=number), "ok")
        return redirect(url_for("studio.move", move_id=move_id))
    flash(gettext("Versie %(number)d is gepubliceerd.", number=number), "ok")
    return redirect(url_for("studio.packages"))


@bp.post("/studio/concepten/<uuid:draft_id>/goedkeuren")
@only_for("process_owner")
def approve(draft_id: UUID) -> ResponseReturnValue:
    """A colleague approves what was asked."""
    return _decided(draft_id, approved=True)


@bp.post("/studio/concepten/<uuid:draft_id>/terugsturen")
@only_for("process_owner")
def give_back(draft_id: UUID) -> ResponseReturnValue:
    """A colleague gives it back with a remark."""
    if not _text("opmerking"):
        flash(gettext("Schrijf wat er nog anders moet."), "error")
        return _shown(draft_id, refused=True)
    return _decided(draft_id, approved=False)


def _decided(draft_id: UUID, *, approved: bool) -> ResponseReturnValue:
    here = url_for("studio.before_publishing", draft_id=draft_id)
    by, at, remark = actor().user_id, services().clock.now(), _text("opmerking")
    try:
        asked = UUID(request.form.get("vraag", ""))
    except ValueError:
        return redirect(here)

    def work(session: Session) -> None:
        request = approvals.decide(session, asked, approved=approved, remark=remark, at=at, by=by)
        _mail(session, request, [request.asked_by])

    try:
        in_transaction(services().database, work)
    except DefinitionError as error:
        flash(told(error), "error")
        return _shown(draft_id, refused=True)
    flash(gettext("Goedgekeurd.") if approved else gettext("Teruggestuurd, met uw uitleg."), "ok")
    return redirect(here)


def _mail(session: Session, request: PublicationRequest, people: Sequence[UUID]) -> None:
    """Mail colleagues about a question, where mail is set up."""
    if web_config().mails:
        approval_notices.tell(session, request, people)


def _page(session: Session, draft_id: UUID) -> PublishPage:
    draft = drafts.draft(session, draft_id)
    after = side(session, of_draft(draft_id))
    found = findings(session, draft_id)
    now = approvals.standing(session, draft_id)
    asked = now.request
    me = actor().user_id
    everyone = process_owners(session, services().clock.now())
    before = published_before(session, after)
    if draft.published_version is not None:
        before = published_before(session, side(session, of_version(draft.published_version)))
    began = side(session, of_version(draft.base_version)) if draft.base_version else None
    moved_on = began is not None and began.reference != before.reference
    return PublishPage(
        draft_id=draft_id,
        closed=draft.closed_at is not None,
        comparison=comparison(before, after),
        errors=[one for one in found if one.level == "error"],
        warnings=sum(one.level != "error" for one in found),
        wanted=approvals.wanted(session, after.package.key, me),
        standing=now,
        asked_by=person(session, asked.asked_by) if asked else "",
        decided_by=person(session, asked.decided_by) if asked else "",
        mine=asked is not None and asked.asked_by == me,
        colleagues=[name for user_id, name in everyone if user_id != me],
        missed=began if moved_on and draft.closed_at is None else None,
    )


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]
