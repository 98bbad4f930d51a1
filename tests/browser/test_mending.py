"""Incidents tried again, one and many; values corrected; due times changed by who leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from engine.clock import BUSINESS_ZONE
from tests.browser.journeys import (
    ADMINISTRATOR,
    COORDINATOR,
    LEADER,
    WORKER,
    message,
    sign_in,
)
from tests.browser.stuck import let_all_go_on, let_stand_still
from tests.browser.test_reflow_and_keyboard import NARROW, assert_no_sideways_scroll

Check = Callable[[Page], None]
LIST = "/beheer/incidenten"


@pytest.fixture(autouse=True)
def nothing_stands_still(live_database: Engine) -> None:
    let_all_go_on(live_database)


def test_an_administrator_tries_one_and_then_all_of_one_element(
    live_server: str, live_database: Engine, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    let_stand_still(live_database, 3)
    let_stand_still(live_database, 2, "beoordeel-aanmelding")
    sign_in(page, ADMINISTRATOR)
    page.goto(LIST)
    assert_accessible(page)
    page.locator(".ks-task").first.get_by_role("button", name="Opnieuw proberen").click()
    expect(message(page)).to_contain_text("1 gaat weer verder.")

    page.get_by_text("Filteren").first.click()
    page.get_by_label("Element").select_option("beoordeel-aanmelding")
    expect(page).to_have_url(re.compile("element=beoordeel-aanmelding"))
    assert_accessible(page)
    page.get_by_role("button", name="Alle 2 opnieuw proberen").click()
    expect(message(page)).to_contain_text("2 gaan weer verder.")
    expect(page.get_by_role("heading", name="Niets gevonden")).to_be_visible()
    assert_accessible(page)
    page.goto(LIST)
    page.get_by_role("button", name="Alle 2 opnieuw proberen").click()
    expect(page.get_by_role("heading", name="Geen incidenten")).to_be_visible()
    assert_accessible(page)


def test_incidents_are_chosen_and_tried_by_keyboard_alone(
    live_server: str, live_database: Engine, desktop_page: Page
) -> None:
    page = desktop_page
    let_stand_still(live_database, 2)
    sign_in(page, ADMINISTRATOR)
    page.goto(LIST)
    page.locator(".ks-pick input").first.focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Gekozen opnieuw proberen":
            page.keyboard.press("Enter")
            break
    expect(message(page)).to_contain_text("1 gaat weer verder.")
    page.get_by_role("button", name="Opnieuw proberen").first.click()
    expect(message(page)).to_contain_text("1 gaat weer verder.")


def test_incidents_are_ticked_with_a_finger_and_tried(
    live_server: str, live_database: Engine, phone_page: Page
) -> None:
    page = phone_page
    let_stand_still(live_database, 3)
    sign_in(page, ADMINISTRATOR)
    page.goto(LIST)
    for place in (0, 2):
        page.locator(".ks-pick input").nth(place).tap()
    page.get_by_role("button", name="Gekozen opnieuw proberen").tap()
    expect(message(page)).to_contain_text("2 gaan weer verder.")
    expect(page.locator(".ks-pick")).to_have_count(1)


def test_a_value_is_corrected_on_the_phone_and_errors_stand_at_their_fields(
    live_server: str, live_database: Engine, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    (incident_id,) = let_stand_still(live_database, 1)
    sign_in(page, ADMINISTRATOR)
    page.goto(f"{LIST}/{incident_id}")
    assert_accessible(page)
    page.get_by_label("Nieuwe waarde van contactnummer").fill("twee")
    page.get_by_role("button", name="Verbeteren en opnieuw proberen").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text('Zet een tekst tussen aanhalingstekens: "twee".')
    expect(page.get_by_label("Nieuwe waarde van contactnummer")).to_have_value("twee")
    assert_accessible(page)
    page.get_by_label("Nieuwe waarde van contactnummer").fill("2")
    page.get_by_label("Waarom verbeter je dit?").fill("Verkeerd nummer ingevoerd")
    page.get_by_role("button", name="Verbeteren en opnieuw proberen").click()
    expect(message(page)).to_contain_text("1 gaat weer verder.")


def test_the_pages_of_incidents_fit_in_320_pixels_and_are_whole_in_english(
    live_server: str, live_database: Engine, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport=NARROW)
    (incident_id, _) = let_stand_still(live_database, 2)
    sign_in(page, ADMINISTRATOR)
    page.locator(".ks-me summary").click()
    page.get_by_role("button", name="English").click()
    page.goto(LIST)
    expect(page.get_by_role("button", name="Try all 2 again")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.goto(f"{LIST}/{incident_id}")
    expect(page.get_by_role("heading", name="Correct values and try again")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.goto(LIST)
    page.get_by_role("button", name="Try all 2 again").click()
    expect(message(page)).to_contain_text("2 go on again.")


def open_standing(page: Page) -> None:
    """Where a running trajectory stands, a part that has a due time."""
    page.goto("/gezinnen")
    running = page.locator(".ks-task").filter(has_text="Loopt").locator("h2 a")
    for family in [link.get_attribute("href") for link in running.all()[:8]]:
        page.goto(family or "")
        standing = page.get_by_role("link", name="Waar staat het traject?")
        page.goto(standing.get_attribute("href") or "")
        parts = page.get_by_role("link", name="Bekijk dit deel").all()
        for part in [link.get_attribute("href") for link in parts]:
            page.goto(part or "")
            if page.get_by_text("Wacht op een tijdstip").count():
                expect(page.locator("[data-diagram][data-ready]")).to_be_visible()
                return
    raise AssertionError("no part of the first families waits for a time")


@pytest.mark.parametrize("email", [LEADER, COORDINATOR])
def test_who_leads_changes_a_due_time_and_the_family_page_says_why(
    live_server: str, phone_page: Page, email: str, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, email)
    open_standing(page)
    page.get_by_role("link", name="Andere termijn").first.click()
    assert_accessible(page)
    today = datetime.now(BUSINESS_ZONE).date()
    page.get_by_label("Datum").fill(str(today - timedelta(days=2)))
    page.get_by_role("button", name="Termijn bewaren").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("al voorbij")
    assert_accessible(page)
    page.get_by_label("Datum").fill(str(today + timedelta(days=20)))
    page.get_by_label("Tijd").fill("10:30")
    page.get_by_label("Waarom een andere termijn?").fill(f"Afgesproken met {email}")
    page.get_by_role("button", name="Termijn bewaren").click()
    expect(message(page)).to_contain_text("10:30")
    page.locator(".ks-back").click()
    expect(page.get_by_text(f"Afgesproken met {email}").first).to_be_visible()


def test_of_two_leaders_the_second_sees_what_the_first_chose(
    live_server: str, new_page: Callable[..., Page]
) -> None:
    pages = [new_page(), new_page()]
    for page, email in zip(pages, (LEADER, COORDINATOR), strict=True):
        sign_in(page, email)
    first, second = pages
    open_standing(first)
    first.get_by_role("link", name="Andere termijn").first.click()
    second.goto(first.url)
    today = datetime.now(BUSINESS_ZONE).date()
    for page, days in ((first, 30), (second, 40)):
        page.get_by_label("Datum").fill(str(today + timedelta(days=days)))
        page.get_by_label("Tijd").fill("09:00")
        page.get_by_label("Waarom een andere termijn?").fill("Tegelijk")
        page.get_by_role("button", name="Termijn bewaren").click()
    expect(message(first)).to_contain_text("09:00")
    expect(second.get_by_role("alert")).to_contain_text("Iemand anders heeft dit net veranderd")
    second.get_by_role("button", name="Termijn bewaren").click()
    expect(message(second)).to_contain_text("09:00")


def test_a_worker_sees_no_way_to_change_a_due_time(live_server: str, desktop_page: Page) -> None:
    sign_in(desktop_page, WORKER)
    open_standing(desktop_page)
    expect(desktop_page.get_by_text("Wacht op een tijdstip").first).to_be_visible()
    expect(desktop_page.get_by_role("link", name="Andere termijn")).to_have_count(0)
