"""The administrator's page of what goes out: the queue, what failed, what left, another try."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.access.people import set_password
from engine.families.approval_notices import tell
from integrations.mail import MailFolder
from tests import notified
from tests.integration.families.test_approval_notices import Asked
from webui.app import create_app
from webui.services import Services, WebConfig

PASSWORD = "een lang genoeg wachtwoord"
PAGE = "/beheer/uitgaand"


@pytest.fixture
def office(engine_db):
    with notified.office(engine_db) as made:
        yield made


class Screens:
    """The application for one signed-in person."""

    def __init__(self, office, name: str, folder: MailFolder | None, *, mails: bool = True) -> None:
        services = Services(office.database, office.practice.clock, office.casework)
        app = create_app(services, WebConfig(secret_key="proef", mails=mails, mail_folder=folder))
        app.testing = True
        self.client = app.test_client()
        with Session(office.database) as session:
            user = session.get_one(User, office.people.users[name])
            set_password(session, user, PASSWORD, at=office.practice.clock.now())
            session.commit()
        data = {"gebruikersnaam": f"{name}@brug.example", "wachtwoord": PASSWORD, "verder": "/"}
        answer = self.post("/aanmelden", data)
        assert answer.status_code == 302

    def post(self, path: str, data: dict[str, str] | None = None, page: str = "/aanmelden"):
        shown = self.client.get(page).get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', shown)
        assert found
        return self.client.post(path, data={**(data or {}), "csrf_token": found[1]})

    def page(self) -> str:
        answer = self.client.get(PAGE)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


@pytest.fixture
def screens(office, tmp_path):
    return Screens(office, "adam", MailFolder(tmp_path / "post"))


def test_the_page_begins_empty(screens):
    page = screens.page()
    assert "De wachtrij is leeg." in page
    assert "Er is nog niets verstuurd." in page
    assert "De map is nog leeg." in page


def test_what_waits_is_shown_with_why(office, screens):
    office.ask_for_mail()
    assert "in de wachtrij" in screens.page()
    (work,) = office.waiting()
    with notified.mail_server() as mailbox:
        mailbox.answers = ["451 later"]
        office.work(mailbox.transport())
    page = screens.page()
    assert "Poging 1 lukte niet (outward-unreachable)." in page
    assert "Volgende poging" in page
    assert work.element_id in page


def test_what_was_not_sent_is_told_and_can_be_sent_again(office, screens, tmp_path):
    office.ask_for_mail()
    office.work(None)
    page = screens.page()
    assert "niet ingesteld" in page
    (action,) = re.findall(r'action="(/beheer/uitgaand/[0-9a-f-]+/opnieuw)"', page)
    assert screens.post(action, page=PAGE).status_code == 302
    assert "Eén bericht staat weer in de wachtrij." in screens.page()
    office.work(MailFolder(tmp_path / "post"))
    page = screens.page()
    assert "aan Wilma" in page
    assert "Er is een gezin voor u." in page  # the trial mail itself
    assert not any(word in page for word in notified.FAMILY.split())


def test_everything_can_be_sent_again_at_once(office, screens):
    office.casework.refer(
        office.people.actor("paula"), "proef", "aanmelding", {"naam": "Familie Twee"}
    )
    for task_id in office.practice.open_tasks("kennismaken"):
        office.practice.do(lambda r, t=task_id: r.complete_task(t, {}))
    office.work(None)
    assert "Niet verstuurd (2)" in screens.page()
    assert screens.post(f"{PAGE}/opnieuw", page=PAGE).status_code == 302
    page = screens.page()
    assert "2 berichten staan weer in de wachtrij." in page
    assert "Niet verstuurd (0)" in page


def test_a_server_that_really_mails_shows_no_folder(office):
    assert "Proefmail" not in Screens(office, "adam", None).page()


@pytest.mark.parametrize("name", ["wilma", "paula"])
def test_the_page_is_for_administrators(office, name):
    screens = Screens(office, name, None)
    assert screens.client.get(PAGE).status_code == 403
    assert screens.post(f"{PAGE}/opnieuw", page="/taken").status_code == 403


def test_where_it_stands_says_that_it_waits_to_be_sent(office):
    office.ask_for_mail()
    screens = Screens(office, "paula", None)
    page = screens.client.get(f"/trajecten/{office.ref.trajectory_id}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200, page.status
    assert "Wacht op verzending" in text


@pytest.mark.parametrize("mails", [True, False])
def test_mail_that_is_not_set_up_is_told_once_for_all(office, mails):
    page = Screens(office, "adam", None, mails=mails).page()
    assert ("Mail is niet ingesteld" in page) is not mails


def test_mail_about_a_second_pair_of_eyes_is_shown_while_it_waits(office, screens):
    with Session(office.database) as session:
        asked = Asked(session)
        tell(session, asked.request, [asked.esther])
        session.commit()
    page = screens.page()
    assert "aan esther" in page
    assert "Wacht op verzending (1)" in page
    assert "De wachtrij is leeg." not in page
