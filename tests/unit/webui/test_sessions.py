"""The signed cookie that holds the session."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from tests.unit.webui.conftest import make_app

COOKIE = "ketenspoor"


def kept(app: Flask, cookie: str) -> dict[str, object]:
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie}"}) as context:
        return dict(context.session)


def test_a_session_is_read_back_from_its_cookie(app: Flask) -> None:
    signs = app.session_interface.get_signing_serializer(app)
    assert signs is not None

    held = {"taal": "en", "tekst": "x" * 500, "_flashes": [("ok", "Klaar.")], "tags": {" t": 1}}

    assert kept(app, signs.dumps(held)) == held


def test_a_cookie_that_somebody_changed_holds_nothing(app: Flask) -> None:
    signs = app.session_interface.get_signing_serializer(app)
    assert signs is not None
    cookie = signs.dumps({"taal": "en"})

    another = "A" if cookie[-2] != "A" else "B"  # of the last sign two bits count for nothing

    assert kept(app, cookie[:-2] + another + cookie[-1]) == {}


def test_a_cookie_of_an_earlier_release_still_counts(app: Flask) -> None:
    signs = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signs is not None

    cookie = signs.dumps({"tekst": "x" * 500})

    assert cookie.startswith(".")  # pressed, as Flask does it
    assert kept(app, cookie) == {"tekst": "x" * 500}


def test_another_key_signs_other_cookies(app: Flask) -> None:
    other = make_app()
    other.secret_key = "another"
    signs = app.session_interface.get_signing_serializer(app)
    assert signs is not None

    assert kept(other, signs.dumps({"taal": "en"})) == {}


def test_a_key_of_before_still_opens_what_it_signed(app: Flask) -> None:
    signs = app.session_interface.get_signing_serializer(app)
    assert signs is not None
    cookie = signs.dumps({"taal": "en"})
    before, renewed = app.secret_key, make_app()
    renewed.secret_key = "renewed"
    renewed.config["SECRET_KEY_FALLBACKS"] = [before]

    assert kept(renewed, cookie) == {"taal": "en"}


def test_without_a_key_there_is_no_session(app: Flask) -> None:
    app.secret_key = None

    assert app.session_interface.get_signing_serializer(app) is None
