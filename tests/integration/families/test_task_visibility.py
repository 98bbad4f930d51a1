"""Who may work on which task: the rule against its wording, for many combinations at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Uuid, cast, literal, select

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.models import SystemRole
from engine.access.permissions import Action, RelationKind
from engine.families.models import Involvement, Trajectory
from engine.families.rights.task_relations import may_work_on, task_relation
from engine.families.rights.visibility import relation_to
from engine.families.tasks.at_hand import take_in_hand
from engine.families.tasks.list_statements import MINE, TEAM
from engine.families.tasks.lists import my_tasks, tasks_for, team_tasks
from engine.families.tasks.worklist import claim, task_record, unclaim
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
    """My roles, a task, who is involved (days), who took it, whom the diagram gave it to."""
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
    given_to = draw(st.sampled_from([None, None, "wilma", "wouter"]))
    return roles, draw(st.sampled_from(ROLES)), system_role, involved, holder, given_to


def present(involved) -> list[tuple[str, str]]:
    """Who is involved today, in which role."""
    return [
        (person, held)
        for person, held, since, until in involved
        if since <= 0 and (until is None or since + until > 0)
    ]


def expected(roles, role, system_role, involved, given_to) -> bool:
    """The rule in the words of the contract. De Brug runs the trajectory; I am Wilma."""
    now = present(involved)
    in_chain = ("brug", "haven", "gemeente")
    leads = (SystemRole.PROJECT_LEADER, "brug") in roles
    if given_to is not None:
        working = ("worker", "project_leader", "coordinator", "partner")
        takes_part = any(held in working and where in in_chain for held, where in roles)
        return leads or (given_to == "wilma" and takes_part)
    holds = (
        any((SystemRole.COORDINATOR, organisation) in roles for organisation in in_chain)
        if system_role == "coordinator"
        else (system_role, "brug") in roles and system_role in ("worker", "project_leader")
    )
    mine = ("wilma", role) in now
    nobody = all(held != role for _, held in now)
    takes_over = leads and system_role in ("worker", "project_leader", "partner")
    return (holds and (mine or nobody)) or takes_over


def wanted_list(roles, role, system_role, involved, relation, holder, given_to) -> str | None:
    """On which of Wilma's lists the task belongs."""
    holder = holder or given_to
    if holder == "wilma" and (given_to is None or relation is not None):
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
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_rule_is_that_of_the_contract_as_check_and_as_filter(place, situation):
    roles, role, system_role, involved, holder, given_to = situation
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
        given_id = place.users[given_to] if given_to else None
        relation = may_work_on(
            place.session, me, role=role, system_role=system_role, assigned_id=given_id,
            trajectory_id=place.trajectory_id, at=place.now,
        )  # fmt: skip
        task_id = a_task(place, role)
        place.session.get_one(UserTask, task_id).assigned_id = given_id
        place.session.flush()
        listed = place.session.scalar(
            select(UserTask.id)
            .join(Trajectory, Trajectory.id == cast(UserTask.business_key, Uuid))
            .where(
                UserTask.id == task_id,
                task_relation(
                    me, role=UserTask.role, system_role=literal(system_role.value),
                    assigned_id=UserTask.assigned_id, run=Trajectory, at=place.now,
                ).is_not(None),
            )
        )  # fmt: skip
        row = place.session.get_one(UserTask, task_id)
        row.system_role = system_role.value
        row.assignee_id = place.users[holder] if holder else given_id
        place.session.flush()
        found = (
            {}
            if not roles
            else {
                listed.__name__: [item.list for item in listed(place.session, me, place.now).items]
                for listed in (my_tasks, team_tasks)
            }
        )
        at_hand = take_in_hand(place.session, me, task_id, None, place.now)
        of_trajectory = (
            tasks_for(place.session, me, place.trajectory_id, place.now) if roles else []
        )
        place.session.expunge(row)
        savepoint.rollback()
    involved = [
        (person, held, since, 9 if until is None else until)
        for person, held, since, until in involved
    ]
    assert (relation is not None) == expected(roles, role, system_role, involved, given_to)
    assert (at_hand and at_hand.relation) == relation
    assert relation is None or at_hand.instance is not None
    if "wilma" not in (holder, given_to) and all(where == "verte" for _, where in roles):
        assert at_hand.instance is None, "a stranger makes colleagues wait for the lock"
    assert (listed is not None) == (relation is not None)
    if roles:
        wanted = wanted_list(roles, role, system_role, involved, relation, holder, given_to)
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


def test_what_a_diagram_gave_somebody_shows_them_that_task_and_not_the_family(place):
    petra = place.actor("petra")
    task_id = a_task(place, "deelnemer")
    task = place.session.get_one(UserTask, task_id)
    task.system_role, task.assigned_id, task.assignee_id = "partner", petra.user_id, petra.user_id
    place.session.flush()
    assert [item.task_id for item in my_tasks(place.session, petra, place.now).items] == [task_id]
    record = task_record(place.session, petra, task_id, place.now, action=Action.WORK_ON_TASK)
    assert record.relation.kind is RelationKind.ASSIGNED
    assert relation_to(place.session, petra, place.trajectory_id, place.now) is None
    unclaim(place.session, petra, task_id, place.now)
    assert [item.task_id for item in my_tasks(place.session, petra, place.now).items] == [task_id]


def test_who_is_not_in_the_chain_does_not_see_what_a_diagram_gave_them(place):
    vincent = place.actor("vincent")
    task_id = a_task(place, "deelnemer")
    task = place.session.get_one(UserTask, task_id)
    task.system_role, task.assigned_id, task.assignee_id = (
        "partner",
        vincent.user_id,
        vincent.user_id,
    )
    place.session.flush()
    assert not my_tasks(place.session, vincent, place.now).items
    with pytest.raises(AccessDenied):
        task_record(place.session, vincent, task_id, place.now, action=Action.SEE_TASK)


def test_a_project_leader_takes_over_what_a_diagram_gave_somebody_and_gives_it_back(place):
    leader, partner = place.actor("paula"), place.actor("petra")
    task_id = a_task(place, "deelnemer")
    task = place.session.get_one(UserTask, task_id)
    task.system_role, task.assigned_id = "partner", partner.user_id
    task.assignee_id = partner.user_id
    place.session.flush()
    claim(place.session, leader, task_id, place.now)
    assert not my_tasks(place.session, partner, place.now).items
    unclaim(place.session, leader, task_id, place.now)
    assert [item.task_id for item in my_tasks(place.session, partner, place.now).items] == [task_id]


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
