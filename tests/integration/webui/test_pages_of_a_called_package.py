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
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish_all
from engine.families.casework import Casework
from engine.families.models import Contact, Document
from engine.families.trajectories import FormNotValid, UnknownEntry, contact_form
from engine.runtime.models import ProcessInstance, UserTask
from engine.simulation.source import PackagesAtHand
from tests.practice_diagrams import field_of
from tests.region import START, region
from tests.screens import PASSWORD, application, let_all_sign_in
from tests.two_packages import call, form, manifest, meeting, package, process
from tests.unit.definitions.diagrams import form as note
from webui.services import Services
from webui.words import role_name

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
        manifest("methode", voorzitter="project_leader").replace('"voorzitter"', '"spelleider"')
        + ENTRY,
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

    def note(self, answers: dict[str, str]) -> None:
        self.casework.note_contact(self.paula, self.trajectory_id, answers)

    def publish(self, package: Package) -> None:
        with Session(self.database) as session:
            publish_all(session, [package], at=START)
            session.commit()

    def complete(self) -> None:
        self.casework.complete_task(self.paula, self.task.id, {"gezegd": "een plan"})


@pytest.fixture
def office(engine_db: Engine) -> Office:
    with Session(engine_db, expire_on_commit=False) as session:
        made = region(session)
        let_all_sign_in(session)
        publish_all(session, [method(), meeting("Bereid het overleg voor")], at=made.now)
        session.commit()
        casework = Casework(engine_db, made.clock)
        services = Services(database=engine_db, clock=made.clock, casework=casework)
        client = application(services).test_client()
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


def test_a_task_of_a_called_package_speaks_the_words_of_the_method(office: Office) -> None:
    for address in ("/taken", f"/taken/{office.task.id}", f"/gezinnen/{office.family_id}"):
        page = office.page(address)
        assert "spelleider" in page
        assert "voorzitter" not in page.replace('value="voorzitter"', "")
    assert "Bereid het overleg voor" in office.page("/taken?methode=methode")
    assert "Bereid het overleg voor" not in office.page("/taken?methode=zorgoverleg")


def test_a_role_that_the_method_lacks_has_the_name_of_the_called_package() -> None:
    own, called = method(), meeting()
    assert role_name(own, "voorzitter", called) == "spelleider"
    assert role_name(package("x", {}, manifest("x")), "voorzitter", called) == "voorzitter"
    assert role_name(own, "griffier", called) == "Griffier"


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


def contact_note(question: str) -> Package:
    kind = {**field_of("soort", "telefoon kantoor", bound="contact.soort"), "label": question}
    files = {**meeting().files, "formulieren/contactnotitie.form": note("contactnotitie", kind)}
    return Package(files, name="zorgoverleg")


def test_a_method_without_a_contact_note_has_that_of_a_shared_package_in_its_newest_version(
    office: Office,
) -> None:
    address = f"/gezinnen/{office.family_id}/contactnotitie"
    assert "Geen contactnotitie" in office.page(address)
    with pytest.raises(UnknownEntry):
        office.note({"soort": "kantoor"})
    office.publish(contact_note("Hoe was het?"))
    office.publish(contact_note("Waar spraken jullie elkaar?"))
    assert "Waar spraken jullie elkaar?" in office.page(address)
    office.note({"soort": "kantoor"})
    with Session(office.database) as session:
        assert session.scalars(select(Contact.kind)).all() == ["kantoor"]
    with pytest.raises(FormNotValid):
        office.note({"soort": "huisbezoek"})


def test_a_method_with_a_contact_note_keeps_its_own() -> None:
    own = contact_note("Van onszelf")
    beside = PackagesAtHand(own, [contact_note("Van iedereen")])
    found = contact_form(own, beside)
    assert found is own.forms["contactnotitie"]


def test_a_shared_package_is_no_way_in_for_a_family(office: Office) -> None:
    page = office.page("/aanmeldingen/nieuw")
    assert "Pakket methode" in page
    assert "Pakket zorgoverleg" not in page
