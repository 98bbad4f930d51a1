"""Consents that are withdrawn and agreements that are kept, from note to family page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    OTHER_WORKER,
    drawn_form,
    field,
    message,
    open_first_family,
    sign_in,
)


def test_an_agreement_of_a_note_is_ticked_off_on_the_family_page(
    live_server: str, phone_page: Page
) -> None:
    page = phone_page
    sign_in(page, OTHER_WORKER)
    address = open_first_family(page)
    page.goto(f"{address}/contactnotitie")
    drawn_form(page)
    field(page, "Wat heb je concreet gedaan?").fill("Gebeld met school")
    field(page, "Kort verslag").fill("School belt terug.")
    page.get_by_role("button", name="Nog een toevoegen").click()
    field(page, "Wat is afgesproken?").fill("School belt voor vrijdag")
    field(page, "Wie doet het?").fill("Juf Karin")
    page.get_by_role("button", name="Notitie bewaren").click()
    expect(message(page)).to_contain_text("bewaard")

    row = page.locator(".ks-rows > li").filter(has_text="School belt voor vrijdag").first
    row.get_by_role("button", name="Gedaan").click()

    expect(message(page)).to_contain_text("nagekomen")
    done = page.locator(".ks-rows > li").filter(has_text="School belt voor vrijdag").last
    expect(done.get_by_text("Gedaan")).to_be_visible()


def test_a_consent_is_withdrawn_from_now_on_and_the_history_stays(
    live_server: str, phone_page: Page
) -> None:
    page = phone_page
    sign_in(page, OTHER_WORKER)
    page.goto("/gezinnen")
    addresses = page.locator(".ks-task h2 a").evaluate_all("links => links.map(link => link.href)")
    for address in addresses:
        page.goto(address)
        if page.get_by_text("Intrekken").count():
            break
    page.get_by_text("Intrekken").first.click()
    page.get_by_role("button", name="Ja, trek in").first.click()

    expect(message(page)).to_contain_text("ingetrokken")
    expect(page.get_by_text("Ingetrokken op").first).to_be_visible()
    expect(page.get_by_text("Toestemming ingetrokken:").first).to_be_visible()
