"""Who may not, gets nothing and leaves one refused line; who may, leaves one line per act."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.families.models import Contact, Document
from engine.families.tasks import lists as task_lists
from engine.families.tasks import worklist
from engine.runtime.models import ProcessInstance

OUTSIDERS = ["hanna", "harm", "verena", "olga", "adam", "niels"]
"""Workers and leaders elsewhere, a coordinator of another chain, and those without families."""

ACTS = {
    "complete": lambda o, a, task: o.casework.complete_task(a, task, {"keuze": "ja"}),
    "claim": lambda o, a, task: o.casework.claim(a, task),
    "unclaim": lambda o, a, task: o.casework.unclaim(a, task),
    "note": lambda o, a, task: o.casework.note_contact(
        a, o.ref.trajectory_id, {"soort": "telefoon"}
    ),
    "signal": lambda o, a, task: o.casework.signal(a, o.ref.trajectory_id, "antwoord", {}),
    "tasks": lambda o, a, task: worklist.open_tasks_of(
        o.people.session, a, o.ref.trajectory_id, o.people.now
    ),
    "referral": lambda o, a, task: o.casework.refer(a, "proef", "aanmelding", {"naam": "D"}),
    "list": lambda o, a, task: task_lists.my_tasks(o.people.session, a, o.people.now),
}


def new_lines(office, before: int) -> list[tuple[str, str]]:
    office.people.session.commit()
    return office.log()[before:]


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize("act", ["complete", "claim", "unclaim", "note", "signal", "tasks"])
def test_who_has_nothing_to_do_with_a_family_is_refused_and_logged_once(office, name, act):
    (task_id,), before = office.practice.open_tasks(), len(office.log())
    with pytest.raises(AccessDenied):
        ACTS[act](office, office.actor(name), task_id)
    assert [outcome for _, outcome in new_lines(office, before)] == ["refused"]
    assert office.practice.open_tasks() == [task_id]
    assert (office.count(Document), office.count(Contact)) == (1, 0)


@pytest.mark.parametrize("name", ["olga", "adam", "niels", "cora"])
def test_who_may_not_refer_is_refused_and_logged_once(office, name):
    before = len(office.log())
    with pytest.raises(AccessDenied):
        ACTS["referral"](office, office.actor(name), None)
    assert new_lines(office, before) == [("trajectory.open", "refused")]


def test_somebody_without_a_role_has_no_list(office):
    before = len(office.log())
    with pytest.raises(AccessDenied):
        ACTS["list"](office, office.actor("niels"), None)
    assert new_lines(office, before) == [("tasks.list", "refused")]


@pytest.mark.parametrize("act", ["complete", "claim", "unclaim"])
def test_a_task_that_is_not_there_looks_like_somebody_elses(office, act):
    before = len(office.log())
    with pytest.raises(AccessDenied):
        ACTS[act](office, office.actor("wilma"), uuid4())
    assert [outcome for _, outcome in new_lines(office, before)] == ["refused"]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_leaves_one_line(office, act):
    (task_id,), before = office.practice.open_tasks(), len(office.log())
    ACTS[act](office, office.actor("wilma"), task_id)
    assert [outcome for _, outcome in new_lines(office, before)] == ["allowed"]


def test_an_act_that_fails_leaves_no_trace_of_success(office):
    (task_id,), before = office.practice.open_tasks(), len(office.log())
    with pytest.raises(Exception, match="niet goed ingevuld"):
        office.casework.complete_task(office.actor("wilma"), task_id, {})
    assert new_lines(office, before) == []


def test_who_may_not_work_on_a_task_does_not_wait_for_who_does(office):
    (task_id,) = office.practice.open_tasks("kennismaken")
    with Session(office.practice.database) as at_work, ThreadPoolExecutor(1) as pool:
        at_work.execute(select(ProcessInstance.id).with_for_update())
        tried = pool.submit(
            office.casework.complete_task, office.actor("hanna"), task_id, {"keuze": "ja"}
        )
        refused = tried.exception(timeout=60)
        at_work.rollback()
    assert isinstance(refused, AccessDenied)
    assert office.log()[-1] == ("task.work", "refused")
