"""What forms leave of scores, the type of support, views of goals and the network."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.access.permissions import Relation, RelationKind
from engine.families.file import support
from engine.families.file.choices import lists_of
from engine.families.models import (
    Measurement,
    NetworkMember,
    PlanGoal,
    SupportPeriod,
    Trajectory,
)
from tests.region import form, region
from tests.rows import rows_of


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def record(place, bindings):
    return place.file().record(place.ref.trajectory_id, form(bindings), place.now)


def rows(place, table):
    return place.session.scalars(rows_of(table)).all()


def later(place, **more):
    place.clock.advance_to(place.now + timedelta(**more))


def test_the_family_and_the_worker_each_keep_their_own_score(place):
    record(
        place,
        {
            "meting.moment": "start",
            "meting.schaalvraag.gezin": 4,
            "meting.schaalvraag.werker": "6",
            "meting.ernsttaxatie.werker": 3.5,
        },
    )
    later(place, days=30)
    record(place, {"meting.moment": "halverwege", "meting.schaalvraag.gezin": 7})
    lines = support.score_lines(place.session, place.ref.trajectory_id)
    assert [
        (line.instrument, line.scorer, [(one.value, one.moment) for one in line.scores])
        for line in lines
    ] == [
        ("schaalvraag", "gezin", [(Decimal(4), "start"), (Decimal(7), "halverwege")]),
        ("schaalvraag", "werker", [(Decimal(6), "start")]),
        ("ernsttaxatie", "werker", [(Decimal("3.5"), "start")]),
    ]
    assert {one.version for one in rows(place, Measurement)} == {1}


@pytest.mark.parametrize("score", [0, 11, "zes", 3.5, None, True, "NaN", "1e1000"])
def test_a_score_off_the_scale_is_left_out(place, score):
    record(place, {"meting.schaalvraag.gezin": score})
    assert rows(place, Measurement) == []


def test_the_severity_is_never_scored_by_the_family(place):
    record(place, {"meting.ernsttaxatie.gezin": 3})
    assert rows(place, Measurement) == []


def test_a_type_of_support_ends_when_another_begins(place):
    began = place.now
    record(place, {"ondersteuning.soort": "basis-op-orde", "ondersteuning.reden": "Geen grip."})
    later(place, days=40)
    record(place, {"ondersteuning.soort": "stut-en-steun"})
    found = support.support_periods(place.session, place.ref.trajectory_id)
    assert [(one.kind, one.since, one.until) for one in found] == [
        ("stut-en-steun", place.now, None),
        ("basis-op-orde", began, place.now),
    ]


def test_the_same_type_of_support_again_goes_on_with_the_new_reason(place):
    record(place, {"ondersteuning.soort": "stut-en-steun", "ondersteuning.reden": "Alleen."})
    later(place, days=90)
    record(place, {"ondersteuning.soort": "stut-en-steun", "ondersteuning.reden": "Nog steeds."})
    [one] = rows(place, SupportPeriod)
    assert (one.reason, one.until) == ("Nog steeds.", None)


def test_the_type_of_support_ends_with_the_trajectory(place):
    record(place, {"ondersteuning.soort": "nazorg"})
    later(place, days=60)
    place.file().set_status(place.ref.trajectory_id, "closed", "afgesloten", place.now)
    assert support.support_periods(place.session, place.ref.trajectory_id)[0].until == place.now


def test_a_goal_keeps_three_views(place):
    goal = {
        "doel": "Rust aan tafel", "visieGezin": "Wij willen rust.", "visieWerker": "Eén regel.",
        "visieVerwijzer": "De kinderen eten niet.",
    }  # fmt: skip
    record(place, {"doelen": [goal]})
    [kept] = rows(place, PlanGoal)
    assert (kept.view_family, kept.view_worker, kept.view_referrer) == (
        "Wij willen rust.",
        "Eén regel.",
        "De kinderen eten niet.",
    )


def test_a_goal_that_was_scored_can_be_taken_up_again(place):
    record(place, {"doelen": [{"doel": "De post is open"}, {"doel": "Op tijd op school"}]})
    [goal] = [one for one in rows(place, PlanGoal) if one.goal == "De post is open"]
    record(place, {"doelstanden": [{"doel": str(goal.id), "stand": "niet"}]})
    assert (goal.status, goal.scored_at) == ("niet", place.now)
    later(place, days=20)
    record(place, {"doelstanden": [{"doel": "de post is open", "stand": "open"}]})
    assert (goal.status, goal.scored_at, goal.reopened_at) == ("open", None, place.now)
    assert {one.status for one in rows(place, PlanGoal)} == {"open"}


def test_a_goal_of_an_earlier_trajectory_is_taken_along(place):
    record(place, {"doelen": [{"doel": "De post is open", "visieGezin": "Minder zorgen."}]})
    record(place, {"doelstanden": [{"doel": "De post is open", "stand": "behaald"}]})
    file = place.file()
    file.set_status(place.ref.trajectory_id, "closed", "afgesloten", place.now)
    later(place, days=100)
    again = file.open_trajectory(
        package_key="probleemoplossend-werken",
        package_version="0" * 64,
        channel="terugkeer",
        submission=form(
            {"doelstanden": [{"doel": "De post is open", "stand": "open"}]}, form_id="terugkeer"
        ),
        at=place.now,
        after=place.ref.trajectory_id,
    )
    goals = {one.trajectory_id: one for one in rows(place, PlanGoal)}
    assert goals[place.ref.trajectory_id].status == "behaald"
    taken = goals[again.trajectory_id]
    assert (taken.status, taken.view_family, taken.reopened_at) == (
        "open",
        "Minder zorgen.",
        place.now,
    )


def test_the_network_map_says_what_support_and_whether_it_does_good(place):
    record(
        place,
        {
            "netwerk": [
                {
                    "naam": "Oma", "relatie": "moeder van moeder", "wederkerig": "soms",
                    "soortSteun": ["emotioneel", "praktisch"], "invloed": "goed",
                },
                {"naam": "Neef", "invloed": "gevaarlijk", "soortSteun": "x", "wederkerig": 3},
            ]
        },
    )  # fmt: skip
    people = {one.name: one for one in rows(place, NetworkMember)}
    assert (
        people["Oma"].support_kinds, people["Oma"].influence, people["Oma"].gives_back
    ) == ("praktisch, emotioneel", "goed", "soms")  # fmt: skip
    assert (people["Neef"].support_kinds, people["Neef"].influence) == (None, None)


def test_missed_appointments_are_counted_since_the_last_that_took_place(place):
    def contact(gemist):
        later(place, days=2)
        record(place, {"contact.soort": "huisbezoek", "contact.gemist": gemist})

    def missed():
        return place.file().contacts(place.ref.trajectory_id, place.now).missed_in_row

    contact(True)
    assert missed() == 1
    contact(False)
    assert missed() == 0
    contact(True)
    contact(True)
    assert missed() == 2


def test_birthdays_of_children_are_days_without_names(place):
    record(
        place,
        {
            "gezinsleden": [
                {"naam": "Moeder", "rol": "moeder", "geboortedatum": "1990-01-01"},
                {"naam": "A", "rol": "kind", "geboortedatum": "2008-02-29"},
                {"naam": "B", "rol": "kind", "geboortedatum": "2010-06-01"},
                {"naam": "C", "rol": "kind", "geboortedatum": "2004-01-01"},
                {"naam": "D", "rol": "kind"},
            ]
        },
    )
    found = place.file().birthdays(place.ref.trajectory_id, 18, date(2026, 1, 5))
    assert found.days == (date(2026, 3, 1), date(2028, 6, 1))
    assert found.unknown == 1


def _again(place):
    file = place.file()
    file.set_status(place.ref.trajectory_id, "closed", "afgesloten", place.now)
    later(place, days=100)
    return file.open_trajectory(
        package_key="probleemoplossend-werken",
        package_version="0" * 64,
        channel="terugkeer",
        submission=form({}, form_id="terugkeer"),
        at=place.now,
        after=place.ref.trajectory_id,
    )


def _offered(place, ref):
    trajectory = place.session.get_one(Trajectory, ref.trajectory_id)
    lists = lists_of(place.session, trajectory, Relation(RelationKind.LEADS), place.now)
    return [choice["label"] for choice in lists["alleDoelen"]]


def test_goals_of_an_earlier_trajectory_are_offered(place):
    record(place, {"doelen": [{"doel": "De post is open"}]})
    assert _offered(place, _again(place)) == ["De post is open"]


def test_goals_that_the_family_keeps_from_later_workers_are_not_offered(place):
    record(
        place,
        {
            "doelen": [{"doel": "De post is open"}],
            "toestemming.doel": "eerdere-trajecten-lezen",
            "toestemming.besluit": "nee",
        },
    )
    assert _offered(place, _again(place)) == []
