"""A process that works as people do: takes in referrals, completes tasks, sends messages.

    python -m tests.chaos.commander VAR SETUP JOURNAL SEED PART PARTS

What the database has confirmed goes into the journal, line by line: none of it may ever be missing
afterwards. A command whose outcome is unknown (the connection broke) is sent again as it was, with
the same submission id; some are sent twice on purpose. It works until it is killed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from traceback import extract_tb
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from engine.access.actors import Actor, actor_of
from engine.clock import SystemClock
from engine.errors import KetenspoorError
from engine.families.casework import Casework
from engine.families.composition import process_workbench
from engine.store.database import open_engine
from engine.store.unit_of_work import UnitOfWork, in_transaction

OUTRUN = {"task-not-open", "task-claimed", "instance-changed", "try-again", "access-denied"}
"""What a person may be told when somebody else or a timer was first."""
OPEN_TASKS = """
SELECT id, element_id FROM user_tasks WHERE status = 'open' ORDER BY random() LIMIT 10
"""
SILENT = """
SELECT id FROM trajectories t WHERE NOT EXISTS
  (SELECT FROM seen_messages WHERE message_id = 'klaar:' || t.id) ORDER BY random() LIMIT 1
"""
SUBMISSIONS = "SELECT submission_id FROM documents WHERE task_id IS NULL"
ANY = "SELECT id FROM trajectories ORDER BY random() LIMIT 1"


class Commander:
    """One person with a keyboard, as long as the process lives."""

    def __init__(self, var: Path, setup: dict[str, Any], journal: Path, seed: int) -> None:
        self._journal = journal.open("a", encoding="utf-8")
        self._random = random.Random(seed)
        self._clock = SystemClock()
        self._setup = setup
        self._database = self._until_answered(lambda: open_engine(None, var))
        self._casework = Casework(self._database, self._clock)
        self._actor: Actor = self._until_answered(self._log_in)

    def work(self, part: int, parts: int) -> None:
        """Never ends: first the referrals of this part, between and after them the rest."""
        waiting = self._until_answered(lambda: self._not_yet_referred(part, parts))
        while True:
            if waiting:
                self._refer(waiting.pop())
            self._complete_some()
            self._say_ready(SILENT)
            if self._random.random() < 0.1:
                self._say_ready(ANY)  # a second delivery of the same message
            time.sleep(self._random.uniform(0, 0.05))

    def _log_in(self) -> Actor:
        with UnitOfWork(self._database) as session:
            return actor_of(session, UUID(self._setup["user"]), self._clock.now())

    def _not_yet_referred(self, part: int, parts: int) -> list[int]:
        """What is left, with a few that an earlier life of this process sent in already."""
        known = {row[0] for row in self._rows(SUBMISSIONS)}
        mine = range(part, self._setup["instances"], parts)
        done = [number for number in mine if self._submission(number) in known]
        again = self._random.sample(done, min(3, len(done)))
        return again + [number for number in mine if self._submission(number) not in known]

    def _submission(self, number: int) -> UUID:
        return uuid5(NAMESPACE_OID, f"{self._setup['seed']}:{number}")

    def _refer(self, number: int) -> None:
        submission = self._submission(number)

        def work() -> dict[str, str]:
            ref = self._casework.refer(
                self._actor,
                "stormproef",
                "aanmelding",
                {"gezinsnaam": f"Proefgezin {number}"},
                submission_id=submission,
            )
            return {"what": "referral", "trajectory": str(ref.trajectory_id)}

        self._confirmed(work)

    def _complete_some(self) -> None:
        for task_id, element_id in self._until_answered(lambda: self._rows(OPEN_TASKS)):
            if element_id == "b" and task_id.int % 3 == 0:
                continue  # left lying until its timer withdraws it
            submission = uuid4()

            def work(task_id: UUID = task_id, submission: UUID = submission) -> dict[str, str]:
                self._casework.complete_task(
                    self._actor, task_id, {"uitslag": 3}, submission_id=submission
                )
                return {"what": "task", "task": str(task_id), "submission": str(submission)}

            self._confirmed(work)
            if self._random.random() < 0.1:
                self._confirmed(work)  # the same form delivered a second time

    def _say_ready(self, whom: str) -> None:
        for (trajectory_id,) in self._until_answered(lambda: self._rows(whom)):
            message_id = f"klaar:{trajectory_id}"

            def work(key: str = str(trajectory_id), message_id: str = message_id) -> dict[str, str]:
                in_transaction(
                    self._database,
                    lambda session: process_workbench(session, self._clock).runtime.publish(
                        "klaar", key, {}, life=timedelta(hours=1), message_id=message_id
                    ),
                )
                return {"what": "message", "id": message_id}

            self._confirmed(work)

    def _rows(self, query: str) -> list[Any]:
        with self._database.connect() as connection:
            return list(connection.execute(text(query)).all())

    def _confirmed(self, work: Callable[[], dict[str, str]]) -> None:
        try:
            line = self._until_answered(work)
        except KetenspoorError as error:
            what = "outrun" if error.code in OUTRUN else "problem"
            line = {"what": what, "code": error.code}
        except Exception as error:  # noqa: BLE001 - whatever a person would have seen as a fault
            where = [f"{Path(f.filename).name}:{f.lineno}" for f in extract_tb(error.__traceback__)]
            line = {"what": "problem", "code": type(error).__name__, "where": " ".join(where[-30:])}
        self._journal.write(json.dumps(line) + "\n")
        self._journal.flush()

    def _until_answered(self, work: Callable[[], Any]) -> Any:
        """Do it again while the database is away."""
        deadline = time.monotonic() + 120
        while True:
            try:
                return work()
            except (OperationalError, InterfaceError):
                if time.monotonic() > deadline:
                    raise
            except KetenspoorError as error:
                if error.code != "database-unreachable" or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)


def main(arguments: list[str]) -> None:
    """Work until killed."""
    var, setup, journal, seed, part, parts = arguments
    commander = Commander(
        Path(var), json.loads(Path(setup).read_text("utf-8")), Path(journal), int(seed)
    )
    commander.work(int(part), int(parts))


if __name__ == "__main__":
    main(sys.argv[1:])
