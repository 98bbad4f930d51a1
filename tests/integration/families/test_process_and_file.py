"""What a diagram does to the file, and how it is told when that cannot be."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from engine.access.models import Organisation
from engine.families.errors import (
    CadenceOutOfRange,
    HandoverStatusUnknown,
    HandoverUnknown,
    NoRunningOrganisation,
    StatusUnknown,
    TrajectoryUnknown,
)
from engine.families.models import Trajectory
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def trajectory(place) -> Trajectory:
    return place.session.get_one(Trajectory, place.ref.trajectory_id)


def test_a_phase_is_entered_once_until_the_next(place):
    file, start = place.file(), place.now
    file.set_phase(place.ref.trajectory_id, "1", start)
    file.set_phase(place.ref.trajectory_id, "1", start + timedelta(days=3))
    assert (trajectory(place).phase, trajectory(place).phase_since) == ("1", start)


def test_closing_keeps_the_outcome_and_the_date(place):
    file = place.file()
    file.set_status(place.ref.trajectory_id, "aftercare", None, place.now)
    assert trajectory(place).ended_at is None
    file.set_status(place.ref.trajectory_id, "closed", "afgesloten", place.now)
    assert (trajectory(place).outcome, trajectory(place).ended_at) == ("afgesloten", place.now)


def test_a_status_that_does_not_exist_is_told(place):
    with pytest.raises(StatusUnknown):
        place.file().set_status(place.ref.trajectory_id, "gepauzeerd", None, place.now)


@pytest.mark.parametrize("per_week", [-1, 101, float("nan"), float("inf")])
def test_a_cadence_that_cannot_be_is_told(place, per_week):
    with pytest.raises(CadenceOutOfRange):
        place.file().set_cadence(place.ref.trajectory_id, per_week, place.now)


def test_unknown_trajectories_and_guidances_are_told_by_their_id(place):
    unknown = uuid4()
    with pytest.raises(TrajectoryUnknown) as caught:
        place.file().set_phase(unknown, "1", place.now)
    assert str(unknown) in str(caught.value.as_dict())
    with pytest.raises(HandoverUnknown):
        place.file().set_handover(unknown, "intake", None, place.now)


def test_a_guidance_takes_known_states_only(place):
    file = place.file()
    file.record(
        place.ref.trajectory_id, form({"toeleidingen": [{"organisatie": "GGZ"}]}), place.now
    )
    [handover] = file.handovers(place.ref.trajectory_id)
    with pytest.raises(HandoverStatusUnknown):
        file.set_handover(handover.handover_id, "zoek", None, place.now)


@pytest.mark.parametrize(
    ("who", "runs"), [("paula", "brug"), ("harm", "haven"), ("cora", "brug"), ("verena", "verte")]
)
def test_a_referral_goes_to_ones_own_organisation_or_a_runner_of_the_chain(place, who, runs):
    ref = place.file(who, organisation_id=None).open_trajectory(
        package_key="tussen-in", package_version="0" * 64, channel="x",
        submission=form(form_id="aanmelding"), at=place.now,
    )  # fmt: skip
    made = place.session.get_one(Trajectory, ref.trajectory_id)
    assert made.organisation_id == place.organisations[runs]


def test_without_a_running_organisation_nobody_can_be_referred(place):
    for organisation in place.session.query(Organisation):
        organisation.is_runner = False
    place.session.flush()
    with pytest.raises(NoRunningOrganisation):
        place.file("paula", organisation_id=None).open_trajectory(
            package_key="tussen-in", package_version="0" * 64, channel="x",
            submission=form(form_id="aanmelding"), at=place.now,
        )  # fmt: skip
