"""The modellers speak the language of the screens: nothing English is left where a person looks."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from scripts.modeller_texts import MODELLERS
from tests.browser.journeys import PROCESS_OWNER, sign_in
from tests.browser.test_studio import open_workbench

KINDS = """
Task UserTask ManualTask ServiceTask ScriptTask BusinessRuleTask SendTask ReceiveTask CallActivity
SubProcess ExclusiveGateway ParallelGateway InclusiveGateway EventBasedGateway
StartEvent StartEvent:Message EndEvent EndEvent:Error EndEvent:Terminate
IntermediateCatchEvent:Timer IntermediateCatchEvent:Message IntermediateCatchEvent:Conditional
IntermediateThrowEvent IntermediateThrowEvent:Escalation
"""
"""The kinds of elements that are run, and what triggers an event."""

KEEP_THE_MODELLER = """
Object.defineProperty(window, 'ksEditors', {
  get() { return this.kept; },
  set(editors) {
    const open = editors.diagram;
    editors.diagram = async (...given) => {
      const editor = await open(...given);
      window.modeler = editor.modeler;
      return editor;
    };
    this.kept = editors;
  },
});
"""

# Each kind is drawn, chosen, its groups opened, its menus opened; then every text of the modeller.
LOOK_AT_ALL = """async (kinds) => {
  const get = (name) => window.modeler.get(name);
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const places = ['palette', 'context-pad', 'popup', 'minimap'].map((one) => `.djs-${one}`);
  const names = ['title', 'aria-label', 'placeholder'];
  const seen = new Set();
  const look = () => {
    for (const place of document.querySelectorAll([...places, '.bio-properties-panel'])) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) seen.add(texts.currentNode.data.trim());
      for (const one of place.querySelectorAll(names.map((name) => `[${name}]`)))
        for (const name of names) seen.add((one.getAttribute(name) || '').trim());
    }
  };
  look();
  const root = get('canvas').getRootElement();
  for (const [at, kind] of kinds.trim().split(/\\s+/).entries()) {
    const [type, trigger] = kind.split(':');
    const definition = trigger && { eventDefinitionType: `bpmn:${trigger}EventDefinition` };
    const made = get('elementFactory').createShape({ type: `bpmn:${type}`, ...definition });
    const shape = get('modeling').createShape(made, { x: 300, y: 1500 + at * 160 }, root);
    get('selection').select(shape);
    await drawn();
    await drawn();
    const closed = '.bio-properties-panel-group-header:not(.open)';
    document.querySelectorAll(closed).forEach((head) => head.click());
    await drawn();
    get('contextPad').open(shape);
    look();
    for (const menu of at ? ['bpmn-replace'] : ['bpmn-replace', 'bpmn-append']) {
      get('popupMenu').open(shape, menu, { x: 300, y: 300 });
      await drawn();
      look();
      get('popupMenu').close();
    }
  }
  return [...seen];
}"""


def english() -> set[str]:
    """Every text of the modeller of diagrams that has other words in Dutch."""
    (modeller,) = [one for one in MODELLERS if one.name == "diagram"]
    words = modeller.dutch()
    return {text.strip() for text, dutch in words.items() if text != dutch} - set(words.values())


def keep_nothing(route: Route) -> None:
    """What is drawn for the look is not saved."""
    if route.request.method == "PUT":
        route.fulfill(json={"revision": 2})
    else:
        route.continue_()


def all_texts(page: Page) -> set[str]:
    page.wait_for_function("window.modeler")
    found: list[Any] = page.evaluate(LOOK_AT_ALL, KINDS)
    return {str(text) for text in found}


def test_no_text_of_the_modeller_stays_english_in_dutch(
    live_server: str, desktop_page: Page
) -> None:
    page = desktop_page
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/bestanden/**", keep_nothing)
    page.add_init_script(KEEP_THE_MODELLER)
    sign_in(page, PROCESS_OWNER)
    open_workbench(page)
    texts = all_texts(page)
    assert {"Nieuwe taak", "Gebruikerstaak", "Wat erin gaat (input)"} <= texts
    left = texts & english()
    assert left == set(), json.dumps(sorted(left))
    expect(page.get_by_title("Powered by bpmn.io")).to_be_visible()
    assert wrong == []
