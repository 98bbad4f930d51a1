"""A mail to one person: only to who has a part in the chain, and with nothing of the family."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.families.notices import notices
from engine.runtime.connectors import ConnectorCall
from engine.runtime.outward import NobodyToReach
from tests.region import region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.trajectory_id = made.open("Familie Geheim").trajectory_id
    return made


def told(place, name):
    call = ConnectorCall(
        job_type="melding-mailen", element_id="mail", variables={
            "aan": "vertrouwenspersoon", "aanPersoon": str(place.users[name]),
        },
        headers={"onderwerp": "Er is een vraag", "tekst": "Log in."}, now=place.now,
        business_key=str(place.trajectory_id), instance_id=uuid4(), token_id=uuid4(),
        package_version="0" * 64, process_id="p",
    )  # fmt: skip
    return notices(place.session, call)


def test_a_partner_of_the_chain_gets_the_mail_and_nobody_else(place):
    [one] = told(place, "petra")
    assert one.recipient_id == place.users["petra"]
    assert one.content.address == "petra@schuld.example"
    assert "Geheim" not in one.content.subject + one.content.text


@pytest.mark.parametrize("name", ["vincent", "niels"])
def test_who_has_no_part_in_the_chain_gets_none(place, name):
    with pytest.raises(NobodyToReach):
        told(place, name)
