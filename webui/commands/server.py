"""``ketenspoor serve``, ``web``, ``worker`` and ``db``: running the product."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import click
import structlog
import waitress
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from engine.clock import SystemClock
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.runtime.sweep import Sweep
from webui.app import create_app
from webui.commands.environment import open_database, secret_key
from webui.services import Services, WebConfig

log = structlog.get_logger("ketenspoor")

port_option = click.option("--port", default=8000, show_default=True, help="Port to listen on.")
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
DEFAULT_SWEEP_SECONDS = 5


@click.command()
@host_option
@port_option
def serve(host: str, port: int) -> None:
    """Run the screens and the timer sweep in one process."""
    engine = open_database()
    scheduler = start_sweep(engine)
    try:
        run_web(engine, host, port)
    finally:
        scheduler.shutdown(wait=True)


@click.command()
@host_option
@port_option
def web(host: str, port: int) -> None:
    """Run the screens only; any number of these may run."""
    run_web(open_database(), host, port)


@click.command()
def worker() -> None:
    """Run the timer sweep only; any number of these may run."""
    scheduler = start_sweep(open_database())
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    scheduler.shutdown(wait=True)


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version."""
    open_database()
    click.echo("De tabellen zijn bij.")


def start_sweep(engine: Engine) -> BackgroundScheduler:
    """Start the one job that fires due timers; a late or long round is never doubled."""
    clock = SystemClock()
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    seconds = float(os.environ.get("KETENSPOOR_SWEEP_SECONDS", DEFAULT_SWEEP_SECONDS))
    scheduler = BackgroundScheduler(timezone="UTC")
    once: dict[str, Any] = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(_guarded(sweep.run_once), "interval", seconds=seconds, **once)
    scheduler.add_job(_guarded(sweep.tidy), "interval", hours=1, **once)
    scheduler.start()
    return scheduler


def _guarded(work: Any) -> Any:
    """A round that fails as a whole (a lost database) is logged; the next one tries again."""

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a scheduler must outlive every round
            log.error("sweep-failed", error=type(error).__name__)

    return run


def run_web(
    engine: Engine, host: str, port: int, *, demonstration_password: str | None = None
) -> None:
    """Serve the screens until the process is told to stop."""
    clock = SystemClock()
    app = create_app(
        Services(database=engine, clock=clock, casework=Casework(engine, clock)),
        WebConfig(
            secret_key=secret_key(),
            https=os.environ.get("KETENSPOOR_HTTPS") == "1",
            demonstration_password=demonstration_password,
        ),
    )
    click.echo(f"Ketenspoor staat klaar op http://localhost:{port}")
    waitress.serve(app, host=host, port=port, threads=8, ident="ketenspoor", _quiet=True)
