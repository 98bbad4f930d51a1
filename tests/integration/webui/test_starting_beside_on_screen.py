"""The pages on which people start something beside a trajectory, without JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine.access.models import AccessLogEntry, User
from engine.definitions.published.publication import publish
from engine.families.casework import Casework
from engine.families.models import Document
from engine.runtime.models import ProcessInstance, UserTask
from tests.practice_diagrams import practice_package
from tests.region import Region, region
from tests.rows import rows_of
from tests.safety_package import KEY, START, safety
from tests.screens import PASSWORD, application, let_all_sign_in
from webui.services import Services

CHOOSE = f"/naast/{KEY}/{START}"


@dataclass
class Screens:
    """People at their screens, with the family Ahmadi of De Brug; Wilma works for it."""

    database: Engine
    services: Services
    people: Region
    family_id: UUID
    trajectory_id: UUID

    def of(self, name: str) -> FlaskClient:
        app = application(self.services)
        client = app.test_client()
        page = client.get("/aanmelden").get_data(as_text=True)
        with Session(self.database) as session:
            email = session.get_one(User, self.people.users[name]).email
        given = {"csrf_token": token(page), "gebruikersnaam": email, "wachtwoord": PASSWORD}
        client.post("/aanmelden", data={**given, "verder": "/"})
        return client

    @property
    def form(self) -> str:
        return f"{CHOOSE}/{self.trajectory_id}"

    def rows(self, model: type[Any]) -> list[Any]:
        with Session(self.database) as session:
            return list(session.scalars(rows_of(model)))

    def started(self) -> list[ProcessInstance]:
        return [one for one in self.rows(ProcessInstance) if one.package_key == KEY]


def token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def text(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Fill in the page's form and send it, as a browser without JavaScript does."""
    page = text(client.get(address))
    submission = re.search(r'name="submission_id" value="([^"]+)"', page)
    assert submission
    hidden = {"csrf_token": token(page), "submission_id": submission[1]}
    return client.post(address, data={**hidden, **fields})


@pytest.fixture
def screens(engine_db: Engine) -> Screens:
    with Session(engine_db, expire_on_commit=False) as session:
        made = region(session)
        let_all_sign_in(session)
        publish(session, practice_package(), at=made.now)
        publish(session, safety(), at=made.now)
        session.commit()
        casework = Casework(engine_db, made.clock)
        ref = casework.refer(made.actor("paula"), "proef", "aanmelding", {"naam": "Familie Ahmadi"})
        casework.refer(made.actor("paula"), "proef", "aanmelding", {"naam": "Familie Bakker"})
        made.file().involve(
            ref.trajectory_id, "vertrouwenspersoon", made.users["wilma"], beside=False, at=made.now
        )
        session.commit()
        services = Services(database=engine_db, clock=made.clock, casework=casework)
        return Screens(engine_db, services, made, ref.family_id, ref.trajectory_id)


def test_from_the_task_list_it_takes_the_family_and_the_form(screens: Screens) -> None:
    wilma = screens.of("wilma")
    assert f'href="{CHOOSE}"' in text(wilma.get("/taken"))
    assert f'href="{screens.form}"' in text(wilma.get(CHOOSE))
    answer = send(wilma, screens.form, ernst="acuut", verhaal="Gevaar.")
    assert answer.status_code == 302
    assert [one.status for one in screens.started()] == ["active"]
    assert "Zorg gezien is gestart." in text(wilma.get(answer.location))


def test_who_starts_it_comes_to_its_first_task(screens: Screens) -> None:
    answer = send(screens.of("wilma"), screens.form, ernst="acuut")
    (task,) = [one for one in screens.rows(UserTask) if one.element_id == "wegen"]
    assert answer.location == f"/taken/{task.id}"


def test_the_family_page_and_the_contact_note_lead_to_the_form(screens: Screens) -> None:
    wilma = screens.of("wilma")
    for page in (f"/gezinnen/{screens.family_id}", f"/gezinnen/{screens.family_id}/contactnotitie"):
        assert f'href="{screens.form}"' in text(wilma.get(page))


def test_what_runs_beside_is_told_on_the_pages_of_family_and_trajectory(screens: Screens) -> None:
    wilma = screens.of("wilma")
    family, drawn = f"/gezinnen/{screens.family_id}", f"/trajecten/{screens.trajectory_id}"
    assert "Loopt ernaast" not in text(wilma.get(family))
    send(wilma, screens.form, ernst="anders")
    for page in (text(wilma.get(family)), text(wilma.get(drawn))):
        assert "Loopt ernaast" in page
        assert "Zorg gezien" in page
        assert "1 open taak" in page


