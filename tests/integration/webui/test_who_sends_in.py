"""Who sends a task in is confirmed with the first statement: what changed since then counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete, event, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine.access.models import RoleAssignment, User
from engine.families.models import Document
from engine.runtime.models import UserTask
from tests.care_meeting import Office, office, plan
from tests.screens import PASSWORD

Change = Callable[[Session, Office], object]


@pytest.fixture
def place(engine_db: Engine) -> Office:
    return office(engine_db)


def close_account(session: Session, made: Office) -> object:
    return session.execute(update(User).where(User.id == made.user("wilma")).values(active=False))


def take_roles(session: Session, made: Office) -> object:
    return session.execute(
        delete(RoleAssignment).where(RoleAssignment.user_id == made.user("wilma"))
    )


def let_roles_end(session: Session, made: Office) -> object:
    return session.execute(
        update(RoleAssignment)
        .where(RoleAssignment.user_id == made.user("wilma"))
        .values(
            since=made.clock.now() - timedelta(days=9),
            until=made.clock.now() - timedelta(minutes=1),
        )
    )


def rename(session: Session, made: Office) -> object:
    return session.execute(
        update(User).where(User.id == made.user("wilma")).values(name="Wilma de Wit")
    )


def sent_after(made: Office, change: Change | None) -> tuple[TestResponse, UserTask]:
    """Wilma opens a task; something changes; she sends it in. The answer, and the task."""
    client = made.app.test_client()
    page = client.get("/aanmelden").get_data(as_text=True)
    who = {"gebruikersnaam": made.email("wilma"), "wachtwoord": PASSWORD, "verder": "/"}
    client.post("/aanmelden", data={"csrf_token": token(page), **who})
    task = made.tasks("bereid-overleg-voor")[0]
    page = client.get(f"/taken/{task.id}").get_data(as_text=True)
    if change is not None:
        with Session(made.database) as session:
            change(session, made)
            session.commit()
    answer = client.post(
        f"/taken/{task.id}/afronden",
        data=json.dumps({"data": plan(made), "submission_id": str(uuid4())}),
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": token(page),
        },
    )
    with Session(made.database) as session:
        return answer, session.get_one(UserTask, task.id)


def token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [(close_account, 401), (take_roles, 403), (let_roles_end, 403)],
    ids=["account closed", "roles taken", "roles ended"],
)
def test_who_may_no_longer_is_refused_and_nothing_is_done(
    place: Office, change: Change, status: int
) -> None:
    answer, task = sent_after(place, change)
    assert (answer.status_code, task.status) == (status, "open")
    with Session(place.database) as session:
        sent = select(func.count()).select_from(Document).where(Document.task_id == task.id)
        assert session.scalar(sent) == 0


def see_without_roles(_session: Session, made: Office) -> object:
    """This process saw her before she got her role; another one showed her the task."""
    seen = made.app.extensions["ketenspoor-seen"]
    for user_id, known in list(seen.items()):
        seen[user_id] = replace(known, roles=frozenset())
    return seen


@pytest.mark.parametrize(
    "change", [None, rename, see_without_roles], ids=["nothing", "the name", "roles given since"]
)
def test_who_still_may_is_not_troubled_by_a_change(place: Office, change: Change | None) -> None:
    answer, task = sent_after(place, change)
    assert (answer.status_code, task.status) == (200, "completed")


def test_sending_in_needs_no_look_up_of_its_own(place: Office) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    def listen(_session: Session, made: Office) -> None:
        event.listen(made.database, "before_cursor_execute", note)

    sent_after(place, listen)
    event.remove(place.database, "before_cursor_execute", note)
    assert "users.language" in asked[0]
    assert asked.count(asked[0]) == 1
    assert "FROM documents" in asked[2]  # the submission's, which travels with it
