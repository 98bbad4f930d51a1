"""The list of all trajectories: whose they are, how they stand, the worst first."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.access.errors import AccessDenied
from engine.access.models import AccessLogEntry
from engine.families.chain_order import Bounds
from engine.families.services import ChainFilter, chain_overview, datasets
from engine.runtime.models import Incident, ProcessInstance, UserTask
from tests.region import form, region


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.refs = {
        "A": made.open("A"),
        "B": made.open("B"),
        "C": made.open("C", organisation="haven"),
        "D": made.open("D", organisation="verte"),
    }
    made.file().involve(
        made.refs["A"].trajectory_id, "vertrouwenspersoon", made.users["wilma"], beside=False,
        at=made.now,
    )  # fmt: skip
    return made


BOUNDS = Bounds(late=1.0, far_too_late=2.0)


def listed(place, who, search="", **filters):
    actor, wish = place.actor(who), ChainFilter(**filters)
    page = chain_overview(place.session, actor, place.now, BOUNDS, wish, search=search)
    assert page.total == len(page.rows)
    return [row.family_name for _, row in page.rows]


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("cora", "ABC"),
        ("verena", "D"),
        ("paula", "AB"),
        ("harm", "C"),
        ("wilma", "A"),
        ("hanna", ""),
    ],
)
def test_everybody_sees_what_is_theirs(place, name, families):
    assert sorted(listed(place, name)) == list(families)


@pytest.mark.parametrize("name", ["olga", "adam", "niels"])
def test_who_does_not_work_with_families_sees_no_list(place, name):
    with pytest.raises(AccessDenied):
        listed(place, name)


def test_a_list_is_one_line_in_the_log(place):
    listed(place, "cora")
    place.session.flush()
    [line] = place.session.scalars(select(AccessLogEntry))
    assert (line.action, line.basis) == ("trajectories.list", "coordinates")


def test_a_row_tells_how_the_trajectory_stands(place):
    file, trajectory_id = place.file(), place.refs["A"].trajectory_id
    file.set_phase(trajectory_id, "1", place.now)
    file.set_cadence(trajectory_id, 2, place.now)
    file.record(
        trajectory_id,
        form({"contact.soort": "telefoon", "toeleidingen": [{"organisatie": "GGZ"}]}),
        place.now,
    )
    place.clock.advance_to(place.now + timedelta(days=7))
    [(risk, row)] = chain_overview(place.session, place.actor("wilma"), place.now, BOUNDS).rows
    assert risk == "high"
    assert (row.worker, row.organisation, row.phase, row.days_in_phase) == (
        "Wilma",
        "De Brug",
        "1",
        7,
    )
    assert (row.days_since_contact, row.contact_ratio, row.open_handovers) == (7, 2.0, 1)


def test_those_who_are_stuck_or_late_come_first(place):
    file = place.file()
    for name, cadence in (("A", 1), ("B", 2), ("C", 0.5)):
        file.set_cadence(place.refs[name].trajectory_id, cadence, place.now)
    place.clock.advance_to(place.now + timedelta(days=10))
    assert listed(place, "cora") == ["B", "A", "C"]
    a_late_task(place, "A")
    assert listed(place, "cora") == ["A", "B", "C"]
    an_incident(place, "C")
    assert listed(place, "cora") == ["C", "A", "B"]


def test_the_list_can_be_narrowed(place):
    place.file().set_phase(place.refs["B"].trajectory_id, "2", place.now)
    place.file().set_status(place.refs["C"].trajectory_id, "closed", None, place.now)
    assert listed(place, "cora", phase="2") == ["B"]
    assert listed(place, "cora", organisation_id=place.organisations["haven"]) == []
    assert listed(place, "cora", risk="high") == []
    assert listed(place, "cora", search="a") == ["A"]
    assert listed(place, "cora", search="wilma") == ["A"]
    assert listed(place, "cora", search="%") == []


def test_a_page_beyond_the_last_is_the_last(place):
    actor = place.actor("cora")
    page = chain_overview(place.session, actor, place.now, BOUNDS, size=2, number=9)
    assert (page.number, page.total, len(page.rows)) == (2, 3, 1)


def test_form_fields_choose_from_ones_own_people_partners_and_goals(place):
    trajectory_id = place.refs["A"].trajectory_id
    place.file().record(
        trajectory_id,
        form({"gezinsleden": [{"naam": "Samira"}], "doelen": [{"doel": "Naar de cursus"}]}),
        place.now,
    )
    found = datasets(place.session, place.actor("wilma"), trajectory_id, now=place.now)
    labels = {key: [choice["label"] for choice in choices] for key, choices in found.items()}
    expected = {
        "medewerkers": ["Paula", "Wilma", "Wouter"],
        "gezinsleden": ["Samira"],
        "ketenpartners": ["De Haven", "Gemeente", "Schuldhulp Noord"],
        "doelen": ["Naar de cursus"],
    }
    assert {key: labels[key] for key in expected} == expected


def of(place, name):
    instance_id = uuid4()
    common = {
        "business_key": str(place.refs[name].trajectory_id), "package_key": "p", "process_id": "p"
    }  # fmt: skip
    place.session.add(
        ProcessInstance(
            id=instance_id, root_id=instance_id, status="active", state=b"", row_version=1,
            created_at=place.now, package_version="v", **common,
        )
    )  # fmt: skip
    place.session.flush()
    return {"instance_id": instance_id, "element_id": "e", **common}


def a_late_task(place, name):
    common = of(place, name)
    place.session.add(
        UserTask(
            root_id=common["instance_id"], package_version="v", name="Taak", role="r", priority=50,
            status="open", created_at=place.now, due_at=place.now - timedelta(hours=1), **common,
        )
    )  # fmt: skip
    place.session.flush()


def an_incident(place, name):
    place.session.add(
        Incident(
            token_id=uuid4(), element_name="E", code="c", message="m", remedy="r",
            raised_at=place.now, **of(place, name),
        )
    )  # fmt: skip
    place.session.flush()
