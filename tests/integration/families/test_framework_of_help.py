"""The framework in which a family is helped: from forms, kept as written, the latest first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.families.file.framework import frameworks
from engine.families.file.overview import family_overview
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def record(place, **fields: object) -> None:
    bindings = {f"kader.{name}": value for name, value in fields.items()}
    place.file().record(place.ref.trajectory_id, form(bindings), place.now)
    place.session.flush()


def kept(place) -> list[tuple[str, date, bool | None]]:
    return [
        (one.kind, one.since, one.rights_explained)
        for one in frameworks(place.session, place.ref.family_id)
    ]


def test_the_latest_comes_first_and_the_earlier_stay(place):
    record(place, soort="vrijwillig", vanaf="2026-01-02")
    record(place, soort="drang", vanaf="2026-03-01", rechten="ja", uitleg="Met een folder.")
    assert kept(place) == [
        ("drang", date(2026, 3, 1), True),
        ("vrijwillig", date(2026, 1, 2), None),
    ]


def test_without_a_day_it_is_today(place):
    record(place, soort="gedwongen", rechten="nee", uitleg="De tolk was er niet.")
    assert kept(place) == [("gedwongen", date(2026, 1, 5), False)]


@pytest.mark.parametrize("kind", ["verplicht", "", None, 3])
def test_what_is_no_framework_is_left_out(place, kind):
    record(place, soort=kind, vanaf="2026-01-02")
    assert kept(place) == []


def test_who_may_read_the_family_sees_it(place):
    record(place, soort="drang", vanaf="2026-01-02", rechten="ja", uitleg="Uitgelegd.")
    overview = family_overview(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )
    assert [one.explanation for one in overview.frameworks] == ["Uitgelegd."]


def test_it_belongs_to_the_family_and_shows_in_its_next_trajectory(place):
    record(place, soort="drang", vanaf="2026-01-02")
    file = place.file()
    file.set_status(place.ref.trajectory_id, "closed", None, place.now + timedelta(days=1))
    following = file.follow_up(
        place.ref.trajectory_id, package_key="tussen-in", package_version="0" * 64,
        channel="vervolg", keep=[], at=place.now + timedelta(days=2),
    )  # fmt: skip
    overview = family_overview(
        place.session, place.actor("paula"), following.ref.trajectory_id, now=place.now
    )
    assert [one.kind for one in overview.frameworks] == ["drang"]
