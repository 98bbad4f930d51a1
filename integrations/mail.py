"""Mail: notices as messages, and the two ways out, an SMTP server or a folder to look into.

A mail says that there is something to do and where to sign in. It never says anything of a family.
Its ``Message-ID`` names the token and the recipient: the same at every attempt, so that a mail
server which gets one twice can see that.
"""

from __future__ import annotations

import html
import mailbox
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.families.notices import Notice, notices
from engine.runtime.connectors import ConnectorCall
from engine.runtime.outward import (
    Outgoing,
    OutwardRefused,
    OutwardUnreachable,
)

WORDS = {
    "nl": (
        "Naar uw takenlijst",
        "U krijgt deze mail omdat u werkt met Ketenspoor. Om de privacy van gezinnen staat hier "
        "niet waar het over gaat: dat ziet u als u zich aanmeldt.",
    ),
    "en": (
        "Go to your tasks",
        "You get this mail because you work with Ketenspoor. To protect the privacy of families it "
        "does not say what this is about: you will see that when you sign in.",
    ),
}
TO_PACKAGES = {"nl": "Naar de pakketten", "en": "Go to the packages"}
PACKAGES = "/studio/pakketten"
PERMANENT = 500
"""SMTP answers from here on are final; lower ones from 400 on say: later."""


class Transport(Protocol):
    """A way out for mail."""

    def deliver(self, message: EmailMessage) -> None:
        """Hand the message over.

        Raises:
            OutwardFailed: it was not taken over, for all that is known.
        """
        ...


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """An SMTP server. ``security``: ``tls`` from the start, ``starttls`` (required), or ``none``.

    ``timeout`` in seconds holds for each answer of the server.
    """

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 20.0

    def deliver(self, message: EmailMessage) -> None:
        """Send over a connection of its own. Once the server took it over, it is sent."""
        try:
            server = self._connected()
            try:
                server.send_message(message)
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(max(code for code, _text in error.recipients.values())) from None
        except smtplib.SMTPAuthenticationError as error:
            raise OutwardRefused(
                f"De mailserver weigert de aanmelding ({error.smtp_code}).",
                "Laat de beheerder de gebruikersnaam en het wachtwoord in KETENSPOOR_SMTP_URL "
                "nagaan.",
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise OutwardRefused(
                "De mailserver kan niet wat is ingesteld (STARTTLS, aanmelden of tekens).",
                "Laat de beheerder KETENSPOOR_SMTP_URL vergelijken met wat de server kan.",
            ) from None
        except ssl.SSLCertVerificationError:
            raise OutwardUnreachable(
                "Het certificaat van de mailserver klopt niet.",
                "Laat de beheerder de naam van de server en zijn certificaat nagaan.",
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise OutwardUnreachable(
                f"De mailserver is niet bereikbaar of brak af ({type(error).__name__}).",
                "Er wordt vanzelf opnieuw geprobeerd. Blijft het misgaan, laat de beheerder de "
                "mailserver nagaan.",
            ) from None

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host,
                self.port,
                socket.gethostname(),
                timeout=self.timeout,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(self.host, self.port, socket.gethostname(), timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


def _refused(code: int) -> OutwardRefused | OutwardUnreachable:
    """The error for an answer of the server; its text may quote an address, its number cannot."""
    if code < PERMANENT:
        return OutwardUnreachable(
            f"De mailserver nam de mail nog niet aan ({code}).",
            "Er wordt vanzelf opnieuw geprobeerd.",
        )
    return OutwardRefused(
        f"De mailserver weigert de mail ({code}).",
        "Ga na of het e-mailadres van de medewerker klopt en of de server mail van dit adres "
        "aanneemt, en probeer het dan opnieuw.",
    )


def _no_address() -> OutwardRefused:
    return OutwardRefused(
        "Het e-mailadres van een medewerker is geen bruikbaar adres.",
        "Verbeter het adres bij de gebruiker en probeer het opnieuw.",
    )


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail in a folder, as a page shows it."""

    subject: str
    to: str
    at: datetime | None
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MailFolder:
    """A folder that mail goes into instead of out (a maildir): demonstrations and try-outs."""

    path: Path

    def deliver(self, message: EmailMessage) -> None:
        """Put the message into the folder."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self.path, create=True).add(message)
        except OSError as error:
            raise OutwardUnreachable(
                f"De mail kon niet in de map worden gezet ({error.strerror}).",
                "Controleer of er in KETENSPOOR_MAIL_FOLDER geschreven mag worden.",
            ) from None

    def latest(self, count: int) -> Sequence[KeptMail]:
        """The mails that came last, the newest first."""
        found = sorted(self._files(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [_kept(file.read_bytes()) for file in found[:count]]

    def _files(self) -> Iterator[Path]:
        for part in ("new", "cur"):
            folder = self.path / part
            if folder.is_dir():
                yield from (file for file in folder.iterdir() if file.is_file())


def _kept(raw: bytes) -> KeptMail:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    plain = message.get_body(("plain",))
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        at = None
    return KeptMail(
        str(message["Subject"] or ""),
        str(message["To"] or ""),
        at,
        plain.get_content() if plain is not None else "",
        str(message["Message-ID"] or ""),
    )


@dataclass(frozen=True, slots=True)
class MailedNotices:
    """Does the job type ``melding-mailen``: the performer of notices by mail.

    ``sender`` is the address that mail comes from; ``tasks_link`` where people find their tasks.
    """

    transport: Transport
    sender: str
    tasks_link: str
    clock: Clock

    def prepare(self, session: Session, call: ConnectorCall) -> Sequence[Outgoing]:
        """The notices, one for each person."""
        return notices(session, call)

    def send(self, message: Outgoing) -> None:
        """Mail one notice."""
        assert isinstance(message.content, Notice)
        try:
            mail = self.compose(message.content, message.key)
        except (ValueError, IndexError):
            raise _no_address() from None
        self.transport.deliver(mail)

    def compose(self, notice: Notice, key: str) -> EmailMessage:
        """The mail: plain text with a simple HTML form, in the person's language."""
        return self._composed(notice, key, WORDS[notice.language][0], self.tasks_link)

    def mail_about_packages(self, notice: Notice, key: str) -> None:
        """Mail a process owner, with the way to the packages.

        Raises:
            OutwardFailed: it was not sent, for all that is known.
        """
        link = self.tasks_link.rsplit("/", 1)[0] + PACKAGES
        try:
            mail = self._composed(notice, key, TO_PACKAGES[notice.language], link)
        except (ValueError, IndexError):
            raise _no_address() from None
        self.transport.deliver(mail)

    def _composed(self, notice: Notice, key: str, link_text: str, link: str) -> EmailMessage:
        explanation = WORDS[notice.language][1]
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = self.sender
        mail["To"] = notice.address
        mail["Subject"] = " ".join(notice.subject.split())
        mail["Date"] = format_datetime(self.clock.now())
        mail["Message-ID"] = f"<{key}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = notice.language
        name, _at, domain = notice.address.rpartition("@")
        if not name or not domain:
            raise ValueError("no address")
        mail.set_content(f"{notice.text}\n\n{link_text}: {link}\n\n-- \n{explanation}\n")
        mail.add_alternative(
            f'<!doctype html><html lang="{notice.language}"><head><meta charset="utf-8">'
            f"<title>{html.escape(notice.subject)}</title></head><body>"
            f"<p>{html.escape(notice.text)}</p>"
            f'<p><a href="{html.escape(link)}">{link_text}</a></p>'
            f"<hr><p><small>{explanation}</small></p></body></html>\n",
            subtype="html",
        )
        return mail
