"""A worry about safety: begun in two steps, on a phone, without JavaScript, by keyboard."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, Response, expect
from pypdf import PdfReader

from tests.browser.journeys import LEADER, WORKER, choose, drawn_form, field, sign_in

BUTTON = "Zorg om veiligheid"
WORRY = "Ik maak mij zorgen: ik loop de stappen van de meldcode"
NARROW = {"width": 320, "height": 640}
Check = Callable[[Page], None]


def press_button(page: Page) -> None:
    page.get_by_role("link", name=BUTTON, exact=True).first.click()


def choose_family(page: Page) -> None:
    page.locator(".ks-task h3 a").first.click()
    expect(page.get_by_role("heading", name=BUTTON, level=1)).to_be_visible()


def fill_in(page: Page, kind: str = WORRY) -> None:
    page.get_by_label(kind).check()


def start(page: Page) -> None:
    page.get_by_role("button", name="Starten").click()
    expect(page.get_by_text("Zorg om veiligheid is gestart.")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_from_the_task_list_it_takes_the_family_and_the_form(
    live_server: str, phone_page: Page, desktop_page: Page, assert_accessible: Check, size: str
) -> None:
    page = phone_page if size == "phone" else desktop_page
    sign_in(page, WORKER)
    page.goto("/taken")
    assert_accessible(page)
    press_button(page)
    expect(page.get_by_role("heading", name="Jouw gezinnen")).to_be_visible()
    assert_accessible(page)
    choose_family(page)
    assert_accessible(page)
    fill_in(page)
    start(page)
    expect(page.get_by_role("heading", name="Stap 1: zet de signalen op een rij")).to_be_visible()
    page.goto(family_of(page))
    expect(page.get_by_role("heading", name="Loopt ernaast")).to_be_visible()
    assert_accessible(page)


def test_from_the_family_page_and_the_contact_note_it_takes_the_form_only(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, WORKER)
    page.goto("/contactnotitie")
    page.locator(".ks-task h2 a").first.click()
    page.wait_for_url("**/contactnotitie")
    expect(page.get_by_role("link", name=BUTTON)).to_be_visible()
    page.goto(page.url.removesuffix("/contactnotitie"))
    press_button(page)
    expect(page.get_by_role("button", name="Starten")).to_be_visible()
    page.get_by_role("button", name="Starten").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Wat is er aan de hand?")
    assert_accessible(page)
    fill_in(page)
    start(page)


def test_without_javascript(live_server: str, new_page: Callable[..., Page]) -> None:
    signed_in = new_page()
    sign_in(signed_in, WORKER)
    cookies = signed_in.context.cookies()
    page = new_page(java_script_enabled=False, viewport=NARROW)
    page.context.add_cookies(cookies)
    page.goto("/taken")
    press_button(page)
    choose_family(page)
    page.get_by_role("button", name="Starten").click()
    expect(page.get_by_text("Dit is nog niet goed")).to_be_visible()
    page.get_by_label("Wat zag of hoorde je?").fill("Ik hoorde geschreeuw.")
    fill_in(page)
    start(page)


def test_by_keyboard_alone(live_server: str, desktop_page: Page) -> None:
    page = desktop_page
    sign_in(page, WORKER)
    page.goto("/taken")
    page.get_by_role("link", name=BUTTON).focus()
    page.keyboard.press("Enter")
    page.locator(".ks-task h3 a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Starten")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "soortZorg":
            break
    page.keyboard.press("ArrowDown")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zorg om veiligheid is gestart.")).to_be_visible()


def test_it_fits_in_320_pixels(live_server: str, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport=NARROW)
    sign_in(page, WORKER)
    page.goto("/naast/meldcode/zorg-om-veiligheid")
    for _ in range(2):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{page.url} is {width} px wide"
        page.locator(".ks-task h3 a, h1").first.click()


def test_danger_opens_the_report_with_the_number_and_the_report_is_a_document(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    sign_in(page, LEADER)
    page.goto("/taken")
    press_button(page)
    choose_family(page)
    fill_in(page, "Direct gevaar: ik meld nu")
    start(page)
    family = family_of(page)
    expect(page.get_by_text(re.compile("Veilig Thuis, 0800-2000")).first).to_be_visible()
    drawn_form(page)
    expect(page.get_by_text("0800-2000").nth(1)).to_be_visible()
    assert_accessible(page)
    field(page, "Wat is er gezien en gehoord?").fill("Ik zag een klap.")
    choose(page, "Weten de ouders van deze melding?", "Ja")
    choose(page, "Aan wie meld je?", "De meldinstantie")
    field(page, "Wie nam de melding aan?").fill("Dienstdoende")
    choose(page, "Wie heeft nu zicht op de veiligheid?", "Wij samen, tot de beoordeling")
    with page.expect_response(kept("Morgen langs.")):
        field(page, "Wat spraken jullie daarover af?").fill("Morgen langs.")
    assert "Ik zag een klap." in downloaded(page, "Download wat tot nu toe is ingevuld als PDF")
    page.get_by_label(re.compile("^Wanneer meldde je")).click()
    page.locator(".flatpickr-calendar.open .flatpickr-day.today").click()
    page.get_by_label(re.compile("^Hoe laat")).first.fill("00:15")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Taak afronden").click()
    page.wait_for_url("**/taken")
    page.goto(family)
    page.get_by_role("link", name=re.compile("Melding van een zorg")).first.click()
    assert_accessible(page)
    assert "Aangenomen door" in downloaded(page, "Download als PDF")


def family_of(page: Page) -> str:
    """The address of the family that the task page is about."""
    address = page.locator('.ks-head a[href^="/gezinnen/"]').first.get_attribute("href")
    assert address
    return address


def kept(text: str) -> Callable[[Response], bool]:
    """Whether an answer is to a draft that holds the text."""
    return lambda answer: (
        answer.url.endswith("/concept") and text in (answer.request.post_data or "")
    )


def downloaded(page: Page, link: str) -> str:
    """The text of the PDF behind a link."""
    address = page.get_by_role("link", name=link).get_attribute("href")
    assert address
    answer = page.context.request.get(urljoin(page.url, address))
    assert answer.status == 200
    pages = PdfReader(io.BytesIO(answer.body())).pages
    return "\n".join(one.extract_text() for one in pages)
