"""The developers' reference names every command, option and variable, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from webui.cli import cli

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = (ROOT / "docs" / "developers" / "reference.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\b(?:DATABASE_URL|KETENSPOOR_[A-Z_]+[A-Z])\b")


def commands(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


COMMANDS = dict(commands(cli, ("ketenspoor",)))


def test_every_command_is_described() -> None:
    assert [name for name in COMMANDS if f"`{name}" not in REFERENCE] == []


def test_no_other_command_is_described() -> None:
    described = re.findall(r"^\| `ketenspoor ([a-z ]+[a-z])", REFERENCE, re.MULTILINE)
    known = {name.removeprefix("ketenspoor ") for name in COMMANDS}
    assert [name for name in described if name not in known] == []


def test_every_option_is_described() -> None:
    missing = [
        f"{name} {option}"
        for name, command in COMMANDS.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--") and option not in REFERENCE
    ]
    assert missing == []


def test_the_variables_of_the_environment_are_those_of_the_code() -> None:
    sources = [found for room in ("webui", "tests") for found in (ROOT / room).rglob("*.py")]
    read = {
        name for source in sources for name in VARIABLE.findall(source.read_text(encoding="utf-8"))
    }
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", REFERENCE, re.MULTILINE))
    assert read <= described
    assert {name for name in described if name.startswith("KETENSPOOR_")} <= read
