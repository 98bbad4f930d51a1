"""A family that nobody speaks any more, on the database: the whole ladder on the virtual clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from engine.access.actors import actor_of
from engine.access.models import User
from engine.families.models import Family
from engine.families.models.happenings import ChronologyNote
from engine.families.tasks.lists import my_tasks
from engine.runtime.models import AuditEvent, Incident, UserTask
from engine.simulation.demonstration import Demonstration, people
from engine.simulation.player import play
from engine.simulation.stored_world import StoredWorld
from engine.store.unit_of_work import UnitOfWork
from tests import methods

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
SILENT = BEGIN + timedelta(days=12)
RUNGS = ["ketencoordinator", "procesregisseur", "doorzettingsmacht"]
STALL = "pak-stagnatie-op"
SILENCE = "Te lang geen contact"
CONTACT = {"soort": "telefoon", "datum": "@nu", "samenvatting": "Gesproken.", "actie": "Brief."}


@dataclass
class Silence:
    """Tussen In's case A, in which nobody does anything from ``SILENT`` on."""

    session: Session
    world: StoredWorld

    def until(self, moment: datetime) -> None:
        """Let only timers go off."""
        while (due := self.world.next_due()) is not None and due <= moment:
            self.world.clock.advance_to(due)
            self.world.fire_due()
        self.world.clock.advance_to(moment)

    def rung(self) -> str | None:
        """Whose rung of this silence is open; other stalls have ladders of their own."""
        open_now = (t for t in self.world.open_tasks() if t.element_id == STALL)
        return next((t.role for t in open_now if SILENCE in t.name), None)

    def until_rung(self, role: str) -> None:
        """Let time pass until the task of a rung is open."""
        while self.rung() != role:
            due = self.world.next_due()
            assert due is not None
            assert due < SILENT + timedelta(days=120)
            self.until(due)

    def notes(self) -> list[str]:
        """What the ladder wrote into the chronology, the oldest first."""
        return list(
            self.session.scalars(
                select(ChronologyNote.text)
                .where(ChronologyNote.text.contains(SILENCE))
                .order_by(ChronologyNote.at, ChronologyNote.id)
            )
        )


@pytest.fixture
def silence(methods_db: Engine) -> Iterator[Silence]:
    region = Demonstration(methods_db, BEGIN, methods.TREE).region
    package, found = methods.package("tussen-in"), methods.scenario("tussen-in", "casus-a")
    steps = tuple(step for step in found.steps if step.kind != "verwacht")
    with UnitOfWork(methods_db) as session:
        runner = people.runners(session, region)[0]
        directory = people.directory(session, package, runner.id, 0, BEGIN)
        world = StoredWorld(session, package, BEGIN, directory, runner.id)
        played = play(
            replace(found, steps=steps), world, begin=BEGIN, until=SILENT, silent_from=SILENT
        )
        assert played.error is None
        yield Silence(session, world)


def test_silence_climbs_rung_by_rung_up_to_safety_and_closes_nothing(silence: Silence) -> None:
    silence.until(SILENT + timedelta(days=120))
    session = silence.session
    climbed = session.execute(
        select(UserTask.role, UserTask.created_at)
        .where(UserTask.element_id == STALL, UserTask.name.contains(SILENCE))
        .order_by(UserTask.created_at)
    ).all()
    assert [role for role, _ in climbed] == RUNGS
    assert all(one.created_at < two.created_at for one, two in pairwise(climbed))
    passed = set(session.scalars(select(AuditEvent.element_id).distinct()))
    assert {"vraag-overleg", "bereid-overleg-voor", "weeg-veiligheid", "leg-zorg-vast"} <= passed
    assert silence.notes()[-1].endswith("na doorzettingsmacht.")
    assert silence.world.position().status == "running"
    assert session.scalar(select(func.count()).select_from(Incident)) == 0


def test_the_chronology_tells_each_rung_and_nothing_of_the_family(silence: Silence) -> None:
    silence.until_rung("procesregisseur")
    notes = silence.notes()
    assert notes[0] == "Stagnatie: Te lang geen contact."
    assert "Te lang geen contact: door naar de volgende trede, na ketencoördinator." in notes
    assert "Te lang geen contact: door naar de volgende trede, na zorgoverleg." in notes
    name = silence.session.scalar(select(Family.name))
    assert name is not None
    assert not any(name.split()[-1] in note for note in notes)


def test_a_rung_above_the_method_is_on_the_coordinators_desk(silence: Silence) -> None:
    silence.until_rung("procesregisseur")
    session = silence.session
    ingrid = session.scalars(select(User).where(User.email.startswith("ingrid@"))).one()
    now = silence.world.clock.now()
    mine = my_tasks(session, actor_of(session, ingrid.id, now), now)
    assert any(SILENCE in item.name for item in mine.items)


def test_a_ladder_about_a_task_that_is_done_meanwhile_goes_no_higher(silence: Silence) -> None:
    world = silence.world
    world.publish(
        "stagnatie", {"soort": "taak-niet-opgepakt", "element": "contactmoment", "sinds": None}
    )
    silence.until(SILENT + timedelta(hours=3))
    late = next(task for task in world.open_tasks() if task.element_id == "contactmoment")
    world.complete(late, "vertrouwenspersoon", CONTACT)
    silence.until(SILENT + timedelta(days=7))
    rungs = select(UserTask.role).where(
        UserTask.element_id == STALL, UserTask.name.contains("Taak niet opgepakt")
    )
    assert silence.session.scalars(rungs).all() == ["projectleider"]
    ended = select(ChronologyNote.text).where(ChronologyNote.text.contains("Taak niet opgepakt"))
    assert "Taak niet opgepakt: voorbij." in silence.session.scalars(ended).all()


def test_a_contact_ends_the_ladder_and_a_missed_one_does_not(silence: Silence) -> None:
    silence.until_rung("ketencoordinator")
    silence.until(silence.world.clock.now() + timedelta(hours=3))
    silence.world.note_contact(
        "vertrouwenspersoon", {"soort": "telefoon", "datum": "@nu", "gemist": True}
    )
    assert silence.rung() == "ketencoordinator"
    silence.world.note_contact("vertrouwenspersoon", CONTACT)
    assert silence.rung() is None
    assert silence.notes()[-1] == "Te lang geen contact: voorbij."
