"""For everyone: 320 pixels wide without scrolling sideways, and all of it by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    ADMINISTRATOR,
    COORDINATOR,
    WORKER,
    drawn_form,
    open_first_family,
    sign_in,
)

NARROW = {"width": 320, "height": 640}


def assert_no_sideways_scroll(page: Page) -> None:
    """The page is not wider than its window."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"], f"{page.url} is {width} px wide"


@pytest.mark.parametrize(
    ("email", "paths"),
    [
        (WORKER, ["/taken", "/taken?tab=team", "/gezinnen", "/contactnotitie"]),
        (WORKER, ["/aanmeldingen/nieuw", "/aanmeldingen/nieuw/tussen-in/aanmelding-gezin"]),
        (COORDINATOR, ["/keten", "/taken", "/gezinnen"]),
        (ADMINISTRATOR, ["/beheer/incidenten", "/beheer/pakketten", "/beheer/gebruikers"]),
    ],
)
def test_lists_fit_in_320_pixels(
    live_server: str, new_page: Callable[..., Page], email: str, paths: list[str]
) -> None:
    page = new_page(viewport=NARROW)
    sign_in(page, email)
    for path in paths:
        page.goto(path)
        assert_no_sideways_scroll(page)


def test_family_task_and_diagram_fit_in_320_pixels(
    live_server: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport=NARROW)
    sign_in(page, WORKER)
    page.locator(".ks-task h3 a").first.click()
    drawn_form(page)
    assert_no_sideways_scroll(page)
    address = open_first_family(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Waar staat het traject?").click()
    expect(page.locator("[data-diagram][data-ready]")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.goto(f"{address}/contactnotitie")
    drawn_form(page)
    assert_no_sideways_scroll(page)


def test_the_first_tab_stop_leads_to_the_content(live_server: str, desktop_page: Page) -> None:
    sign_in(desktop_page, WORKER)
    desktop_page.goto("/taken")
    desktop_page.keyboard.press("Tab")
    skip = desktop_page.get_by_role("link", name="Naar de inhoud")

    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.locator("main")).to_be_focused()


def test_a_contact_note_can_be_written_by_keyboard_alone(
    live_server: str, desktop_page: Page
) -> None:
    page = desktop_page
    sign_in(page, WORKER)
    page.goto("/contactnotitie")
    page.locator(".ks-task h2 a").first.focus()
    page.keyboard.press("Enter")
    drawn_form(page)
    page.locator("[data-canvas] input[type=radio]:checked").focus()
    wanted = {"Wat heb je": "Post gelezen", "Kort verslag": "Met het toetsenbord geschreven."}
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText ?? ''"
        )
        for start, text in list(wanted.items()):
            if label.startswith(start):
                page.keyboard.type(wanted.pop(start) and text)
        if label.startswith("Notitie bewaren"):
            page.keyboard.press("Enter")
            break

    expect(page.locator("#meldingen")).to_contain_text("bewaard")


def test_the_menu_closes_with_escape(live_server: str, desktop_page: Page) -> None:
    sign_in(desktop_page, WORKER)
    desktop_page.locator(".ks-me summary").focus()
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.get_by_role("button", name="Afmelden")).to_be_visible()
    desktop_page.keyboard.press("Escape")

    expect(desktop_page.get_by_role("button", name="Afmelden")).to_be_hidden()
    expect(desktop_page.locator(".ks-me summary")).to_be_focused()


def test_signing_out_leaves_nothing_on_the_device(live_server: str, desktop_page: Page) -> None:
    page = desktop_page
    sign_in(page, WORKER)
    page.evaluate("localStorage.setItem('ketenspoor:iemand:taak', '{}')")
    page.locator(".ks-me summary").click()
    page.get_by_role("button", name="Afmelden").click()

    expect(page.locator("#meldingen")).to_contain_text("afgemeld")
    page.wait_for_function("Object.keys(localStorage).length === 0")
    page.goto("/taken")
    expect(page).to_have_url("/aanmelden?verder=/taken")
