"""Contacts planned against contacts done, in local weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.families.file.contact_meter import period_weeks
from engine.families.services import contact_meter
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def contact(place, at, *, missed=False):
    place.clock.advance_to(at)
    place.file().record(
        place.ref.trajectory_id,
        form({"contact.soort": "telefoon", "contact.gemist": missed}),
        place.now,
    )


def meter(place):
    return contact_meter(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )


def test_before_the_diagram_sets_a_cadence_nothing_is_planned(place):
    found = meter(place)
    assert (found.per_week, found.planned_this_week, found.done_this_week) == (None, 0, 0)
    assert (found.last_at, found.days_since_last) == (None, None)


def test_two_a_week_are_counted_from_monday_to_sunday(place):
    place.file().set_cadence(place.ref.trajectory_id, 2, place.now)
    contact(place, datetime(2026, 1, 5, 9, tzinfo=UTC))
    contact(place, datetime(2026, 1, 8, 9, tzinfo=UTC), missed=True)
    contact(place, datetime(2026, 1, 11, 22, 30, tzinfo=UTC))
    found = meter(place)
    assert (found.planned_this_week, found.done_this_week, found.missed_this_week) == (2, 2, 1)
    contact(place, datetime(2026, 1, 11, 23, 30, tzinfo=UTC))  # Monday in the Netherlands
    found = meter(place)
    assert (found.week_start, found.done_this_week, found.days_since_last) == (
        date(2026, 1, 12),
        1,
        0,
    )


def test_one_every_two_weeks_is_counted_over_two_weeks(place):
    place.file().set_cadence(place.ref.trajectory_id, 0.5, place.now)
    contact(place, datetime(2026, 1, 6, 9, tzinfo=UTC))
    place.clock.advance_to(datetime(2026, 1, 14, 9, tzinfo=UTC))
    found = meter(place)
    assert (found.planned_this_week, found.done_this_week) == (0, 0)
    assert (found.period_start, found.planned_in_period, found.done_in_period) == (
        date(2026, 1, 5),
        1,
        1,
    )
    assert found.days_since_last == 8


def test_the_week_of_the_clock_change_has_its_local_bounds(place):
    contact(place, datetime(2026, 3, 29, 21, 59, tzinfo=UTC))  # Sunday 23:59, summer time
    contact(place, datetime(2026, 3, 29, 22, 1, tzinfo=UTC))  # Monday 00:01
    assert meter(place).done_this_week == 1


@pytest.mark.parametrize(
    ("per_week", "weeks"),
    [(None, 1), (0, 1), (2, 1), (1, 1), (0.5, 2), (0.333, 4), (0.25, 4), (0.75, 2)],
)
def test_a_period_is_long_enough_for_one_contact(per_week, weeks):
    assert period_weeks(per_week) == weeks
