"""``ketenspoor doctor``: is everything in the database as it must be?"""

from __future__ import annotations

import sys

import click

from engine.clock import SystemClock
from engine.families.kept_facts import rebuild_kept
from engine.families.soundness import examine_database
from engine.runtime.doctor import rebuild as rebuild_projections
from engine.store.database import close_engine
from engine.store.unit_of_work import in_transaction, snapshot
from webui.commands.environment import open_database
from webui.commands.printing import as_json, print_json


@click.command()
@click.option(
    "--rebuild",
    is_flag=True,
    help="Make tasks, timers and subscriptions again from the states, and what lists go by.",
)
@as_json
def doctor(rebuild: bool, json_output: bool) -> None:
    """Check the whole database; exit status 1 when something is wrong.

    Findings name processes and elements by their ids and hold nothing of families.
    """
    engine, clock = open_database(), SystemClock()
    try:
        rebuilt = 0
        if rebuild:
            rebuilt = in_transaction(
                engine, lambda one: rebuild_projections(one, clock) + rebuild_kept(one)
            )
        with snapshot(engine) as session:
            found = [ailment.as_dict() for ailment in examine_database(session, clock)]
    finally:
        close_engine(engine)
    if json_output:
        print_json({"healthy": not found, "rebuilt": rebuilt, "findings": found})
    else:
        for ailment in found:
            click.echo(f"{ailment['rule']} ({ailment['place']}): {ailment['message']}")
            click.echo(f"    proces {ailment['instance_id'] or '-'}")
        if rebuild:
            click.echo(f"{rebuilt} keer iets opnieuw in beeld gebracht.")
        click.echo(f"{len(found)} bevinding(en)." if found else "Alles klopt.")
    sys.exit(1 if found else 0)
