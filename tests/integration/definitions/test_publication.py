"""Publishing packages and getting versions back, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from engine.definitions.errors import PackageNotSound, UnknownVersion
from engine.definitions.model import Trigger
from engine.definitions.packages import Package
from engine.definitions.published import publication, starts
from tests.unit.definitions.diagrams import flow, line, package, process

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
MESSAGE = '<bpmn:message id="M" name="{}" />'


def by_message(name: str) -> bytes:
    start = (
        '<bpmn:startEvent id="m"><bpmn:messageEventDefinition messageRef="M" /></bpmn:startEvent>'
    )
    return process(start + '<bpmn:task id="a" />' + flow("m", "a"), roots=MESSAGE.format(name))


def a_package(name: str = "een", remark: str = "") -> Package:
    return package({"p.bpmn": by_message(name), "README.md": remark})


def test_versions_are_numbered_and_the_newest_is_latest(db_session: Session):
    first = publication.publish(db_session, a_package(), at=AT, by=uuid4(), reason="begin")
    second = publication.publish(db_session, a_package(remark="2"), at=AT)
    assert (first.number, second.number) == (1, 2)
    assert publication.latest(db_session, "proef") is second
    assert [row.number for row in publication.versions(db_session, "proef")] == [2, 1]
    assert list(publication.all_latest(db_session)) == [second]
    assert publication.latest(db_session, "anders") is None


def test_same_content_again_is_the_same_version(db_session: Session):
    first = publication.publish(db_session, a_package(), at=AT)
    assert publication.publish(db_session, a_package(), at=AT) is first
    assert len(publication.versions(db_session, "proef")) == 1


def test_published_package_comes_back_whole_and_from_memory_the_second_time(db_session: Session):
    given = a_package(remark="eigen")
    publication.publish(db_session, given, at=AT)
    db_session.commit()
    db_session.expunge_all()
    loaded = publication.load_version(db_session, given.version)
    assert dict(loaded.files) == dict(given.files)
    assert (loaded.version, loaded.key) == (given.version, "proef")
    assert publication.load_version(db_session, given.version) is loaded


def test_package_with_errors_is_not_published(db_session: Session):
    broken = package({"p.bpmn": line('<bpmn:complexGateway id="c" />', ids="c")})
    with pytest.raises(PackageNotSound) as refused:
        publication.publish(db_session, broken, at=AT)
    assert "unsupported-gateway" in {finding.rule for finding in refused.value.findings}
    assert publication.latest(db_session, "proef") is None


def test_message_starts_the_latest_version_only(db_session: Session):
    publication.publish(db_session, a_package("oud"), at=AT)
    newest = publication.publish(db_session, a_package("nieuw"), at=AT)
    assert starts.start_events(db_session, Trigger.MESSAGE, "oud") == []
    (event,) = starts.start_events(db_session, Trigger.MESSAGE, "nieuw")
    assert (event.package_key, event.version) == ("proef", newest.version)
    assert (event.process_id, event.element_id) == ("P", "m")
    assert starts.start_events(db_session, Trigger.SIGNAL, "nieuw") == []


def test_retired_version_gives_way_to_the_one_before(db_session: Session):
    first = publication.publish(db_session, a_package("oud"), at=AT)
    second = publication.publish(db_session, a_package("nieuw"), at=AT)
    publication.retire(db_session, second.version, at=AT)
    assert publication.latest(db_session, "proef") is first
    assert starts.start_events(db_session, Trigger.MESSAGE, "oud")
    publication.publish(db_session, a_package("nieuw"), at=AT)
    assert publication.latest(db_session, "proef") is second


def test_unknown_version_is_an_error(db_session: Session):
    with pytest.raises(UnknownVersion):
        publication.load_version(db_session, "0" * 64)
    with pytest.raises(UnknownVersion):
        publication.retire(db_session, "0" * 64, at=AT)
