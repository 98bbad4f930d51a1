"""Two versions or drafts next to each other: in words, on both diagrams, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.difference import Difference, compare
from engine.definitions.drafts import drafts
from engine.definitions.drafts.models import PackageDraft
from engine.definitions.published import publication
from webui.errors import NotThere
from webui.people import only_for
from webui.services import services
from webui.studio.comparing import words as difference_words
from webui.studio.comparing.sides import Side, empty_side, of_draft, of_version, side
from webui.studio.people import person
from webui.studio.views import bp
from webui.words import in_language


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides with what is different between them."""

    before: Side
    after: Side
    difference: Difference

    @property
    def name(self) -> str:
        """The name of the package."""
        return in_language(self.after.package.names, self.after.key)


@dataclass(frozen=True, slots=True)
class Choice:
    """A version or draft of the package that can be chosen as a side."""

    reference: str
    title: str


def comparison(before: Side, after: Side, path: str = "") -> Comparison:
    """What is different between two sides, or in one file of theirs."""
    sides = [
        {one: content for one, content in side.files.items() if path in ("", one)}
        for side in (before, after)
    ]
    return Comparison(before, after, compare(*sides))


@bp.get("/studio/vergelijken")
@only_for("process_owner")
def compare_page() -> ResponseReturnValue:
    """What is different between ``van`` and ``naar``; without ``van`` since the newest version.

    ``bestand`` looks at one file only.
    """
    wanted = request.args.get("naar", ""), request.args.get("van", "")
    path = request.args.get("bestand", "")
    with services().reading() as session:
        after = side(session, wanted[0])
        before = side(session, wanted[1]) if wanted[1] else published_before(session, after)
        page = comparison(before, after, path)
        return render_template(
            "studio/vergelijken.html",
            page=page,
            path=path,
            choices=_choices(session, after.key),
            words=difference_words,
        )


@bp.get("/studio/vergelijken/bestand")
@only_for("process_owner")
def compared_file() -> ResponseReturnValue:
    """One file of one side, for the pictures."""
    with services().reading() as session:
        files = side(session, request.args.get("bron", "")).files
    content = files.get(request.args.get("pad", ""))
    if content is None:
        raise NotThere
    return Response(content, mimetype="application/xml")


@bp.get("/studio/versies/<version>/verschil")
@only_for("process_owner")
def what_changed(version: str) -> ResponseReturnValue:
    """What a version changed: it next to the one before it."""
    with services().reading() as session:
        after = side(session, of_version(version))
        rows = publication.versions(session, after.key)
    at = next(place for place, row in enumerate(rows) if row.version == version)
    if at + 1 == len(rows):
        return redirect(url_for("studio.compare_page", naar=after.reference))
    before = of_version(rows[at + 1].version)
    return redirect(url_for("studio.compare_page", van=before, naar=after.reference))


def published_before(session: Session, after: Side) -> Side:
    """What a side is compared with of itself: the newest version in use, of a
    version the one before it.
    """
    rows = publication.versions(session, after.key)
    own = next((row for row in rows if of_version(row.version) == after.reference), None)
    earlier = [
        row
        for row in rows
        if (row.number < own.number if own is not None else row.retired_at is None)
    ]
    return side(session, of_version(earlier[0].version)) if earlier else empty_side(after.key)


def _choices(session: Session, key: str) -> Sequence[Choice]:
    open_drafts = [one for one in drafts.drafts(session) if one.key == key]
    return [
        *(Choice(of_draft(one.id), _draft_title(session, one)) for one in open_drafts),
        *(
            Choice(of_version(row.version), gettext("Versie %(number)d", number=row.number))
            for row in publication.versions(session, key)
        ),
    ]


def _draft_title(session: Session, draft: PackageDraft) -> str:
    who = person(session, draft.changed_by)
    return gettext("Concept van %(name)s", name=who) if who else gettext("Concept")
