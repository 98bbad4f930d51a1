"""The pages of a family with more than one trajectory, and the one on which it begins another."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from engine.access.models import User
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.families.models import Family, FamilyMember, Trajectory
from engine.runtime.models import UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.leading_office import Office, leading_office
from tests.leading_on import receiving
from tests.region import form
from tests.screens import PASSWORD, application, let_all_sign_in
from webui.services import Services


class Pages:
    """The screens as one signed-in user sees them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        services = Services(
            database=office.database, clock=office.people.clock, casework=office.casework
        )
        app = application(services)
        self.clients: dict[str, FlaskClient] = {}
        self._app = app

    def of(self, name: str) -> FlaskClient:
        if name not in self.clients:
            client = self._app.test_client()
            email = self.office.people.session.get_one(User, self.office.people.users[name]).email
            given = {"csrf_token": token(client, "/aanmelden"), "wachtwoord": PASSWORD}
            client.post("/aanmelden", data={**given, "gebruikersnaam": email, "verder": "/"})
            self.clients[name] = client
        return self.clients[name]

    def read(self, name: str, path: str) -> str:
        return self.of(name).get(path).get_data(as_text=True)

    @property
    def family(self) -> str:
        [one] = self.office.rows(Family)
        return f"/gezinnen/{one.id}"


def token(client: FlaskClient, path: str) -> str:
    found = re.search(
        r'name="csrf-token" content="([^"]+)"', client.get(path).get_data(as_text=True)
    )
    assert found
    return found[1]


@pytest.fixture
def pages(engine_db: Engine) -> Iterator[Pages]:
    with leading_office(engine_db) as office:
        session = office.people.session
        let_all_sign_in(session)
        family = session.scalars(select(Family)).one()
        family.name, family.language = "Gezin Noor", "Turks"
        session.add(
            FamilyMember(
                family_id=family.id, name="Elif", role="moeder", created_at=office.people.now
            )
        )
        session.commit()
        yield Pages(office)


def test_the_page_tells_the_history_of_all_trajectories(pages: Pages) -> None:
    pages.office.done("praten")
    page = pages.read("wilma", pages.family)
    assert "Trajecten van dit gezin" in page
    assert page.count("Pakket kort") > 1  # in the list, and beside what happened in it
    first = pages.read("wilma", f"{pages.family}?traject={pages.office.first}")
    assert "Contactnotitie</a>" not in first  # it is read, not written in


def test_a_closed_trajectory_is_in_no_phase(pages: Pages) -> None:
    office = pages.office
    office.people.file().set_phase(office.first, "praten", office.people.now)
    office.people.session.commit()
    read = f"{pages.family}?traject={office.first}"
    assert "fase praten" in pages.read("paula", read)
    office.done("praten")
    assert "fase praten" not in pages.read("paula", read)


def test_beside_a_task_stands_with_what_the_family_was_referred(pages: Pages) -> None:
    [task] = pages.office.rows(UserTask, status="open")
    page = pages.read("paula", f"/taken/{task.id}")
    assert "<dt>Aanmelding</dt>" in page
    assert "<dt>Laatst ingevuld</dt>" not in page  # it does not stand there twice


def test_beside_a_task_stand_the_goals_and_of_each_form_the_last(pages: Pages) -> None:
    people = pages.office.people
    goal = {"leefgebied": "opvoeding", "doel": "Samen eten"}
    for goals in ([goal], []):
        people.clock.advance_to(people.now + timedelta(days=1))
        plan = form({"doelen": goals}, form_id="plan")
        people.file().record(pages.office.first, plan, people.now)
    people.session.commit()
    [task] = pages.office.rows(UserTask, status="open")
    page = pages.read("paula", f"/taken/{task.id}")
    assert "Samen eten" in page
    assert page.count(">Plan</a>") == 1


def test_a_task_that_was_done_leads_to_what_was_filled_in_and_has_no_term(pages: Pages) -> None:
    [task] = pages.office.rows(UserTask, element_id="praten")
    assert "geen einddatum" in pages.read("paula", f"/taken/{task.id}")
    pages.office.done("praten")
    page = pages.read("paula", f"/taken/{task.id}")
    assert "afgerond door" in page
    assert "Lees wat er is ingevuld" in page
    assert "geen einddatum" not in page


