"""A person who acts against the drawn course at random: for storms, and for the checker's test."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, Select, select, text
from sqlalchemy.orm import Session

from engine.access.actors import actor_of
from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.execution import overrides
from engine.execution.destinations import way_to
from engine.families.file.answers import local_day
from engine.families.mending.interventions import intervene
from engine.families.mending.mends import (
    Command,
    Move,
    Postpone,
    Repeat,
    Resume,
    Skip,
    Suspend,
    Undo,
)
from engine.families.models import Mend
from engine.runtime.models import ProcessInstance
from engine.runtime.reading import instances_by_id

LEAVE_ALONE = {"tel", "meld"}
"""The checker counts rounds and mails by them: nobody goes there by hand."""
LEADER = "SELECT id FROM users WHERE email = 'leida@storm.example'"
RUNNING = """
SELECT id FROM trajectories WHERE status <> 'closed' AND id >= :from ORDER BY id LIMIT 1
"""
ASIDE = "SELECT id FROM trajectories WHERE suspended_since IS NOT NULL ORDER BY id LIMIT 20"


def _latest(trajectory_id: UUID) -> Select[tuple[UUID]]:
    mends = select(Mend.id).where(Mend.trajectory_id == trajectory_id, Mend.undone_at.is_(None))
    return mends.where(Mend.kind != "undone").order_by(Mend.at.desc(), Mend.id.desc()).limit(1)


def at_random(
    engine: Engine, clock: Clock, trajectory_id: UUID, chance: random.Random
) -> Command | None:
    """Something that a person may do, at a random place; ``None`` where there is nothing to do."""
    tomorrow = local_day(clock.now()) + timedelta(days=1)
    with Session(engine) as session:
        rows = session.scalars(
            select(ProcessInstance.id)
            .where(
                ProcessInstance.business_key == str(trajectory_id),
                ProcessInstance.status == "active",
            )
            .order_by(ProcessInstance.created_at)
        ).all()
        found = list(instances_by_id(session, rows, clock.now()).values())
        if not found:
            return None
        if chance.random() < 0.25 and (mend_id := session.scalar(_latest(trajectory_id))):
            return Undo(mend_id)
        if any(one.execution.suspended for one in found):
            return chance.choice([Postpone(tomorrow), Resume(later=True), Resume(later=False)])
        if chance.random() < 0.3:
            return Suspend(tomorrow)
        one = chance.choice(found)
        places = [
            token
            for token in one.execution.walk()
            if overrides.may_skip(token) is None and token.element.id not in LEAVE_ALONE
        ]
        if not places:
            return None
        token = chance.choice(places)
        kind = chance.choice(["skip", "repeat", "move"])
        if kind == "skip":
            return Skip(one.id, token.id)
        there = [found.id for found in overrides.targets(token) if found.id not in LEAVE_ALONE]
        if kind == "move" and there:
            target_id = chance.choice(there)
            stops = frozenset(way_to(token, target_id).stops)
            return Move(one.id, token.id, target_id, stops)
        return Repeat(one.id, token.id)


class Mender:
    """A project leader of the storm, until ``closing`` exists: then only takes up what is aside."""

    def __init__(self, engine: Engine, clock: Clock, chance: random.Random, closing: str) -> None:
        self._engine, self._clock, self._chance = engine, clock, chance
        self._closing = Path(closing)

    def once(self) -> None:
        """One mend, or none; that something else was first is what a person may be told."""
        calm = self._closing.exists()
        somewhere = UUID(int=self._chance.getrandbits(128))
        with self._engine.connect() as connection:
            leader = connection.execute(text(LEADER)).scalar_one()
            ids = connection.scalars(text(ASIDE if calm else RUNNING), {"from": somewhere}).all()
        with Session(self._engine) as session:
            actor = actor_of(session, leader, self._clock.now())
        for trajectory_id in ids:
            command = (
                Resume(later=True)
                if calm
                else at_random(self._engine, self._clock, trajectory_id, self._chance)
            )
            if command is not None:
                with suppress(KetenspoorError):
                    intervene(
                        self._engine, self._clock, actor, trajectory_id, command, "Zo is het beter."
                    )
