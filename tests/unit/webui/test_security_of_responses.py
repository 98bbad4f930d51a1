"""Headers, cookies and CSRF of the screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

import webui
from tests.unit.webui.conftest import make_app

WEBUI = Path(webui.__file__).parent
TEMPLATES = sorted((WEBUI / "templates").rglob("*.html"))


def test_pages_carry_a_policy_that_forbids_inline_scripts(app: Flask) -> None:
    policy = app.test_client().get("/aanmelden").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_are_never_stored(app: Flask) -> None:
    assert app.test_client().get("/aanmelden").headers["Cache-Control"] == "no-store"


def test_files_with_a_fingerprint_may_be_kept_forever(app: Flask) -> None:
    page = app.test_client().get("/aanmelden").get_data(as_text=True)
    address = re.search(r'href="(/static/app/layout\.css\?v=[0-9a-f]+)"', page)

    assert address
    with app.test_client().get(address[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/aanmelden", data={"gebruikersnaam": "x"})

    assert answer.status_code == 400
    assert "verlopen" in answer.get_data(as_text=True)


def test_session_cookies_cannot_be_read_by_scripts_and_go_over_tls_only() -> None:
    client = make_app(https=True).test_client()
    cookie = client.get("/aanmelden", base_url="https://localhost").headers["Set-Cookie"]

    assert cookie.startswith("__Host-ketenspoor=")
    for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert word in cookie


def test_who_is_not_signed_in_is_sent_to_the_login_page(app: Flask) -> None:
    answer = app.test_client().get("/taken?tab=team")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/aanmelden?verder=/taken?tab%3Dteam"


def test_a_script_that_is_not_signed_in_is_told_so(app: Flask) -> None:
    answer = app.test_client().get("/taken", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.is_json


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_scripts_or_handlers(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    for script in re.findall(r"<script(?P<attributes>[^>]*)>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"\son[a-z]+=", text)
    assert "|safe" not in text
    assert not re.search(r"\sstyle=", text)


def test_every_form_that_changes_something_has_its_token() -> None:
    for template in TEMPLATES:
        for form in re.findall(
            r'<form[^>]*method="post".*?</form>', template.read_text(encoding="utf-8"), re.S
        ):
            assert "csrf()" in form, template


def test_an_unknown_page_says_so_in_words(app: Flask) -> None:
    answer = app.test_client().get("/bestaat-niet")

    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.get_data(as_text=True)


def test_scripts_are_sent_compressed_to_who_can_read_that(app: Flask) -> None:
    path = "/static/vendor/form-js-1.23.0/form-viewer.umd.js"
    with app.test_client().get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) < 400_000
    with app.test_client().get(path) as answer:
        assert "Content-Encoding" not in answer.headers
