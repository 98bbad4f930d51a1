"""Two browsers at one task, and addresses of what is not one's own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.journeys import (
    LEADER,
    OTHER_WORKER,
    WORKER,
    WORKER_ELSEWHERE,
    drawn_form,
    field,
    open_first_family,
    sign_in,
)

NEXT_CONTACT = "Doe het volgende contact"


def fill_in_contact(page: Page, text: str) -> None:
    """Fill in the form of a contact."""
    drawn_form(page)
    field(page, "Wat heb je concreet gedaan?").fill(text)
    field(page, "Kort verslag").fill(text)


def test_the_second_to_complete_a_task_is_told_and_keeps_the_text(
    live_server: str, new_page: Callable[..., Page]
) -> None:
    first, second = new_page(), new_page()
    sign_in(first, WORKER)
    sign_in(second, LEADER)
    first.get_by_role("link", name=NEXT_CONTACT).last.click()
    second.goto(first.url)
    fill_in_contact(first, "De eerste")
    fill_in_contact(second, "De tweede, met veel tekst")
    first.get_by_role("button", name="Taak afronden").click()
    expect(first.locator("#meldingen")).to_contain_text("afgerond")
    second.get_by_role("button", name="Taak afronden").click()

    problems = second.locator("[data-problems]")
    expect(problems).to_be_focused()
    expect(problems).to_contain_text("Samira Bouzid heeft deze taak al afgerond")
    expect(field(second, "Kort verslag")).to_have_value("De tweede, met veel tekst")


def test_sending_the_same_form_twice_counts_once(live_server: str, phone_page: Page) -> None:
    page = phone_page
    sign_in(page, WORKER)
    address = open_first_family(page)
    page.goto(f"{address}/contactnotitie")
    drawn_form(page)
    answers = page.evaluate(
        """async () => {
            const root = document.querySelector("[data-drawn-form]");
            const send = () => fetch(root.dataset.send, {
                method: "POST",
                headers: {
                    "Content-Type": "application/json",
                    Accept: "application/json",
                    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
                },
                body: JSON.stringify({
                    submission_id: root.dataset.submission,
                    data: {
                        soort: "telefoon", datum: new Date().toISOString(),
                        actie: "Gebeld",
                        samenvatting: "Dubbel verstuurd " + root.dataset.submission,
                    },
                }),
            });
            const both = await Promise.all([send(), send()]);
            return both.map((answer) => answer.status);
        }"""
    )
    mark = page.locator("[data-drawn-form]").get_attribute("data-submission")
    page.goto(f"{address}?verloop=alles")

    assert answers == [200, 200]
    expect(page.get_by_text(f"Dubbel verstuurd {mark}")).to_have_count(1)


def test_a_family_of_others_is_refused_like_one_that_does_not_exist(
    live_server: str, new_page: Callable[..., Page]
) -> None:
    own, other = new_page(), new_page()
    sign_in(own, OTHER_WORKER)
    address = open_first_family(own)
    sign_in(other, WORKER_ELSEWHERE)
    theirs = other.goto(address)
    text = other.locator("main").inner_text()
    nobody = other.goto(f"/gezinnen/{uuid4()}")

    assert theirs is not None
    assert nobody is not None
    assert theirs.status == nobody.status == 403
    assert text == other.locator("main").inner_text()
    assert "no-store" in theirs.headers["cache-control"]


def test_a_task_of_others_is_refused(live_server: str, new_page: Callable[..., Page]) -> None:
    own, other = new_page(), new_page()
    sign_in(own, OTHER_WORKER)
    own.locator(".ks-task h3 a").first.click()
    own.wait_for_url("**/taken/*-*")
    sign_in(other, WORKER_ELSEWHERE)

    answer = other.goto(own.url)
    assert answer is not None
    assert answer.status == 403
