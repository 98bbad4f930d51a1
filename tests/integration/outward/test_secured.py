"""Mail goes out over TLS as set, to a server that proves who it is, and with the right password.

``only_for_tests.pem`` is a key and a certificate for this machine's own address, made with
``openssl req -x509 -newkey ec … -addext subjectAltName=DNS:localhost,IP:127.0.0.1``.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from integrations.mail import SmtpServer
from tests.notified import mail_server

PEM = Path(__file__).with_name("only_for_tests.pem")


def served() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    return context


def right_password(_server, _session, _envelope, _mechanism, given) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"post", b"geheim"), handled=False)


@pytest.fixture
def trusted(monkeypatch):
    """This machine trusts the certificate, as it does those of known authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))


SERVERS = {
    "tls": {"ssl_context": served()},
    "starttls": {"tls_context": served(), "require_starttls": True},
}


@pytest.mark.parametrize("security", SERVERS)
def test_a_server_that_proves_itself_gets_the_mail(office, trusted, security):
    office.ask_for_mail()
    with mail_server(**SERVERS[security]) as mailbox:
        office.work(SmtpServer("127.0.0.1", mailbox.port, security))
        assert len(mailbox.received) == 1
    assert office.practice.open_elements() == ["verder"]


@pytest.mark.parametrize("security", SERVERS)
def test_a_server_that_does_not_prove_itself_gets_nothing(office, security):
    office.at_once(attempts=1)
    office.ask_for_mail()
    with mail_server(**SERVERS[security]) as mailbox:
        office.work(SmtpServer("127.0.0.1", mailbox.port, security))
        assert mailbox.received == []
    (incident,) = office.incidents()
    assert "certificaat" in incident.message


@pytest.mark.parametrize(("password", "sent"), [("geheim", 1), ("fout", 0)])
def test_the_password_counts(office, trusted, password, sent):
    office.ask_for_mail()
    more = {**SERVERS["starttls"], "authenticator": right_password, "auth_required": True}
    with mail_server(**more) as mailbox:
        office.work(SmtpServer("127.0.0.1", mailbox.port, "starttls", "post", password))
        assert len(mailbox.received) == sent
    told = [(one.code, "aanmelding" in one.message) for one in office.incidents()]
    assert told == ([] if sent else [("outward-refused", True)])
