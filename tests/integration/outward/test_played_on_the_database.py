"""A scenario played on the database mails nobody, and leaves the record as if it had."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.definitions.published.publication import publish
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from engine.simulation.player import play
from engine.simulation.scenario import read_scenario
from engine.simulation.stored_world import StoredWorld
from tests.agreement import assert_no_findings
from tests.notified import mailing_package
from tests.region import region

SCENARIO = b"""
naam: Proef
begin: 2026-01-05 09:00
ingang: aanmelding
formulier: {naam: Proefgezin}
stappen:
  - taak: kennismaken
  - verwacht: {verzonden: [meld], taken: [verder]}
"""


class People:
    """Everybody is Paula."""

    def __init__(self, user_id) -> None:
        self.user_id = user_id

    def person(self, role: str, number: int) -> str:
        return str(self.user_id)

    def partner(self, kind: str) -> str:
        return str(self.user_id)


def test_it_is_recorded_as_sent_and_nothing_waits(engine_db):
    package, scenario = mailing_package(), read_scenario(SCENARIO, "proef.yaml")
    with Session(engine_db, expire_on_commit=False) as session:
        people = region(session)
        publish(session, package, at=people.now)
        world = StoredWorld(
            session, package, scenario.begin, People(people.users["paula"]),
            people.organisations["brug"],
        )  # fmt: skip
        result = play(scenario, world)
        session.commit()
        assert result.passed, (result.error, [o.text for o in result.outcomes])
        reached = session.scalars(select(OutwardMessage.recipient_id)).all()
        workers = [people.users["wilma"], people.users["wouter"]]
        assert sorted(reached) == sorted(workers)
        assert session.scalars(select(OutwardWork)).all() == []
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
    assert_no_findings(engine_db)
