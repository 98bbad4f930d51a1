"""Dates in drawn forms: a calendar in Dutch that opens and fits, and typing works as well."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import LEADER, drawn_form, sign_in


def test_the_calendar_opens_in_dutch_and_stays_on_the_phone(
    live_server: str, new_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    sign_in(page, LEADER)
    page.goto("/aanmeldingen/nieuw/tussen-in/aanmelding-professional")
    drawn_form(page)
    page.get_by_role("button", name="Nog een toevoegen").click()
    birthday = page.get_by_label("Geboortedatum")
    birthday.click()
    calendar = page.locator(".flatpickr-calendar.open")

    expect(calendar).to_be_visible()
    expect(calendar.locator(".flatpickr-weekday").first).to_have_text("ma")
    box = calendar.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert_accessible(page)
    calendar.locator(".flatpickr-day:not(.prevMonthDay)").first.click()
    expect(birthday).not_to_have_value("")
