"""The access log keeps every line, refusals included."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.access.errors import AccessDenied
from engine.access.log import lines_of_family
from engine.access.models import AccessLogEntry
from engine.access.permissions import Action, Relation, RelationKind, authorize
from tests.region import region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    db_session.commit()
    return made


def test_a_refusal_is_logged_though_its_transaction_is_rolled_back(place):
    ref = place.open()
    place.session.commit()
    with pytest.raises(AccessDenied):
        authorize(
            place.session, place.actor("hanna"), Action.READ, None, at=place.now,
            family_id=ref.family_id, trajectory_id=ref.trajectory_id,
        )  # fmt: skip
    place.session.rollback()
    [line] = lines_of_family(place.session, ref.family_id)
    assert (line.outcome, line.user_id, line.roles) == (
        "refused",
        place.users["hanna"],
        ["worker"],
    )


def test_an_allowed_line_lives_and_dies_with_its_transaction(place):
    relation = Relation(RelationKind.LEADS)
    authorize(place.session, place.actor("paula"), Action.READ, relation, at=place.now)
    place.session.rollback()
    assert place.session.scalars(select(AccessLogEntry)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        update(AccessLogEntry).values(outcome="refused"),
        delete(AccessLogEntry),
        text("TRUNCATE access_log"),
    ],
)
def test_lines_cannot_be_changed_or_removed(place, change):
    relation = Relation(RelationKind.LEADS)
    authorize(place.session, place.actor("paula"), Action.READ, relation, at=place.now)
    place.session.commit()
    with pytest.raises(DBAPIError, match="append only"):
        place.session.execute(change)
