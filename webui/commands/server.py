"""``ketenspoor serve``, ``web``, ``worker`` and ``db``: running the product."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from engine.clock import SystemClock
from engine.errors import KetenspoorError
from engine.families.composition import sweep_runtime
from engine.families.mending.incidents import Mending
from engine.families.mending.undoing import tidy_mends
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.lasting_memory import gather, settle
from engine.runtime.outward import Performer
from engine.runtime.sweep import Sweep
from engine.runtime.waking import Alarm, SweepThread
from engine.store.database import close_engine
from integrations.mail import MailFolder
from webui.commands.environment import open_database, proxy_options, secret_key
from webui.commands.outward import mail_folder, performers, sending

log = structlog.get_logger("ketenspoor")


class PortTaken(KetenspoorError):
    """Nothing can listen at the address that was asked for."""

    code = "port-taken"


port_option = click.option("--port", default=8000, show_default=True, help="Port to listen on.")
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
DEFAULT_SWEEP_SECONDS = 5
LOOK_FOR_MOVES_SECONDS = 1.0
"""How often an idle worker looks whether trajectories are to be moved."""
TIDY_MOVES_SECONDS = 3600.0
SETTLED_AFTER_SECONDS = 20.0
"""When a process that has just begun has read what it will need."""
GATHERED_AGAIN_SECONDS = 600.0
"""How often memory that came since is gathered."""
TRY_AGAIN_SECONDS = 10
"""How often a worker looks for connectors that stopped and may work by now."""


@click.command()
@host_option
@port_option
def serve(host: str, port: int) -> None:
    """Run the screens and the work of a worker in one process."""
    folder = mail_folder()
    ways = performers(SystemClock(), folder)
    with until_told_to_stop(), opened() as engine, settling(), working(engine, ways):
        run_web(engine, host, port, mails=bool(ways), folder=folder)


@click.command()
@host_option
@port_option
def web(host: str, port: int) -> None:
    """Run the screens only; any number of these may run."""
    folder = mail_folder()
    ways = performers(SystemClock(), folder)
    with until_told_to_stop(), opened() as engine, settling():
        run_web(engine, host, port, mails=bool(ways), folder=folder)


@click.command()
def worker() -> None:
    """Let timers go off and send what goes out; any number of these may run."""
    ways = performers(SystemClock(), mail_folder())
    with until_told_to_stop(), opened() as engine, settling(), working(engine, ways):
        click.echo("Ketenspoor laat timers afgaan en verstuurt wat uitgaat.")
        threading.Event().wait()


@contextmanager
def until_told_to_stop() -> Iterator[None]:
    """Let SIGTERM end what is inside as Ctrl-C does: in order, with exit status 0.

    A second one while that goes on changes nothing; who is in a hurry uses ``kill -9``, after
    which the next start finds everything that was committed.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def opened() -> Iterator[Engine]:
    """The database, left in order at the end: the last one to leave stops the embedded server."""
    engine = open_database()
    try:
        yield engine
    finally:
        close_engine(engine)


@contextmanager
def working(engine: Engine, ways: Mapping[str, Performer]) -> Iterator[None]:
    """What a worker does, until the end: the sweep, ``ways`` of outward work, and moves."""
    with sweeping(engine), sending(engine, SystemClock(), ways), moving(engine):
        yield


@contextmanager
def moving(engine: Engine) -> Iterator[None]:
    """Trajectories that go to another version, until the end; one that has begun is finished."""
    desk = MoveDesk(engine, SystemClock())

    def work(stopped: threading.Event) -> None:
        tidied = 0.0
        while not stopped.is_set():
            try:
                busy = desk.work_on()
                if not busy and time.monotonic() - tidied > TIDY_MOVES_SECONDS:
                    desk.tidy()
                    tidy_mends(engine, SystemClock().now())
                    tidied = time.monotonic()
            except Exception as error:  # noqa: BLE001 - a worker outlives what it works on
                log.error("moving-failed", error=type(error).__name__)
                busy = False
            if not busy:
                stopped.wait(LOOK_FOR_MOVES_SECONDS)

    with _beside("moving", work):
        yield


@contextmanager
def settling(after: float = SETTLED_AFTER_SECONDS) -> Iterator[None]:
    """Settle the memory of this process; later gather what came since, until the end."""

    def work(stopped: threading.Event) -> None:
        if not stopped.wait(after):
            settle()
        while not stopped.wait(GATHERED_AGAIN_SECONDS):
            gather()

    with _beside("lasting-memory", work):
        yield


@contextmanager
def _beside(name: str, work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Work in a thread of its own; at the end it is told to stop, and waited for."""
    stopped = threading.Event()
    thread = threading.Thread(target=work, args=(stopped,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def sweeping(engine: Engine) -> Iterator[None]:
    """The sweep, at work until the end; a round that has begun is finished."""
    clock = SystemClock()
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    seconds = float(os.environ.get("KETENSPOOR_SWEEP_SECONDS", DEFAULT_SWEEP_SECONDS))
    rounds = SweepThread(_guarded(sweep.run_once), Alarm(engine, clock, seconds))
    tidying = BackgroundScheduler(timezone="UTC")
    tidying.add_job(_guarded(sweep.tidy), "interval", hours=1, misfire_grace_time=None)
    again = _guarded(Mending(engine, clock).retry_due)
    tidying.add_job(again, "interval", seconds=TRY_AGAIN_SECONDS, misfire_grace_time=None)
    rounds.start()
    tidying.start()
    try:
        yield
    finally:
        rounds.stop()
        tidying.shutdown(wait=True)


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version."""
    with opened():
        click.echo("De tabellen zijn bij.")


def _guarded(work: Any) -> Any:
    """A round that fails as a whole (a lost database) is logged; the next one tries again."""

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a scheduler must outlive every round
            log.error("sweep-failed", error=type(error).__name__)

    return run


def run_web(
    engine: Engine,
    host: str,
    port: int,
    *,
    demonstration_password: str | None = None,
    mails: bool = True,
    folder: MailFolder | None = None,
) -> None:
    """Serve the screens until the process is told to stop. A worker never loads what this needs."""
    from waitress.server import create_server

    from engine.families.casework import Casework
    from webui.app import create_app
    from webui.services import Services, WebConfig

    clock = SystemClock()
    app = create_app(
        Services(database=engine, clock=clock, casework=Casework(engine, clock)),
        WebConfig(
            secret_key=secret_key(),
            https=os.environ.get("KETENSPOOR_HTTPS") == "1",
            demonstration_password=demonstration_password,
            mails=mails,
            mail_folder=folder,
        ),
    )
    try:
        server = create_server(
            app, host=host, port=port, threads=8, ident="ketenspoor", **proxy_options()
        )
    except OSError as error:
        raise PortTaken(
            f"Op {host}:{port} kan niet geluisterd worden ({error.strerror}).",
            "Stop wat daar luistert, of kies een andere poort met --port.",
        ) from None
    click.echo(f"Ketenspoor staat klaar op http://localhost:{port}")
    try:
        server.run()
    finally:
        server.close()
