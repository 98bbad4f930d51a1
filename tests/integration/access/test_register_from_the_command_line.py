"""Organisations and people are entered from the command line, and can then log in."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.errors import LoginRefused
from engine.access.login import authenticate
from engine.access.models import AccessLogEntry
from engine.access.register import AlreadyInRegister, EntryRefused, NotInRegister
from engine.clock import SystemClock
from webui.cli import cli

PASSWORD = "een lange zin om te onthouden"
NOOR = ("user", "add", "Noor@Voorbeeld.example", "--name", "Noor Voorbeeld",
        "--organisation", "Stichting Voorbeeld", "--role", "project_leader",
        "--role", "worker", "--password-stdin")  # fmt: skip


@pytest.fixture
def run(engine_db, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", engine_db.url.render_as_string(hide_password=False))

    def command(*words: str, given: str | None = None) -> str:
        result = CliRunner().invoke(cli, words, input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    command("organisation", "add", "Stichting Voorbeeld", "--kind", "uitvoerder", "--runs",
            "--chain", "Keten Noord")  # fmt: skip
    command("organisation", "add", "Bureau Schulden", "--kind", "schuldhulp",
            "--chain", "Keten Noord")  # fmt: skip
    return command


def log_in(engine, password=PASSWORD):
    with Session(engine) as session:
        return authenticate(session, "noor@voorbeeld.example", password, SystemClock())


def test_who_was_entered_logs_in_with_the_roles_given(engine_db, run):
    run(*NOOR, given=f"{PASSWORD}\n")
    actor = log_in(engine_db)
    assert actor.organisation == "Stichting Voorbeeld"
    assert {role for role, _ in actor.roles} == {"project_leader", "worker"}


def test_lists_show_who_takes_part(run):
    run(*NOOR, given=f"{PASSWORD}\n")
    run("user", "role", "noor@voorbeeld.example", "coordinator", "--organisation",
        "Bureau Schulden")  # fmt: skip
    [noor] = json.loads(run("user", "list", "--json"))
    assert noor["roles"] == [
        ["coordinator", "Bureau Schulden"],
        ["project_leader", "Stichting Voorbeeld"],
        ["worker", "Stichting Voorbeeld"],
    ]
    assert "coordinator (Bureau Schulden)" in run("user", "list")
    assert "Bureau Schulden (schuldhulp); keten Keten Noord" in run("organisation", "list")


def test_a_role_that_ended_is_held_no_longer(engine_db, run):
    run(*NOOR, given=f"{PASSWORD}\n")
    run("user", "role", "noor@voorbeeld.example", "worker", "--end")
    assert {role for role, _ in log_in(engine_db).roles} == {"project_leader"}


def test_a_closed_account_is_open_to_nobody_until_it_is_opened_again(engine_db, run):
    run(*NOOR, given=f"{PASSWORD}\n")
    run("user", "close", "noor@voorbeeld.example")
    with pytest.raises(LoginRefused):
        log_in(engine_db)
    run("user", "reopen", "noor@voorbeeld.example")
    assert log_in(engine_db).name == "Noor Voorbeeld"


def test_a_new_password_replaces_the_old_one(engine_db, run):
    run(*NOOR, given=f"{PASSWORD}\n")
    run("user", "password", "noor@voorbeeld.example", "--password-stdin", given="een andere zin!\n")
    assert log_in(engine_db, "een andere zin!").name == "Noor Voorbeeld"
    with pytest.raises(LoginRefused):
        log_in(engine_db)


def test_changes_of_who_takes_part_stand_in_the_access_log(engine_db, run):
    run(*NOOR, given=f"{PASSWORD}\n")
    run("user", "close", "noor@voorbeeld.example")
    with Session(engine_db) as session:
        lines = session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.id)).all()
    assert [line.action for line in lines] == [
        "organisation.add", "organisation.add", "user.add", "user.close",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ((*NOOR[:5], "--organisation", "Nergens", "--no-password"), NotInRegister),
        (("user", "add", "geen adres", *NOOR[3:7], "--no-password"), EntryRefused),
        (("user", "add", "a@b.nl", "--name", " ", *NOOR[5:7], "--no-password"), EntryRefused),
        (("user", "close", "niemand@voorbeeld.example"), NotInRegister),
        (("organisation", "add", "Bureau Schulden", "--kind", "school"), AlreadyInRegister),
        (("organisation", "add", "X", "--kind", "Twee Woorden"), EntryRefused),
        (("organisation", "add", "x" * 201, "--kind", "school"), EntryRefused),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_out(run, words, refusal):
    with pytest.raises(refusal) as told:
        run(*words)
    assert told.value.remedy


def test_the_same_address_is_not_entered_twice(run):
    run(*NOOR, given=f"{PASSWORD}\n")
    with pytest.raises(AlreadyInRegister):
        run(*NOOR, given=f"{PASSWORD}\n")
