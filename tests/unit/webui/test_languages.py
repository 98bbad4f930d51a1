"""Dutch first, English complete, and no way out to other sites."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from scripts import translations
from webui.languages import local_path


def test_no_text_lacks_its_english() -> None:
    lacking = [message.id for message in translations.missing("en")]

    assert lacking == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in translations.catalogue("en"):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {name for text in ids for name in re.findall(r"%\((\w+)\)", text)}
        for text in strings:
            assert set(re.findall(r"%\((\w+)\)", text)) <= wanted, message.id


def test_the_first_language_is_dutch(app: Flask) -> None:
    page = app.test_client().get("/aanmelden", headers={"Accept-Language": "de"})

    assert '<html lang="nl"' in page.get_data(as_text=True)


def test_choosing_english_changes_the_pages() -> None:
    translations.compile_all()
    from tests.unit.webui.conftest import make_app

    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/taal", data={"taal": "en"})
    page = client.get("/aanmelden").get_data(as_text=True)

    assert '<html lang="en"' in page
    assert "E-mail address" in page


@pytest.mark.parametrize(
    "address",
    [
        "https://elders.example/taken",
        "//elders.example",
        "/\\elders.example",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_addresses_elsewhere_become_the_start_page(app: Flask, address: str | None) -> None:
    with app.test_request_context("/"):
        assert local_path(address) == "/"


def test_an_address_here_keeps_its_query(app: Flask) -> None:
    with app.test_request_context("/"):
        assert local_path("/taken?tab=team") == "/taken?tab=team"
