"""A worker that sends until it is killed; started by the tests of ``kill -9``.

    python -m tests.notifying_worker DATABASE_URL SMTP_PORT

A worker counts as gone after two seconds here, so that nobody waits long for another to take over.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from engine.clock import SystemClock
from engine.families.composition import sweep_runtime
from engine.runtime.outward_desk import OutwardDesk
from engine.runtime.outward_worker import OutwardWorker, Pace
from engine.store.database import open_engine
from integrations.mail import MailedNotices, SmtpServer
from tests.notified import LINK


def main(url: str, port: str) -> None:
    database, clock = open_engine(url, Path("var")), SystemClock()
    server = SmtpServer("127.0.0.1", int(port), "none")
    ways = {"melding-mailen": MailedNotices(server, "ketenspoor@brug.example", LINK, clock)}
    desk = OutwardDesk(database, clock, lambda s: sweep_runtime(s, clock), ways)
    OutwardWorker(database, desk, Pace(look=0.5, alive=0.5, silent=2)).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
