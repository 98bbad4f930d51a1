"""Days, due times and words as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from webui.presentation import show_distance, show_due, show_moment, show_short_day, show_word
from webui.services import services
from webui.taken.family import age
from webui.taken.pages import due_group

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)  # a Saturday, 15:05 in Amsterdam


@pytest.fixture(autouse=True)
def request_in_dutch(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (-30, "gisteren"),
        (-24 * 9, "9 dagen geleden"),
        (-24 * 40, "5 weken geleden"),
        (0, "vandaag"),
        (24, "morgen"),
        (24 * 100, "over 3 maanden"),
    ],
)
def test_distances(hours: int, words: str) -> None:
    assert show_distance(NOW + timedelta(hours=hours), NOW) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "geen einddatum"),
        (NOW + timedelta(hours=2), "vandaag om 17:05"),
        (NOW - timedelta(hours=2), "vandaag, te laat"),
        (NOW - timedelta(days=1), "1 dag te laat"),
        (NOW + timedelta(days=3), "dinsdag 24 november"),
    ],
)
def test_due_times(due: datetime | None, words: str) -> None:
    assert show_due(due, NOW) == words


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (None, "later"),
        (NOW - timedelta(minutes=1), "overdue"),
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), "today"),
        (datetime(2026, 11, 21, 23, 1, tzinfo=UTC), "soon"),
        (NOW + timedelta(days=8), "later"),
    ],
)
def test_groups_follow_the_business_day(due: datetime | None, group: str) -> None:
    assert due_group(due, NOW) == group


def test_moments_are_local() -> None:
    assert show_moment(NOW) == "za 21 nov 2026, 15:05"


def test_a_short_day_names_its_year_if_that_is_another() -> None:
    now = services().clock.now()
    assert str(now.year) not in show_short_day(now)
    assert show_short_day(datetime(2019, 11, 21, 23, 30, tzinfo=UTC)) == "vr 22 nov 2019"


def test_words_of_the_family_file() -> None:
    assert show_word("meegaan", "contact_kind") == "Meegegaan"
    assert show_word("iets-nieuws", "contact_kind") == "Iets nieuws"


def test_ages_change_on_the_birthday() -> None:
    assert age(datetime(2020, 11, 21, tzinfo=UTC).date(), NOW) == 6
    assert age(datetime(2020, 11, 22, tzinfo=UTC).date(), NOW) == 5
    assert age(None, NOW) is None
