"""Takes the documentation's screenshots from a running demonstration into docs/images/.

python -m scripts.screenshots              start a demonstration of its own, take them, stop it
python -m scripts.screenshots --url URL    take them from a demonstration that already runs
python -m scripts.screenshots keten ...    only these

Nothing is changed in the demonstration: pages are opened and looked at. All people in it are
invented.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from engine.store.embedded import EmbeddedServer
from scripts.browser import ARGUMENTS, DESKTOP, PHONE, chromium, free_port

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST = 250_000
"""A picture over this many bytes is refused: the documentation is read over slow lines too."""
LIKE_EVERYWHERE = ["--force-color-profile=srgb", "--hide-scrollbars"]
START_SECONDS = 600  # the demonstration region is filled first

WORKER = "samira@debrug.example"
LEADER = "marjan@debrug.example"
COORDINATOR = "ingrid@rivierenwijk.example"
OWNER = "pieter@debrug.example"
ADMINISTRATOR = "bas@rivierenwijk.example"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, whose screen, how large, and how to get there.

    ``email`` is ``None`` for what is seen without signing in.
    """

    name: str
    email: str | None
    size: dict[str, int]
    go: Callable[[Page], None]


def address(path: str) -> Callable[[Page], None]:
    """The way to a page by its address."""

    def go(page: Page) -> None:
        page.goto(path)

    return go


def first_task(page: Page) -> None:
    """The first task of the list, with its form drawn."""
    page.goto("/taken")
    page.locator(".ks-task h3 a").first.click()
    _drawn(page)


def contact_note(page: Page) -> None:
    """The contact note of the first family."""
    page.goto("/contactnotitie")
    page.locator(".ks-task h2 a").first.click()
    _drawn(page)


def referral(page: Page) -> None:
    """The referral form of a professional."""
    page.goto("/aanmeldingen/nieuw/tussen-in/aanmelding-professional")
    _drawn(page)


def running_family(page: Page) -> None:
    """A family of which much is known, in the midst of its trajectory."""
    for link in _family_links(page):
        page.goto(link)
        runs = page.locator(".ks-head").get_by_text("Loopt", exact=True).count()
        if runs and page.get_by_role("heading", name="Plan: doelen").count():
            return


def trajectory(page: Page) -> None:
    """The diagram of a running trajectory."""
    running_family(page)
    page.get_by_role("link", name="Waar staat het traject?").click()
    page.locator(".djs-container svg").first.wait_for()
    page.wait_for_timeout(1_000)  # the viewer centres what is current
    page.get_by_role("heading", name="Diagram").evaluate("e => e.scrollIntoView()")


SHOTS = (
    Shot("aanmelden", None, DESKTOP, address("/aanmelden")),
    Shot("gezinswerker-taken", WORKER, PHONE, address("/taken")),
    Shot("gezinswerker-taak", WORKER, PHONE, first_task),
    Shot("gezinswerker-contactnotitie", WORKER, PHONE, contact_note),
    Shot("projectleider-aanmelding", LEADER, DESKTOP, referral),
    Shot("projectleider-taken", LEADER, DESKTOP, address("/taken")),
    Shot("gezin", LEADER, DESKTOP, running_family),
    Shot("traject", LEADER, DESKTOP, trajectory),
    Shot("coordinator-keten", COORDINATOR, DESKTOP, address("/keten")),
    Shot("proceseigenaar-pakketten", OWNER, DESKTOP, address("/studio/pakketten")),
    Shot("beheerder-incidenten", ADMINISTRATOR, DESKTOP, address("/beheer/incidenten")),
)


def take(browser: Browser, url: str, shot: Shot) -> Path:
    """Take one picture, in Dutch, with a session of its own."""
    context = browser.new_context(
        base_url=url,
        locale="nl-NL",
        viewport=shot.size,
        device_scale_factor=2 if shot.size is PHONE else 1,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    if shot.email is not None:
        page.goto("/aanmelden")
        page.locator(f'[data-sign-in-as="{shot.email}"]').click()
        page.locator(".ks-me").wait_for()
    shot.go(page)
    page.wait_for_load_state("networkidle")
    target = IMAGES / f"{shot.name}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    context.close()
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}  {size // 1000} kB", flush=True)
    if size > LARGEST:
        raise SystemExit(f"{target.name} has {size} bytes; at most {LARGEST} are wanted.")
    return target


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration with data of its own, which ends with the block."""
    port = free_port()
    url = f"http://localhost:{port}"
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screenshots-", dir=var) as folder:
        environment = {**os.environ, "KETENSPOOR_VAR": folder}
        environment.pop("DATABASE_URL", None)
        command = [str(Path(sys.executable).parent / "ketenspoor"), "demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_until_it_answers(url, process)
            yield url
        finally:
            _stop(process, Path(folder))


def _stop(process: subprocess.Popen[bytes], var: Path) -> None:
    """End the demonstration as Ctrl-C does; whatever its end, leave no database server behind."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if (var / "postgres" / "postmaster.pid").exists():
        with EmbeddedServer(var):
            pass  # the last one who leaves stops it


def _drawn(page: Page) -> None:
    page.locator("[data-drawn-form][data-ready]").wait_for()


def _family_links(page: Page) -> list[str]:
    page.goto("/gezinnen")
    found = page.locator('.ks-task h2 a, a[href^="/gezinnen/"]').all()
    links = [link.get_attribute("href") or "" for link in found]
    return [link for link in dict.fromkeys(links) if link.count("/") == 2]


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("The demonstration ended before it answered.")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310 - this machine
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"The demonstration gave no answer within {START_SECONDS} s.")


def main(arguments: list[str]) -> int:
    """Take the pictures; 0 when all were taken."""
    parser = argparse.ArgumentParser(prog="scripts.screenshots", description=__doc__)
    parser.add_argument("--url", help="a demonstration that already runs")
    parser.add_argument("names", nargs="*", help="only these pictures")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {shot.name for shot in SHOTS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    wanted = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=[*ARGUMENTS, *LIKE_EVERYWHERE]
        )
        if options.url:
            _take_all(browser, options.url.rstrip("/"), wanted)
        else:
            with demonstration() as url:
                _take_all(browser, url, wanted)
        browser.close()
    return 0


def _take_all(browser: Browser, url: str, wanted: list[Shot]) -> None:
    for shot in wanted:
        take(browser, url, shot)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
