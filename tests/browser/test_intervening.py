"""A project leader intervenes in a running trajectory: looks first, puts it on hold, goes on."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import LEADER, PROCESS_OWNER, message, sign_in
from tests.browser.test_reflow_and_keyboard import NARROW, assert_no_sideways_scroll

Check = Callable[[Page], None]


def open_intervening(page: Page) -> None:
    page.goto("/gezinnen")
    page.locator(".ks-task h2 a").last.click()
    page.get_by_role("link", name="Waar staat het traject?").click()
    page.get_by_role("link", name="Ingrijpen").click()
    expect(page.get_by_role("heading", name="Ingrijpen", level=1)).to_be_visible()


def test_a_leader_looks_first_then_begins_a_step_anew_and_puts_the_trajectory_on_hold(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    page.set_viewport_size(NARROW)
    sign_in(page, LEADER)
    open_intervening(page)
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    own = page.locator("section[aria-labelledby=loop-1]")
    own.get_by_role("link", name=re.compile("^Opnieuw")).last.click()
    page.get_by_role("button", name="Kijk wat er gebeurt").click()
    expect(page.get_by_role("alert")).to_contain_text("Schrijf kort waarom")
    page.get_by_label("Waarom?").fill("De verkeerde stap was begonnen.")
    page.get_by_role("button", name="Kijk wat er gebeurt").click()
    expect(page.get_by_text("Er is nog niets veranderd.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Ja, doe dit").click()
    expect(message(page)).to_contain_text("De stap is opnieuw begonnen.")

    page.get_by_role("link", name=re.compile("^Ongedaan maken")).click()
    expect(page.get_by_text(re.compile("^(Begint|Gaat lopen): ")).first).to_be_visible()
    page.get_by_label("Waarom?").fill("Toch niet.")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(message(page)).to_contain_text("Alles staat weer zoals het was.")

    own.get_by_role("link", name="Stilleggen").click()
    page.get_by_label("Waarom?").fill("Het gezin is drie weken weg.")
    page.get_by_role("button", name="Kijk wat er gebeurt").click()
    expect(page.get_by_text(re.compile("^Ligt stil: taak ")).first).to_be_visible()
    page.get_by_role("button", name="Ja, doe dit").click()
    expect(page.get_by_role("heading", name="Dit traject ligt stil")).to_be_visible()
    page.get_by_role("link", name="Weer verder laten gaan").click()
    expect(page.get_by_label("Termijnen schuiven op")).to_be_checked()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("Waarom?").fill("Weer thuis.")
    page.get_by_role("button", name="Kijk wat er gebeurt").click()
    expect(page.get_by_text(re.compile("^Komt terug: taak ")).first).to_be_visible()
    page.get_by_role("button", name="Ja, doe dit").click()
    expect(message(page)).to_contain_text("Het gaat weer verder.")


def test_a_process_owner_sees_ids_and_corrects_a_value(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    page.goto("/studio/pakketten")
    page.get_by_role("link", name="Lopende trajecten", exact=True).click()
    page.locator("table th a").first.click()
    expect(page.get_by_text(re.compile("^Traject [0-9a-f]{8} ·"))).to_be_visible()
    page.get_by_role("link", name="Gegevens van dit deel verbeteren").first.click()
    assert_accessible(page)
    expect(page.get_by_role("button", name="Kijk wat er gebeurt")).to_be_visible()
