"""A care meeting on the screens: the organiser prepares it, a partner answers an own task."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from scripts.browser import DESKTOP, PHONE
from tests.browser.journeys import choose, drawn_form, field
from tests.care_meeting import FAMILY, PASSWORD, Office, office, plan


@dataclass
class Site:
    """The product with one family, on an address of its own."""

    made: Office
    url: str
    new_page: Callable[..., Page]

    def as_(self, name: str, **options: object) -> Page:
        """A browser in which somebody is signed in."""
        page = self.new_page(**options)
        page.goto(f"{self.url}/aanmelden")
        with_account = self.made.email(name)
        page.get_by_label("E-mailadres").fill(with_account)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Inloggen").click()
        expect(page.locator(".ks-me")).to_be_visible()
        return page

    def open_task(self, page: Page, element_id: str) -> None:
        """Open a task on its page."""
        page.goto(f"{self.url}/taken/{self.made.tasks(element_id)[0].id}")
        drawn_form(page)


@pytest.fixture
def site(engine_db: Engine, new_page: Callable[..., Page]) -> Iterator[Site]:
    made = office(engine_db)
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield Site(made, f"http://localhost:{server.server_port}", new_page)
    server.shutdown()
    running.join()
    server.server_close()


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a list that folds out."""
    list_ = page.locator(".fjs-form-field-select", has_text=label).first
    list_.locator(".fjs-input-group").click()
    page.locator(".fjs-dropdownlist-item", has_text=option).first.click()


def write(where: Locator, text: str, shown: str | None = None) -> None:
    """Fill in a field and leave it, so that the form has taken it before the next is filled in."""
    where.fill(text)
    where.blur()
    expect(where).to_have_value(shown or text)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_organiser_prepares_a_meeting_and_asks_the_family(
    site: Site, size: dict[str, int], assert_accessible: Callable[[Page], None]
) -> None:
    page = site.as_("wilma", viewport=size)
    site.open_task(page, "bereid-overleg-voor")
    choose(page, "Is er een overleg nodig?", "Ja")
    when = site.made.clock.now() + timedelta(days=14)
    write(field(page, "Wanneer is het overleg?"), when.strftime("%d-%m-%Y"), f"{when:%-d-%-m-%Y}")
    write(field(page, "Tijd").first, "10:00")
    write(field(page, "Waar?"), "Buurthuis De Linde")
    write(field(page, "Wie zit voor?"), "Paula")
    choose(page, "Is het gezin erbij?", "Ja")
    write(field(page, "Wie spreekt er voor het gezin?"), "De moeder")
    pick(page, "Iemand met een account", "Petra (Schuldhulp Noord)")
    choose(page, "Waarover wil je met deze persoon praten?", "Opvoeding")
    pick(page, "Over welk onderwerp?", "Opvoeding")
    write(field(page, "Punt").first, "Rust voor het slapen")
    assert_accessible(page)
    page.get_by_role("button", name="Taak afronden").click()
    page.wait_for_url("**/taken")
    assert site.made.tasks("beantwoord-uitnodiging") == []

    site.open_task(page, "vraag-overlegtoestemming")
    expect(page.get_by_text("Petra (Schuldhulp Noord)").first).to_be_visible()
    choose(page, "Wat zegt het gezin?", "Ja, met sommigen of over sommige onderwerpen")
    choose(page, "Met wie mag je praten, en waarover?", "Petra (Schuldhulp Noord): opvoeding")
    choose(page, "Hoe gaf het gezin antwoord?", "Mondeling")
    assert_accessible(page)
    page.get_by_role("button", name="Taak afronden").click()
    page.wait_for_url("**/taken")
    assert len(site.made.tasks("beantwoord-uitnodiging")) == 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_partner_sees_the_own_tasks_only_and_answers_an_invitation(
    site: Site, size: dict[str, int], assert_accessible: Callable[[Page], None]
) -> None:
    made = site.made
    made.do("wilma", "bereid-overleg-voor", **plan(made))
    made.do(
        "wilma", "vraag-overlegtoestemming", toestemmingBesluit="deels",
        toestemmingVoor=[f"{made.user('petra')}:opvoeding"], toestemmingVorm="mondeling",
    )  # fmt: skip
    page = site.as_("petra", viewport=size)
    expect(page.get_by_role("heading", name="Taken")).to_be_visible()
    expect(page.get_by_text("Van mijn team")).to_have_count(0)
    assert [link.inner_text().strip() for link in page.locator(".ks-nav a").all()] in (
        [], ["Taken"]
    )  # fmt: skip
    assert_accessible(page)
    page.get_by_role("link", name="Laat weten of u komt").click()
    drawn_form(page)
    expect(page.get_by_text(FAMILY).first).to_be_visible()
    expect(page.get_by_text("Rust voor het slapen")).to_be_visible()
    expect(page.get_by_text("De schulden op een rij")).to_have_count(0)
    expect(page.get_by_role("button", name="Teruggeven")).to_have_count(0)
    assert_accessible(page)
    choose(page, "Komt u?", "Nee, ik kom niet")
    field(page, "Waarom niet, of wie komt er in uw plaats?").fill("Ik heb vakantie")
    page.get_by_role("button", name="Taak afronden").click()
    page.wait_for_url("**/taken")
    expect(page.get_by_text("U bent helemaal bij")).to_be_visible()
    assert_accessible(page)

    leader = site.as_("paula", viewport=size)
    leader.goto(f"{site.url}/gezinnen/{made.family_id}")
    meeting = leader.locator("section").filter(has=leader.locator("#overleggen-kop"))
    expect(meeting.get_by_text("Komt niet")).to_be_visible()
    expect(meeting.get_by_text("Ik heb vakantie")).to_be_visible()
    assert_accessible(leader)


def test_what_is_no_longer_shared_is_gone_from_the_page(
    site: Site, assert_accessible: Callable[[Page], None]
) -> None:
    made = site.made
    made.do("wilma", "bereid-overleg-voor", **plan(made))
    made.do(
        "wilma", "vraag-overlegtoestemming", toestemmingBesluit="alles",
        toestemmingVorm="mondeling",
    )  # fmt: skip
    page = site.as_("petra")
    site.open_task(page, "beantwoord-uitnodiging")
    made.withdraw_all()
    page.reload()
    expect(page.get_by_text("Deze taak is vervallen")).to_be_visible()
    expect(page.get_by_text(FAMILY)).to_have_count(0)
    assert_accessible(page)
