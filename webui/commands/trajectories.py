"""``ketenspoor trajectory``: moving what runs to another version of its package."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping

import click

from engine.clock import SystemClock
from engine.execution.migration import Plan
from engine.families.moves.trajectory_moves import Moved, Outcome
from engine.families.moves.version_moves import VersionMove
from engine.store.database import close_engine
from webui.commands.environment import open_database
from webui.commands.printing import as_json, print_json

FINE = frozenset({Moved.MOVED, Moved.CAN_MOVE, Moved.THERE_ALREADY})

WORDS = {
    Moved.MOVED: "overgezet",
    Moved.CAN_MOVE: "kan over",
    Moved.REFUSED: "KAN NIET",
    Moved.FAILED: "MISLUKT",
    Moved.THERE_ALREADY: "was er al",
    Moved.NOT_FOUND: "NIET GEVONDEN",
}


@click.group()
def trajectory() -> None:
    """What runs."""


@trajectory.command()
@click.option("--package", "package_key", required=True, help="Key of the package.")
@click.option("--to", "version", required=True, help="Number of the version, or its hash.")
@click.option("--only", multiple=True, metavar="ID", help="A trajectory; all of them unless given.")
@click.option("--dry-run", is_flag=True, help="Only say what would come of it.")
@click.option(
    "--rename", "renames", multiple=True, metavar="OLD=NEW", help="An element with another id."
)
@click.option(
    "--process", "processes", multiple=True, metavar="OLD=NEW", help="A process with another id."
)
@click.option("--restart", multiple=True, metavar="TIMER", help="A timer that begins anew.")
@as_json
def migrate(
    package_key: str,
    version: str,
    only: tuple[str, ...],
    dry_run: bool,
    renames: tuple[str, ...],
    processes: tuple[str, ...],
    restart: tuple[str, ...],
    json_output: bool,
) -> None:
    """Move running trajectories to another version of their package.

    Each moves in a transaction of its own, whole or not at all; begun again, those that moved are
    passed over. Exit status 1 when one of them could not.
    """
    plan = Plan(_renamed(renames), frozenset(restart), _renamed(processes))
    engine, counts = open_database(), Counter[str]()
    done: list[Outcome] = []
    try:
        moves = VersionMove(engine, SystemClock(), package_key, version, plan)
        for one in moves.carry_out(only, dry_run=dry_run):
            counts[str(one.ended)] += 1
            if json_output:
                done.append(one)
            else:
                _print(one)
    finally:
        close_engine(engine)
    if json_output:
        print_json(
            {
                "package": package_key,
                "version": moves.version,
                "number": moves.number,
                "dry_run": dry_run,
                "counts": dict(counts),
                "trajectories": [one.as_dict() for one in done],
            }
        )
    else:
        _print_counts(counts, f"{package_key} versie {moves.number}")
    sys.exit(0 if counts.keys() <= {str(one) for one in FINE} else 1)


def _renamed(pairs: Iterable[str]) -> Mapping[str, str]:
    found = {}
    for pair in pairs:
        old, sign, new = pair.partition("=")
        if not (old and sign and new):
            raise click.BadParameter(f"'{pair}': schrijf oud=nieuw.", param_hint="--rename")
        found[old] = new
    return found


def _print(one: Outcome) -> None:
    click.echo(f"{one.key}: {WORDS[one.ended]}")
    for obstacle in one.obstacles:
        place = f"{obstacle['process_id']}/{obstacle['element_id']}"
        click.echo(f"    {place}: {obstacle['reason']}")
    if one.ended is Moved.FAILED:
        click.echo(f"    {one.message} [{one.code}]")


def _print_counts(counts: Mapping[str, int], target: str) -> None:
    told = [f"{number} {WORDS[Moved(ended)].lower()}" for ended, number in counts.items()]
    click.echo(f"Naar {target}: {', '.join(told) if told else 'er is niets over te zetten'}.")