def test_what_is_missing_is_told_at_the_field_and_nothing_starts(screens: Screens) -> None:
    answer = send(screens.of("wilma"), screens.form, verhaal="Een lang verhaal.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Een lang verhaal." in page
    assert 'id="fout-ernst"' in page
    assert screens.started() == []


def test_sent_twice_it_starts_once(screens: Screens) -> None:
    wilma = screens.of("wilma")
    page = text(wilma.get(screens.form))
    submission = re.search(r'name="submission_id" value="([^"]+)"', page)
    assert submission
    given = {"csrf_token": token(page), "submission_id": submission[1], "ernst": "acuut"}
    assert [wilma.post(screens.form, data=given).status_code for _ in range(2)] == [302, 302]
    assert len(screens.started()) == 1


def looked_for(client: FlaskClient, name: str) -> str:
    given = {"csrf_token": token(text(client.get(CHOOSE))), "zoek": name}
    return text(client.post(CHOOSE, data=given))


def test_a_name_in_an_address_is_not_looked_for(screens: Screens) -> None:
    assert "Familie" not in text(screens.of("wouter").get(f"{CHOOSE}?zoek=ahmadi"))


def test_a_colleague_finds_the_family_by_a_part_of_its_name_only(screens: Screens) -> None:
    wouter = screens.of("wouter")
    assert "Familie" not in text(wouter.get(CHOOSE))
    assert "Familie" not in (looked_for(wouter, "ah"))
    found = looked_for(wouter, "ahma")
    assert "Familie Ahmadi" in found
    assert "Familie Bakker" not in found
    answer = send(wouter, screens.form, ernst="acuut")
    assert answer.location == "/taken"
    assert len(screens.started()) == 1
    assert wouter.get(f"/gezinnen/{screens.family_id}").status_code == 403


def test_ones_own_families_come_before_those_of_colleagues(screens: Screens) -> None:
    page = looked_for(screens.of("wilma"), "familie")
    assert page.index("Jouw gezinnen") < page.index("Familie Ahmadi")
    assert page.index("Familie Ahmadi") < page.index("Andere gezinnen")
    assert page.index("Andere gezinnen") < page.index("Familie Bakker")


@pytest.mark.parametrize("name", ["hanna", "harm", "cora", "verena"])
def test_another_organisation_is_refused_and_logged(screens: Screens, name: str) -> None:
    client = screens.of(name)
    assert client.get(screens.form).status_code == 403
    page = text(client.get("/taken"))
    given = {"csrf_token": token(page), "submission_id": str(UUID(int=1)), "ernst": "acuut"}
    assert client.post(screens.form, data=given).status_code == 403
    assert screens.started() == []
    lines = [one for one in screens.rows(AccessLogEntry) if one.action == "trajectory.beside"]
    assert [one.outcome for one in lines] == ["refused", "refused"]


def test_a_search_leaves_a_line_in_the_access_log(screens: Screens) -> None:
    looked_for(screens.of("wouter"), "ahmadi")
    lines = [one for one in screens.rows(AccessLogEntry) if one.action == "trajectory.beside"]
    assert [(one.outcome, one.object_type) for one in lines] == [
        ("allowed", "families"),
        ("allowed", "families-search"),
    ]


@pytest.mark.parametrize(
    "address", ["/naast/zorg/weg", "/naast/weg/zorg-gezien", "/naast/zorg%00/x", "/naast/a/b/c"]
)
def test_what_there_is_not_is_refused_politely(screens: Screens, address: str) -> None:
    assert screens.of("wilma").get(address).status_code in (400, 403, 404)


def test_without_the_package_there_is_no_button(screens: Screens) -> None:
    with Session(screens.database) as session:
        from engine.definitions.published import publication

        found = publication.latest(session, KEY)
        assert found
        publication.retire(session, found.version, at=screens.people.now)
        session.commit()
    wilma = screens.of("wilma")
    for page in ("/taken", f"/gezinnen/{screens.family_id}"):
        assert "/naast/" not in text(wilma.get(page))


def test_the_form_can_be_read_again_with_its_questions(screens: Screens) -> None:
    wilma = screens.of("wilma")
    send(wilma, screens.form, ernst="anders", verhaal="Iets gezien.")
    (document,) = [one for one in screens.rows(Document) if one.form_id == START]
    page = text(wilma.get(f"/gezinnen/{screens.family_id}/formulieren/{document.id}"))
    assert "Wat zag u?" in page
    assert "Iets gezien." in page
