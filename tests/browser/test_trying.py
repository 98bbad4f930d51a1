"""A process owner plays a trajectory by hand and runs the scenarios, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in

Check = Callable[[Page], None]


def try_out(page: Page, package: str) -> None:
    """Open the way in to trying out the newest version of a package, from the library."""
    page.goto("/studio/pakketten")
    page.get_by_role("link", name=re.compile(f"^Proberen {re.escape(package)}")).first.click()
    expect(page.get_by_role("heading", name="Proberen")).to_be_visible()


def drawn(page: Page) -> None:
    """Wait until the diagram of the play is there."""
    expect(page.locator(".ks-diagram__canvas[data-ready]")).to_be_visible()


def test_a_trajectory_is_played_on_a_phone_and_saved_as_a_scenario(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, PROCESS_OWNER)
    try_out(page, "Tussen In – volledig traject")
    page.get_by_role("button", name=re.compile("Begin ?: Een professional")).click()
    page.get_by_role("link", name=re.compile("Zoals in ‘Casus A")).click()
    expect(page.get_by_label("Naam van het gezin")).to_have_value("Gezin Amrani")
    page.get_by_role("button", name="Versturen en verder").click()
    drawn(page)
    task = page.get_by_role("link", name=re.compile("Invullen ?: Toets de aanmelding"))
    expect(task).to_be_visible()
    assert_accessible(page)

    page.locator('[data-element-id="beoordeel-aanmelding"] .djs-hit').first.click(force=True)
    expect(page.get_by_role("heading", name="Toets de aanmelding")).to_be_visible()
    page.go_back()
    drawn(page)
    page.get_by_role("button", name=re.compile("Met voorbeeld ?: Toets")).click()
    expect(page.get_by_role("heading", name="Waarom het zo ging")).to_be_visible()
    page.get_by_role("button", name="Stap terug").click()
    expect(task).to_be_visible()
    page.get_by_role("button", name=re.compile("^Naar ")).click()
    expect(page.get_by_text("stap 2 van 2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("link", name="Bewaar als scenario").click()
    page.get_by_label("Naam").fill("Aanmelding blijft liggen")
    assert_accessible(page)
    page.get_by_role("button", name="Bewaar scenario").click()
    expect(page.locator("#meldingen")).to_contain_text("‘Aanmelding blijft liggen’ is bewaard")


def test_scenarios_run_by_themselves_and_show_what_they_reach(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    try_out(page, "Afspraak")
    page.get_by_role("link", name="Alle scenario’s draaien").click()
    expect(page.locator("[data-cover][data-ready]")).to_be_visible()
    expect(page.locator("[data-sum]")).to_contain_text("(100 procent)")
    expect(page.locator(".ks-covered").first).to_be_attached()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Naspelen")).first.click()
    drawn(page)
    page.get_by_role("link", name="Bekijk de stap hierna").click()
    drawn(page)
    expect(page.get_by_text(re.compile("stap 2 van "))).to_be_visible()
