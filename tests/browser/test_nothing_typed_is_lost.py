"""A drawn form keeps what is typed and picked at any pace, on a slow device as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page, Route, expect

from scripts.browser import PHONE
from tests.browser.conftest import ROOT
from tests.browser.journeys import drawn_form, field

SITE = "http://localhost/"
STATIC = ROOT / "webui" / "static"
SCRIPTS = [
    "vendor/form-js-1.23.0/form-viewer.umd.js",
    *(f"app/form-{name}.js" for name in ("words", "access", "send", "drafts", "typed", "page")),
]
STYLES = ["vendor/form-js-1.23.0/form-js.css", "app/forms.css"]
IN_STEPS = """
const between = async (times) => {
  // Half a step of the viewer: drawn is what was filled in, worked out is it not.
  for (let time = 0; time < times; time += 1) await new Promise((go) => {
    if (time % 2) setTimeout(go); else requestAnimationFrame(go);
  });
};
const fill = async (element, text) => {
  element.focus();
  document.execCommand("insertText", false, text);
  await null;
};
"""


def opened(page: Page, *components: Mapping[str, Any]) -> list[Any]:
    """Open a page with only this form; what it sends is put in the list that comes back."""
    sent: list[Any] = []
    schema = {"type": "default", "id": "proef", "components": components}
    pieces = {"schema": schema, "values": {}, "texts": {"title": "Dit is nog niet goed"}}
    html = "".join(
        [
            '<!doctype html><html lang="nl"><head><meta name="csrf-token" content="x">',
            *(f'<link rel="stylesheet" href="/static/{style}">' for style in STYLES),
            *(f'<script src="/static/{script}" defer></script>' for script in SCRIPTS),
            '</head><body><div data-drawn-form data-key="wie:proef" data-submission="1"',
            ' data-draft="/concept" data-session="/wie" data-send="/proef">',
            '<div role="alert" tabindex="-1" data-problems hidden><h3 data-problems-title></h3>',
            "<ul data-problems-list></ul></div>",
            *(
                f'<script type="application/json" data-{name}>{json.dumps(piece)}</script>'
                for name, piece in pieces.items()
            ),
            "<p data-required></p><div data-canvas></div>",
            '<button type="button" data-send-button>Versturen</button>',
            "<span data-saved></span></div></body></html>",
        ]
    )

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if route.request.method == "POST":
            sent.append(route.request.post_data_json["data"])
            route.fulfill(json={"onward": "/klaar"})
        elif path.startswith("static/"):
            route.fulfill(path=STATIC / path.removeprefix("static/"))
        else:
            route.fulfill(content_type="text/html", body=html if path == "proef" else "")

    page.route(f"{SITE}**", answer)
    page.goto(f"{SITE}proef")
    drawn_form(page)
    return sent


def send(page: Page) -> None:
    """Send the form; it goes at once."""
    page.get_by_role("button", name="Versturen").click()
    page.wait_for_url("**/klaar")


def radio(key: str) -> dict[str, Any]:
    """A question with yes and no."""
    values = [{"label": "Ja", "value": "ja"}, {"label": "Nee", "value": "nee"}]
    return {"type": "radio", "id": f"v_{key}", "key": key, "label": key, "values": values}


def typed(key: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    """A question that is answered in words."""
    return {"type": kind, "id": f"v_{key}", "key": key, "label": key, **more}


def test_a_time_that_comes_while_the_date_is_worked_out_is_kept(
    new_page: Callable[..., Page],
) -> None:
    page = new_page()
    moments = [
        typed(
            f"m{many}", "datetime", subtype="datetime", dateLabel="Dag", timeLabel="Tijd",
            timeSerializingFormat="no_timezone", timeInterval=15, validate={"required": True},
        )
        for many in range(12)
    ]  # fmt: skip
    sent = opened(page, *moments)
    page.evaluate(
        f"""async () => {{ {IN_STEPS}
        const dates = [...document.querySelectorAll("input[id$=-date]")];
        const times = [...document.querySelectorAll("input[id$=-time]")];
        for (let many = 0; many < dates.length; many += 1) {{
            await fill(dates[many], "6-12-2026");
            dates[many].blur();
            await between(many);
            await fill(times[many], "10:00");
            times[many].blur();
        }} }}"""
    )
    send(page)
    assert sent == [{f"m{many}": "2026-12-06T10:00" for many in range(12)}]


def test_words_stay_while_another_answer_is_worked_out(new_page: Callable[..., Page]) -> None:
    page = new_page()
    names = [f"naam{many}" for many in range(6)]
    worked_out = typed("uit", "expression", expression="=soort", computeOn="change")
    kinds = ["textfield", "textarea"]
    words = [typed(name, kinds[many % 2]) for many, name in enumerate(names)]
    sent = opened(page, radio("soort"), worked_out, *words)
    page.evaluate(
        f"""async () => {{ {IN_STEPS}
        const answers = document.querySelectorAll("input[type=radio]");
        const words = document.querySelectorAll("input[type=text], textarea");
        for (let many = 0; many < words.length; many += 1) {{
            answers[many % 2].click();
            await between(many);
            await fill(words[many], "An");
            await between(2);
            await fill(words[many], "na");
            await between(4);
        }} }}"""
    )
    for name in names:
        expect(field(page, name)).to_have_value("Anna")
    send(page)
    assert sent == [{"soort": "nee", "uit": "nee"} | dict.fromkeys(names, "Anna")]


def test_a_press_counts_though_the_page_moves_under_it(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport=PHONE)
    opened(page, typed("waarom", validate={"required": True}))
    field(page, "waarom").focus()
    box = page.get_by_role("button", name="Versturen").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 2)
    page.mouse.down()  # the field is left: its error would push the button down
    page.mouse.up()
    expect(page.get_by_role("link", name="waarom")).to_be_visible()
