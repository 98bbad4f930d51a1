"""The worker's day on a phone: tasks, a task's form with its draft, a contact note."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.journeys import (
    WORKER,
    drawn_form,
    field,
    message,
    open_contact_note,
    open_first_family,
    sign_in,
)

Check = Callable[[Page], None]


def test_the_login_page_shows_the_demonstration(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    phone_page.goto("/aanmelden")

    expect(phone_page.get_by_role("heading", name="Demonstratie")).to_be_visible()
    assert_accessible(phone_page)


def test_a_wrong_password_is_refused_in_words(live_server: str, phone_page: Page) -> None:
    phone_page.goto("/aanmelden")
    phone_page.get_by_label("E-mailadres").fill("niemand@debrug.example")
    phone_page.get_by_label("Wachtwoord").fill("niet het goede")
    phone_page.get_by_role("button", name="Inloggen", exact=True).click()

    expect(phone_page.get_by_role("alert")).to_contain_text("klopt niet")


def test_tasks_are_grouped_by_when_they_are_due(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)

    expect(phone_page.get_by_role("heading", name="Taken")).to_be_visible()
    expect(phone_page.locator(".ks-group").first).to_be_visible()
    assert_accessible(phone_page)
    phone_page.get_by_role("link", name="Van mijn team").click()
    assert_accessible(phone_page)


def test_a_search_without_result_helps_on(live_server: str, phone_page: Page) -> None:
    sign_in(phone_page, WORKER)
    phone_page.get_by_label("Zoek op taak of gezin").fill("zzzz bestaat niet")

    expect(phone_page.locator("[data-search-status]")).to_contain_text("Niets gevonden")
    expect(phone_page.locator(".ks-task:visible")).to_have_count(0)


def test_a_name_that_is_looked_for_never_comes_into_the_address(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)
    phone_page.goto("/gezinnen")
    name = phone_page.locator(".ks-task h2 a").last.inner_text()
    phone_page.get_by_label("Zoek op naam").fill(name.upper())
    phone_page.keyboard.press("Enter")

    expect(phone_page.locator(".ks-task:visible").first).to_contain_text(name)
    expect(phone_page).to_have_url("/gezinnen")
    assert_accessible(phone_page)


def test_a_task_shows_what_to_do_the_form_and_the_family(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)
    phone_page.locator(".ks-task h3 a").first.click()

    expect(phone_page.get_by_role("heading", name="Wat je doet")).to_be_visible()
    drawn_form(phone_page)
    expect(phone_page.get_by_text("Hele dossier")).to_be_visible()
    expect(phone_page.locator(".fjs-powered-by")).to_be_visible()
    assert_accessible(phone_page)


def test_taking_a_task_and_giving_it_back_needs_no_new_page(
    live_server: str, phone_page: Page
) -> None:
    sign_in(phone_page, WORKER)
    card = phone_page.locator(".ks-task").filter(has=phone_page.get_by_role("button")).first
    name = card.get_attribute("id")
    card = phone_page.locator(f"#{name}")
    if card.get_by_role("button", name="Teruggeven").count():
        card.get_by_role("button", name="Teruggeven").click()
    card.get_by_role("button", name="Oppakken").click()
    expect(card.get_by_role("button", name="Teruggeven")).to_be_visible()
    card.get_by_role("button", name="Teruggeven").click()
    expect(card.get_by_role("button", name="Oppakken")).to_be_visible()


def test_a_contact_note_takes_at_most_six_interactions(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)
    open_first_family(phone_page)
    assert_accessible(phone_page)
    before = phone_page.locator(".ks-time__dot--contact").count()

    phone_page.get_by_role("link", name="Contactnotitie", exact=True).click()  # 1
    drawn_form(phone_page)
    assert_accessible(phone_page)
    field(phone_page, "Wat heb je concreet gedaan?").fill("Een brief gelezen")  # 2
    field(phone_page, "Kort verslag").fill("Samen de post gelezen. Moeder belt morgen.")  # 3
    phone_page.get_by_role("button", name="Notitie bewaren").click()  # 4

    expect(message(phone_page)).to_contain_text("bewaard")
    expect(phone_page.get_by_text("Moeder belt morgen.").first).to_be_visible()
    contacts = phone_page.locator(".ks-time__dot--contact")
    expect(contacts.nth(min(before + 1, 5) - 1)).to_be_attached()


def test_what_is_missing_is_told_at_the_field_and_in_a_summary_with_focus(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)
    open_contact_note(phone_page)
    phone_page.get_by_role("button", name="Notitie bewaren").click()

    summary = phone_page.locator("[data-problems]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Kort verslag")
    expect(summary).to_contain_text("Vul dit in.")
    assert_accessible(phone_page)
    summary.get_by_role("link").first.click()
    expect(field(phone_page, "Wat heb je concreet gedaan?")).to_be_focused()


def test_the_server_refuses_what_the_page_let_through(live_server: str, phone_page: Page) -> None:
    sign_in(phone_page, WORKER)
    open_contact_note(phone_page)
    answer = phone_page.evaluate(
        """async () => {
            const root = document.querySelector("[data-drawn-form]");
            const answer = await fetch(root.dataset.send, {
                method: "POST",
                headers: {
                    "Content-Type": "application/json",
                    Accept: "application/json",
                    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
                },
                body: JSON.stringify({
                    submission_id: crypto.randomUUID(),
                    data: { soort: "rook", datum: "gisteren", samenvatting: "x".repeat(10000) },
                }),
            });
            return [answer.status, await answer.json()];
        }"""
    )
    status, body = answer
    paths = {error["path"] for error in body["errors"]}

    assert status == 422
    assert {"soort", "datum", "samenvatting", "actie"} <= paths


def test_typed_text_comes_back_after_the_page_was_closed(
    live_server: str, phone_page: Page
) -> None:
    sign_in(phone_page, WORKER)
    phone_page.locator(".ks-task h3 a").first.click()
    form = drawn_form(phone_page)
    text = form.locator("textarea, input[type=text]:not(.flatpickr-input)").first
    text.fill("Dit is mijn concept")
    expect(form.locator("[data-saved]")).to_have_text("Concept bewaard")
    phone_page.reload()

    drawn_form(phone_page)
    again = phone_page.locator(
        "[data-canvas] textarea, [data-canvas] input[type=text]:not(.flatpickr-input)"
    )
    expect(again.first).to_have_value("Dit is mijn concept")


def test_text_survives_a_lost_connection(live_server: str, phone_page: Page) -> None:
    sign_in(phone_page, WORKER)
    phone_page.locator(".ks-task h3 a").first.click()
    form = drawn_form(phone_page)
    saved = form.locator("[data-saved]")
    text = form.locator("textarea, input[type=text]:not(.flatpickr-input)").first
    phone_page.context.set_offline(True)
    text.fill("Geschreven in de lift")
    expect(saved).to_contain_text("Geen verbinding")
    assert phone_page.evaluate("Object.keys(localStorage).length") == 1
    phone_page.context.set_offline(False)

    expect(saved).to_have_text("Concept bewaard")
    assert phone_page.evaluate("Object.keys(localStorage).length") == 0


def test_a_draft_under_way_gives_way_to_the_form_that_is_sent(
    live_server: str, phone_page: Page
) -> None:
    page = phone_page
    sign_in(page, WORKER)
    address = page.locator(".ks-task h3 a").first.get_attribute("href")
    page.route(f"**{address}", without_required_fields)
    page.route("**/concept", lambda route: None)  # the answer to the draft does not come
    page.route("**/afronden", lambda route: route.fulfill(json={"onward": "/taken"}))
    page.goto(f"{live_server}{address}")
    text = drawn_form(page).locator("textarea, input[type=text]:not(.flatpickr-input)").first
    with page.expect_request("**/concept"):
        text.fill("Nog niet bewaard")
    with page.expect_event("requestfailed") as given_up:
        page.locator("[data-send-button]").click()

    assert given_up.value.url.endswith("/concept")
    page.wait_for_url("**/taken")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def without_required_fields(route: Route) -> None:
    """The page as it is, with a form in which everything may stay empty."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('"required": true', '"required": 0'))


def test_a_submitted_form_can_be_read_again(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    sign_in(phone_page, WORKER)
    open_first_family(phone_page)
    phone_page.get_by_text("Lees wat er is ingevuld").first.click()

    expect(phone_page.locator(".ks-facts dt").first).to_be_visible()
    assert_accessible(phone_page)
