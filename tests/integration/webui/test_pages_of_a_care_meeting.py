"""A partner's pages and the organiser's, over a care meeting of the shared package."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.models import AccessLogEntry
from engine.families.models import Agreement, Consent
from engine.runtime.models import ProcessInstance
from tests.care_meeting import FAMILY, Office, office, plan


@pytest.fixture
def made(engine_db: Engine) -> Office:
    return office(engine_db)


def invited(made: Office, *pairs: str) -> None:
    """The meeting is prepared and the family agrees to these pairs of participant and subject."""
    made.do("wilma", "bereid-overleg-voor", **plan(made))
    ticked = list(pairs) or [f"{made.user('petra')}:opvoeding", "Buurvrouw Ria:opvoeding"]
    made.do(
        "wilma", "vraag-overlegtoestemming", toestemmingBesluit="deels", toestemmingVoor=ticked,
        toestemmingVorm="mondeling",
    )  # fmt: skip


def test_before_the_family_agrees_a_partner_has_nothing(made: Office) -> None:
    made.do("wilma", "bereid-overleg-voor", **plan(made))
    assert FAMILY not in made.page("petra", "/taken")
    assert made.tasks("beantwoord-uitnodiging") == []
    [asking] = made.tasks("vraag-overlegtoestemming")
    page = made.page("wilma", f"/taken/{asking.id}")
    assert "Te vragen: " in page
    assert "Niet delen: " not in page  # nobody was asked yet


def test_a_partner_sees_the_own_task_and_only_what_the_family_shares(made: Office) -> None:
    invited(made)
    task = made.tasks("beantwoord-uitnodiging")[0]
    listed = made.page("petra", "/taken")
    assert "Laat weten of u komt" in listed
    assert FAMILY in listed
    assert "Van mijn team" not in listed
    assert str(made.family_id) not in listed
    page = made.page("petra", f"/taken/{task.id}")
    assert FAMILY in page
    assert "Buurthuis De Linde" in page
    assert "Rust voor het slapen" in page
    assert "De schulden op een rij" not in page
    assert "Buurvrouw Ria" not in page
    assert str(made.family_id) not in page
    for address in (
        f"/gezinnen/{made.family_id}",
        "/gezinnen",
        f"/traject/{made.trajectory_id}",
        "/keten",
    ):
        assert made.client("petra").get(address).status_code in (403, 404), address


def test_nobody_else_of_the_chain_sees_the_task_but_the_leader_takes_it_over(made: Office) -> None:
    invited(made)
    task = made.tasks("beantwoord-uitnodiging")[0]
    for name in ("hanna", "vincent", "wouter", "harm"):
        with pytest.raises(AccessDenied):
            made.casework.complete_task(made.actor(name), task.id, {"antwoordDeelnemer": "komt"})
        assert "Laat weten of u komt" not in made.page(name, "/taken?tab=team")
    assert "Laat weten of u komt" in made.page("paula", "/taken?tab=team")
    made.casework.claim(made.actor("paula"), task.id)
    assert "Laat weten of u komt" not in made.page("petra", "/taken")
    made.do("paula", "beantwoord-uitnodiging", antwoordDeelnemer="komt")


def test_the_organiser_sees_replies_and_the_family_page_tells_them(made: Office) -> None:
    invited(made)
    made.do(
        "petra", "beantwoord-uitnodiging", antwoordDeelnemer="komt-niet",
        antwoordReden="Ik heb vakantie",
    )  # fmt: skip
    made.do("wilma", "leg-antwoord-vast", antwoordDeelnemer="komt")
    page = made.page("paula", f"/gezinnen/{made.family_id}")
    assert "Overleggen" in page
    assert "Komt niet" in page
    assert "Ik heb vakantie" in page
    assert "Petra (Schuldhulp Noord)" in page


def test_a_withdrawal_takes_the_task_away_and_the_page_says_so(made: Office) -> None:
    invited(made)
    task = made.tasks("beantwoord-uitnodiging")[0]
    with Session(made.database) as session:
        consent = session.scalars(
            select(Consent).where(
                Consent.recipient == "Petra (Schuldhulp Noord)", Consent.agreed.is_(True)
            )
        ).one()
    made.casework.withdraw_consent(made.actor("paula"), consent.id)
    assert made.tasks("beantwoord-uitnodiging") == []
    assert FAMILY not in made.page("petra", "/taken")
    assert made.client("petra").get(f"/taken/{task.id}").status_code == 200
    assert FAMILY not in made.page("petra", f"/taken/{task.id}")


def test_minutes_go_to_the_family_first_and_agreements_become_tasks_with_owners(
    made: Office,
) -> None:
    invited(made)
    made.do("petra", "beantwoord-uitnodiging", antwoordDeelnemer="komt")
    made.do("wilma", "leg-antwoord-vast", antwoordDeelnemer="komt")
    made.clock.advance_to(made.clock.now() + timedelta(days=15))
    made.fire_due()
    made.do(
        "wilma", "houd-overleg", uitkomstOverleg="gehouden", gezinWasErbij="ja",
        aanwezigen=[made.user("petra")],
    )  # fmt: skip
    due = (made.clock.now() + timedelta(days=14)).date().isoformat()
    made.do(
        "wilma", "maak-verslag", volgendNodig="nee",
        verslag=[
            {"onderwerp": "opvoeding", "tekst": "Wij spraken over het slapen"},
            {"onderwerp": "huishouding", "tekst": "Er is een regeling"},
        ],
        afspraken=[{"wat": "Een brief naar school", "wie": made.user("petra"), "datum": due}],
    )  # fmt: skip
    assert made.tasks("lees-verslag") == []
    organiser = made.page("wilma", f"/taken/{made.tasks('bespreek-verslag-met-gezin')[0].id}")
    assert "Er is een regeling" in organiser
    made.do(
        "wilma", "bespreek-verslag-met-gezin", hoeGelezen="samen", verslagAkkoord="akkoord",
        gezinsreactie="Wij vinden dat het goed gaat",
    )  # fmt: skip
    made.do("wilma", "geef-verslag", hoeGegeven="verteld")
    minutes = made.page("petra", f"/taken/{made.tasks('lees-verslag')[0].id}")
    assert "Wij spraken over het slapen" in minutes
    assert "Er is een regeling" not in minutes
    assert "Wij vinden dat het goed gaat" not in minutes  # it may be about what she may not know
    promise = made.page("petra", f"/taken/{made.tasks('kom-afspraak-na')[0].id}")
    assert "Een brief naar school" in promise
    made.do("petra", "kom-afspraak-na", afspraakStand="gedaan")
    with Session(made.database) as session:
        assert session.scalars(select(Agreement.state)).all() == ["done"]
    page = made.page("paula", f"/gezinnen/{made.family_id}")
    assert "Was erbij" in page
    assert "Was er niet" in page
    assert "Wij vinden dat het goed gaat" in page


def test_what_a_partner_does_is_logged_and_nothing_personal_is_in_the_process(
    made: Office,
) -> None:
    invited(made)
    task = made.tasks("beantwoord-uitnodiging")[0]
    made.page("petra", f"/taken/{task.id}")
    made.do("petra", "beantwoord-uitnodiging", antwoordDeelnemer="komt")
    with Session(made.database) as session:
        lines = session.scalars(
            select(AccessLogEntry.basis).where(
                AccessLogEntry.user_id == made.place.users["petra"],
                AccessLogEntry.family_id == made.family_id,
            )
        ).all()
        states = b"".join(session.scalars(select(ProcessInstance.state)))
    assert set(lines) == {"assigned"}
    for secret in (b"Ria", b"schulden", b"Geheim", b"Linde"):
        assert secret not in states
