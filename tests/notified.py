"""A method that mails, its family and its people, and a real mail server that behaves as told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.clock import SystemClock
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.families.file.port import TrajectoryRef
from engine.families.mending.incidents import Mending
from engine.runtime.models import Incident
from engine.runtime.outward import ATTEMPTS, FIRST_WAIT, Performer
from engine.runtime.outward_desk import OutwardDesk
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from engine.runtime.outward_worker import OutwardWorker, Pace
from engine.store.settings import set_number
from engine.store.unit_of_work import UnitOfWork
from integrations.mail import MailedNotices, SmtpServer, Transport
from tests.practice import Practice
from tests.practice_diagrams import (
    END,
    ENTRY,
    ROOTS,
    boundary,
    diagram,
    event,
    message,
    task,
    timer,
)
from tests.region import START, Region, region
from tests.rows import rows_of
from tests.unit.definitions.diagrams import MANIFEST, definitions, extended, form, package

FAMILY = "Familie Geheim-Ahmadi"
LINK = "https://ketenspoor.example/taken"


def notice(element_id: str = "meld", aan: str = "vertrouwenspersoon", **headers: str) -> str:
    """A service task that mails."""
    texts = "".join(
        f'<zeebe:header key="{key.replace("_", "-")}" value="{value}" />'
        for key, value in headers.items()
    )
    return (
        f'<bpmn:serviceTask id="{element_id}" name="Mail de werker">'
        + extended(
            '<zeebe:taskDefinition type="melding-mailen" />',
            f'<zeebe:ioMapping><zeebe:input source="=&quot;{aan}&quot;" target="aan" />'
            '<zeebe:output source="=aantal" target="gemaild" /></zeebe:ioMapping>',
            f"<zeebe:taskHeaders>{texts}</zeebe:taskHeaders>" if texts else "",
        )
        + "</bpmn:serviceTask>"
    )


def mailing_package(service: str | None = None) -> Package:
    """A method: referral, task, mail (given up after a week), task, end."""
    drawn = diagram(
        "traject",
        event("startEvent", "begin", message("M_aanmelding")),
        task("kennismaken", None),
        service or notice(onderwerp="Nieuw gezin", tekst="Er is een gezin voor u."),
        boundary("te-lang", "meld", timer("P7D")),
        task("verder", None),
        task("bellen", None),
        END,
        flows="begin>kennismaken kennismaken>meld meld>verder verder>einde"
        " te-lang>bellen bellen>einde",
    )
    field_ = {
        "type": "textfield",
        "id": "naam",
        "key": "naam",
        "label": "Naam",
        "properties": {"dossier": "gezin.naam"},
    }
    manifest = MANIFEST.replace('hoofdproces = "P"', 'hoofdproces = "traject"') + ENTRY
    files = {
        "a.bpmn": definitions(ROOTS + drawn),
        "formulieren/aanmelding.form": form("aanmelding", field_),
    }
    return package(files, manifest)


# -- the mail server -----------------------------------------------------------------------------


@dataclass
class Mailbox:
    """Takes mail in over SMTP. ``answers`` are given to the next mails, then all are taken.

    An answer is a line such as ``451 later``, ``"drop"`` (the connection is closed without a
    word, after the mail was taken), or ``"hold"`` (nothing is said until ``release``).
    """

    received: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)
    holding: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session, envelope):  # noqa: N802
        import asyncio

        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer[0] in "45":
            return answer
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        if answer == "hold":
            self.holding.set()
            await asyncio.to_thread(self.released.wait, 30)
        return "250 OK"

    def ids(self) -> list[str]:
        """The Message-IDs, in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.received]

    def transport(self, **more: Any) -> SmtpServer:
        """The way to this server."""
        return SmtpServer("127.0.0.1", self.port, "none", **more)


@contextmanager
def mail_server(**more: Any) -> Iterator[Mailbox]:
    """A mail server of the test's own."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        box.released.set()
        controller.stop()


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


# -- the office ----------------------------------------------------------------------------------


@dataclass
class Office:
    """A family of De Brug, whose trusted worker is Wilma, and the people who work there."""

    database: Engine
    practice: Practice
    people: Region
    casework: Casework
    ref: TrajectoryRef

    def ask_for_mail(self) -> None:
        """Come to the service task that mails."""
        (task_id,) = self.practice.open_tasks("kennismaken")
        self.casework.complete_task(self.people.actor("wilma"), task_id, {})

    def desk(self, transport: Transport | None) -> OutwardDesk:
        """Who carries out, with this way out for mail."""
        clock = self.practice.clock
        ways: dict[str, Performer] = {}
        if transport is not None:
            ways["melding-mailen"] = MailedNotices(
                transport, "ketenspoor@brug.example", LINK, clock
            )
        return OutwardDesk(self.database, clock, lambda s: sweep_runtime(s, clock), ways)

    def worker(self, transport: Transport | None, **pace: float) -> OutwardWorker:
        return OutwardWorker(self.database, self.desk(transport), Pace(**pace))

    def work(self, transport: Transport | None) -> None:
        """Let a worker do everything that is due now, also what becomes due by that at once."""
        worker = self.worker(transport)
        worker.drain()
        while self._something_is_due():
            worker.drain()

    def _something_is_due(self) -> bool:
        due = text(
            "SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' "
            "AND (scheduled_at IS NULL OR scheduled_at <= now())"
        )
        with Session(self.database) as session:
            return session.scalar(due) is not None

    def waiting(self) -> list[OutwardWork]:
        return self.practice.rows(OutwardWork)

    def sent(self) -> list[OutwardMessage]:
        return self.practice.rows(OutwardMessage)

    def incidents(self) -> list[Incident]:
        """The open ones."""
        with Session(self.database) as session:
            return list(session.scalars(rows_of(Incident).where(Incident.resolved_at.is_(None))))

    def retry(self) -> None:
        """Let an administrator try the one open incident again."""
        (incident,) = self.incidents()
        mending = Mending(self.database, self.practice.clock)
        mending.retry(self.people.actor("adam"), [incident.id])

    def at_once(self, attempts: int = 8) -> None:
        """Let failed attempts be repeated without waiting."""
        with UnitOfWork(self.database) as session:
            for wanted, value in ((FIRST_WAIT, 0), (ATTEMPTS, attempts)):
                set_number(session, wanted, value, since=START, source="test")

    def involve(self, name: str, *, beside: bool = True) -> UUID:
        """Involve somebody as trusted worker."""
        now = self.practice.clock.now()
        self.people.file().involve(
            self.ref.trajectory_id, "vertrouwenspersoon", self.people.users[name],
            beside=beside, at=now,
        )  # fmt: skip
        self.people.session.commit()
        return self.people.users[name]


@contextmanager
def office(database: Engine, method: Package | None = None) -> Iterator[Office]:
    """The family at work with the method; the clock is the machine's, as the queue's is."""
    practice = Practice(database)
    practice.clock = SystemClock()  # type: ignore[assignment]
    with UnitOfWork(database) as session:
        practice.version = publish(session, method or mailing_package(), at=START).version
    with Session(database, expire_on_commit=False) as session:
        people = region(session)
        people.clock = practice.clock
        session.commit()
        casework = Casework(database, practice.clock)
        ref = casework.refer(people.actor("paula"), "proef", "aanmelding", {"naam": FAMILY})
        made = Office(database, practice, people, casework, ref)
        made.involve("wilma", beside=False)
        yield made


PATIENCE = 120.0
"""Seconds; what is right comes at once, and a busy machine is no fault of it."""


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look until it is true; fails when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
