"""``ketenspoor backup`` and ``restore``: the whole database in one file, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from engine.clock import SystemClock
from engine.families.soundness import examine_database
from engine.store.backup import make_backup
from engine.store.database import close_engine
from engine.store.errors import RestoreRefused
from engine.store.restore import database_name, restore_backup
from webui.commands.environment import open_database
from webui.commands.printing import as_json, print_json

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@file_argument
@as_json
def backup(file: Path, json_output: bool) -> None:
    """Write the whole database as it is now to FILE. Work may go on meanwhile.

    The file holds family data, not encrypted; only its owner can read it. It must not exist yet.
    """
    engine = open_database(upgraded=False)
    try:
        made = make_backup(engine, file, SystemClock().now())
    finally:
        close_engine(engine)
    size = file.stat().st_size
    if json_output:
        print_json(
            {
                "file": file,
                "bytes": size,
                "created_at": made.created_at,
                "product": made.product,
                "schema": made.schema,
                "rows": made.rows,
                "tables": {table.name: table.rows for table in made.tables},
            }
        )
        return
    click.echo(
        f"Reservekopie gemaakt: {file} ({size / 1e6:.1f} MB, {len(made.tables)} tabellen, "
        f"{made.rows} rijen, schema {made.schema})."
    )


@click.command()
@file_argument
@click.option("--force", is_flag=True, help="Empty the database first; asks for --confirm.")
@click.option("--confirm", metavar="NAME", help="The name of the database that --force empties.")
@as_json
def restore(file: Path, force: bool, confirm: str | None, json_output: bool) -> None:
    """Put the backup FILE into an empty database. Stop the other processes first.

    All of it is put back and compared, or nothing is changed. Older backups are brought up to date.
    The doctor looks at it last; exit status 1 when what was kept was not sound.
    """
    engine = open_database(upgraded=False)
    try:
        name = database_name(engine)
        if force and confirm != name:
            raise RestoreRefused(
                f"--force gooit alles weg wat nu in database {name!r} staat.",
                f"Geef ter bevestiging ook --confirm {name}.",
            )
        restored = restore_backup(engine, file, replace=force)
        with Session(engine) as session:
            ailments = [found.as_dict() for found in examine_database(session, SystemClock())]
    finally:
        close_engine(engine)
    manifest = restored.manifest
    if json_output:
        print_json(
            {
                "file": file,
                "created_at": manifest.created_at,
                "rows": manifest.rows,
                "tables": {table.name: table.rows for table in manifest.tables},
                "schema": restored.schema,
                "upgraded": restored.upgraded,
                "healthy": not ailments,
                "findings": ailments,
            }
        )
    else:
        click.echo(
            f"Teruggezet: de reservekopie van {manifest.created_at} "
            f"({len(manifest.tables)} tabellen, {manifest.rows} rijen, alle gelijk bevonden)."
        )
        if restored.upgraded:
            click.echo(f"De tabellen zijn bijgewerkt van {manifest.schema} naar {restored.schema}.")
        click.echo(
            f"De dokter vond {len(ailments)} bevinding(en); zie ketenspoor doctor."
            if ailments
            else "De dokter vond geen fouten."
        )
    sys.exit(1 if ailments else 0)
