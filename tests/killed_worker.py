"""A process that works on a database until it is killed; started by the tests of ``kill -9``.

    python -m tests.killed_worker tasks|notes DATABASE_URL SEED [TRAJECTORY_ID USER_ID]
    python -m tests.killed_worker move DATABASE_URL VERSION

It writes one line before and one after every commit, so that whoever reads can choose a moment.
"""

from __future__ import annotations

import random
import sys
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from engine.access.actors import actor_of
from engine.execution.migration import Plan
from engine.families.casework import Casework
from engine.families.moves.version_moves import VersionMove
from engine.runtime.errors import TaskNotOpen
from engine.store.database import open_engine
from tests.practice import Practice
from tests.practice_diagrams import practice_package

NOTES = 12
WEEKS = 6


def main(work: str, url: str, seed: str, *more: str) -> None:
    event.listen(Session, "before_commit", lambda session: print("before", flush=True))
    event.listen(Session, "after_commit", lambda session: print("after", flush=True))
    database = open_engine(url, Path("var"))
    if work == "move":
        list(VersionMove(database, Practice(database).clock, "proef", seed, Plan()).carry_out())
    elif work == "tasks":
        complete_and_fire(database, random.Random(int(seed)))
    else:
        send_notes(database, UUID(more[0]), UUID(more[1]))


def complete_and_fire(database: Engine, chance: random.Random) -> None:
    """Complete random tasks and fire what is due, for ever."""
    practice = Practice(database, version=practice_package().version)
    practice.clock.advance_to(practice.clock.now() + timedelta(weeks=WEEKS))
    sweep = practice.sweep()
    while True:
        sweep.run_once(limit=chance.randint(1, 4))
        tasks = practice.open_tasks()
        if not tasks:
            practice.start(chance.choice(["wekelijks", "bewaakt", "ouder"]))
            continue
        task_id = chance.choice(tasks)
        uit = chance.choice(["", "fout", "hulp"])
        try:
            practice.do(lambda r, t=task_id, u=uit: r.complete_task(t, {"uit": u}))
        except TaskNotOpen:
            print("late", flush=True)


def send_notes(database: Engine, trajectory_id: UUID, user_id: UUID) -> None:
    """Send every note of the series, each under its own id, from the first to the last."""
    practice = Practice(database)
    casework = Casework(database, practice.clock)
    with Session(database) as session:
        actor = actor_of(session, user_id, practice.clock.now())
    for number in range(NOTES):
        sent = uuid5(NAMESPACE_OID, f"note {number}")
        casework.note_contact(actor, trajectory_id, {"soort": "telefoon"}, submission_id=sent)


if __name__ == "__main__":
    main(*sys.argv[1:])
