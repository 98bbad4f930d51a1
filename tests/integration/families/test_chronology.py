"""Everything that happened, newest first, on pages without gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from engine.families.models import Consent, Contact, Document
from engine.families.services import (
    add_agreement,
    chronology,
    complete_agreement,
    withdraw_consent,
)
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    return made


def entries(place, **more):
    return chronology(
        place.session, place.actor("paula"), place.ref.trajectory_id, now=place.now, **more
    )


def days_later(place, days=1):
    place.clock.advance_to(place.now + timedelta(days=days))


def live_through_everything(place):
    file, trajectory_id, paula = place.file(), place.ref.trajectory_id, place.actor("paula")
    days_later(place)
    file.involve(
        trajectory_id, "vertrouwenspersoon", place.users["wilma"], beside=False, at=place.now
    )
    file.set_phase(trajectory_id, "1", place.now)
    file.set_phase(trajectory_id, "1", place.now)
    file.set_status(trajectory_id, "running", None, place.now)
    days_later(place)
    file.record(
        trajectory_id,
        form(
            {
                "contact.soort": "huisbezoek", "contact.samenvatting": "Post gelezen",
                "toestemming.doel": "zorgoverleg", "toestemming.besluit": "ja",
                "fase.huishouding": "2", "toeleidingen": [{"organisatie": "GGZ"}],
            },
            by=place.users["wilma"],
        ),
        place.now,
    )  # fmt: skip
    days_later(place)
    file.record(
        trajectory_id, form({"contact.soort": "telefoon", "contact.gemist": "ja"}), place.now
    )
    file.note(trajectory_id, "Herinnering verstuurd", place.now)
    agreement_id = add_agreement(
        place.session, paula, trajectory_id,
        what="Bellen", owner="Wilma", due=date(2026, 2, 1), now=place.now,
    )  # fmt: skip
    days_later(place)
    complete_agreement(place.session, paula, agreement_id, now=place.now)
    complete_agreement(place.session, paula, agreement_id, now=place.now, kept=False)
    consent = place.session.scalars(select(Consent)).one()
    withdraw_consent(place.session, paula, consent.id, now=place.now)
    file.set_status(trajectory_id, "closed", "afgesloten", place.now)


def test_every_kind_of_happening_is_told_newest_first(place):
    live_through_everything(place)
    found = entries(place)
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)
    assert sorted(entry.kind for entry in found) == sorted(
        ["document", "involved", "phase", "status", "document", "contact", "consent",
         "life-domain-phase", "handover", "document", "no-show", "note", "agreement",
         "agreement-done", "withdrawal", "status", "left"]
    )  # fmt: skip


def test_an_entry_names_what_was_done_by_whom(place):
    live_through_everything(place)
    [contact] = [entry for entry in entries(place) if entry.kind == "contact"]
    assert (contact.subject, contact.text, contact.by) == ("huisbezoek", "Post gelezen", "Wilma")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_together_hold_everything_once(place, limit):
    live_through_everything(place)
    whole = [(entry.at, entry.kind, entry.subject) for entry in entries(place)]
    found, before = [], None
    while page := entries(place, limit=limit, before=before):
        found += [(entry.at, entry.kind, entry.subject) for entry in page]
        before = page[-1].at
    assert sorted(found) == sorted(whole)


def test_another_familys_chronology_is_its_own(place):
    live_through_everything(place)
    other = place.open("Familie Bakker")
    [referral] = chronology(place.session, place.actor("paula"), other.trajectory_id, now=place.now)
    assert (referral.kind, referral.subject) == ("document", "Aanmelding")


def test_what_was_written_in_a_guidance_names_its_agency(place):
    file, trajectory_id = place.file(), place.ref.trajectory_id
    chosen = form({"toeleidingen": [{"organisatie": "GGZ De Waterlijn"}]}, form_id="kiezen")
    file.record(trajectory_id, chosen, place.now)
    [handover] = file.handovers(trajectory_id)
    days_later(place)
    talk = {"contact.soort": "meegaan", "contact.samenvatting": "Beiden vertelden hun kant"}
    file.record(trajectory_id, form(talk, handover_id=handover.handover_id), place.now)
    told = {entry.kind: entry.detail.get("agency") for entry in entries(place, limit=2)}
    assert told["contact"] == told["document"] == "GGZ De Waterlijn"


def test_of_one_instant_what_was_written_last_is_told_first(place):
    file, trajectory_id = place.file(), place.ref.trajectory_id
    days_later(place)
    for kind in ("telefoon", "huisbezoek", "kantoor", "meegaan"):
        file.record(trajectory_id, form({"contact.soort": kind}, form_id=kind), place.now)
    # What is written again comes to lie behind the others in its table.
    place.session.execute(update(Contact).where(Contact.kind == "huisbezoek").values(action="x"))
    place.session.execute(update(Document).where(Document.form_id == "kantoor").values(answers={}))
    told = [(entry.kind, entry.subject.lower()) for entry in entries(place, limit=8)]
    for kind in ("contact", "document"):
        subjects = [subject for of, subject in told if of == kind]
        assert subjects == ["meegaan", "kantoor", "huisbezoek", "telefoon"]
