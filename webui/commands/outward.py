"""Outward work as the commands put it together: which way mail goes, and the worker that sends."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.families.approval_notices import TELL, ApprovalDesk
from engine.families.composition import sweep_runtime
from engine.families.notices import NOTIFY
from engine.runtime.outward import Performer
from engine.runtime.outward_desk import OutwardDesk
from engine.runtime.outward_worker import OutwardWorker
from integrations.mail import MailedNotices, MailFolder, SmtpServer, Transport

SECURITY = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}
"""Scheme of ``KETENSPOOR_SMTP_URL`` → how the connection is secured, and its usual port."""
TASKS = "/taken"


class MailSettingsWrong(KetenspoorError):
    """What was set for mail is not complete, or cannot be."""

    code = "mail-settings-wrong"


def mail_folder() -> MailFolder | None:
    """The folder that mail goes into instead of out, ``KETENSPOOR_MAIL_FOLDER``."""
    given = os.environ.get("KETENSPOOR_MAIL_FOLDER")
    return MailFolder(Path(given).resolve()) if given else None


def demonstration_folder(var: Path) -> MailFolder:
    """Where the mail of a demonstration goes: nobody's real address ever gets one."""
    return mail_folder() or MailFolder(var / "uitgaande-mail")


def performers(
    clock: Clock, folder: MailFolder | None, address: str | None = None
) -> Mapping[str, Performer]:
    """Who does which outward work on this server. Without a way out for mail: nobody.

    ``address`` is where people reach the screens, if ``KETENSPOOR_PUBLIC_URL`` does not say.

    Raises:
        MailSettingsWrong: what was set is not complete.
    """
    transport: Transport | None = folder or _server()
    if transport is None:
        return {}
    return {
        NOTIFY: MailedNotices(
            transport,
            _asked("KETENSPOOR_MAIL_FROM", "ketenspoor@localhost" if folder else None),
            _asked("KETENSPOOR_PUBLIC_URL", address).rstrip("/") + TASKS,
            clock,
        )
    }


@contextmanager
def sending(engine: Engine, clock: Clock, performers: Mapping[str, Performer]) -> Iterator[None]:
    """The worker of the queue, at work until the end; what is being sent is finished."""
    desk = OutwardDesk(engine, clock, lambda session: sweep_runtime(session, clock), performers)
    mailed = performers.get(NOTIFY)
    send = mailed.mail_about_packages if isinstance(mailed, MailedNotices) else None
    errands = {TELL: ApprovalDesk(engine, clock, send).carry_out}
    worker = OutwardWorker(engine, desk, errands=errands)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _server() -> SmtpServer | None:
    given = os.environ.get("KETENSPOOR_SMTP_URL")
    if not given:
        return None
    try:
        parts = urlsplit(given)
        security, usual_port = SECURITY[parts.scheme]
        host, port = parts.hostname, parts.port or usual_port
    except (ValueError, KeyError):
        host = None
    if not host:
        raise MailSettingsWrong(
            "KETENSPOOR_SMTP_URL is geen bruikbaar adres van een mailserver.",
            "Gebruik smtps://gebruiker:wachtwoord@host:465, smtp://gebruiker:wachtwoord@host:587 "
            "(STARTTLS) of, op dezelfde machine, smtp+plain://localhost:25.",
        )
    return SmtpServer(
        host,
        port,
        security,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def _asked(name: str, otherwise: str | None) -> str:
    given = os.environ.get(name) or otherwise
    if not given:
        raise MailSettingsWrong(
            f"Voor het versturen van mail ontbreekt {name}.",
            "Zie de naslag voor ontwikkelaars: KETENSPOOR_SMTP_URL, KETENSPOOR_MAIL_FROM en "
            "KETENSPOOR_PUBLIC_URL horen bij elkaar.",
        )
    if "\n" in given or "\r" in given:
        raise MailSettingsWrong(f"{name} bevat een regeleinde.", "Zet de waarde op één regel.")
    return given
