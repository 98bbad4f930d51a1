"""What the open pages showed when a test failed, for whoever reads only the log.

The data are invented, so that a log may show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

_watched: dict[BrowserContext, list[str]] = {}
LOOK = """() => {
  const line = (text) => text.trim().replace(/\\s+/g, " ").slice(0, 300);
  const seen = (where) => [...document.querySelectorAll(where)].filter((e) => e.checkVisibility());
  const name = (e) => line(e.labels?.[0]?.innerText || e.ariaLabel || e.id || e.outerHTML);
  const told = seen("[role=alert], [role=status], .fjs-form-field-error, [class*=error-message]");
  const wrong = seen("input, select, textarea").filter(
    (e) => e.ariaInvalid === "true" || !e.validity.valid || e.closest(".fjs-has-errors"),
  );
  const given = (e) => JSON.stringify(/radio|checkbox/.test(e.type) ? e.checked : line(e.value));
  const focus = document.activeElement;
  return [
    `heading: ${seen("h1").map((e) => line(e.innerText)).join(" | ")}`,
    ...new Set(told.filter((e) => e.innerText.trim()).map((e) => `tells: ${line(e.innerText)}`)),
    ...wrong.map((e) => `not right: ${name(e)} = ${given(e)}`),
    `focus: ${focus === document.body ? "none" : name(focus).slice(0, 80)}`,
  ];
}"""


@contextmanager
def watched(context: BrowserContext) -> Iterator[None]:
    """Remember what the scripts of these pages complain of, and let a failure tell of them."""
    complaints = _watched.setdefault(context, [])

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"console: {message.text[:300]}")

    context.on("console", note)
    try:
        yield
    finally:
        del _watched[context]


def open_pages() -> str:
    """The open pages: address, messages, fields that are not right, focus, complaints."""
    lines = []
    for context, complaints in _watched.items():
        for page in context.pages:
            lines += [page.url, *(f"  {line}" for line in _shown(page))]
        lines += [f"  {line}" for line in complaints[-10:]]
    return "\n".join(lines)


def _shown(page: Page) -> list[str]:
    try:
        shown: list[str] = page.evaluate(LOOK)
    except Error as gone:
        return [f"cannot be looked at: {gone.message.splitlines()[0]}"]
    return shown
