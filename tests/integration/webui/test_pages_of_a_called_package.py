"""The screens of a family whose care meeting is a process of another package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.access.people import set_password
from engine.definitions.packages import Package
from engine.definitions.publication import publish_all
from engine.families.casework import Casework
from engine.families.models import Document
from engine.runtime.models import ProcessInstance, UserTask
from tests.region import region
from tests.two_packages import call, form, manifest, meeting, package, process
from webui.app import create_app
from webui.services import Services, WebConfig

PASSWORD = "een lang genoeg wachtwoord"
ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "verslag"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["project_leader"]
"""


def method() -> Package:
    drawn = process("Traject", call("Zorgoverleg"), ids="roep").decode()
    start = '<bpmn:startEvent id="start"{}'
    by_message = '><bpmn:messageEventDefinition messageRef="M" /></bpmn:startEvent>'
    drawn = drawn.replace(start.format(" />"), start.format(by_message))
    end = "</bpmn:definitions>"
    drawn = drawn.replace(end, f'<bpmn:message id="M" name="aanmelding" />{end}')
    return package(
        "methode",
        {"t.bpmn": drawn.encode(), "formulieren/verslag.form": form("Wie?")},
        manifest("methode", voorzitter="project_leader") + ENTRY,
    )


@dataclass
class Office:
    """Paula at her screen, with a family whose care meeting is to be prepared."""

    database: Engine
    client: FlaskClient
    casework: Casework
    paula: object
    family_id: UUID
    trajectory_id: UUID

    @property
    def task(self) -> UserTask:
        with Session(self.database) as session:
            return session.scalars(select(UserTask)).one()

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)

    def complete(self) -> None:
        self.casework.complete_task(self.paula, self.task.id, {"gezegd": "een plan"})


@pytest.fixture
def office(engine_db: Engine) -> Office:
    with Session(engine_db, expire_on_commit=False) as session:
        made = region(session)
        for user in session.scalars(select(User)):
            set_password(session, user, PASSWORD, at=made.now)
        publish_all(session, [method(), meeting("Bereid het overleg voor")], at=made.now)
        session.commit()
        casework = Casework(engine_db, made.clock)
        services = Services(database=engine_db, clock=made.clock, casework=casework)
        client = create_app(services, WebConfig(secret_key="only-for-tests")).test_client()
        paula = made.actor("paula")
        ref = casework.refer(paula, "methode", "aanmelding", {"gezegd": "nieuw"})
        sign_in(client, session.get_one(User, made.users["paula"]).email)
        return Office(engine_db, client, casework, paula, ref.family_id, ref.trajectory_id)


def sign_in(client: FlaskClient, email: str) -> None:
    page = client.get("/aanmelden").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    given = {"csrf_token": token[1], "gebruikersnaam": email, "wachtwoord": PASSWORD}
    client.post("/aanmelden", data={**given, "verder": "/"})


def test_a_task_shows_the_form_and_the_role_of_the_called_package(office: Office) -> None:
    page = office.page(f"/taken/{office.task.id}")
    assert "Bereid het overleg voor" in page
    assert "Wat is er afgesproken?" in page
    assert "Bereid het overleg voor" in office.page("/taken")


def test_what_was_done_in_the_called_package_is_told_and_can_be_read_again(office: Office) -> None:
    office.complete()
    assert "verslag" in office.page(f"/gezinnen/{office.family_id}")
    with Session(office.database) as session:
        documents = session.scalars(select(Document.id).order_by(Document.at, Document.id)).all()
    pages = [office.page(f"/gezinnen/{office.family_id}/formulieren/{d}") for d in documents]
    assert [page for page in pages if "Wat is er afgesproken?" in page and "een plan" in page]


def test_the_diagram_of_the_called_process_stands_under_the_method_of_the_trajectory(
    office: Office,
) -> None:
    with Session(office.database) as session:
        child = session.scalars(
            select(ProcessInstance.id).where(ProcessInstance.parent_id.is_not(None))
        ).one()
    page = office.page(f"/trajecten/{office.trajectory_id}/delen/{child}")
    assert "Pakket methode" in page
    assert "Zorgoverleg" in page


def test_a_shared_package_is_no_way_in_for_a_family(office: Office) -> None:
    page = office.page("/aanmeldingen/nieuw")
    assert "Pakket methode" in page
    assert "Pakket zorgoverleg" not in page
