"""How an administrator says which way mail goes."""

from __future__ import annotations

import pytest

from engine.clock import SystemClock
from integrations.mail import MailFolder, SmtpServer
from webui.commands.outward import MailSettingsWrong, performers

ALL = {
    "KETENSPOOR_SMTP_URL": "smtp://post:ge%3Aheim@mail.example",
    "KETENSPOOR_MAIL_FROM": "ketenspoor@brug.example",
    "KETENSPOOR_PUBLIC_URL": "https://ketenspoor.example/",
}


@pytest.fixture
def given(monkeypatch):
    for name in (*ALL, "KETENSPOOR_MAIL_FOLDER"):
        monkeypatch.delenv(name, raising=False)

    def give(**more):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        return performers(SystemClock(), None)

    return give


def test_without_settings_nobody_mails(given):
    assert given() == {}


def test_a_server_with_its_user_and_where_the_tasks_are(given):
    mailing = given(**ALL)["melding-mailen"]
    server = SmtpServer("mail.example", 587, "starttls", "post", "ge:heim")
    assert mailing.transport == server
    assert mailing.tasks_link == "https://ketenspoor.example/taken"


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtps://mail.example", "mail.example", 465, "tls"),
        ("smtp://mail.example:2525", "mail.example", 2525, "starttls"),
        ("smtp+plain://localhost", "localhost", 25, "none"),
    ],
)
def test_the_scheme_says_how_the_connection_is_secured(given, url, host, port, security):
    server = given(**{**ALL, "KETENSPOOR_SMTP_URL": url})["melding-mailen"].transport
    assert (server.host, server.port, server.security) == (host, port, security)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b:c"])
def test_an_address_that_is_none_is_told(given, url):
    with pytest.raises(MailSettingsWrong, match="KETENSPOOR_SMTP_URL"):
        given(**{**ALL, "KETENSPOOR_SMTP_URL": url})


@pytest.mark.parametrize("missing", ["KETENSPOOR_MAIL_FROM", "KETENSPOOR_PUBLIC_URL"])
def test_half_of_the_settings_is_told_at_the_start(given, missing):
    with pytest.raises(MailSettingsWrong, match=missing):
        given(**{name: value for name, value in ALL.items() if name != missing})


def test_the_password_is_shown_nowhere(given):
    assert "heim" not in repr(given(**ALL))


def test_a_demonstration_mails_into_a_folder_whatever_is_set(given, tmp_path):
    given(**ALL)
    made = performers(SystemClock(), MailFolder(tmp_path), "http://localhost:8000")
    assert made["melding-mailen"].transport == MailFolder(tmp_path)
