"""What a trajectory mails can be seen by the administrator of a demonstration."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    ADMINISTRATOR,
    LEADER,
    drawn_form,
    fill_in_referral,
    message,
    sign_in,
)

Check = Callable[[Page], None]


def test_a_referral_mails_the_project_leaders_without_the_family(
    live_server: str, new_page: Callable[..., Page], assert_accessible: Check
) -> None:
    page = new_page()
    sign_in(page, LEADER)
    page.goto("/aanmeldingen/nieuw/tussen-in/aanmelding-gezin")
    drawn_form(page)
    fill_in_referral(page)
    page.get_by_role("button", name="Aanmelding versturen").click()
    expect(message(page)).to_contain_text("verstuurd")

    page = new_page()
    sign_in(page, ADMINISTRATOR)
    page.get_by_role("navigation").get_by_role("link", name="Uitgaand").click()
    mail = page.locator("summary").filter(has_text="Er is een nieuwe aanmelding").first
    for _ in range(120):  # a worker sends it after the step
        if mail.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(mail).to_contain_text(LEADER)
    mail.click()
    expect(page.locator("pre").first).to_be_visible()
    expect(page.locator("pre").first).to_contain_text("/taken")
    assert "Zomer" not in page.content()
    assert_accessible(page)


def test_the_page_fits_on_a_small_screen(
    live_server: str, new_page: Callable[..., Page], assert_accessible: Check
) -> None:
    page = new_page(viewport={"width": 320, "height": 700})
    sign_in(page, ADMINISTRATOR)
    page.goto("/beheer/uitgaand")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
