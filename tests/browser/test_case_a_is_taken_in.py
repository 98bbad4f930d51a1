"""Case A from referral to the decision, by the project leader, through the forms themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.journeys import LEADER, choose, drawn_form, field, message, sign_in

Check = Callable[[Page], None]


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a drawn list that opens on a press."""
    area = page.locator(".fjs-form-field-select").filter(
        has=page.locator("label", has_text=re.compile(rf"^{re.escape(label)}"))
    )
    area.last.locator(".fjs-input-group").click()
    page.locator(".fjs-dropdownlist-item", has_text=option).first.click()


def complete_task(page: Page, name: str) -> None:
    """Open the family's task with this name; the form is ready then."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/taken/*-*")
    drawn_form(page)


def test_case_a_is_taken_in(live_server: str, desktop_page: Page, assert_accessible: Check) -> None:
    page = desktop_page
    family = f"Gezin Casus A {uuid4().hex[:6]}"
    sign_in(page, LEADER)
    page.goto("/aanmeldingen/nieuw")
    page.locator('a[href$="/tussen-in/aanmelding-professional"]').click()
    drawn_form(page)
    field(page, "Naam van het gezin").fill(family)
    choose(page, "Is er een tolk nodig?", "Ja, een tolk via een tolkdienst")
    for number, (name, role) in enumerate([("Nadia", "Moeder"), ("Sami", "Kind")]):
        page.get_by_role("button", name="Nog een toevoegen").click()
        page.get_by_label(re.compile(r"^Naam(\*|$)")).nth(number).fill(name)
        pick(page, "Wie is dit?", role)
    pick(page, "Hoe staat de hulp er nu voor?", "Het gezin staat op een wachtlijst")
    field(page, "Waarom heeft dit gezin").fill("Drie jonge kinderen, schulden, geen eten in huis.")
    field(page, "Wat heeft u al geprobeerd?").fill("Maatschappelijk werk heeft een wachtlijst.")
    choose(page, "Zijn kinderen nu in direct gevaar?", "Nee")
    pick(page, "Uw organisatie", "Jeugdhulp Rivierenwijk")
    field(page, "Uw naam").fill("Truus de Boer")
    choose(page, "Staat uw leidinggevende achter", "Ja")
    field(page, "Naam van uw leidinggevende").fill("Wim Kok")
    assert_accessible(page)
    page.get_by_role("button", name="Aanmelding versturen").click()

    page.wait_for_url("**/gezinnen/*-*")
    address = page.url
    expect(page.get_by_role("heading", name=family)).to_be_visible()
    expect(page.get_by_text("Nadia")).to_be_visible()
    complete_task(page, "Toets de aanmelding")
    choose(page, "Zijn kinderen in direct gevaar?", "Nee")
    choose(page, "Op welke leefgebieden", "Huishouding en geld")
    choose(page, "Op welke leefgebieden", "Opvoeding")
    choose(page, "Maakt de migratiegeschiedenis", "Ja")
    pick(page, "Is er een reden waarom", "Geen: Tussen In past")
    page.get_by_role("button", name="Taak afronden").click()

    expect(message(page)).to_contain_text("afgerond")
    page.goto(address)
    expect(page.get_by_role("link", name="Besluit over de aanmelding")).to_be_visible()
    page.get_by_text("Lees wat er is ingevuld").first.click()
    expect(page.get_by_text("Geen: Tussen In past")).to_be_visible()
    assert_accessible(page)
