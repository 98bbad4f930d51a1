"""A process owner opens a diagram of another engine, and walks the way in which it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import PROCESS_OWNER, sign_in

Check = Callable[[Page], None]

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<process id="huisbezoek" name="Huisbezoek" isExecutable="true">
<startEvent id="s" name="Aangemeld"/>
<exclusiveGateway id="keuze" name="Zijn ouders samen?"/>
<userTask id="samen" name="Bezoek beide ouders" camunda:candidateGroups="leider"/>
<userTask id="apart" name="Bezoek hen apart"><extensionElements>
<camunda:taskListener event="create" class="nl.x.Mail"/></extensionElements></userTask>
<parallelGateway id="wacht" name="Alles binnen"/><endEvent id="e" name="Klaar"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="keuze"/>
<sequenceFlow id="f2" sourceRef="keuze" targetRef="samen">
<conditionExpression>${samen == true}</conditionExpression></sequenceFlow>
<sequenceFlow id="f3" sourceRef="keuze" targetRef="apart">
<conditionExpression>${samen == false}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="samen" targetRef="wacht"/>
<sequenceFlow id="f5" sourceRef="apart" targetRef="wacht"/>
<sequenceFlow id="f6" sourceRef="wacht" targetRef="e"/>
</process></definitions>"""


def test_a_diagram_of_another_engine_is_opened_drawn_and_walked(
    live_server: str, phone_page: Page, assert_accessible: Check
) -> None:
    page = phone_page
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, PROCESS_OWNER)
    page.goto("/studio/pakketten")
    page.get_by_label("Bestanden", exact=True).set_input_files(
        {"name": "oud.bpmn", "mimeType": "text/xml", "buffer": DIAGRAM.encode()}
    )
    page.get_by_role("button", name="Open als concept").click()
    expect(page).to_have_url(re.compile("/geopend$"))
    decision = page.locator(".ks-opened--decide > li")
    expect(decision).to_contain_text("taskListener")
    expect(decision).to_contain_text("regel 9")
    assert_accessible(page)

    decision.get_by_role("link", name="Bezoek hen apart").click()
    expect(page.locator(".ks-studio[data-ready]")).to_be_visible()
    expect(page.locator('[data-element-id="apart"].selected')).to_be_visible()

    page.get_by_role("button", name="Toon hoe het misgaat").click()
    told = page.locator(".ks-walk__told")
    expect(told).to_contain_text("Stap 1 van 4")
    for _step in range(3):
        page.get_by_role("button", name="Stap verder").click()
    expect(told).to_contain_text("Het loopt hier vast")
    expect(page.locator('[data-element-id="wacht"].ks-walk-stuck')).to_be_visible()
    expect(page.locator('[data-element-id="f5"].ks-walk-missing').first).to_be_attached()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator(".ks-walk")).to_have_count(0)
