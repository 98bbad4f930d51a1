"""``ketenspoor``: the command line. Exit status 0 fine, 1 findings, 2 usage or failure."""

from __future__ import annotations

import sys

import click

from engine.errors import KetenspoorError
from webui.commands import backup, demonstration, doctor, models, packages, server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ketenspoor")
def cli() -> None:
    """Trajectories of families in trouble through a chain of care: drawn, run, watched."""


cli.add_command(demonstration.demo)
cli.add_command(server.serve)
cli.add_command(server.web)
cli.add_command(server.worker)
cli.add_command(server.db)
cli.add_command(doctor.doctor)
cli.add_command(backup.backup)
cli.add_command(backup.restore)
cli.add_command(packages.package)
cli.add_command(models.model)


def main() -> None:
    """Run a command; what a user can cause ends in a message, never in a traceback."""
    try:
        cli()
    except KetenspoorError as error:
        click.echo(f"{error.message} {error.remedy}".strip() + f" [{error.code}]", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
