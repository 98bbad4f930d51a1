"""What the contact meter of a family's page says of the running period."""

from __future__ import annotations

from datetime import date

from webui.gezinnen.models import Meter

MONDAY = date(2026, 11, 16)


def test_what_is_still_planned_is_counted_to_the_last_day_of_the_period() -> None:
    meter = Meter(planned=2, done=1, missed=0, since=MONDAY, weeks=1)

    assert (meter.to_go, meter.until) == (1, date(2026, 11, 22))


def test_more_contacts_than_planned_leave_nothing_to_go() -> None:
    assert Meter(planned=2, done=5, missed=0, since=MONDAY, weeks=2).to_go == 0
