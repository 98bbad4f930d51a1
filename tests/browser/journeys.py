"""What tests in the browser do again and again: sign in, open, fill in, wait for answers."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

LEADER = "marjan@debrug.example"
WORKER = "samira@debrug.example"
OTHER_WORKER = "yusuf@debrug.example"
WORKER_ELSEWHERE = "fatiha@buurtkracht.example"
COORDINATOR = "ingrid@rivierenwijk.example"
ADMINISTRATOR = "bas@rivierenwijk.example"
PROCESS_OWNER = "pieter@debrug.example"


_signed_in: dict[str, list[Any]] = {}


def sign_in(page: Page, email: str, *, anew: bool = False) -> None:
    """Sign in as a user of the demonstration: by a press on the name, unless a session is known.

    ``anew`` begins another session, in a browser that has or had one.
    """
    untouched = not anew and not page.context.cookies()
    if untouched and email in _signed_in:
        page.context.add_cookies(_signed_in[email])
        page.goto("/")
        expect(page.locator(".ks-me")).to_be_visible()
        return
    page.goto("/aanmelden")
    page.locator(f'[data-sign-in-as="{email}"]').click()
    expect(page.locator(".ks-me")).to_be_visible()
    if untouched:
        _signed_in[email] = page.context.cookies()


def drawn_form(page: Page) -> Locator:
    """The drawn form of the page, once it is ready."""
    form = page.locator("[data-drawn-form][data-ready]")
    expect(form).to_be_visible()
    return form


def field(page: Page, label: str) -> Locator:
    """The text field, text area or date with this label, with or without an asterisk."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}"))


def choose(page: Page, question: str, answer: str) -> None:
    """Choose an answer of a group of radio buttons or tick boxes."""
    group = page.locator(".fjs-form-field-radio, .fjs-form-field-checklist").filter(
        has_text=re.compile(rf"^{re.escape(question)}")
    )
    group.get_by_text(answer, exact=True).click()


def open_first_family(page: Page) -> str:
    """Open the first family of the list; its address."""
    page.goto("/gezinnen")
    page.locator(".ks-task h2 a").first.click()
    page.wait_for_url("**/gezinnen/*-*")
    return page.url


def open_contact_note(page: Page) -> None:
    """Open the contact note of the first family."""
    page.goto("/contactnotitie")
    page.locator(".ks-task h2 a").first.click()
    page.wait_for_url("**/contactnotitie")
    drawn_form(page)


def message(page: Page) -> Locator:
    """What the page tells at the top."""
    return page.locator("#meldingen")


def fill_in_referral(page: Page) -> None:
    """Fill in every required question of the family's own referral form."""
    for question in page.locator(".fjs-form-field-radio").all():
        if question.locator("> label .fjs-asterix").count():
            question.locator(".fjs-inline-label label").last.click()
    for label in page.locator("label:has(.fjs-asterix)").all():
        target = page.locator(f'[id="{label.get_attribute("for")}"]')
        if target.count() and target.evaluate("e => e.matches('input[type=text], textarea')"):
            target.fill("Testgezin Zomer")
    if field(page, "Naam van het gezin").count():
        field(page, "Naam van het gezin").fill("Testgezin Zomer")
