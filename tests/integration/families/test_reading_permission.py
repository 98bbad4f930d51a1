"""Who reads a family's file, who is refused, and what the log keeps of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.access.errors import AccessDenied
from engine.access.log import lines_of_family
from engine.access.models import AccessLogEntry
from engine.families.services import (
    add_agreement,
    chronology,
    complete_agreement,
    contact_meter,
    datasets,
    family_names,
    family_overview,
    withdraw_consent,
)
from tests.region import form, region

READERS = {"wilma": "involved:vertrouwenspersoon", "paula": "leads", "cora": "coordinates"}
STRANGERS = ("wouter", "hanna", "harm", "verena", "olga", "adam", "niels")


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open(**{"gezin.adres": "Kade 1"})
    made.file().involve(
        made.ref.trajectory_id, "vertrouwenspersoon", made.users["wilma"], beside=False, at=made.now
    )
    db_session.commit()
    return made


@pytest.mark.parametrize(("name", "basis"), READERS.items())
def test_those_with_a_relation_read_and_one_line_says_why(place, name, basis):
    actor = place.actor(name)
    overview = family_overview(place.session, actor, place.ref.trajectory_id, now=place.now)
    assert overview.family.name == "Familie Ahmadi"
    place.session.commit()
    [line] = lines_of_family(place.session, place.ref.family_id)
    assert (line.outcome, line.basis, line.user_id) == ("allowed", basis, actor.user_id)


@pytest.mark.parametrize("reading", [family_overview, chronology, contact_meter, datasets])
@pytest.mark.parametrize("name", STRANGERS)
def test_everybody_else_is_refused_and_the_log_says_so(place, name, reading):
    actor = place.actor(name)
    with pytest.raises(AccessDenied):
        reading(place.session, actor, place.ref.trajectory_id, now=place.now)
    place.session.rollback()
    [line] = lines_of_family(place.session, place.ref.family_id)
    assert (line.outcome, line.user_id) == ("refused", actor.user_id)


def test_a_family_that_does_not_exist_gets_the_same_answer(place):
    answers = []
    for trajectory_id in (place.ref.trajectory_id, uuid4()):
        with pytest.raises(AccessDenied) as caught:
            family_overview(place.session, place.actor("hanna"), trajectory_id, now=place.now)
        answers.append(caught.value.as_dict())
    assert answers[0] == answers[1]
    refused = select(AccessLogEntry).where(AccessLogEntry.outcome == "refused")
    assert len(place.session.scalars(refused).all()) == 2


def test_reading_ends_with_the_involvement(place):
    later = place.now + timedelta(days=10)
    place.file().involve(
        place.ref.trajectory_id, "vertrouwenspersoon", place.users["wouter"], beside=False, at=later
    )
    trajectory_id = place.ref.trajectory_id
    just_before = later - timedelta(seconds=1)
    assert family_overview(place.session, place.actor("wilma"), trajectory_id, now=just_before)
    with pytest.raises(AccessDenied):
        family_overview(place.session, place.actor("wilma"), trajectory_id, now=later)
    assert family_overview(place.session, place.actor("wouter"), trajectory_id, now=later)


def test_closing_ends_the_workers_sight_but_not_the_leaders(place):
    place.file().set_status(place.ref.trajectory_id, "closed", "afgesloten", place.now)
    with pytest.raises(AccessDenied):
        family_overview(place.session, place.actor("wilma"), place.ref.trajectory_id, now=place.now)
    assert family_overview(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )


def test_a_secret_address_is_for_those_who_go_there(place):
    place.file().record(place.ref.trajectory_id, form({"gezin.adresGeheim": "ja"}), place.now)

    def address(name):
        overview = family_overview(
            place.session, place.actor(name), place.ref.trajectory_id, now=place.now
        )
        assert overview.family.secret_address
        return overview.family.address

    assert address("wilma") == address("paula") == "Kade 1"
    assert address("cora") is None


def test_a_coordinator_changes_nothing(place):
    with pytest.raises(AccessDenied):
        add_agreement(
            place.session, place.actor("cora"), place.ref.trajectory_id,
            what="bellen", owner=None, due=None, now=place.now,
        )  # fmt: skip
    with pytest.raises(AccessDenied):
        place.file("cora").record(
            place.ref.trajectory_id, form({"contact.soort": "telefoon"}), place.now
        )


def test_agreements_and_consents_of_others_cannot_be_reached_by_their_id(place):
    file = place.file()
    other = place.open(organisation="haven")
    file.record(
        other.trajectory_id,
        form({"toestemming.doel": "zorgoverleg", "toestemming.besluit": "ja"}),
        place.now,
    )
    harm, wilma = place.actor("harm"), place.actor("wilma")
    agreement_id = add_agreement(
        place.session, harm, other.trajectory_id, what="bellen", owner=None, due=None, now=place.now
    )
    overview = family_overview(place.session, harm, other.trajectory_id, now=place.now)
    place.session.commit()
    for unknown_or_not in (agreement_id, uuid4()):
        with pytest.raises(AccessDenied):
            complete_agreement(place.session, wilma, unknown_or_not, now=place.now)
    for unknown_or_not in (overview.consents[0].id, uuid4()):
        with pytest.raises(AccessDenied):
            withdraw_consent(place.session, wilma, unknown_or_not, now=place.now)


def test_names_in_lists_are_those_of_families_one_knows(place):
    other = place.open("Familie Bakker", organisation="haven")
    asked = [place.ref.trajectory_id, other.trajectory_id, uuid4()]

    def names(name):
        actor = place.actor(name)
        return set(family_names(place.session, actor, asked, now=place.now).values())

    assert names("wilma") == {"Familie Ahmadi"}
    assert names("cora") == {"Familie Ahmadi", "Familie Bakker"}
    assert names("adam") == set()


def test_family_data_shows_nothing_of_itself_in_logs(place):
    overview = family_overview(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )
    entries = chronology(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )
    shown = repr([overview, overview.family, entries, list(overview.members)])
    assert "Ahmadi" not in shown
    assert "Wilma" not in shown
