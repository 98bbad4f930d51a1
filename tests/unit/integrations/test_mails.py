"""What a mail says: fixed texts, where to sign in, and a name that stays the same."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from engine.clock import VirtualClock
from engine.families.notices import Notice
from engine.runtime.outward import Outgoing, OutwardRefused
from integrations.mail import MailedNotices, MailFolder

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN, PERSON = UUID(int=1), UUID(int=2)


class Remembers:
    """A way out that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def deliver(self, message: EmailMessage) -> None:
        self.mails.append(message)


def mail(**more: str) -> EmailMessage:
    kept = Remembers()
    given = {"address": "w@brug.example", "language": "nl", "subject": "Kop", "text": "Tekst."}
    ways = MailedNotices(
        kept, "Ketenspoor <post@brug.example>", "https://k.example/taken", VirtualClock(NOW)
    )
    ways.send(Outgoing(TOKEN, PERSON, Notice(**{**given, **more})))
    (made,) = kept.mails
    return made


def test_a_mail_is_named_after_its_token_and_person():
    assert mail()["Message-ID"] == f"<{TOKEN}.{PERSON}@brug.example>"
    assert mail()["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert mail()["Auto-Submitted"] == "auto-generated"


def test_a_subject_over_several_lines_stays_one_header():
    made = mail(subject="Kop\r\nBcc: ander@example.org")
    assert made["Subject"] == "Kop Bcc: ander@example.org"
    assert made["Bcc"] is None


def test_the_html_form_says_the_text_and_not_markup():
    html = mail(text="<b>5 < 6</b>").get_body(("html",)).get_content()
    assert "&lt;b&gt;5 &lt; 6&lt;/b&gt;" in html
    assert 'lang="nl"' in html


def test_the_explanation_is_in_the_persons_language():
    english = mail(language="en").get_body(("plain",)).get_content()
    assert "Go to your tasks: https://k.example/taken" in english
    assert "privacy of families" in english


@pytest.mark.parametrize("address", ["", "zonder apenstaart", "a@b\nBcc: c@d", "@"])
def test_an_unusable_address_is_refused_without_being_told(address):
    with pytest.raises(OutwardRefused) as raised:
        mail(address=address)
    assert raised.value.again is False
    assert "zonder" not in raised.value.message


def test_nothing_of_a_notice_is_shown_by_accident():
    outgoing = Outgoing(TOKEN, PERSON, Notice("w@brug.example", "nl", "Kop", "Tekst"))
    assert "brug" not in repr(outgoing) + repr(outgoing.content)


def test_a_folder_shows_the_last_mails_first(tmp_path):
    folder = MailFolder(tmp_path / "post")
    for number in range(3):
        folder.deliver(mail(subject=f"Nummer {number}"))
    assert len(folder.latest(2)) == 2
    assert {kept.subject for kept in folder.latest(9)} == {"Nummer 0", "Nummer 1", "Nummer 2"}
    assert folder.latest(1)[0].at == NOW


def test_an_unreadable_date_in_the_folder_is_left_out(tmp_path):
    folder = MailFolder(tmp_path / "post")
    (tmp_path / "post" / "new").mkdir(parents=True)
    (tmp_path / "post" / "new" / "1").write_bytes(b"Subject: Kaal\r\nDate: ooit\r\n\r\nhoi")
    (kept,) = folder.latest(1)
    assert (kept.subject, kept.at, kept.text) == ("Kaal", None, "hoi")
