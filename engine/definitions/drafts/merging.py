"""Taking over into a draft what was published since it began, file by file.

A file that only the new version changed is taken over; one that only the draft changed stays. One
that both changed is for a person to choose. Nothing is lost: the history of the draft keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.errors import DefinitionError
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion


class ChoiceMissing(DefinitionError):
    """A file was changed on both sides and nobody said which one stays."""

    code = "choice-missing"


class DraftMovedOn(DefinitionError):
    """The draft, or the version in use, is no longer what the choice was made about."""

    code = "draft-moved-on"


class Choice(StrEnum):
    """Which of the two stays."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Sides:
    """The paths of files by who changed them, each sorted; without what nobody changed."""

    theirs: Sequence[str]
    mine: Sequence[str]
    both: Sequence[str]


@dataclass(frozen=True, slots=True)
class Behind:
    """A draft beside a version that was published after it began."""

    newer: PackageVersion
    revision: int
    sides: Sides


def three_way(
    base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> Sides:
    """Who changed which file since the base; the same change on both sides is no change."""
    by: dict[str, list[str]] = {"theirs": [], "mine": [], "both": []}
    for path in sorted({*base, *mine, *theirs}):
        began, here, there = base.get(path), mine.get(path), theirs.get(path)
        if here == there:
            continue
        side = "theirs" if here == began else "mine" if there == began else "both"
        by[side].append(path)
    return Sides(**by)


def behind(session: Session, draft_id: UUID) -> Behind | None:
    """What was published since the draft began; ``None`` when it is not behind.

    Raises:
        NoSuchDraft: there is none.
    """
    draft = drafts.draft(session, draft_id)
    newer = publication.latest(session, draft.key)
    if draft.closed_at is not None or draft.base_version is None or newer is None:
        return None
    if newer.version == draft.base_version:
        return None
    sides = three_way(
        publication.load_version(session, draft.base_version).files,
        drafts.package_of(session, draft_id).files,
        publication.load_version(session, newer.version).files,
    )
    return Behind(newer, draft.revision, sides)


def take_over(
    session: Session,
    draft_id: UUID,
    choices: Mapping[str, Choice],
    *,
    newer: str,
    revision: int,
    at: datetime,
    by: UUID | None,
) -> Behind:
    """Bring a draft up to the version that is in use; from now on it began as that one.

    ``newer`` and ``revision`` say which version and which state of the draft were looked at.

    Raises:
        NoSuchDraft, DraftClosed: there is nothing to bring up to date.
        DraftMovedOn: something was saved or published since it was looked at.
        ChoiceMissing: a file that both changed has no choice.
    """
    publication.one_at_a_time(session)
    draft = drafts.hold(session, draft_id)
    found = behind(session, draft_id)
    if found is None or found.newer.version != newer or found.revision != revision:
        raise DraftMovedOn(
            "Er is intussen iets bewaard of gepubliceerd.",
            "Kijk opnieuw wat er overgenomen wordt.",
        )
    missing = [path for path in found.sides.both if path not in choices]
    if missing:
        raise ChoiceMissing(
            f"Kies bij ‘{missing[0]}’ welke versie blijft.",
            "Vergelijk de twee, en kies er een.",
            file=missing[0],
        )
    theirs = publication.load_version(session, newer).files
    chosen = [path for path in found.sides.both if choices[path] is Choice.THEIRS]
    files = drafts.files_of(session, draft_id)
    for path in (*found.sides.theirs, *chosen):
        seen = files[path].revision if path in files else None
        if path in theirs:
            drafts.save(session, draft_id, path, theirs[path], seen=seen, at=at, by=by, apart=True)
        else:
            drafts.remove(session, draft_id, path, seen=seen, at=at, by=by)
    draft.base_version = newer
    session.flush()
    return found
