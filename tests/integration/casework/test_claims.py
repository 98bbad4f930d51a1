"""Taking a task and giving it back."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.families.tasks import lists as task_lists
from engine.runtime.errors import TaskClaimed, TaskNotOpen
from engine.runtime.models import UserTask
from tests.integration.casework.test_sent_twice import at_once


@pytest.fixture
def free(office):
    """A task that wilma and wouter may both take: nobody is involved in its role."""
    office.people.file().involve(
        office.ref.trajectory_id, "anders", office.people.users["wouter"], beside=True,
        at=office.people.now,
    )  # fmt: skip
    office.people.session.commit()
    ref = office.casework.refer(office.actor("paula"), "proef", "aanmelding", {"naam": "Gezin C"})
    (office.task_id,) = [
        t.id for t in office.practice.rows(UserTask) if t.business_key == str(ref.trajectory_id)
    ]
    return office


def holder(office):
    return office.people.session.get_one(UserTask, office.task_id, populate_existing=True)


def test_of_two_who_take_a_task_at_once_one_gets_it_and_the_other_is_told(free):
    actors = [free.actor("wilma"), free.actor("wouter")]
    outcomes = at_once(*(lambda a=a: free.casework.claim(a, free.task_id) for a in actors))
    (late,) = [o for o in outcomes if o is not None]
    winner = actors[outcomes.index(None)]
    assert isinstance(late, TaskClaimed)
    assert holder(free).assignee_id == winner.user_id


def test_a_claimed_task_is_somebody_elses_until_it_is_given_back(free):
    free.casework.claim(free.actor("wilma"), free.task_id)
    with pytest.raises(TaskClaimed, match="Wilma"):
        free.casework.complete_task(free.actor("wouter"), free.task_id, {"keuze": "ja"})
    with pytest.raises(TaskClaimed):
        free.casework.unclaim(free.actor("wouter"), free.task_id)
    free.casework.unclaim(free.actor("wilma"), free.task_id)
    free.casework.complete_task(free.actor("wouter"), free.task_id, {"keuze": "ja"})
    assert holder(free).completed_by == free.people.users["wouter"]


def test_claiming_twice_is_claiming(free):
    for _ in range(2):
        free.casework.claim(free.actor("wilma"), free.task_id)
    assert holder(free).assignee_id == free.people.users["wilma"]


def test_a_project_leader_takes_over(free):
    free.casework.claim(free.actor("wilma"), free.task_id)
    free.casework.claim(free.actor("paula"), free.task_id)
    assert holder(free).assignee_id == free.people.users["paula"]
    with pytest.raises(TaskClaimed, match="Paula"):
        free.casework.complete_task(free.actor("wilma"), free.task_id, {"keuze": "ja"})


def test_a_task_that_its_holder_completed_is_told_as_completed(free):
    free.casework.claim(free.actor("wilma"), free.task_id)
    free.casework.complete_task(free.actor("wilma"), free.task_id, {"keuze": "ja"})
    for command in (free.casework.claim, free.casework.unclaim):
        with pytest.raises(TaskNotOpen):
            command(free.actor("wouter"), free.task_id)
    with pytest.raises(TaskNotOpen) as told:
        free.casework.complete_task(free.actor("wouter"), free.task_id, {"keuze": "ja"})
    assert told.value.where["by"] == free.people.users["wilma"]


def test_lists_show_what_is_mine_and_what_is_the_teams(free):
    def lists(name):
        session, actor, now = free.people.session, free.actor(name), free.people.now
        found = [
            item
            for listed in (task_lists.my_tasks, task_lists.team_tasks)
            for item in listed(session, actor, now).items
            if item.task_id == free.task_id
        ]
        task = session.get_one(UserTask, free.task_id)
        of_trajectory = task_lists.tasks_for(session, actor, UUID(task.business_key), now)
        assert [item for item in of_trajectory if item.task_id == free.task_id] == found
        return {item.list for item in found}

    assert lists("wilma") == lists("wouter") == {"team"}
    free.casework.claim(free.actor("wilma"), free.task_id)
    assert (lists("wilma"), lists("wouter"), lists("paula")) == ({"mine"}, set(), {"team"})
    free.casework.complete_task(free.actor("wilma"), free.task_id, {"keuze": "ja"})
    assert lists("wilma") == set()
