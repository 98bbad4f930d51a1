"""``ketenspoor incident``: what stands still, and trying it again."""

from __future__ import annotations

import sys
from collections import Counter
from uuid import UUID

import click
from sqlalchemy.orm import Session

from engine.clock import BUSINESS_ZONE, SystemClock
from engine.families.mending.incidents import Ended, Mending, Retried
from engine.runtime.incident_list import Choice, OpenIncident, open_incidents
from engine.store.database import close_engine
from webui.commands.environment import open_database
from webui.commands.printing import as_json, print_json

by_code = click.option("--code", help="Only incidents with this cause.")
by_element = click.option("--element", help="Only incidents at the element with this id.")
by_package = click.option("--package", "package_key", help="Only incidents of this package.")

WORDS = {
    Ended.WENT_ON: "gaat verder",
    Ended.STOPPED_AGAIN: "STAAT WEER STIL",
    Ended.GONE: "was al opgelost",
    Ended.FAILED: "MISLUKT",
}


@click.group()
def incident() -> None:
    """Places where something stands still."""


@incident.command(name="list")
@by_code
@by_element
@by_package
@as_json
def list_(
    code: str | None, element: str | None, package_key: str | None, json_output: bool
) -> None:
    """List open incidents, those that stand still longest first; exit status 0.

    Ids, causes and instants only; nothing of families.
    """
    engine = open_database()
    try:
        with Session(engine) as session:
            found = open_incidents(session, Choice(code, element, package_key))
    finally:
        close_engine(engine)
    if json_output:
        print_json({"incidents": [one.as_dict() for one in found]})
        return
    for one in found:
        _print_open(one)
    click.echo(f"{len(found)} incident(en)." if found else "Geen incidenten.")


@incident.command()
@click.argument("incident_ids", nargs=-1, type=click.UUID, metavar="[ID]…")
@by_code
@by_element
@by_package
@click.option("--all", "every", is_flag=True, help="All open incidents.")
@as_json
def retry(
    incident_ids: tuple[UUID, ...],
    code: str | None,
    element: str | None,
    package_key: str | None,
    every: bool,
    json_output: bool,
) -> None:
    """Try incidents again: by id, or by cause, element or package, or all.

    Each in a transaction of its own. Exit status 1 when one of them still stands still.
    """
    choice = Choice(code, element, package_key)
    ways = [bool(incident_ids), choice != Choice(), every]
    if sum(ways) != 1:
        raise click.UsageError(
            "Noem nummers, of kies met --code, --element of --package, of --all."
        )
    engine = open_database()
    try:
        wanted = list(incident_ids)
        if not wanted:
            with Session(engine) as session:
                wanted = [one.id for one in open_incidents(session, choice)]
        done = Mending(engine, SystemClock()).retry(None, wanted)
    finally:
        close_engine(engine)
    counts = Counter(str(one.ended) for one in done)
    if json_output:
        print_json({"counts": dict(counts), "incidents": [one.as_dict() for one in done]})
    else:
        for result in done:
            _print_retried(result)
        click.echo(f"{counts[Ended.WENT_ON]} van {len(done)} gaan verder.")
    sys.exit(1 if counts[Ended.STOPPED_AGAIN] or counts[Ended.FAILED] else 0)


def _print_open(one: OpenIncident) -> None:
    since = one.since.astimezone(BUSINESS_ZONE)
    click.echo(f"{one.id}  {one.process_id}/{one.element_id}  {one.element_name}")
    click.echo(f"    {one.message} [{one.code}]")
    if one.remedy:
        click.echo(f"    → {one.remedy}")
    again = ""
    if one.next_try_at is not None:
        again = f", vanzelf weer op {one.next_try_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}"
    click.echo(f"    sinds {since:%Y-%m-%d %H:%M}, {one.attempts} keer vastgelopen{again}")


def _print_retried(one: Retried) -> None:
    place = f"  {one.element_id}" if one.element_id else ""
    click.echo(f"{one.incident_id}{place}: {WORDS[one.ended]}")
    if one.code is not None and one.ended is not Ended.GONE:
        click.echo(f"    {one.message} [{one.code}]")
