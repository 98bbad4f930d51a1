"""The project leader, the coordinator, the administrator and the process owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    ADMINISTRATOR,
    COORDINATOR,
    LEADER,
    PROCESS_OWNER,
    drawn_form,
    fill_in_referral,
    message,
    open_first_family,
    sign_in,
)

Check = Callable[[Page], None]


def test_the_project_leader_takes_in_a_referral(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, LEADER)
    page.get_by_role("link", name="Aanmelding", exact=True).click()
    assert_accessible(page)
    page.get_by_role("link", name="Het gezin meldt zich zelf").click()
    drawn_form(page)
    assert_accessible(page)
    page.get_by_role("button", name="Aanmelding versturen").click()
    expect(page.locator("[data-problems]")).to_be_focused()


def test_the_project_leader_sees_the_tasks_of_the_team(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    sign_in(desktop_page, LEADER)
    desktop_page.get_by_role("link", name="Van mijn team").click()

    expect(desktop_page).to_have_url("/taken?tab=team")
    expect(desktop_page.locator(".ks-task").nth(3)).to_be_visible()
    assert_accessible(desktop_page)


def test_the_coordinator_sees_who_is_at_risk_and_why(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, COORDINATOR)

    expect(page).to_have_url("/keten")
    expect(page.locator(".ks-risk--high .ks-reasons li").first).to_be_visible()
    assert_accessible(page)
    risks = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.className)")
    order = ["ks-risk--high", "ks-risk--raised", "ks-risk--calm"]
    assert risks == sorted(risks, key=order.index)


def test_the_chain_page_narrows_to_one_risk(live_server: str, phone_page: Page) -> None:
    sign_in(phone_page, COORDINATOR)
    phone_page.get_by_role("link", name="vragen aandacht").click()

    expect(phone_page).to_have_url("/keten?risico=raised")
    expect(phone_page.locator("tbody tr.ks-risk--raised").first).to_be_visible()
    expect(phone_page.locator("tbody tr.ks-risk--calm")).to_have_count(0)


def test_the_coordinator_reads_the_family_but_does_not_write(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    sign_in(desktop_page, COORDINATOR)
    address = open_first_family(desktop_page)

    expect(desktop_page.get_by_role("heading", name="Verloop")).to_be_visible()
    expect(desktop_page.get_by_role("link", name="Contactnotitie", exact=True)).to_have_count(0)
    assert_accessible(desktop_page)
    answer = desktop_page.request.get(f"{address}/contactnotitie")
    assert answer.status == 403


def test_the_diagram_shows_where_the_trajectory_stands(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, COORDINATOR)
    page.goto("/gezinnen")
    running = page.locator(".ks-task").filter(has_text="Loopt").locator("h2 a").first
    running.click()
    page.get_by_role("link", name="Waar staat het traject?").click()

    expect(page.locator("[data-diagram][data-ready]")).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    expect(page.locator(".djs-element.ks-here").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Bekijk dit deel").first.click()
    expect(page.locator("[data-diagram][data-ready]")).to_be_visible()
    expect(page.get_by_role("heading", name="Waar het nu is")).to_be_visible()
    assert_accessible(page)


def test_the_administrator_sees_incidents_packages_and_users_but_no_family(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, ADMINISTRATOR)
    for name in ("Incidenten", "Uitgaand", "Pakketten", "Gebruikers"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
    for path in ("/taken", "/keten", "/gezinnen", "/contactnotitie"):
        assert page.request.get(path).status == 403


def test_the_process_owner_sees_packages_and_nothing_of_families(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    sign_in(desktop_page, PROCESS_OWNER)

    expect(desktop_page.get_by_text("Tussen In").first).to_be_visible()
    assert_accessible(desktop_page)
    for path in ("/taken", "/keten", "/gezinnen", "/beheer/incidenten"):
        assert desktop_page.request.get(path).status == 403


@pytest.mark.parametrize("email", [LEADER, COORDINATOR])
def test_both_languages_are_whole(live_server: str, desktop_page: Page, email: str) -> None:
    page = desktop_page
    sign_in(page, email)
    page.locator(".ks-me summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("navigation", name="Main menu")).to_be_visible()
    page.goto("/keten")
    expect(page.get_by_role("heading", name="Chain")).to_be_visible()


def test_a_family_that_comes_itself_is_taken_in(live_server: str, desktop_page: Page) -> None:
    page = desktop_page
    sign_in(page, LEADER)
    page.goto("/aanmeldingen/nieuw/tussen-in/aanmelding-gezin")
    drawn_form(page)
    fill_in_referral(page)
    page.get_by_role("button", name="Aanmelding versturen").click()

    page.wait_for_url("**/gezinnen/*-*")
    expect(message(page)).to_contain_text("verstuurd")
    expect(page.get_by_role("heading", name="Testgezin Zomer")).to_be_visible()
    expect(page.locator(".ks-task").first).to_be_visible()
