"""``ketenspoor organisation`` and ``user``: who takes part, with which roles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from engine.access import register
from engine.access.models import SystemRole
from engine.access.people import ORGANISATION_KINDS
from engine.clock import SystemClock
from engine.store.database import close_engine
from engine.store.unit_of_work import in_transaction
from webui.commands.environment import open_database
from webui.commands.printing import as_json, print_json

Result = TypeVar("Result")
ROLES = click.Choice([role.value for role in SystemRole])
by_address = click.argument("email")
from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


def _do(work: Callable[[Session, datetime], Result]) -> Result:
    engine, clock = open_database(), SystemClock()
    try:
        return in_transaction(engine, lambda session: work(session, clock.now()))
    finally:
        close_engine(engine)


@click.group()
def organisation() -> None:
    """The organisations of the region."""


@organisation.command("add")
@click.argument("name")
@click.option(
    "--kind", required=True, help=f"One of {', '.join(ORGANISATION_KINDS)}, or another word."
)
@click.option("--runs", is_flag=True, help="It runs trajectories itself.")
@click.option("--chain", help="The chain that it belongs to; made when it is new.")
def add_organisation(name: str, kind: str, runs: bool, chain: str | None) -> None:
    """Add an organisation."""
    _do(
        lambda session, now: register.enter_organisation(
            session, name=name, kind=kind, runs=runs, chain=chain, at=now
        )
    )
    click.echo(f"Organisatie '{name}' staat erin.")


@organisation.command("approval")
@click.argument("name")
@click.option("--off", is_flag=True, help="Process owners publish by themselves again.")
def second_eyes(name: str, off: bool) -> None:
    """Let a second process owner approve before those of an organisation publish."""
    _do(lambda session, now: register.want_second_eyes(session, name, not off, at=now))
    click.echo(
        f"Proceseigenaren van '{name}' publiceren weer zelf."
        if off
        else f"Wat '{name}' publiceert, keurt een tweede proceseigenaar eerst goed."
    )


@organisation.command("list")
@as_json
def list_organisations(json_output: bool) -> None:
    """Show the organisations, with their chains."""
    found = _do(register.organisations)
    if json_output:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        runs = ", voert trajecten uit" if one.runs else ""
        chains = f"; keten {', '.join(one.chains)}" if one.chains else ""
        eyes = "; tweede paar ogen" if one.second_eyes else ""
        click.echo(f"{one.name} ({one.kind}{runs}){chains}{eyes}")
    if not found:
        click.echo("Er zijn nog geen organisaties. Begin met 'ketenspoor organisation add'.")


@click.group()
def user() -> None:
    """The people with an account."""


@user.command("add")
@by_address
@click.option("--name", required=True)
@click.option("--organisation", required=True, help="The name of the person's organisation.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="May be given more than once.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--no-password", is_flag=True, help="The person cannot log in until one is set.")
@from_stdin
def add_user(
    email: str,
    name: str,
    organisation: str,
    roles: tuple[str, ...],
    language: str,
    no_password: bool,
    password_stdin: bool,
) -> None:
    """Add a person. Asks for a password, unless told otherwise."""
    password = None if no_password else _password(from_input=password_stdin)
    _do(
        lambda session, now: register.enter_person(
            session, email=email, name=name, organisation=organisation, roles=roles,
            language=language, password=password, at=now,
        )
    )  # fmt: skip
    click.echo(f"{email.strip().lower()} staat erin.")


@user.command("password")
@by_address
@from_stdin
def password_of(email: str, password_stdin: bool) -> None:
    """Give a person another password."""
    given = _password(from_input=password_stdin)
    _do(lambda session, now: register.change_password(session, email, given, at=now))
    click.echo("Het wachtwoord is veranderd.")


@user.command("role")
@by_address
@click.argument("role", type=ROLES)
@click.option("--organisation", help="In another organisation than the person's own.")
@click.option("--end", is_flag=True, help="The person holds the role no longer.")
def role_of(email: str, role: str, organisation: str | None, end: bool) -> None:
    """Give a person a role, or end it."""
    change = register.take_role if end else register.give_role
    _do(lambda session, now: change(session, email, role, organisation, at=now))
    click.echo("De rol is beëindigd." if end else "De rol is gegeven.")


@user.command("close")
@by_address
def close(email: str) -> None:
    """Close an account: the person is logged out and cannot log in."""
    _do(lambda session, now: register.set_active(session, email, active=False, at=now))
    click.echo("Het account is gesloten.")


@user.command("reopen")
@by_address
def reopen(email: str) -> None:
    """Open a closed account again."""
    _do(lambda session, now: register.set_active(session, email, active=True, at=now))
    click.echo("Het account is weer open.")


@user.command("list")
@as_json
def list_users(json_output: bool) -> None:
    """Show the people, with their roles."""
    found = _do(register.people)
    if json_output:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        roles = ", ".join(
            role if where == one.organisation else f"{role} ({where})" for role, where in one.roles
        )
        closed = "" if one.active else ", gesloten"
        click.echo(f"{one.email}  {one.name}, {one.organisation}: {roles or 'geen rol'}{closed}")
    if not found:
        click.echo("Er zijn nog geen gebruikers. Begin met 'ketenspoor user add'.")


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Wachtwoord", hide_input=True, confirmation_prompt="Nog eens")
    return typed
