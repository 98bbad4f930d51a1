"""A process owner moves running trajectories to another version, and puts them back."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in

Check = Callable[[Page], None]
METHOD = "Korte gesprekkenreeks"


def publish_anew(page: Page) -> None:
    """Another version of a method that few trajectories run on."""
    page.goto("/studio/pakketten")
    page.get_by_role("button", name=re.compile(f"^Bewerken {METHOD}")).click()
    page.wait_for_url("**/studio/concepten/*")
    address = page.url.partition("?")[0]
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    known = page.request.get(f"{address}/bestanden/README.md")
    saved = page.request.put(
        f"{address}/bestanden/README.md",
        data=known.body() + f"\nProef {uuid4()}.\n".encode(),
        headers={"X-CSRFToken": token, "If-Match": known.headers["etag"], "Referer": address},
    )
    assert saved.ok
    page.goto(f"{address}/publiceren")
    page.get_by_label("Waarom deze verandering?").fill("Een regel uitleg erbij")
    page.locator("[data-publish] button").click()
    page.wait_for_url("**/studio/**")


def test_rehearsed_moved_one_by_one_and_put_back(
    live_server: str, desktop_page: Page, assert_accessible: Check
) -> None:
    page = desktop_page
    sign_in(page, PROCESS_OWNER)
    publish_anew(page)
    page.goto("/studio/overzetten")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(f"^Overzetten {METHOD}")).first.click()
    page.get_by_label("Waarom gaan ze over?").fill("De uitleg is aangevuld")
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    expect(page.locator("[data-move-pictures][data-ready]")).to_be_attached()
    page.locator('[data-side="before"] .ks-here .djs-hit').first.click(force=True)
    expect(page.get_by_role("region", name="Het gekozen element")).to_contain_text("Hier staan nu")
    page.get_by_role("button", name="Repeteren").click()
    move_all = page.get_by_role("button", name=re.compile("overzetten$")).first
    expect(move_all).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Eén overzetten").click()
    moved = page.locator(".utrecht-status-badge", has_text="overgezet").first
    expect(moved).to_be_visible()
    page.locator("#trajecten ~ ul a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Traject")
    page.go_back()
    page.get_by_role("button", name=re.compile("^Terugzetten ")).first.click()
    expect(page.get_by_text("precies zoals het was").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Deze overzetting sluiten").click()
    expect(page.get_by_text("gesloten").first).to_be_visible()
