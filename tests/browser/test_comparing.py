"""A process owner sees what is different, goes back to a save, and finds the story of it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in
from tests.browser.test_studio import open_workbench

Check = Callable[[Page], None]
PHONE_WIDTH = 390


def saved(page: Page, address: str, path: str, old: str, new: str) -> None:
    """Change a file of the draft as another page would."""
    file = f"{address}/bestanden/{path}"
    before = page.request.get(file)
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    headers = {"X-CSRFToken": token or "", "If-Match": before.headers["etag"]}
    assert old in before.text()
    page.request.put(file, data=before.text().replace(old, new).encode(), headers=headers)


def test_what_is_different_stands_in_words_in_cells_and_on_both_diagrams(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    address = open_workbench(page, "README.md")
    saved(page, address, "traject.bpmn", "Lees de termijnen", "Zoek de termijnen")
    saved(page, address, "drempels.dmn", '"PT2H"', '"PT3H"')
    page.get_by_role("link", name="Wat is er anders?").click()
    file = page.locator("[data-file]").first
    expect(file.locator("ins")).to_have_text("Zoek")
    expect(page.locator(".ks-diff__cell--changed ins").first).to_contain_text("PT3H")
    file.get_by_role("button", name="Toon").click()
    expect(file.locator("[data-pictures]")).to_have_attribute("data-ready", "yes")
    marked = file.locator('.djs-element.ks-diff-changed[data-element-id="lees-termijnen"]')
    expect(marked).to_have_count(2)
    expect(file.locator(".bjs-powered-by").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Werkbank").click()
    page.get_by_role("link", name="Publiceren").click()
    assert_accessible(page)


def test_an_earlier_save_comes_back_and_the_package_tells_its_story_on_a_phone(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, PROCESS_OWNER)
    address = open_workbench(page, "README.md")
    saved(page, address, "README.md", "Tussen In", "Tussenin")
    page.get_by_role("link", name="Eerdere bewaringen").click()
    expect(page.get_by_text("begin van het concept")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Zet terug").click()
    expect(page.locator("#meldingen")).to_contain_text("README.md is weer zoals het toen was")
    assert "Tussenin" not in page.request.get(f"{address}/bestanden/README.md").text()
    page.goto("/studio/pakketten/tussen-in")
    expect(
        page.get_by_role("heading", name="Versies: wie veranderde wat, en waarom")
    ).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


def test_who_is_told_of_a_colleague_in_the_same_file_compares_before_choosing(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    address = open_workbench(page, "README.md")
    saved(page, address, "README.md", "Tussen In", "Tussenin")
    text = page.locator("textarea.ks-studio__text")
    text.press("Control+Home")
    text.type("Mijn kop\n")
    page.get_by_role("button", name="Vergelijk").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("ins", has_text="Tussenin").first).to_be_visible()
    expect(dialog.locator("ins", has_text="Mijn kop")).to_be_visible()
    assert_accessible(page)
    dialog.get_by_role("button", name="Houd de mijne").click()
    expect(page.locator("[data-saved]")).to_have_text("Alles is bewaard")
    assert "Mijn kop" in page.request.get(f"{address}/bestanden/README.md").text()
