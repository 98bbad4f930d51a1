"""A worker tells that a trajectory has stalled; the first rung takes it up, on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    LEADER,
    WORKER,
    choose,
    drawn_form,
    field,
    message,
    open_first_family,
    sign_in,
)

Check = Callable[[Page], None]


def unfold(page: Page) -> None:
    """Show all that the page has folded: a family may have many tasks."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def test_a_stall_that_a_worker_tells_is_a_task_of_the_leader(
    live_server: str, phone_page: Page, desktop_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, WORKER)
    address = open_first_family(page)
    page.get_by_text("Begin iets naast dit traject", exact=True).click()
    page.get_by_role("link", name="Dit traject loopt vast", exact=True).click()
    assert_accessible(page)
    field(page, "Wat loopt vast?").select_option("Het plan is er niet op tijd")
    field(page, "Wat zie je?").fill("De school komt niet.")
    page.get_by_role("button", name="Starten", exact=True).click()
    expect(message(page)).to_be_visible()

    page = desktop_page
    sign_in(page, LEADER)
    page.goto(address)
    unfold(page)
    page.get_by_role("link", name="Pak de stagnatie op: Plan is er niet op tijd").last.click()
    form = drawn_form(page)
    expect(form).to_contain_text("Plan is er niet op tijd")
    expect(form).to_contain_text("Jouw trede: projectleider.")
    assert_accessible(page)
    choose(page, "Wat doe je?", "Wachten tot een vaste dag")
    expect(field(page, "Tot welke dag?")).to_be_visible()
    choose(page, "Wat doe je?", "Ik pak het op")
    field(page, "Wat ga je doen, of waarom niet?").fill("Ik bel de school vandaag.")
    page.get_by_role("button", name="Taak afronden").click()
    expect(message(page)).to_be_visible()

    page.goto(address)
    unfold(page)
    expect(page.get_by_role("link", name="Kijk of het nu weer loopt").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "Plan is er niet op tijd, projectleider: opgepakt."
    )
