"""When timers are due: calendars, nights that change, outages, and people who move them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.cron import next_after
from engine.definitions.model import UserWork
from engine.definitions.times import is_cycle, is_date, is_duration
from engine.execution.effects import Happening
from engine.execution.errors import ExpressionFailed, NotWaiting
from engine.execution.suspension import Later
from engine.execution.timing import after, as_cycle, as_instant, as_span, due_date, firings_until
from engine.feel.values import YearsMonthsDuration
from tests.unit.execution.models import BEGIN, Driver, Model, line, message, timer

ZONE = ZoneInfo("Europe/Amsterdam")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-03-28T09:00", "P1D", "2026-03-29T09:00"),
        ("2026-03-28T09:00", "PT24H", "2026-03-29T10:00"),
        ("2026-10-24T09:00", "P1D", "2026-10-25T09:00"),
        ("2026-10-24T09:00", "PT24H", "2026-10-25T08:00"),
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30"),
        ("2026-01-31T09:00", "P1M", "2026-02-28T09:00"),
        ("2024-02-29T09:00", "P1Y", "2025-02-28T09:00"),
        ("2026-01-05T09:00", "P2W", "2026-01-19T09:00"),
        ("2026-01-05T09:00", "P1M2DT3H", "2026-02-07T12:00"),
        ("2026-01-05T09:00", "P1Y2M3DT4H5M6S", "2027-03-08T13:05:06"),
        ("2026-01-05T09:00", "PT1,5H", "2026-01-05T10:30"),
        ("2026-01-05T09:00", "P0.5D", "2026-01-05T21:00"),
        ("2026-01-05T09:00", "P0.5Y", "2026-07-05T09:00"),
        ("2026-01-05T09:00", "-P1D", "2026-01-04T09:00"),
        ("2026-03-29T09:00", timedelta(hours=-1), "2026-03-29T08:00"),
        ("2026-03-31T09:00", YearsMonthsDuration(-1), "2026-02-28T09:00"),
    ],
)
def test_durations_follow_the_calendar_and_hours_are_exact(start, duration, due):
    assert after(local(start), duration) == local(due)


def test_both_hours_of_the_autumn_night_are_told_apart():
    second = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=1).astimezone(UTC)
    assert after(second, "PT0S") == second
    assert after(second, "PT1H") == second + timedelta(hours=1)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "3 weken", "P1", "1D", "P1H", "PT1D", "P1.5M", "P-1D"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ExpressionFailed):
        as_span(text)


@pytest.mark.parametrize("text", ["P999999999D", "P999999999Y", "PT999999999H"])
def test_a_duration_beyond_the_calendar_is_refused(text):
    with pytest.raises(ExpressionFailed):
        after(BEGIN, text)


@pytest.mark.parametrize("text", ["R0/P1D", "R/PT0S", "R/-P1D", "R/P1D/P1D/P1D", "R/", "P1D", "R3"])
def test_cycles_that_never_or_endlessly_fire_are_refused(text):
    with pytest.raises(ExpressionFailed):
        as_cycle(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-01T09:00[America/New_York]", "2026-07-01T13:00+00:00"),
        ("2026-07-01T09:00+02:00[Europe/Amsterdam]", "2026-07-01T07:00+00:00"),
        ("2026-07-01T09:00-05:00[Europe/Amsterdam]", "2026-07-01T14:00+00:00"),
    ],
)
def test_time_zones_by_name(text, instant):
    assert as_instant(text) == datetime.fromisoformat(instant)


def test_unknown_time_zone_is_refused_at_the_check_and_when_it_runs():
    assert not is_date("2026-07-01T09:00[Europe/Lutjebroek]")
    with pytest.raises(ExpressionFailed):
        as_instant("2026-07-01T09:00[Europe/Lutjebroek]")


@given(st.from_regex(r"\AP[0-9]{0,6}[.,]?[0-9]{0,2}[YMWD]?[0-9]{0,6}D?(T[0-9.,HMS]{1,12})?\Z"))
@settings(max_examples=500, deadline=None)
def test_every_duration_that_the_check_accepts_runs(text):
    if is_duration(text):
        after(BEGIN, text)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_beyond_the_calendar_is_refused(text):
    with pytest.raises(ExpressionFailed, match="kalender"):
        as_instant(text)


def test_never_has_a_day_here_and_can_be_put_off():
    never = as_instant("9999-12-31T23:59:59Z")
    assert never.astimezone(ZONE).year == 9999
    assert [Later(days=30).of(never), Later(exact=timedelta(hours=2)).of(never)] == [never, never]


def test_a_date_means_the_end_of_that_day_here():
    assert as_instant("2026-03-29") == local("2026-03-29T23:59:59")
    assert as_instant("2026-07-01T09:00") == local("2026-07-01T09:00")
    assert as_instant("2026-07-01T09:00:00[Europe/Amsterdam]") == local("2026-07-01T09:00")
    assert as_instant("2026-07-01T09:00Z") == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert due_date(" P3D ", BEGIN) == BEGIN + timedelta(days=3)
    assert due_date("", BEGIN) is None


def reminding(cycle: str, **fields) -> Driver:
    model = Model().user("werk").user("herinner")
    line(model, "werk").on("werk", "t", timer(cycle=cycle), interrupting=False, **fields)
    return Driver(model.flow("t", "herinner"))


def firings(run: Driver, number: int) -> list[str]:
    found = []
    for _ in range(number):
        found.append(f"{run.due('t').astimezone(ZONE):%Y-%m-%d %H:%M}")
        run.fire("t")
    return found


def test_monthly_on_the_31st_comes_back_to_the_31st():
    assert firings(reminding("R/2026-01-31T09:00/P1M"), 4) == [
        "2026-01-31 09:00", "2026-02-28 09:00", "2026-03-31 09:00", "2026-04-30 09:00",
    ]  # fmt: skip


def test_daily_at_half_past_two_survives_the_night_that_skips_it():
    assert firings(reminding("R/2026-03-28T02:30/P1D"), 3) == [
        "2026-03-28 02:30", "2026-03-29 03:30", "2026-03-30 02:30",
    ]  # fmt: skip


def test_cycle_with_a_number_fires_so_often():
    run = reminding("R3/PT1H")
    assert firings(run, 3) == ["2026-01-05 10:00", "2026-01-05 11:00", "2026-01-05 12:00"]
    assert run.all("t") == []


def test_what_lies_before_the_start_was_never_missed():
    run = reminding("R/2020-01-01T09:00/P1D")
    assert firings(run, 2) == ["2026-01-06 09:00", "2026-01-07 09:00"]
    run = reminding("R5/2026-01-03T09:30/P1D")
    assert firings(run, 3) == ["2026-01-05 09:30", "2026-01-06 09:30", "2026-01-07 09:30"]
    assert run.all("t") == []


@pytest.mark.parametrize(
    ("policy", "fired", "due"),
    [
        ("elk", 3, "2026-01-09 09:00"),
        ("eens", 1, "2026-01-09 09:00"),
        ("overslaan", 0, "2026-01-09 09:00"),
    ],
)
def test_catch_up_after_an_outage_of_three_days(policy, fired, due):
    run = reminding("R/P1D", properties={"inhalen": policy})
    run.wait(timedelta(days=3, hours=1))
    while run.due("t") <= run.now:
        run.fire("t")
    assert len(run.all("herinner")) == fired
    assert f"{run.due('t').astimezone(ZONE):%Y-%m-%d %H:%M}" == due


def test_skipping_still_fires_what_is_only_a_little_late():
    run = reminding("R/P1D", properties={"inhalen": "overslaan"})
    run.wait(timedelta(days=1, hours=3)).fire("t")
    assert len(run.all("herinner")) == 1


def test_catching_up_once_counts_the_missed_firings():
    run = reminding("R4/P1D", properties={"inhalen": "eens"})
    run.wait(timedelta(days=3, hours=1)).fire("t")
    assert run.due("t") == BEGIN + timedelta(days=4)
    assert run.fire("t").all("t") == []


def test_catching_up_a_very_fast_cycle_is_quick():
    run = reminding("R/PT1S", properties={"inhalen": "eens"})
    run.wait(timedelta(days=3650)).fire("t")
    assert run.due("t") > run.now


@given(
    minutes=st.integers(1, 100_000),
    later=st.integers(0, 10**8),
    interval=st.sampled_from(["PT1M", "P1D", "P1M", "P1M3D", "PT37M", "P1W"]),
)
@settings(max_examples=200, deadline=None)
def test_first_firing_after_now_is_the_first_one(minutes, later, interval):
    anchor = BEGIN + timedelta(minutes=minutes)
    now = anchor + timedelta(seconds=later)
    number = firings_until(anchor, interval, now)
    assert after(anchor, interval, times=number) > now
    assert number == 0 or after(anchor, interval, times=number - 1) <= now


def test_due_time_moved_by_a_person_counts_from_there():
    run = reminding("R3/P1D")
    run.execution.change_due(run.one("t").token_id, local("2026-02-01T12:00"))
    run._settle()
    assert firings(run, 3) == ["2026-02-01 12:00", "2026-02-02 12:00", "2026-02-03 12:00"]


def test_the_due_time_of_a_task_is_moved_by_a_person_and_told():
    run = Driver(line(Model().user("werk", user=UserWork(due_date="P3D")), "werk"))
    was = run.due("werk")
    later = local("2026-02-01T12:00")
    assert run.execution.change_due(run.one("werk").token_id, later) == was
    run._settle()
    assert run.due("werk") == later
    (told,) = [e for e in run.effects_of(Happening) if e.type == "rescheduled"]
    assert told.data == {"before": was.isoformat(), "after": later.isoformat()}
    assert run.complete("werk").status == "completed"


def test_a_task_without_a_due_time_can_get_one():
    run = Driver(line(Model().user("werk"), "werk"))
    assert run.execution.change_due(run.one("werk").token_id, local("2026-02-01T12:00")) is None
    assert run._settle().due("werk") == local("2026-02-01T12:00")


def test_what_waits_for_no_time_gets_no_due_time():
    run = Driver(line(Model().catch("w", message("m")), "w"))
    with pytest.raises(NotWaiting):
        run.execution.change_due(run.one("w").token_id, local("2026-02-01T12:00"))


def test_states_from_before_cycles_were_anchored_go_on():
    run = reminding("R3/P1D")
    token = run.execution.tasks[run.one("t").token_id]
    del token.internal_data["wait"]["anchor"], token.internal_data["wait"]["count"]
    assert firings(run._settle(), 3) == ["2026-01-06 09:00", "2026-01-07 09:00", "2026-01-08 09:00"]


@pytest.mark.parametrize("text", ['=duration("P1D")', "P1D", "=duur", '=cycle(duration("P1D"))'])
def test_timers_as_modellers_write_them(text):
    cycle = "cycle" in text
    event = timer(cycle=text) if cycle else timer(text)
    model = Model().user("a").on("a", "t", event, interrupting=False).end("e")
    run = Driver(line(model.flow("t", "e"), "a"), {"duur": "P1D"})
    assert run.due("t") == BEGIN + timedelta(days=1)


def test_due_and_follow_up_dates_of_a_task():
    user = UserWork(due_date='=now() + duration("P3D")', follow_up_date="=date(x)")
    run = Driver(line(Model().user("a", user=user), "a"), {"x": "2026-01-07"})
    assert run.due("a") == BEGIN + timedelta(days=3)
    assert run.one("a").details["follow_up"] == local("2026-01-07T23:59:59").isoformat()


@pytest.mark.parametrize(
    "work",
    [{"priority": "=10**6000"}, {"priority": "=9999999999"}, {"form_id": "=function(x) x"}],
)
def test_what_no_database_keeps_of_a_task_is_an_incident_at_it(work):
    assert Driver(line(Model().user("werk", user=UserWork(**work)), "werk")).incidents == ["werk"]


def test_a_task_about_a_day_names_it_as_people_write_it():
    run = Driver(
        line(Model().user("a", properties={"onderwerp": "=date(x)"}), "a"), {"x": "2026-03-02"}
    )
    assert run.one("a").details["subject"] == "2-3-2026"


@pytest.mark.parametrize(
    ("text", "moment", "due"),
    [
        ("0 0 9 * * *", "2026-03-28T10:00", "2026-03-29T09:00"),
        ("0 30 2 * * *", "2026-03-28T10:00", "2026-03-29T03:30"),
        ("0 0 9-17 * * MON-FRI", "2026-01-09T18:00", "2026-01-12T09:00"),
        ("0 0 12 1 * MON", "2026-01-05T09:00", "2026-06-01T12:00"),
        ("0 0 9 ? * MON#1", "2026-01-06T09:00", "2026-02-02T09:00"),
        ("0 0 0 L * *", "2026-02-01T09:00", "2026-02-28T00:00"),
        ("@daily", "2026-01-05T09:00", "2026-01-06T00:00"),
    ],
)
def test_cron_follows_the_calendar_of_the_business_zone(text, moment, due):
    assert is_cycle(text)
    assert as_cycle(text).first_due(local(moment)) == local(due)


def test_cron_of_a_night_that_comes_twice_goes_off_once():
    first = local("2026-10-25T02:30")
    assert next_after("0 30 2 * * *", first) == local("2026-10-26T02:30")


@pytest.mark.parametrize(
    "text",
    [
        "0 9 * * *",
        "60 0 0 * * *",
        "0 0 0 30 2 *",
        "0 0 9 * * * 2026",
        "R R R R R R",
        "@soms",
        "x" * 999,
    ],
)
def test_what_is_no_cron_text_of_camunda_8_is_refused(text):
    assert not is_cycle(text)
    with pytest.raises(ExpressionFailed):
        as_cycle(text)


@pytest.mark.parametrize(("policy", "fired"), [("elk", 3), ("eens", 1), ("overslaan", 0)])
def test_cron_catches_up_after_an_outage_as_told(policy, fired):
    run = reminding("0 0 10 * * *", properties={"inhalen": policy})
    run.fire("t").now = local("2026-01-08T11:00")
    while run.due("t") <= run.now:
        run.fire("t")
    assert len(run.all("herinner")) == 1 + fired
    assert run.due("t") == local("2026-01-09T10:00")
