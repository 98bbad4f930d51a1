"""What can be compared: a published version, a draft, or a draft as it was at a save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.drafts import history as draft_history
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from webui.errors import NotThere
from webui.named import named_id
from webui.presentation import show_moment
from webui.studio.people import person

VERSIONS, DRAFTS = "versies", "concepten"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison; ``reference`` names it in an address."""

    reference: str
    key: str
    title: str
    told: str
    package: Package
    draft_id: UUID | None = None

    @property
    def files(self) -> Mapping[str, bytes]:
        """Its files by path."""
        return self.package.files

    @property
    def back(self) -> str:
        """The page that it belongs to."""
        if self.draft_id is not None:
            return url_for("studio.draft", draft_id=self.draft_id)
        return url_for("studio.packages")


def of_version(version: str) -> str:
    """The reference of a published version."""
    return f"{VERSIONS}/{version}"


def of_draft(draft_id: UUID, revision: int | None = None) -> str:
    """The reference of a draft as it is, or as it was at a save."""
    return f"{DRAFTS}/{draft_id}" + (f"@{revision}" if revision is not None else "")


def side(session: Session, reference: str) -> Side:
    """What a reference names.

    Raises:
        NotThere: nothing that there is.
        NoSuchDraft: there is no such draft.
    """
    kind, _, rest = reference.partition("/")
    if kind == VERSIONS:
        return _version(session, rest)
    if kind == DRAFTS:
        return _draft(session, *_of(rest))
    raise NotThere


def empty_side(key: str) -> Side:
    """Nothing at all: what a package that was never published is compared with."""
    return Side("", key, gettext("niets"), gettext("dit pakket is er nog niet"), Package({}))


def _version(session: Session, version: str) -> Side:
    row = session.get(PackageVersion, version)
    if row is None:
        raise NotThere
    who = person(session, row.published_by)
    return Side(
        of_version(version),
        row.key,
        gettext("Versie %(number)d", number=row.number),
        " · ".join(filter(None, (show_moment(row.published_at), who))),
        publication.load_version(session, version),
    )


def _of(rest: str) -> tuple[UUID, int | None]:
    draft_id, _, revision = rest.partition("@")
    try:
        number = int(revision) if revision else None
    except ValueError:
        raise NotThere from None
    return named_id(draft_id), number


def _draft(session: Session, draft_id: UUID, revision: int | None) -> Side:
    draft = drafts.draft(session, draft_id)
    if revision is None:
        package = drafts.package_of(session, draft_id)
        title, at, by = gettext("Concept"), draft.changed_at, draft.changed_by
    else:
        save = draft_history.save_at(session, draft_id, revision)
        if save is None:
            raise NotThere
        package = Package(draft_history.files_at(session, draft_id, revision))
        title, at, by = gettext("Concept, eerder"), save.at, save.by
    who = person(session, by)
    told = " · ".join(filter(None, (show_moment(at), who)))
    return Side(of_draft(draft_id, revision), draft.key, title, told, package, draft_id)
