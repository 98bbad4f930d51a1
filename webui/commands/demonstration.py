"""``ketenspoor demo``: the whole product with invented families."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click
from sqlalchemy import text

from engine.clock import SystemClock
from engine.simulation.demonstration import Demonstration, Progress
from engine.store.database import close_engine
from webui.commands.environment import open_database, var_folder
from webui.commands.outward import demonstration_folder, performers
from webui.commands.server import (
    host_option,
    opened,
    port_option,
    run_web,
    settling,
    until_told_to_stop,
    working,
)

PROCESSES = Path(__file__).resolve().parents[2] / "processes"


@click.command()
@host_option
@port_option
@click.option(
    "--reset", is_flag=True, help="Throw the embedded database's content away and start over."
)
@click.option("--fill-only", is_flag=True, help="Fill the demonstration and stop.")
def demo(host: str, port: int, reset: bool, fill_only: bool) -> None:
    """Fill a demonstration region (once) and open it."""
    if reset:
        _throw_away()
    began = time.monotonic()
    with until_told_to_stop(), opened() as engine:
        demonstration = Demonstration(engine, SystemClock().now(), PROCESSES)
        made = demonstration.fill(_tell)
        if made:
            spent = time.monotonic() - began
            click.echo(f"\n{made} gezinnen gespeeld tot vandaag in {spent:.0f} s.")
        if fill_only:
            return
        folder = demonstration_folder(var_folder())
        ways = performers(SystemClock(), folder, f"http://localhost:{port}")
        with settling(), working(engine, ways):
            run_web(
                engine, host, port, demonstration_password=demonstration.password, folder=folder
            )


def _tell(progress: Progress) -> None:
    click.echo(f"\rGezinnen van de demonstratie: {progress.done}/{progress.total}", nl=False)


def _throw_away() -> None:
    if os.environ.get("DATABASE_URL"):
        raise click.UsageError(
            "Met DATABASE_URL wordt niets weggegooid; maak zelf een lege database."
        )
    engine = open_database(upgraded=False)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    close_engine(engine)
