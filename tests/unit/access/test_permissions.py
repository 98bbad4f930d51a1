"""What a relation permits, and that everything else is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.access.actors import Actor
from engine.access.permissions import PERMITTED, Action, Relation, RelationKind, permits


@pytest.mark.parametrize("action", list(Action))
def test_without_a_relation_nothing_is_permitted(action):
    assert not permits(None, action)


@pytest.mark.parametrize("kind", list(RelationKind))
def test_every_kind_of_relation_says_what_it_permits(kind):
    assert PERMITTED[kind]


def test_who_could_take_a_task_does_not_read_the_family_file_yet():
    assert not permits(Relation(RelationKind.MAY_TAKE), Action.READ)
    assert permits(Relation(RelationKind.HOLDS_TASK), Action.READ)


def test_a_coordinator_reads_but_does_not_write_the_file():
    coordinates = Relation(RelationKind.COORDINATES)
    assert permits(coordinates, Action.READ)
    assert not permits(coordinates, Action.WRITE)
    assert not permits(coordinates, Action.RECORD_CONTACT)


def test_the_log_names_the_role_of_an_involved_worker():
    assert Relation(RelationKind.INVOLVED, "vertrouwenspersoon").basis == (
        "involved:vertrouwenspersoon"
    )


def test_an_actor_shows_no_name_in_logs():
    actor = Actor(uuid4(), "Wilma Jansen", "nl", uuid4(), frozenset())
    assert "Wilma" not in repr(actor)
