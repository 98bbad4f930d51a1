"""The page of one package: its owner, where it is used, and what became of each version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.models import Organisation
from engine.definitions.drafts import approvals
from engine.definitions.errors import DefinitionError
from engine.definitions.package_files import to_zip
from engine.definitions.published import owners, publication, version_use
from engine.definitions.published.models import PackageVersion
from engine.families.models import Trajectory
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.services import services
from webui.studio.drafts.workbench import DraftRow, draft_rows
from webui.studio.pages import PackageCard, VersionRow, package_cards
from webui.studio.people import person, process_owners
from webui.studio.views import bp
from webui.words import in_language

LONGEST = 1000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class UseRow:
    """A version went out of use, or into use again."""

    in_use: bool
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class VersionStory:
    """A version with who approved it, and when it went out of use and back."""

    row: VersionRow
    approved_by: str
    uses: Sequence[UseRow]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A package.

    Attributes:
        callers: keys and names of packages in use that call it.
        organisations: which run it, each with how many trajectories are open.
        candidates: the process owners of the region, by id.
    """

    card: PackageCard
    owner_id: UUID | None
    candidates: Sequence[tuple[UUID, str]]
    callers: Sequence[tuple[str, str]]
    organisations: Sequence[tuple[str, int]]
    versions: Sequence[VersionStory]
    drafts: Sequence[DraftRow]


@bp.get("/studio/pakketten/<key>")
@only_for("process_owner")
def package(key: str) -> ResponseReturnValue:
    """One package with everything that is known of it."""
    with services().reading() as session:
        return render_template(
            "studio/pakket.html", page=_page(session, key), now=services().clock.now()
        )


@bp.post("/studio/pakketten/<key>/eigenaar")
@only_for("process_owner")
def name_owner(key: str) -> ResponseReturnValue:
    """Say who answers for the package from now on."""
    by, at = actor().user_id, services().clock.now()
    here = redirect(url_for("studio.package", key=key))
    with services().reading() as session:
        _card(session, key)
        known = {
            str(user_id): user_id
            for user_id, _name in process_owners(session, services().clock.now())
        }
    chosen = known.get(request.form.get("eigenaar", ""))
    if chosen is None:
        flash(gettext("Kies een proceseigenaar."), "error")
        return here
    in_transaction(services().database, lambda s: owners.name_owner(s, key, chosen, at=at, by=by))
    flash(gettext("De eigenaar is veranderd."), "ok")
    return here


@bp.get("/studio/versies/<version>.zip")
@only_for("process_owner")
def export_version(version: str) -> ResponseReturnValue:
    """The files of a version as a zip."""
    with services().reading() as session:
        row = _version(session, version)
        content = to_zip(publication.load_version(session, version).files)
    answer = Response(content, mimetype="application/zip")
    name = f"{row.key}-versie-{row.number}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/studio/versies/<version>/gebruik")
@only_for("process_owner")
def use_of_version(version: str) -> ResponseReturnValue:
    """Before a version goes out of use, or back: what happens then."""
    return _use_page(version)


def _use_page(version: str, *, refused: bool = False) -> ResponseReturnValue:
    """The page; after a refusal with what was typed."""
    with services().reading() as session:
        row = _version(session, version)
        [card] = package_cards(session, row.key)
        here = next(one for one in card.versions if one.version == version)
        following = version_use.next_after(session, version)
        shown = render_template(
            "studio/gebruik.html",
            reason=_reason(),
            card=card,
            version=here,
            following=following.number if following else None,
            callers=[
                in_language(one.names, one.key) for one in version_use.callers(session, row.key)
            ],
        )
    return shown, 422 if refused else 200


@bp.post("/studio/versies/<version>/gebruik")
@only_for("process_owner")
def change_use(version: str) -> ResponseReturnValue:
    """Take a version out of use, or into use again."""
    reason = _reason()
    again = request.form.get("gebruik") == "weer"
    by, at = actor().user_id, services().clock.now()
    with services().reading() as session:
        key = _version(session, version).key
    if not reason:
        flash(gettext("Schrijf in één zin waarom. Collega’s lezen het."), "error")
        return _use_page(version, refused=True)
    change: Callable[..., None] = version_use.take_into_use if again else version_use.retire
    try:
        in_transaction(
            services().database, lambda s: change(s, version, reason=reason, at=at, by=by)
        )
    except DefinitionError as error:
        flash(told(error), "error")
        return _use_page(version, refused=True)
    flash(
        gettext("De versie is weer in gebruik.") if again else gettext("De versie is uit gebruik."),
        "ok",
    )
    return redirect(url_for("studio.package", key=key))


def _page(session: Session, key: str) -> PackagePage:
    card = _card(session, key)
    return PackagePage(
        card=card,
        owner_id=owners.owner_of(session, key),
        candidates=process_owners(session, services().clock.now()),
        callers=[
            (row.key, in_language(row.names, row.key)) for row in version_use.callers(session, key)
        ],
        organisations=_organisations(session, key),
        versions=[_story(session, row) for row in card.versions],
        drafts=[row for row in draft_rows(session, me=actor().user_id) if row.key == key],
    )


def _card(session: Session, key: str) -> PackageCard:
    found = package_cards(session, key)
    if not found:
        raise NotThere
    return found[0]


def _version(session: Session, version: str) -> PackageVersion:
    row = session.get(PackageVersion, version)
    if row is None:
        raise NotThere
    return row


def _story(session: Session, row: VersionRow) -> VersionStory:
    approved = approvals.approver_of(session, row.version)
    return VersionStory(
        row=row,
        approved_by=person(session, approved.decided_by) if approved else "",
        uses=[
            UseRow(one.in_use, one.at, person(session, one.by), one.reason)
            for one in version_use.uses(session, row.version)
        ],
    )


def _organisations(session: Session, key: str) -> Sequence[tuple[str, int]]:
    rows = session.execute(
        select(Organisation.name, func.count())
        .join(Trajectory, Trajectory.organisation_id == Organisation.id)
        .where(Trajectory.package_key == key, Trajectory.ended_at.is_(None))
        .group_by(Organisation.name)
        .order_by(Organisation.name)
    )
    return rows.tuples().all()


def _reason() -> str:
    return request.form.get("reden", "").strip()[:LONGEST]
