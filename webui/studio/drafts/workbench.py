"""What the workbench of a draft shows: its files by kind, and what may be chosen in a diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.checks import check_package
from engine.definitions.connectors import KNOWN_CONNECTORS
from engine.definitions.drafts import approvals, drafts
from engine.definitions.drafts.models import PackageDraft
from engine.definitions.forms.family_paths import PATHS
from engine.definitions.model import Finding
from engine.definitions.neighbours import TREE
from engine.definitions.opening.origins import originals
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.soundness.walk import walk_of
from engine.definitions.templates import template_documents, templates_around
from webui.engine_texts import spoken
from webui.studio.people import person
from webui.words import in_language

PROCESSES = Path(__file__).resolve().parents[3] / TREE
"""Where the product's own packages stand, with the element templates above them."""

EDITORS = {".bpmn": "diagram", ".dmn": "tabel", ".form": "formulier"}
"""Which editor opens a file; all others are text."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the draft."""

    path: str
    editor: str
    name: str


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the library, with who changed it last.

    Attributes:
        asked: a colleague is asked to look before it is published.
        asked_of_me: that can be me.
    """

    id: UUID
    key: str
    name: str
    based_on: int | None
    changed_at: datetime
    changed_by: str
    outcome: str | None
    asked: bool = False
    asked_of_me: bool = False


@dataclass(frozen=True, slots=True)
class Workbench:
    """A draft as its page begins."""

    draft: DraftRow
    name: str
    groups: Sequence[tuple[str, Sequence[FileRow]]]
    chosen: FileRow | None
    was_changed: bool
    newer: int | None
    """The number of the version that was published since the draft began."""


def draft_rows(
    session: Session, *, outcome: str | None = None, me: UUID | None = None
) -> list[DraftRow]:
    """The drafts that are worked on, or those that ended so; the latest changed first."""
    found = drafts.drafts(session, closed=outcome is not None)
    asked = approvals.asked_by(session) if outcome is None else {}
    rows = [_draft_row(session, one) for one in found if one.outcome == outcome]
    return [
        replace(row, asked=True, asked_of_me=asked[row.id] != me) if row.id in asked else row
        for row in rows
    ]


def workbench(session: Session, draft_id: UUID, path: str) -> Workbench:
    """The page of a draft, with one file chosen: that of ``path``, else the main diagram.

    Raises:
        NoSuchDraft: there is none.
    """
    draft = drafts.draft(session, draft_id)
    package = drafts.package_of(session, draft_id)
    rows = [_file_row(path) for path in sorted(package.files)]
    chosen = next((row for row in rows if row.path == path), None) or _first(rows, package)
    groups = [
        (title, [row for row in rows if row.editor == editor])
        for editor, title in (
            ("diagram", gettext("Diagrammen")),
            ("tabel", gettext("Tabellen")),
            ("formulier", gettext("Formulieren")),
            ("scenario", gettext("Scenario’s")),
            ("tekst", gettext("Overig")),
        )
    ]
    return Workbench(
        draft=_draft_row(session, draft),
        name=in_language(package.names, package.key) or draft.key,
        groups=[group for group in groups if group[1]],
        chosen=chosen,
        was_changed=bool(originals(session, draft)),
        newer=_newer(session, draft),
    )


def _newer(session: Session, draft: PackageDraft) -> int | None:
    in_use = publication.latest(session, draft.key)
    if draft.closed_at is not None or draft.base_version is None or in_use is None:
        return None
    return in_use.number if in_use.version != draft.base_version else None


def findings(session: Session, draft_id: UUID) -> Sequence[Finding]:
    """What the check finds in a draft beside the published packages, errors first.

    Message and remedy are in the language of the screen.

    Raises:
        NoSuchDraft: there is none.
    """
    drafts.draft(session, draft_id)
    package = drafts.package_of(session, draft_id)
    beside = publication.published_beside(session, package.key)
    found = check_package(package, replace(beside, templates=templates_around(PROCESSES)))
    return [
        replace(one, message=spoken(one.message), remedy=spoken(one.remedy))
        for one in sorted(found, key=lambda one: (one.level != "error", one.file, one.line))
    ]


def findings_with_walks(session: Session, draft_id: UUID) -> list[dict[str, object]]:
    """The findings as documents; one that has a way into trouble has it as a walk of tokens.

    Raises:
        NoSuchDraft: there is none.
    """
    found = findings(session, draft_id)
    processes = drafts.package_of(session, draft_id).processes if any(f.path for f in found) else {}
    documents = []
    for one in found:
        holder = next((p for p in processes.values() if one.element_id in p.elements), None)
        walk = walk_of(holder, one.path) if holder is not None and one.path else ()
        documents.append({**one.as_dict(), "walk": [step.as_dict() for step in walk]})
    return documents


def choices(session: Session, draft_id: UUID) -> Mapping[str, object]:
    """What can be chosen in a diagram instead of typed, each as value and name."""
    drafts.draft(session, draft_id)
    package = drafts.package_of(session, draft_id)
    beside = [
        publication.load_version(session, row.version)
        for row in publication.all_latest(session)
        if row.key != package.key
    ]
    shared = [other for other in beside if other.shared]
    return {
        "rollen": [
            {"waarde": key, "naam": in_language(role.names, key)}
            for key, role in package.roles.items()
        ],
        "formulieren": [
            {"waarde": form.id, "naam": form.name or form.id} for form in package.forms.values()
        ],
        "beslissingen": [
            {"waarde": key, "naam": key}
            for key in sorted({k for one in (package, *shared) for k in one.decisions})
        ],
        "processen": [
            {"waarde": process.id, "naam": process.name or process.id}
            for one in (package, *shared)
            for process in one.processes.values()
        ],
        "koppelingen": [
            {"waarde": one.type, "naam": one.description} for one in KNOWN_CONNECTORS.values()
        ],
        "sjablonen": template_documents(PROCESSES),
        "plaatsen": sorted(PATHS),
    }


def _draft_row(session: Session, draft: PackageDraft) -> DraftRow:
    published = publication.versions(session, draft.key)
    begun_as = (row.number for row in published if row.version == draft.base_version)
    return DraftRow(
        id=draft.id,
        key=draft.key,
        name=in_language(published[0].names, draft.key) if published else draft.key,
        based_on=next(begun_as, None),
        changed_at=draft.changed_at,
        changed_by=person(session, draft.changed_by),
        outcome=draft.outcome,
    )


def _file_row(path: str) -> FileRow:
    pure = PurePosixPath(path)
    editor = EDITORS.get(pure.suffix.lower(), "tekst")
    if editor == "tekst" and pure.parts[0] == "scenarios":
        editor = "scenario"
    return FileRow(path, editor, pure.stem if editor in EDITORS.values() else pure.name)


def _first(rows: Sequence[FileRow], package: Package) -> FileRow | None:
    process = package.processes.get(package.main_process or "")
    main = process.file if process else ""
    return next(
        (row for row in rows if row.path == main),
        next((row for row in rows if row.editor == "diagram"), rows[0] if rows else None),
    )
