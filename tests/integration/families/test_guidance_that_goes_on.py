"""A guidance outlives its method, stops with its consent, and is confirmed by the receiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from engine.access.permissions import Relation, RelationKind
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish_all
from engine.families.file.choices import lists_of
from engine.families.file.guidance_consent import HANDOVER_PURPOSE, keys_of
from engine.families.models import Handover, Trajectory
from engine.families.tasks.shown_subjects import names_shared_with, subject_of_task
from engine.simulation.player import play
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from tests.integration.simulation.test_what_runs_beside_in_both_worlds import (
    SHARED,
    in_a_trajectory,
)
from tests.region import Region, form, region

GUIDANCE = load_package(SHARED / "toeleiding")
TOLD = (
    "partner-neemt-zelf-over",
    "toestemming-weg-en-stoppen",
    "overdracht-mag-niet-meer",
    "overdracht-niet-gewild",
)
SCENARIOS = [one for one in scenarios_of(GUIDANCE) if Path(one.file).stem in TOLD]


@dataclass
class People:
    """Who is meant by a role; the agency of the guidance has Petra."""

    place: Region

    def person(self, role: str, number: int) -> str:
        names = {"vertrouwenspersoon": "wilma", "projectleider": "paula", "ontvanger": "petra"}
        return str(self.place.users[names[role]])

    def partner(self, kind: str) -> str:
        return str(self.place.organisations["schuld"])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: Path(one.file).stem)
def test_a_withdrawn_consent_stops_the_guidance_on_the_database_too(db_session, scenario):
    place = region(db_session)
    package, told = in_a_trajectory(scenario)
    others = [load_package(SHARED / name) for name in ("toestemming", "contactritme")]
    publish_all(db_session, [package, GUIDANCE, *others], at=place.now)
    world = StoredWorld(
        db_session, package, scenario.begin, People(place), place.organisations["brug"]
    )
    result = play(told, world, begin=scenario.begin)
    assert result.error is None, result.error
    assert [one for one in result.outcomes if not one.held] == []


@pytest.fixture
def place(db_session):
    made = region(db_session)
    ref = made.open(gezinsleden=[{"naam": "Naima", "rol": "moeder"}])
    made.trajectory_id, made.family_id = ref.trajectory_id, ref.family_id
    agency = str(made.organisations["schuld"])
    record(made, {"toeleidingen": [{"organisatie": agency, "leefgebied": "huishouding"}]})
    [made.guidance] = made.file().handovers(made.trajectory_id)
    made.file().set_handover(made.guidance.handover_id, "intake", None, made.now)
    return made


def record(place, bindings):
    place.clock.advance_to(place.now + timedelta(minutes=1))
    place.file().record(place.trajectory_id, form(bindings), place.now)


def consent(place, decision):
    record(
        place,
        {
            "toestemming.besluit": decision,
            "toestemming.doel": HANDOVER_PURPOSE,
            "toestemming.ontvanger": "Schuldhulp Noord",
            "toestemming.gever": "Naima",
            "toestemming.wat": "Alleen de schulden.",
        },
    )


def shown_to(place, name):
    trajectory = place.session.get_one(Trajectory, place.trajectory_id)
    return subject_of_task(
        place.session, place.actor(name), trajectory, Relation(RelationKind.ASSIGNED),
        {"overdrachtId": str(place.guidance.handover_id)}, place.now,
    )  # fmt: skip


def named_to(place, name):
    asked = [place.trajectory_id]
    return bool(names_shared_with(place.session, place.actor(name), asked, place.now))


def test_the_receiver_sees_what_the_family_agreed_to_and_no_longer_than_it_agrees(place):
    assert shown_to(place, "petra").withheld
    assert not named_to(place, "petra")
    consent(place, "ja")
    seen = shown_to(place, "petra")
    assert seen.family_name == "Familie Ahmadi"
    assert seen.handover.shared == "Alleen de schulden."
    assert seen.handover.by_organisation == "De Brug"
    assert named_to(place, "petra")
    consent(place, "nee")
    assert shown_to(place, "petra").withheld
    assert not named_to(place, "petra")


def test_a_partner_of_another_agency_sees_nothing_of_it(place):
    consent(place, "ja")
    assert shown_to(place, "vincent").withheld
    assert not named_to(place, "vincent")


def test_who_may_be_asked_to_take_over_are_the_people_of_that_agency(place):
    trajectory = place.session.get_one(Trajectory, place.trajectory_id)
    about = {"overdrachtId": str(place.guidance.handover_id)}
    lists = lists_of(place.session, trajectory, Relation(RelationKind.LEADS), place.now, about)
    assert [one["label"] for one in lists["ontvangers"]] == ["Petra"]
    assert place.file().receivers(place.guidance.handover_id) == 1


def test_the_next_trajectory_of_the_family_takes_the_guidance_over(place):
    after = place.file().follow_up(
        place.trajectory_id, package_key="tussen-in", package_version="0" * 64,
        channel="aanmelding-vervolg", keep=(), at=place.now,
    ).ref.trajectory_id  # fmt: skip
    taken = place.file().take_handover(after, place.guidance.handover_id)
    assert (taken.organisation, taken.status) == ("Schuldhulp Noord", "intake")
    assert place.file().handovers(place.trajectory_id) == []
    assert [one.handover_id for one in place.file().handovers(after)] == [taken.handover_id]


def test_another_family_cannot_take_it(place):
    other = place.open("Familie Bos").trajectory_id
    assert place.file().take_handover(other, place.guidance.handover_id) is None
    assert place.session.get_one(Handover, place.guidance.handover_id).trajectory_id != other


def test_a_guidance_rests_on_the_consent_to_its_agency_or_to_a_purpose(place):
    one = place.guidance.handover_id
    assert keys_of(one, "Ggz", "toeleiding", "Ggz") == [str(one), f"{one}:toeleiding"]
    assert keys_of(one, "Ggz", "schuldhulp", None) == [f"{one}:schuldhulp"]
    assert keys_of(one, "Ggz", "toeleiding", "School") == []


def test_the_consent_to_hand_over_is_that_of_a_part_and_the_guidance_goes_on_without(place):
    one = place.guidance.handover_id
    assert keys_of(one, "Ggz", HANDOVER_PURPOSE, "Ggz") == [f"{one}:{HANDOVER_PURPOSE}"]
    assert keys_of(one, "Ggz", "zorgoverleg: opvoeding", "Ggz") == [f"{one}:zorgoverleg: opvoeding"]
