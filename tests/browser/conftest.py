"""Fixtures for tests in a real browser: the running product, pages, and the check for everyone.

``live_server`` starts the product as a user does, with a database and demonstration data of its
own. ``KETENSPOOR_TEST_URL`` points the tests at a server that already runs instead.
``KETENSPOOR_TEST_SLOW=6`` gives every page a processor that is six times slower.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine

from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from scripts.browser import ARGUMENTS, DESKTOP, PHONE, chromium, free_port
from tests.browser.failures import open_pages, watched

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 1200
"""The demonstration is filled first; on a machine that others use as well that may take long."""
TEST_SECONDS = START_SECONDS + 300
"""The first test waits for the server as well."""
PATIENCE = 30_000
"""Milliseconds; what is right comes at once, and a slow machine is no fault of the page."""
SERVE = f"{Path(sys.executable).parent / 'ketenspoor'} demo --port {{port}}"
expect.set_options(timeout=PATIENCE)
SLOW = float(os.environ.get("KETENSPOOR_TEST_SLOW", "1"))
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the wait for the server not count as the first test's."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a failure what its pages showed."""
    report = yield
    if report.failed and call.when == "call" and (shown := open_pages()):
        report.sections.append(("Pages when it failed", shown))
    return report


@dataclass(frozen=True)
class Live:
    """The running product: its address without a closing slash, and where its database is."""

    url: str
    environment: Mapping[str, str]


@pytest.fixture(scope="session")
def live_server(live: Live) -> str:
    """The address, without a closing slash, of the running product with demonstration data."""
    return live.url


@pytest.fixture(scope="session")
def live_database(live: Live) -> Iterator[Engine]:
    """The database of the running product, for what no page can bring about.

    Of a server that runs already it is found by ``DATABASE_URL`` or ``KETENSPOOR_VAR``.
    """
    given = {**os.environ, **live.environment}
    if not (given.get("DATABASE_URL") or given.get("KETENSPOOR_VAR")):
        pytest.skip("the database of the running server is not known")
    engine = open_engine(given.get("DATABASE_URL") or None, Path(given.get("KETENSPOOR_VAR", "")))
    yield engine
    close_engine(engine)


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """The running product, started as a user does unless one runs already."""
    running = os.environ.get("KETENSPOOR_TEST_URL")
    if running:
        yield Live(running.rstrip("/"), {})
        return
    port = free_port()
    command = os.environ.get("KETENSPOOR_TEST_SERVE", SERVE).format(port=port)
    url = f"http://localhost:{port}"
    with (
        tempfile.TemporaryDirectory(prefix="ketenspoor-browser-", dir=_var()) as folder,
        _own_database() as database,
    ):
        environment = {**os.environ, **database, "KETENSPOOR_VAR": folder}
        log_path = Path(folder) / "server.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                shlex.split(command), cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            try:
                _wait_until_it_answers(url, process, log_path)
                yield Live(url, {**database, "KETENSPOOR_VAR": folder})
            finally:
                process.send_signal(signal.SIGINT)  # as Ctrl-C does
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                _stop_left_behind_database(Path(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture
def phone_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as on a phone, 390 by 844 CSS pixels, with a session of its own."""
    with _page(browser, _base_url(request), viewport=PHONE, has_touch=True) as page:
        yield page


@pytest.fixture
def desktop_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as on a desk, 1280 by 900 CSS pixels, with a session of its own."""
    with _page(browser, _base_url(request), viewport=DESKTOP) as page:
        yield page


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens further pages, each with a session of its own: two users at once, say.

    Takes what Playwright's ``Browser.new_context`` takes.
    """
    opened = []

    def open_page(**options: object) -> Page:
        manager = _page(browser, _base_url(request), **{"viewport": DESKTOP, **options})
        opened.append(manager)
        return manager.__enter__()

    yield open_page
    for manager in reversed(opened):
        manager.__exit__(None, None, None)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Fails with a readable list when the page breaks a rule of WCAG 2.2 A or AA."""
    axe = Axe()

    def check(page: Page) -> None:
        options = {
            "runOnly": {"type": "tag", "values": WCAG_22_AA},
            "rules": {"target-size": {"enabled": True}},  # off by default in axe-core
        }
        found = axe.run(page, options=options).response["violations"]
        lines = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(
                f"{node['target']}  {node['html'][:160]}" for node in violation["nodes"]
            )
            for violation in found
        ]
        assert not found, f"{page.url}: {len(found)} rules broken\n" + "\n".join(lines)

    return check


@contextmanager
def _page(browser: Browser, base_url: str | None, **options: object) -> Iterator[Page]:
    """A page in a context of its own, in Dutch; errors in its scripts and calls abroad fail it."""
    context = browser.new_context(base_url=base_url, locale="nl-NL", **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    if SLOW > 1:
        slower = context.new_cdp_session(page)
        slower.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    errors: list[str] = []
    context.on("weberror", lambda failed: errors.append(f"script error: {failed.error}"))
    context.on("request", lambda request: errors.extend(_abroad(request.url)))
    try:
        with watched(context):
            yield page
    finally:
        context.close()
    assert not errors, "\n".join(errors)


def _abroad(url: str) -> list[str]:
    """A complaint about a request to anything but this machine: the product calls nobody."""
    host = urlsplit(url).hostname
    return [] if host in (None, "localhost", "127.0.0.1") else [f"request to {host}"]


def _base_url(request: pytest.FixtureRequest) -> str | None:
    """The live server's address for a test that uses it, so that it may go to "/login"."""
    return request.getfixturevalue("live_server") if "live_server" in request.fixturenames else None


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}:\n{_tail(log)}", pytrace=False)
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except urllib.error.HTTPError as answered:
            answered.close()
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"no answer in {START_SECONDS} s:\n{_tail(log)}", pytrace=False)


def _stop_left_behind_database(folder: Path) -> None:
    """Stop the embedded server that a killed process left, before its folder goes."""
    if (folder / "postgres" / "postmaster.pid").exists():
        with EmbeddedServer(folder):
            pass  # the last one who leaves stops it


@contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    """A database for the server: on that of ``DATABASE_URL``, else embedded in its own folder."""
    if not os.environ.get("DATABASE_URL"):
        yield {}
        return
    from tests.databases import running_server

    with running_server() as server, server.empty_database() as url:
        yield {"DATABASE_URL": url}


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])


def _var() -> Path:
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    return var
