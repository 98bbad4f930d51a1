"""Who may work on which task: the rule against its wording, for many combinations at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Uuid, cast, literal, select

from engine.access.actors import Actor
from engine.access.models import SystemRole
from engine.access.permissions import RelationKind
from engine.families.models import Involvement
from engine.families.task_lists import MINE, TEAM, my_tasks, tasks_for, team_tasks
from engine.families.visibility import may_work_on, relation_to, task_relation
from engine.runtime.models import ProcessInstance, UserTask
from tests.region import region

ORGANISATIONS = ("brug", "haven", "gemeente", "verte")
PEOPLE = ("wilma", "wouter", "paula")
ROLES = ("vertrouwenspersoon", "projectleider")


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.trajectory_id = made.open().trajectory_id
    return made


@st.composite
def situations(draw):
    """Me (with roles in organisations), a task, who is involved (days), who has the task."""
    roles = draw(
        st.sets(st.tuples(st.sampled_from(list(SystemRole)), st.sampled_from(ORGANISATIONS)))
    )
    involved = draw(
        st.lists(
            st.tuples(
                st.sampled_from(PEOPLE),
                st.sampled_from(ROLES),
                st.integers(-3, 1),
                st.one_of(st.none(), st.integers(0, 3)),
            ),
            max_size=4,
        )
    )
    system_role = draw(st.sampled_from(list(SystemRole)))
    holder = draw(st.sampled_from([None, "wilma", "wouter"]))
    return roles, draw(st.sampled_from(ROLES)), system_role, involved, holder


def present(involved) -> list[tuple[str, str]]:
    """Who is involved today, in which role."""
    return [
        (person, held)
        for person, held, since, until in involved
        if since <= 0 and (until is None or since + until > 0)
    ]


def expected(roles, role, system_role, involved) -> bool:
    """The rule in the words of the contract. De Brug runs the trajectory; I am Wilma."""
    now = present(involved)
    in_chain = ("brug", "haven", "gemeente")
    holds = (
        any((SystemRole.COORDINATOR, organisation) in roles for organisation in in_chain)
        if system_role == "coordinator"
        else (system_role, "brug") in roles and system_role in ("worker", "project_leader")
    )
    mine = ("wilma", role) in now
    nobody = all(held != role for _, held in now)
    leads = (SystemRole.PROJECT_LEADER, "brug") in roles
    takes_over = leads and system_role in ("worker", "project_leader")
    return (holds and (mine or nobody)) or takes_over


def wanted_list(roles, role, system_role, involved, relation, holder) -> str | None:
    """On which of Wilma's lists the task belongs."""
    if holder == "wilma":
        return MINE
    if relation is None or (holder and relation.kind is not RelationKind.LEADS):
        return None
    desk = system_role in (SystemRole.PROJECT_LEADER, SystemRole.COORDINATOR)
    held = any(one == system_role for one, _ in roles)
    nobody = all(one != role for _, one in present(involved))
    own_desk = desk and held and nobody and not holder
    mine = relation.kind is RelationKind.INVOLVED and not holder
    return MINE if mine or own_desk else TEAM


@given(situations())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_rule_is_that_of_the_contract_as_check_and_as_filter(place, situation):
    roles, role, system_role, involved, holder = situation
    me = Actor(
        place.users["wilma"],
        "Wilma",
        "nl",
        place.organisations["brug"],
        frozenset((held, place.organisations[key]) for held, key in roles),
    )
    with place.session.begin_nested() as savepoint:
        for person, held, since, until in involved:
            start = place.now + timedelta(days=since)
            place.session.add(
                Involvement(
                    trajectory_id=place.trajectory_id,
                    user_id=place.users[person],
                    role=held,
                    beside=True,
                    since=start,
                    until=start + timedelta(days=9 if until is None else until),
                )
            )
        place.session.flush()
        relation = may_work_on(
            place.session, me, role=role, system_role=system_role,
            trajectory_id=place.trajectory_id, at=place.now,
        )  # fmt: skip
        task_id = a_task(place, role)
        listed = place.session.scalar(
            select(UserTask.id).where(
                UserTask.id == task_id,
                task_relation(
                    me, role=UserTask.role, system_role=literal(system_role.value),
                    trajectory_id=cast(UserTask.business_key, Uuid), at=place.now,
                ).is_not(None),
            )
        )  # fmt: skip
        row = place.session.get_one(UserTask, task_id)
        row.system_role = system_role.value
        row.assignee_id = place.users[holder] if holder else None
        place.session.flush()
        found = (
            {}
            if not roles
            else {
                listed.__name__: [item.list for item in listed(place.session, me, place.now).items]
                for listed in (my_tasks, team_tasks)
            }
        )
        of_trajectory = (
            tasks_for(place.session, me, place.trajectory_id, place.now) if roles else []
        )
        place.session.expunge(row)
        savepoint.rollback()
    involved = [
        (person, held, since, 9 if until is None else until)
        for person, held, since, until in involved
    ]
    assert (relation is not None) == expected(roles, role, system_role, involved)
    assert (listed is not None) == (relation is not None)
    if roles:
        wanted = wanted_list(roles, role, system_role, involved, relation, holder)
        assert found == {
            "my_tasks": [MINE] * (wanted == MINE),
            "team_tasks": [TEAM] * (wanted == TEAM),
        }
        assert [item.list for item in of_trajectory] == [wanted] * (wanted is not None)


def test_somebody_elses_trajectory_is_not_mine_to_work_on(place):
    other = place.open(organisation="haven").trajectory_id
    wilma = place.actor("wilma")
    assert may_work(place, wilma, place.trajectory_id)
    assert not may_work(place, wilma, other)
    assert not may_work(place, wilma, uuid4())


def test_a_free_task_gives_sight_of_the_family_only_once_taken(place):
    wilma = place.actor("wilma")
    task_id = a_task(place, "tweede-medewerker")
    assert relation_to(place.session, wilma, place.trajectory_id, place.now) is None
    task = place.session.get_one(UserTask, task_id)
    task.assignee_id = wilma.user_id
    place.session.flush()
    taken = relation_to(place.session, wilma, place.trajectory_id, place.now)
    assert taken is not None
    assert taken.kind == "holds-task"
    task.status = "completed"
    place.session.flush()
    assert relation_to(place.session, wilma, place.trajectory_id, place.now) is None


def may_work(place, actor, trajectory_id) -> bool:
    relation = may_work_on(
        place.session, actor, role="vertrouwenspersoon", system_role="worker",
        trajectory_id=trajectory_id, at=place.now,
    )  # fmt: skip
    return relation is not None


def a_task(place, role):
    common = {
        "business_key": str(place.trajectory_id), "package_key": "tussen-in",
        "package_version": "0" * 64, "process_id": "traject",
    }  # fmt: skip
    instance_id, task_id = uuid4(), uuid4()
    place.session.add(
        ProcessInstance(
            id=instance_id, root_id=instance_id, status="active", state=b"", row_version=1,
            created_at=place.now, **common,
        )
    )  # fmt: skip
    place.session.flush()
    place.session.add(
        UserTask(
            id=task_id, instance_id=instance_id, root_id=instance_id, element_id="taak",
            name="Taak", role=role, priority=50, status="open", created_at=place.now, **common,
        )
    )  # fmt: skip
    place.session.flush()
    return task_id
