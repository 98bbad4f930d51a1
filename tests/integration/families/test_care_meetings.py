"""Care meetings in the family file: consent is the gate, for each participant and subject."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.access.permissions import Relation, RelationKind
from engine.families.casework import Casework
from engine.families.errors import MeetingPurposeUnknown, MeetingUnknown
from engine.families.file.choices import lists_of
from engine.families.meetings.consent import end_without_consent
from engine.families.meetings.database import SqlMeetings, participants_of
from engine.families.models import Agreement, CareMeeting, CaseDirector, Consent, Trajectory
from engine.families.tasks.shown_subjects import names_shared_with, subject_of_task
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    ref = made.open(gezinsleden=[{"naam": "Naima", "rol": "moeder"}])
    made.trajectory_id, made.family_id = ref.trajectory_id, ref.family_id
    made.meetings = SqlMeetings(db_session, made.clock, None)
    made.meeting_id = made.meetings.begin_meeting(
        ref.trajectory_id, "gezamenlijk-plan", with_family=True, at=made.now
    )
    tell(
        made,
        {
            "overleg.wanneer": "2026-01-20T10:00",
            "overleg.plaats": "Buurthuis",
            "overleg.deelnemers": [
                {
                    "persoon": str(made.users["petra"]),
                    "onderwerpen": ["huishouding", "opvoeding"],
                },
                {"naam": "Oma Fatma", "onderwerpen": ["opvoeding"]},
            ],
            "overleg.agenda": [
                {"onderwerp": "huishouding", "punt": "De schulden"},
                {"onderwerp": "opvoeding", "punt": "Grenzen stellen"},
            ],
        },
    )
    return made


def tell(place, bindings, **about):
    about.setdefault("overlegId", place.meeting_id)
    place.clock.advance_to(place.now + timedelta(minutes=1))
    place.file(None).record(place.trajectory_id, form(bindings, about=about), place.now)


def people(place):
    return participants_of(place.session, place.meeting_id)


def shown_to(place, name, **variables):
    trajectory = place.session.get_one(Trajectory, place.trajectory_id)
    return subject_of_task(
        place.session, place.actor(name), trajectory, Relation(RelationKind.ASSIGNED),
        {"overlegId": str(place.meeting_id), **variables}, place.now,
    )  # fmt: skip


def agree(place, *pairs, **more):
    tell(place, {"overleg.besluit": "deels", "overleg.toestemming": list(pairs), **more})


def test_nobody_is_invited_before_the_family_agreed(place):
    petra, oma = people(place)
    assert not place.meetings.invite(place.trajectory_id, petra.id, place.now)
    assert petra.state == "geen-toestemming"
    assert oma.state == "voorgesteld"
    assert shown_to(place, "petra").withheld
    assert (
        names_shared_with(place.session, place.actor("petra"), [place.trajectory_id], place.now)
        == set()
    )


def test_each_participant_sees_the_subjects_that_the_family_shares_with_them(place):
    petra_id = str(place.users["petra"])
    agree(place, f"{petra_id}:opvoeding")
    petra, oma = people(place)
    assert place.meetings.invite(place.trajectory_id, petra.id, place.now)
    assert oma.state == "geen-toestemming"
    seen = shown_to(place, "petra")
    assert seen.family_name == "Familie Ahmadi"
    assert seen.meeting.agenda == [("opvoeding", "Grenzen stellen")]
    assert seen.meeting.participants == ()


def test_who_reads_the_file_sees_the_whole_meeting(place):
    trajectory = place.session.get_one(Trajectory, place.trajectory_id)
    seen = subject_of_task(
        place.session, place.actor("paula"), trajectory, Relation(RelationKind.LEADS),
        {"overlegId": str(place.meeting_id)}, place.now,
    )  # fmt: skip
    assert [point for _, point in seen.meeting.agenda] == ["De schulden", "Grenzen stellen"]
    assert [one.name for one in seen.meeting.participants] == [
        "Petra (Schuldhulp Noord)",
        "Oma Fatma",
    ]


def test_a_withdrawal_stops_sharing_at_once_also_during_the_preparation(place, engine_db):
    tell(place, {"overleg.besluit": "alles"})
    petra, _ = people(place)
    assert place.meetings.invite(place.trajectory_id, petra.id, place.now)
    place.file("paula").involve(
        place.trajectory_id, "vertrouwenspersoon", place.users["wilma"], beside=False, at=place.now
    )
    consents = place.session.scalars(
        select(Consent).where(Consent.recipient == petra.recipient).order_by(Consent.sequence)
    ).all()
    wilma = place.actor("wilma")
    place.session.commit()
    casework = Casework(engine_db, place.clock)
    casework.withdraw_consent(wilma, consents[0].id)
    place.session.expire_all()
    assert people(place)[0].state == "uitgenodigd"
    assert shown_to(place, "petra").meeting.agenda == [("opvoeding", "Grenzen stellen")]
    casework.withdraw_consent(wilma, consents[1].id)
    place.session.expire_all()
    assert people(place)[0].state == "ingetrokken"
    assert shown_to(place, "petra").withheld


def test_the_no_of_one_parent_outweighs_the_yes_of_the_other(place):
    tell(place, {"overleg.besluit": "alles", "overleg.gever": "Naima"})
    petra, _ = people(place)
    assert place.meetings.participants(place.trajectory_id, place.meeting_id)[0].consented
    place.session.add_all(
        Consent(
            trajectory_id=place.trajectory_id, family_id=place.family_id, giver="Karim",
            purpose=f"zorgoverleg: {name}", recipient=petra.recipient, form="mondeling",
            agreed=False, given_at=place.now,
        )
        for name in ("huishouden en geld", "opvoeding")
    )  # fmt: skip
    place.session.flush()
    assert not place.meetings.participants(place.trajectory_id, place.meeting_id)[0].consented


def test_a_no_at_a_later_meeting_ends_what_was_shared_of_an_earlier_one(place):
    tell(place, {"overleg.besluit": "alles"})
    petra, oma = people(place)
    for one in (petra, oma):
        place.meetings.invite(place.trajectory_id, one.id, place.now)
    tell(
        place,
        {
            "overleg.afspraken": [
                {"wat": "Een begroting", "wie": str(place.users["petra"])},
                {"wat": "Oppassen", "wie": "Oma Fatma"},
            ]
        },
    )
    later = place.meetings.begin_meeting(
        place.trajectory_id, "afsluiten", with_family=True, at=place.now
    )
    asked = {"persoon": str(place.users["petra"]), "onderwerpen": ["huishouding", "opvoeding"]}
    tell(place, {"overleg.deelnemers": [asked]}, overlegId=later)
    before = place.file().agreed_to(place.trajectory_id)
    tell(place, {"overleg.besluit": "niets"}, overlegId=later)
    stopped = place.file().stop(place.trajectory_id, before, place.now)
    [promise] = place.session.scalars(select(Agreement).where(Agreement.what == "Een begroting"))
    assert set(stopped.parts) == {petra.id, promise.id}
    assert (petra.state, oma.state) == ("ingetrokken", "uitgenodigd")
    assert shown_to(place, "petra").withheld
    promises = place.meetings.agreements(place.trajectory_id, place.meeting_id)
    assert [one.agreement_id for one in promises if not one.consented] == [promise.id]
    assert place.file().stop(place.trajectory_id, before - before, place.now) is None


def test_a_no_to_care_meetings_in_a_contact_note_takes_everybody_out(place):
    tell(place, {"overleg.besluit": "alles"})
    everybody = people(place)
    for one in everybody:
        place.meetings.invite(place.trajectory_id, one.id, place.now)
    before = place.file().agreed_to(place.trajectory_id)
    tell(place, {"toestemming.doel": "zorgoverleg", "toestemming.besluit": "nee"})
    stopped = place.file().stop(place.trajectory_id, before, place.now)
    assert set(stopped.parts) == {one.id for one in everybody}
    assert shown_to(place, "petra").withheld


def test_the_familys_view_is_for_who_may_know_of_all_that_the_minutes_tell(place):
    petra_id = str(place.users["petra"])
    agree(place, f"{petra_id}:opvoeding")
    minutes = [
        {"onderwerp": "opvoeding", "tekst": "Grenzen"},
        {"onderwerp": "huishouding", "tekst": "Schulden"},
    ]
    tell(place, {"overleg.verslag": minutes, "overleg.gezinsreactie": "De schulden zijn op."})
    place.meetings.share_minutes(place.trajectory_id, place.meeting_id, place.now)
    seen = shown_to(place, "petra").meeting
    assert (seen.minutes, seen.family_view) == ([("opvoeding", "Grenzen")], None)
    agree(place, f"{petra_id}:opvoeding", f"{petra_id}:huishouding")
    assert shown_to(place, "petra").meeting.family_view == "De schulden zijn op."


def test_minutes_reach_participants_only_once_shared_and_with_the_familys_view(place):
    tell(place, {"overleg.besluit": "alles"})
    place.meetings.invite(place.trajectory_id, people(place)[0].id, place.now)
    tell(
        place,
        {
            "overleg.uitkomst": "gehouden",
            "overleg.aanwezig": [str(place.users["petra"])],
            "overleg.verslag": [{"onderwerp": "opvoeding", "tekst": "Er is gepraat."}],
            "overleg.gezinsreactie": "Wij zijn het ermee eens.",
        },
    )
    assert shown_to(place, "petra").meeting.minutes == ()
    assert shown_to(place, "petra").meeting.family_view is None
    readers = place.meetings.share_minutes(place.trajectory_id, place.meeting_id, place.now)
    assert len(readers) == 1
    seen = shown_to(place, "petra").meeting
    assert seen.minutes == [("opvoeding", "Er is gepraat.")]
    assert seen.family_view == "Wij zijn het ermee eens."


def test_who_did_not_come_is_noted_as_absent(place):
    tell(place, {"overleg.besluit": "alles"})
    for one in people(place):
        place.meetings.invite(place.trajectory_id, one.id, place.now)
    tell(place, {"overleg.antwoord": "komt"}, deelnemerId=people(place)[0].id)
    facts = place.meetings.meeting(place.trajectory_id, place.meeting_id)
    assert (facts.coming, facts.silent) == (1, 1)
    tell(place, {"overleg.uitkomst": "gehouden", "overleg.aanwezig": ["Oma Fatma"]})
    assert [one.state for one in people(place)] == ["afwezig", "aanwezig"]


def test_a_meeting_that_is_moved_asks_everybody_again(place):
    tell(place, {"overleg.besluit": "alles"})
    petra, _ = people(place)
    place.meetings.invite(place.trajectory_id, petra.id, place.now)
    tell(place, {"overleg.antwoord": "komt"}, deelnemerId=petra.id)
    tell(place, {"overleg.uitkomst": "verzet", "overleg.wanneer": "2026-01-27T10:00"})
    assert petra.state == "uitgenodigd"
    assert place.session.get_one(CareMeeting, place.meeting_id).planned_at.day == 27


def test_an_agreement_is_shown_to_its_owner_while_the_family_shares_with_them(place):
    tell(place, {"overleg.besluit": "alles"})
    row = {"wat": "Brief lezen", "wie": str(place.users["petra"]), "datum": "2026-02-01"}
    tell(place, {"overleg.afspraken": [row]})
    [found] = place.meetings.agreements(place.trajectory_id, place.meeting_id)
    assert found.user_id == place.users["petra"]
    assert shown_to(place, "petra", afspraakId=str(found.agreement_id)).agreement.what == (
        "Brief lezen"
    )
    tell(place, {"overleg.besluit": "niets"})
    assert shown_to(place, "petra", afspraakId=str(found.agreement_id)).withheld
    tell(
        place,
        {"afspraak.stand": "vervallen", "afspraak.reden": "Niet meer nodig"},
        afspraakId=found.agreement_id,
    )
    agreement = place.session.get_one(Agreement, found.agreement_id)
    assert (agreement.state, agreement.reason) == ("dropped", "Niet meer nodig")


def test_there_is_one_case_director_at_any_instant_and_only_who_accepted(place):
    for name in ("petra", "hanna"):
        tell(
            place,
            {"regie.persoon": str(place.users[name]), "regie.toestemming": "ja"},
        )
        asked = place.meetings.direction(place.trajectory_id)
        assert asked.consented
        assert not place.meetings.hand_over_direction(
            place.trajectory_id, asked.offer_id, place.now
        )
        tell(place, {"regie.antwoord": "ja"}, regieId=asked.offer_id)
        assert place.meetings.hand_over_direction(place.trajectory_id, asked.offer_id, place.now)
    rows = place.session.scalars(
        select(CaseDirector)
        .where(CaseDirector.family_id == place.family_id)
        .order_by(CaseDirector.since)
    ).all()
    assert [one.name for one in rows] == ["Petra", "Hanna"]
    assert rows[0].until == rows[1].since
    assert rows[1].until is None


def test_direction_is_not_handed_over_once_the_family_took_its_consent_back(place):
    tell(place, {"regie.persoon": str(place.users["petra"]), "regie.toestemming": "ja"})
    asked = place.meetings.direction(place.trajectory_id)
    tell(place, {"regie.antwoord": "ja"}, regieId=asked.offer_id)
    consent = place.session.scalars(select(Consent)).one()
    consent.withdrawn_at = place.now
    place.session.flush()
    assert not place.meetings.hand_over_direction(place.trajectory_id, asked.offer_id, place.now)


def test_who_was_asked_to_direct_is_told_no_more_when_the_family_withdraws(place):
    tell(place, {"regie.persoon": str(place.users["petra"]), "regie.toestemming": "ja"})
    asked = place.meetings.direction(place.trajectory_id)
    variables = {"overlegId": "", "regieId": str(asked.offer_id)}
    assert shown_to(place, "petra", **variables).offer.name == "Petra"
    place.session.scalars(select(Consent)).one().withdrawn_at = place.now
    place.session.flush()
    assert end_without_consent(place.session, place.family_id, place.now) == [asked.offer_id]
    assert shown_to(place, "petra", **variables).withheld


def test_who_refuses_direction_changes_nothing(place):
    tell(place, {"regie.naam": "Mw. Smit", "regie.organisatie": "GGZ", "regie.toestemming": "nee"})
    asked = place.meetings.direction(place.trajectory_id)
    assert not asked.consented
    tell(place, {"regie.antwoord": "nee", "regie.reden": "Geen tijd"}, regieId=asked.offer_id)
    assert place.meetings.direction(place.trajectory_id).state == "geweigerd"
    assert not place.meetings.hand_over_direction(place.trajectory_id, asked.offer_id, place.now)


def test_another_familys_meeting_is_not_there(place):
    other = place.open("Familie Bos").trajectory_id
    with pytest.raises(MeetingUnknown):
        place.meetings.meeting(other, place.meeting_id)
    with pytest.raises(MeetingPurposeUnknown):
        place.meetings.begin_meeting(other, "gezellig", with_family=True, at=place.now)


def test_the_lists_of_a_meeting_are_only_for_who_reads_the_file(place):
    trajectory = place.session.get_one(Trajectory, place.trajectory_id)
    variables = {"overlegId": str(place.meeting_id)}
    leads = lists_of(place.session, trajectory, Relation(RelationKind.LEADS), place.now, variables)
    assert [one["label"] for one in leads["overlegonderwerpen"]] == [
        "Petra (Schuldhulp Noord): huishouden en geld",
        "Petra (Schuldhulp Noord): opvoeding",
        "Oma Fatma: opvoeding",
    ]
    assert "Petra (Schuldhulp Noord)" in [one["label"] for one in leads["personen"]]
    given = lists_of(
        place.session, trajectory, Relation(RelationKind.ASSIGNED), place.now, variables
    )
    assert "overlegonderwerpen" not in given
    assert given["gezinsleden"] == []
