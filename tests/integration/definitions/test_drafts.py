"""Packages in the making, on a real database: nothing saved is lost, nobody overwrites another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.drafts import history as draft_history
from engine.definitions.drafts.models import PackageDraft
from engine.definitions.errors import PackageNotSound, PackageUnreadable, UnknownVersion
from engine.definitions.published import publication
from tests.integration.definitions.test_publication import a_package

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PIETER, ESTHER = uuid4(), uuid4()


@pytest.fixture
def draft(db_session: Session) -> PackageDraft:
    version = publication.publish(db_session, a_package(), at=AT).version
    return drafts.draft_of(db_session, version, at=AT, by=PIETER)


def write(
    session: Session,
    draft: PackageDraft,
    text: str,
    *,
    seen: int | None,
    by: UUID = PIETER,
    after: timedelta = timedelta(),
    path: str = "README.md",
) -> int:
    return drafts.save(session, draft.id, path, text.encode(), seen=seen, at=AT + after, by=by)


def test_a_draft_begins_as_the_version_it_was_made_of(db_session: Session, draft: PackageDraft):
    package = drafts.package_of(db_session, draft.id)
    assert package.version == draft.base_version
    assert [found.key for found in drafts.drafts(db_session)] == ["proef"]


def test_a_version_that_is_not_there_gives_no_draft(db_session: Session):
    with pytest.raises(UnknownVersion):
        drafts.draft_of(db_session, "0" * 64, at=AT, by=PIETER)


def test_what_is_saved_is_read_again_and_the_same_again_is_no_save(
    db_session: Session, draft: PackageDraft
):
    revision = write(db_session, draft, "nieuw", seen=1)
    assert drafts.file_of(db_session, draft.id, "README.md").content == b"nieuw"
    assert write(db_session, draft, "nieuw", seen=revision) == revision == 2


def test_who_saves_over_another_is_told_who_and_when_and_nothing_is_lost(
    db_session: Session, draft: PackageDraft
):
    revision = write(db_session, draft, "van Esther", seen=1, by=ESTHER)
    with pytest.raises(drafts.SavedByAnother) as refused:
        write(db_session, draft, "van Pieter", seen=1)
    assert refused.value.where["by"] == ESTHER
    assert refused.value.where["revision"] == revision
    assert drafts.file_of(db_session, draft.id, "README.md").content == b"van Esther"
    write(db_session, draft, "van allebei", seen=revision)


def test_two_people_in_two_files_do_not_hinder_each_other(db_session: Session, draft: PackageDraft):
    write(db_session, draft, "van Esther", seen=1, by=ESTHER)
    write(db_session, draft, "ook", seen=None, path="scenarios/een.yaml")
    assert set(drafts.files_of(db_session, draft.id)) >= {"README.md", "scenarios/een.yaml"}


def test_every_save_can_be_got_back_and_quick_ones_of_one_person_are_one(
    db_session: Session, draft: PackageDraft
):
    first = write(db_session, draft, "a", seen=1)
    quick = write(db_session, draft, "ab", seen=first, after=timedelta(seconds=20))
    later = write(db_session, draft, "abc", seen=quick, after=timedelta(minutes=5))
    other = write(db_session, draft, "abcd", seen=later, by=ESTHER, after=timedelta(minutes=5))
    lines = draft_history.history(db_session, draft.id, "README.md")
    assert [(line.revision, line.by) for line in lines] == [
        (other, ESTHER), (later, PIETER), (quick, PIETER), (1, PIETER),
    ]  # fmt: skip
    assert draft_history.content_at(db_session, draft.id, "README.md", later) == b"abc"
    assert draft_history.content_at(db_session, draft.id, "README.md", 1) == b""


def test_a_removed_or_renamed_file_is_still_in_the_history(
    db_session: Session, draft: PackageDraft
):
    drafts.rename(db_session, draft.id, "README.md", "LEES.md", seen=1, at=AT, by=PIETER)
    assert "README.md" not in drafts.files_of(db_session, draft.id)
    assert draft_history.history(db_session, draft.id, "README.md")[0].removed
    with pytest.raises(PackageUnreadable):
        drafts.rename(db_session, draft.id, "LEES.md", "p.bpmn", seen=3, at=AT, by=PIETER)
    with pytest.raises(drafts.NoSuchDraft):
        drafts.remove(db_session, draft.id, "README.md", seen=1, at=AT, by=PIETER)


@pytest.mark.parametrize(
    "path", ["../a.bpmn", "/a.bpmn", "a\\b.bpmn", "a.exe", "", ".verborgen.md", "x" * 300 + ".md"]
)
def test_a_path_that_no_package_may_have_is_refused(
    db_session: Session, draft: PackageDraft, path: str
):
    with pytest.raises(PackageUnreadable):
        write(db_session, draft, "x", seen=None, path=path)


def test_a_draft_with_an_error_is_not_published_and_stays_open(
    db_session: Session, draft: PackageDraft
):
    write(db_session, draft, "<geen xml", seen=1, path="p.bpmn")
    with pytest.raises(PackageNotSound):
        drafts.publish(db_session, draft.id, reason="zo", at=AT, by=PIETER)
    assert draft.closed_at is None


def test_a_published_draft_is_a_version_and_changes_no_more(
    db_session: Session, draft: PackageDraft
):
    revision = write(db_session, draft, "met uitleg", seen=1)
    made = drafts.publish(db_session, draft.id, reason="uitleg", at=AT, by=PIETER)
    assert (made.number, made.reason, made.published_by) == (2, "uitleg", PIETER)
    assert publication.latest(db_session, "proef") is made
    with pytest.raises(drafts.DraftClosed):
        write(db_session, draft, "te laat", seen=revision)
    assert list(drafts.drafts(db_session)) == []


def test_what_was_put_away_can_be_taken_up_again(db_session: Session, draft: PackageDraft):
    write(db_session, draft, "half af", seen=1)
    drafts.discard(db_session, draft.id, at=AT)
    assert list(drafts.drafts(db_session, closed=True)) == [draft]
    drafts.take_up(db_session, draft.id)
    assert drafts.file_of(db_session, draft.id, "README.md").content == b"half af"
    assert draft.closed_at is None


def test_a_new_package_needs_no_version_to_begin_with(db_session: Session):
    made = drafts.open_draft(db_session, dict(a_package("ander").files), at=AT, by=PIETER)
    assert made.base_version is None
    assert drafts.publish(db_session, made.id, reason="nieuw", at=AT, by=PIETER).number == 1
