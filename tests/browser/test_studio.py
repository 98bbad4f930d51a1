"""A process owner draws, sees what is wrong, and publishes, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in

Check = Callable[[Page], None]


def open_workbench(page: Page, file: str = "") -> str:
    """A fresh draft of the full trajectory with a file opened; the address of the draft."""
    page.goto("/studio/pakketten")
    page.get_by_role("button", name="Bewerken Tussen In – volledig traject").click()
    page.wait_for_url("**/studio/concepten/*")
    address = page.url
    if file:
        page.goto(f"{address}?bestand={file}")
    expect(page.locator(".ks-studio[data-ready]")).to_be_visible()
    return address


def test_a_name_that_is_changed_in_the_diagram_is_saved_by_itself(
    live_server: str, desktop_page: Page
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    address = open_workbench(page)
    element = page.locator('[data-element-id="lees-termijnen"]')
    element.locator(".djs-hit").first.dblclick(force=True)
    page.keyboard.press("Control+A")
    page.keyboard.type("Zoek de termijnen op")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).not_to_have_text("Alles is bewaard")
    expect(page.locator("[data-saved]")).to_have_text("Alles is bewaard")
    saved = page.request.get(f"{address}/bestanden/traject.bpmn").text()
    assert 'name="Zoek de termijnen op"' in saved


def test_a_choice_out_of_the_package_and_what_the_check_then_says(
    live_server: str, desktop_page: Page
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    open_workbench(page)
    page.locator('[data-element-id="lees-termijnen"] .djs-hit').first.click(force=True)
    choice = page.get_by_label("Beslissing", exact=True)
    expect(choice).to_be_visible()
    choice.select_option("")
    findings = page.locator(".ks-studio__finding--error")
    expect(findings.first).to_be_visible()
    expect(page.locator(".ks-studio__sign--error").first).to_be_visible()
    findings.first.get_by_role("button", name="Toon in het diagram").click()
    expect(page.locator(".djs-element.selected").first).to_be_visible()


def test_an_element_shows_the_building_block_that_it_was_drawn_with(
    live_server: str, desktop_page: Page
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    open_workbench(page, "nazorg.bpmn")
    page.locator('.djs-shape[data-element-id="begeleid-nazorg"] .djs-hit').first.click(force=True)
    panel = page.locator("[data-properties]")
    expect(panel.get_by_text("Nazorg", exact=True).first).to_be_visible()
    panel.get_by_text("Invullen", exact=True).click()
    expect(panel.get_by_text("Ritme", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("drempels.dmn", ".dmn-decision-table-container"),
        ("formulieren/intake.form", ".fjs-form-editor"),
        ("scenarios/casus-a.yaml", "textarea.ks-studio__text"),
        ("traject.bpmn", ".djs-palette"),
    ],
)
def test_every_kind_of_file_has_its_editor_and_bpmn_io_is_named(
    live_server: str, desktop_page: Page, file: str, shown: str
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    open_workbench(page, file)
    expect(page.locator(shown).first).to_be_visible()
    if not file.endswith(".yaml"):
        mark = page.locator(".bjs-powered-by, .fjs-powered-by, .fjs-powered-by-link").first
        expect(mark).to_be_visible()


def test_the_workbench_fits_a_phone_and_everyone_can_use_what_is_ours(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, PROCESS_OWNER)
    assert_accessible(page)
    open_workbench(page, "README.md")
    assert_accessible(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    open_workbench(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_form_shows_where_answers_go_and_a_scenario_is_helped_with_on_a_phone(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, PROCESS_OWNER)
    address = open_workbench(page, "formulieren/intake.form")
    page.locator('.fjs-element[data-goes*="contact.actie"]').click()
    box = page.get_by_label("Naar het proces, als ‘actie’")
    expect(box).not_to_be_checked()
    box.check()
    expect(page.locator('[data-goes="naar het proces · dossier: contact.actie"]')).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("Alles is bewaard")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(f"{address}?bestand=scenarios/casus-a.yaml")
    text = page.locator("textarea.ks-studio__text")
    wrong = page.locator(".ks-studio__wrong")
    expect(wrong).to_contain_text("Dit scenario is goed geschreven.")
    text.press("Control+End")
    page.keyboard.type("\n  - taak: ")
    page.locator(".ks-studio__offer").filter(has_text="lees-verslag").click()
    expect(wrong).to_contain_text("Dit scenario is goed geschreven.")
    page.keyboard.type("x")
    expect(wrong).to_contain_text("Er is geen taak ‘lees-verslagx’. Bedoelde u ‘lees-verslag’?")
    page.keyboard.press("Backspace")
    expect(wrong).to_contain_text("Dit scenario is goed geschreven.")
    assert_accessible(page)


def test_a_draft_is_published_with_a_reason(live_server: str, desktop_page: Page) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    open_workbench(page, "README.md")
    text = page.locator("textarea.ks-studio__text")
    text.press("Control+End")
    text.type("\n\nVersie van de proef.\n")
    page.get_by_role("link", name="Publiceren").click()
    expect(page.get_by_text("Versie van de proef.")).to_be_visible()
    page.get_by_label("Waarom deze verandering?").fill("Een regel uitleg erbij")
    page.get_by_role("button", name="Publiceren").click()
    page.wait_for_url("**/studio/pakketten")
    expect(page.locator("#meldingen")).to_contain_text(re.compile(r"Versie \d+ is gepubliceerd"))
    expect(page.get_by_text("Een regel uitleg erbij").first).to_be_visible()
