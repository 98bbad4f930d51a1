"""A process owner draws with a finger: the diagram moves, what is chosen is dragged and mended."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import CDPSession, FloatRect, Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in
from tests.browser.test_studio import open_workbench

TASK = '[data-element-id="lees-termijnen"]'


def finger(session: CDPSession, *, start: tuple[float, float], by: tuple[float, float]) -> None:
    """A finger that is put down, moves in steps and is lifted."""

    def send(kind: str, points: list[dict[str, float]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    steps = 8
    send("touchStart", [{"x": start[0], "y": start[1]}])
    for step in range(1, steps + 1):
        x, y = start[0] + by[0] * step / steps, start[1] + by[1] * step / steps
        send("touchMove", [{"x": x, "y": y}])
    send("touchEnd", [])


def place_of(page: Page) -> FloatRect:
    box = page.locator(f"{TASK} .djs-hit").first.bounding_box()
    assert box is not None
    return box


def middle_of(page: Page) -> tuple[float, float]:
    box = place_of(page)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_moves_the_diagram_and_drags_what_is_chosen(
    live_server: str, phone_page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page = phone_page
    sign_in(page, PROCESS_OWNER)
    open_workbench(page)
    session = page.context.new_cdp_session(page)

    page.get_by_role("button", name="Heel scherm").click()
    at = place_of(page)
    finger(session, start=(300, 600), by=(-120, -60))
    moved = place_of(page)
    assert abs(moved["x"] - (at["x"] - 120)) < 2
    assert abs(moved["y"] - (at["y"] - 60)) < 2

    page.touchscreen.tap(*middle_of(page))
    pad = page.locator(".djs-context-pad.open")
    expect(pad).to_be_visible()
    for entry in pad.locator(".entry").all():
        box = entry.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert min(box["width"], box["height"]) >= 44
    expect(page.get_by_title("Powered by bpmn.io")).to_be_in_viewport()

    finger(session, start=middle_of(page), by=(0, 90))
    assert abs(place_of(page)["y"] - (moved["y"] + 90)) < 10  # it snaps
    expect(page.locator("[data-saved]")).to_have_text("Alles is bewaard")

    pad.get_by_text("Eigenschappen").click()
    expect(page.get_by_label("Beslissing", exact=True)).to_be_in_viewport()
    expect(page.get_by_title("Powered by bpmn.io")).to_be_in_viewport()
    assert_accessible(page)
    page.go_back()
    expect(page.get_by_role("button", name="Heel scherm")).to_be_visible()
    assert "/studio/concepten/" in page.url
