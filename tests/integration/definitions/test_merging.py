"""Taking over what was published since a draft began: file by file, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts, merging
from engine.definitions.drafts import history as draft_history
from engine.definitions.drafts.merging import Choice
from engine.definitions.drafts.models import PackageDraft
from engine.definitions.packages import Package
from engine.definitions.published import publication
from tests.integration.definitions.test_publication import a_package

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PIETER, ESTHER = uuid4(), uuid4()


def test_who_changed_a_file_is_told_by_what_it_began_as() -> None:
    sides = merging.three_way(
        base={"a": b"1", "b": b"1", "c": b"1", "same": b"1", "gone": b"1", "still": b"1"},
        mine={"a": b"2", "b": b"1", "c": b"2", "same": b"2", "still": b"1", "new": b"1"},
        theirs={"a": b"1", "b": b"2", "c": b"3", "same": b"2", "gone": b"1", "still": b"1"},
    )
    assert sides.mine == ["a", "gone", "new"]
    assert sides.theirs == ["b"]
    assert sides.both == ["c"]


@pytest.fixture
def draft(db_session: Session) -> PackageDraft:
    """A draft in which Pieter changed two files, while Esther published two others."""
    package = a_package()
    version = publication.publish(db_session, package, at=AT).version
    draft = drafts.draft_of(db_session, version, at=AT, by=PIETER)
    for path in ("README.md", "scenarios/mijn.yaml"):
        seen = 1 if path in package.files else None
        drafts.save(db_session, draft.id, path, b"Pieter", seen=seen, at=AT, by=PIETER)
    theirs = {**package.files, "README.md": b"Esther", "scenarios/hun.yaml": b"Esther"}
    publication.publish(db_session, Package(theirs), at=AT, by=ESTHER)
    return draft


def content(session: Session, draft: PackageDraft, path: str) -> bytes:
    return drafts.file_of(session, draft.id, path).content


def take_over(session: Session, draft: PackageDraft, **choices: Choice) -> None:
    found = merging.behind(session, draft.id)
    assert found is not None
    merging.take_over(
        session, draft.id, {f"{name}.md": choice for name, choice in choices.items()},
        newer=found.newer.version, revision=found.revision, at=AT, by=PIETER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "stays"), [(Choice.MINE, b"Pieter"), (Choice.THEIRS, b"Esther")]
)
def test_what_only_one_changed_comes_together_and_what_both_did_is_chosen(
    db_session: Session, draft: PackageDraft, choice: Choice, stays: bytes
) -> None:
    with pytest.raises(merging.ChoiceMissing):
        take_over(db_session, draft)
    take_over(db_session, draft, README=choice)
    assert content(db_session, draft, "scenarios/hun.yaml") == b"Esther"
    assert content(db_session, draft, "scenarios/mijn.yaml") == b"Pieter"
    assert content(db_session, draft, "README.md") == stays
    assert merging.behind(db_session, draft.id) is None
    kept = {
        draft_history.content_at(db_session, draft.id, "README.md", save.revision)
        for save in draft_history.history(db_session, draft.id, "README.md")
    }
    assert b"Pieter" in kept


def test_a_choice_about_what_has_changed_since_is_refused(
    db_session: Session, draft: PackageDraft
) -> None:
    found = merging.behind(db_session, draft.id)
    assert found is not None
    seen = drafts.file_of(db_session, draft.id, "README.md").revision
    drafts.save(db_session, draft.id, "README.md", b"nog iets", seen=seen, at=AT, by=ESTHER)
    with pytest.raises(merging.DraftMovedOn):
        merging.take_over(
            db_session, draft.id, {"README.md": Choice.MINE},
            newer=found.newer.version, revision=found.revision, at=AT, by=PIETER,
        )  # fmt: skip
