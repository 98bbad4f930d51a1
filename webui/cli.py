"""``ketenspoor``: the command line. Exit status 0 fine, 1 findings, 2 usage or failure."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from engine.errors import KetenspoorError

_HOMES: Final = {
    "demo": "demonstration",
    "serve": "server",
    "web": "server",
    "worker": "server",
    "db": "server",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "package": "packages",
    "model": "models",
    "incident": "incidents",
    "trajectory": "trajectories",
    "organisation": "people",
    "user": "people",
}
"""By command the module of ``webui.commands`` that has it."""


class _Commands(click.Group):
    """Loads a command with what it needs only when it is used, so that a check starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOMES:
            return None
        command = getattr(import_module(f"webui.commands.{_HOMES[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)  # named in _HOMES
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ketenspoor")
def cli() -> None:
    """Trajectories of families in trouble through a chain of care: drawn, run, watched."""


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
