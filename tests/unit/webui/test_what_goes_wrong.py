"""What is asked wrongly is answered with the right status and in words, never with a fault."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.exceptions import BadRequest

from webui.forms import given_answers


def test_a_wrong_method_says_which_ones_there_are(app: Flask) -> None:
    answer = app.test_client().get("/afmelden")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "Dat kan hier niet" in answer.get_data(as_text=True)


def test_too_much_is_refused_in_words(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/aanmelden").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    answer = client.post(
        "/aanmelden", data={"gebruikersnaam": "x" * 3_000_000}, headers={"X-CSRFToken": token[1]}
    )

    assert answer.status_code == 413
    assert "te veel tekst" in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", ["", "[]", "null", '{"data": 5}', "[" * 100_000])
def test_a_form_that_cannot_be_read_is_refused(app: Flask, body: str) -> None:
    asked = app.test_request_context(method="POST", data=body, content_type="application/json")
    with asked, pytest.raises(BadRequest):
        given_answers()


def test_nobody_gets_the_token_of_a_session_without_signing_in(app: Flask) -> None:
    answer = app.test_client().get("/sessie", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert "csrf" not in answer.get_data(as_text=True)
