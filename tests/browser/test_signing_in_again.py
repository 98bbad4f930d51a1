"""A session that ends while a form lies open costs no text and no second typing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    LEADER,
    WORKER,
    drawn_form,
    field,
    message,
    open_contact_note,
    sign_in,
)


def fill_in_note(page: Page, text: str) -> None:
    """Open a contact note and fill in what must be."""
    sign_in(page, WORKER)
    open_contact_note(page)
    field(page, "Wat heb je concreet gedaan?").fill(text)
    field(page, "Kort verslag").fill(text)


def sign_in_in_another_tab(page: Page, email: str) -> None:
    """A second tab of the same browser."""
    tab = page.context.new_page()
    sign_in(tab, email, anew=True)
    tab.close()


def test_after_signing_in_in_another_tab_the_form_can_be_sent(
    live_server: str, phone_page: Page
) -> None:
    page = phone_page
    fill_in_note(page, "Geschreven terwijl de sessie verliep")
    page.context.clear_cookies()
    page.get_by_role("button", name="Notitie bewaren").click()
    expect(page.locator("[data-problems]")).to_contain_text("Je bent afgemeld")
    sign_in_in_another_tab(page, WORKER)
    page.get_by_role("button", name="Notitie bewaren").click()

    expect(message(page)).to_contain_text("bewaard")
    expect(page.get_by_text("Geschreven terwijl de sessie verliep").first).to_be_visible()


def test_what_one_user_typed_is_not_sent_as_another(live_server: str, phone_page: Page) -> None:
    page = phone_page
    fill_in_note(page, "Van Samira, niet van Marjan")
    page.context.clear_cookies()
    sign_in_in_another_tab(page, LEADER)
    page.get_by_role("button", name="Notitie bewaren").click()

    expect(page.locator("[data-problems]")).to_contain_text("Je bent afgemeld")
    drawn_form(page)
    expect(field(page, "Kort verslag")).to_have_value("Van Samira, niet van Marjan")