def test_a_trajectory_that_is_not_the_readers_to_read_is_refused(pages: Pages) -> None:
    pages.office.done("praten")
    pages.office.says("nee")
    asked = f"{pages.family}?traject={pages.office.first}"
    assert pages.of("wilma").get(asked).status_code == 403
    assert "Pakket kort" not in pages.read("wilma", pages.family)


@pytest.mark.parametrize("asked", ["iets", uuid4()])
def test_a_trajectory_that_is_not_there_is_no_fault(pages: Pages, asked: object) -> None:
    answer = pages.of("paula").get(f"{pages.family}?traject={asked}")
    assert answer.status_code in (200, 403)


def test_the_lists_show_the_family_once_per_open_trajectory(pages: Pages) -> None:
    pages.office.again()
    listed = pages.read("paula", "/gezinnen")
    assert listed.count("Gezin Noor") == 2
    links = {f"{pages.family}?traject={one.id}" for one in pages.office.rows(Trajectory)}
    assert links == set(re.findall(rf"{pages.family}\?traject=[0-9a-f-]+", listed))
    assert pages.read("paula", "/keten").count("Gezin Noor") == 2
    pages.office.done("begeleiden")
    assert pages.read("paula", "/gezinnen").count("Gezin Noor") == 1


def test_the_leader_begins_a_new_trajectory_with_what_is_known_filled_in(pages: Pages) -> None:
    client = pages.of("paula")
    assert f"{pages.family}/nieuw-traject" in pages.read("paula", pages.family)
    choices = pages.read("paula", f"{pages.family}/nieuw-traject")
    way = f"{pages.family}/nieuw-traject/volledig/start"
    assert way in choices
    sent = {"data": {"gezegd": "een nieuwe vraag"}, "submission_id": str(uuid4())}
    headers = {"X-CSRFToken": token(client, way)}
    answer = client.post(way, json=sent, headers=headers)
    made = pages.office.next()
    assert answer.get_json()["onward"] == f"{pages.family}?traject={made.id}"
    again = client.post(way, json={**sent, "submission_id": str(uuid4())}, headers=headers)
    assert again.status_code == 409
    assert "nog loopt" in again.get_json()["message"]


def test_who_may_not_begin_one_has_no_button_and_is_refused(pages: Pages) -> None:
    pages.office.done("praten")
    for name in ("wouter", "hanna"):
        assert pages.of(name).get(f"{pages.family}/nieuw-traject").status_code == 403
    assert pages.of("paula").get(f"{pages.family}/nieuw-traject/volledig/zo").status_code == 403


ASKS_PEOPLE = {
    "type": "default",
    "id": "verslag",
    "components": [
        {"type": "textfield", "key": "taal", "properties": {"dossier": "gezin.taal"}},
        {
            "type": "dynamiclist",
            "path": "gezinsleden",
            "properties": {"dossier": "gezinsleden"},
            "components": [
                {"type": "textfield", "key": "naam"},
                {"type": "textfield", "key": "rol"},
            ],
        },
    ],
}


def test_who_is_known_is_filled_in_and_sent_again_is_not_added_again(pages: Pages) -> None:
    office = pages.office
    files = {**receiving().files, "formulieren/verslag.form": json.dumps(ASKS_PEOPLE).encode()}
    with UnitOfWork(office.database) as session:
        publish(session, Package(files, name="volledig"), at=office.people.now)
    way = f"{pages.family}/nieuw-traject/volledig/start"
    page = html.unescape(pages.read("paula", way))
    assert '"gezinsleden": [{"naam": "Elif", "rol": "moeder"}]' in page
    assert '"taal": "Turks"' in page
    known = {"taal": "Turks", "gezinsleden": [{"naam": "Elif", "rol": "moeder"}]}
    sent = {"data": known, "submission_id": str(uuid4())}
    headers = {"X-CSRFToken": token(pages.of("paula"), way)}
    assert pages.of("paula").post(way, json=sent, headers=headers).status_code == 200
    assert [one.name for one in office.rows(FamilyMember)] == ["Elif"]
