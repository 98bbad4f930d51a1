"""What a submitted form leaves in the family file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from engine.families.file.bindings import KNOWN_PATHS
from engine.families.file.overview import family_overview
from engine.families.models import (
    Agreement,
    Contact,
    ContactMember,
    Document,
    Family,
    FamilyMember,
    Handover,
    HandoverState,
    LifeDomainPhase,
    NetworkMember,
    PlanGoal,
)
from tests.region import form, region
from tests.rows import rows_of


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def record(place, bindings, **more):
    return place.file().record(place.ref.trajectory_id, form(bindings, **more), place.now)


def rows(place, table):
    return place.session.scalars(rows_of(table)).all()


def test_the_referral_makes_the_family_and_its_trajectory(place):
    ref = place.open(
        "Familie El Amrani",
        **{
            "gezin.taal": "Tamazight", "gezin.tolk": "ja", "gezin.telefoon": "06 12345678",
            "gezinsleden": [{"naam": "Samira", "rol": "moeder", "gezag": True}],
        },
    )  # fmt: skip
    family = place.session.get_one(Family, ref.family_id)
    assert (family.name, family.language, family.interpreter_need) == (
        "Familie El Amrani",
        "Tamazight",
        "professioneel",
    )


def test_members_and_network_are_added_once_and_completed_later(place):
    record(place, {"gezinsleden": [{"naam": "Samira", "rol": "moeder"}, {"rol": "kind"}, "x"]})
    record(
        place,
        {
            "gezinsleden": [{"naam": "samira", "geboortedatum": "1990-02-03", "gezag": "nee"}],
            "netwerk": [{"naam": "Buurvrouw", "relatie": "buur", "steun": ["praktisch", "geld"]}],
        },
    )
    [member] = rows(place, FamilyMember)
    assert (member.name, member.role, member.birth_date, member.has_authority) == (
        "Samira",
        "moeder",
        date(1990, 2, 3),
        False,
    )
    [neighbour] = rows(place, NetworkMember)
    assert neighbour.support == "praktisch, geld"


def test_a_contact_keeps_who_what_and_when(place):
    record(place, {"gezinsleden": [{"naam": "Samira"}]})
    [member] = rows(place, FamilyMember)
    document_id = record(
        place,
        {
            "contact.soort": "huisbezoek", "contact.datum": "2026-01-02T14:30",
            "contact.samenvatting": "Post gelezen", "contact.actie": "Brief beantwoord",
            "contact.met": [str(member.id), str(uuid4()), "x"],
        },
        by=place.users["wilma"],
    )  # fmt: skip
    [contact] = rows(place, Contact)
    assert contact.at == datetime(2026, 1, 2, 13, 30, tzinfo=UTC)
    assert (contact.kind, contact.no_show, contact.by_user_id, contact.document_id) == (
        "huisbezoek",
        False,
        place.users["wilma"],
        document_id,
    )
    assert [there.member_id for there in rows(place, ContactMember)] == [member.id]


@pytest.mark.parametrize(
    ("answer", "at"),
    [
        (None, datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("2026-01-03", datetime(2026, 1, 3, 11, tzinfo=UTC)),
        ("2026-01-05T08:15", datetime(2026, 1, 5, 7, 15, tzinfo=UTC)),
        ("2027-01-05", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, 11, 40, 28, tzinfo=UTC)),
        ("gisteren", datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ],
)
def test_a_contact_took_place_before_it_was_written_down(place, answer, at):
    record(place, {"contact.soort": "telefoon", "contact.datum": answer})
    assert rows(place, Contact)[0].at == at


def test_a_missed_contact_is_no_contact(place):
    record(place, {"contact.soort": "huisbezoek", "contact.gemist": True})
    facts = place.file().contacts(place.ref.trajectory_id, place.now - timedelta(days=1))
    assert (facts.count, facts.last_at) == (0, None)
    record(place, {"contact.soort": "telefoon"})
    file, since = place.file(), place.now - timedelta(days=1)
    assert file.contacts(place.ref.trajectory_id, since).count == 1
    assert file.contacts(place.ref.trajectory_id, since, "huisbezoek").count == 0
    assert file.contacts(place.ref.trajectory_id, place.now).last_at == place.now


def test_the_latest_level_of_concern_counts(place):
    record(place, {"zorg.huishouding.financien": "ernstig", "zorg.welzijn.psychisch": "licht"})
    place.clock.advance_to(place.now + timedelta(days=90))
    record(place, {"zorg.huishouding.financien": "geen", "zorg.huishouding.tuin": "ernstig"})
    counts = place.file().concern_counts(place.ref.trajectory_id)
    assert counts == {"ernstig": 0, "licht": 1, "geen": 1, "onbekend": 0}


def test_goals_are_planned_and_scored_by_life_domain(place):
    record(
        place,
        {
            "doelen": [
                {"leefgebied": "huishouding", "doel": "Schulden geregeld", "wie": "Samira"},
                {"leefgebied": "opvoeding", "doel": "Naar de cursus"},
                {"leefgebied": "opvoeding"},
            ]
        },
    )
    record(place, {"doelen": [{"leefgebied": "opvoeding", "doel": "naar de cursus", "actie": "a"}]})
    record(place, {"doelscore.huishouding": "behaald"})
    assert place.file().goal_counts(place.ref.trajectory_id) == {
        "totaal": 2,
        "behaald": 1,
        "open": 1,
    }
    assert {goal.action for goal in rows(place, PlanGoal)} == {None, "a"}


def test_a_chosen_person_or_organisation_is_kept_by_name(place):
    wilma, debt_help = str(place.users["wilma"]), str(place.organisations["schuld"])
    record(
        place,
        {
            "afspraken": [{"wat": "Gemeente bellen", "wie": wilma, "datum": "2026-01-09"}],
            "toeleidingen": [{"organisatie": debt_help, "leefgebied": "huishouding"}],
        },
    )
    [agreement] = rows(place, Agreement)
    assert (agreement.owner, agreement.due) == ("Wilma", date(2026, 1, 9))
    [handover] = place.file().handovers(place.ref.trajectory_id)
    assert (handover.organisation, handover.status) == ("Schuldhulp Noord", "besproken")
    assert rows(place, Handover)[0].organisation_id == place.organisations["schuld"]


def test_the_same_agreement_or_guidance_again_is_no_new_one(place):
    again = {
        "afspraken": [{"wat": "Bellen", "wie": "Samira"}],
        "toeleidingen": [{"organisatie": "GGZ", "leefgebied": "welzijn"}],
    }
    for _ in range(2):
        record(place, again)
    assert place.file().open_agreements(place.ref.trajectory_id) == 1
    assert len(place.file().handovers(place.ref.trajectory_id)) == 1


def test_a_guidance_keeps_every_state_with_its_date_and_reason(place):
    record(place, {"toeleidingen": [{"organisatie": "GGZ"}]})
    [handover] = place.file().handovers(place.ref.trajectory_id)
    place.clock.advance_to(place.now + timedelta(days=7))
    record(
        place,
        {"overdracht.status": "wachtlijst", "overdracht.reden": "12 weken"},
        handover_id=handover.handover_id,
    )
    place.file().set_handover(handover.handover_id, "gestart", None, place.now)
    states = [(state.status, state.reason) for state in rows(place, HandoverState)]
    assert states == [("besproken", None), ("wachtlijst", "12 weken"), ("gestart", None)]
    assert place.file().handovers(place.ref.trajectory_id, "besproken") == []


def test_a_form_cannot_move_the_guidance_of_another_family(place):
    other = place.open("Familie Bakker")
    file = place.file()
    file.record(other.trajectory_id, form({"toeleidingen": [{"organisatie": "GGZ"}]}), place.now)
    [handover] = file.handovers(other.trajectory_id)
    record(place, {"overdracht.status": "gestopt"}, handover_id=handover.handover_id)
    assert file.handovers(other.trajectory_id)[0].status == "besproken"


def test_a_member_of_another_family_is_not_named(place):
    other = place.open("Familie Bakker", gezinsleden=[{"naam": "Geheim"}])
    stranger = place.session.scalars(
        select(FamilyMember).where(FamilyMember.family_id == other.family_id)
    ).one()
    record(place, {"afspraken": [{"wat": "Bellen", "wie": str(stranger.id)}]})
    assert rows(place, Agreement)[0].owner is None


def test_each_life_domain_has_its_own_phase(place):
    record(place, {"fase.huishouding": "3", "fase.opvoeding": 2, "fase.welzijn": "9"})
    phases = {phase.domain: phase.phase for phase in rows(place, LifeDomainPhase)}
    assert phases == {"huishouding": 3, "opvoeding": 2}


words = ["ja", "huisbezoek", "ernstig", "2026-01-05", "\x00", "\ud800", "1", "x" * 10_000]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(words),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["naam", "doel", "wat", "organisatie", "rol", "wie", "datum"])
        | st.text(max_size=5),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(KNOWN_PATHS)) | st.text(max_size=9), anything))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_answered_the_form_is_kept(place, bindings):
    with place.session.begin_nested() as savepoint:
        document_id = record(place, bindings)
        assert place.session.get(Document, document_id, populate_existing=True) is not None
        savepoint.rollback()


def test_what_one_form_names_stands_in_the_order_in_which_it_was_written(place):
    names, tasks = ["Zoë", "Adam", "Mila", "Bram"], ["Post", "Bellen", "Zwemles", "Afwas"]
    record(
        place,
        {
            "gezinsleden": [{"naam": name, "rol": "kind"} for name in names],
            "doelen": [{"doel": task, "leefgebied": "huishouding"} for task in tasks],
            "afspraken": [{"wat": task} for task in tasks],
        },
    )
    # What is written again comes to lie behind the others in its table.
    for table, named in ((FamilyMember, "name"), (PlanGoal, "goal"), (Agreement, "what")):
        again = getattr(table, named).in_(["Zoë", "Post"])
        place.session.execute(update(table).where(again).values({named: getattr(table, named)}))
    seen = family_overview(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now
    )
    assert [one.name for one in seen.members] == names
    assert [one.goal for one in seen.goals] == tasks
    assert [one.what for one in seen.agreements] == tasks
