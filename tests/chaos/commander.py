"""A process that works as people do: takes in referrals, completes tasks, sends messages.

    python -m tests.chaos.commander ORDER

``ORDER`` is an ``Order`` in JSON. What was confirmed goes into the journal, line by line: none of
it may ever be missing afterwards. A command whose outcome is unknown (the connection broke) is sent
again as it was, with the same submission id; some are sent twice on purpose. With ``ports`` it
works over HTTP, through whichever web process answers; without, in this process. It works until it
is killed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from tests.chaos.mender import Mender
from tests.chaos.visitor import NotDone, Visitor

OUTRUN = {"task-not-open", "task-claimed", "instance-changed", "try-again", "access-denied"}
"""What a person may be told when somebody else or a timer was first."""
OUTRUN_STATUS = {403, 404, 409}
KEPT_FOR = timedelta(days=30)
"""Longer than any clock of the storm jumps."""
OPEN_TASKS = """
SELECT id, element_id FROM user_tasks WHERE status = 'open' AND business_key >= CAST(:from AS text)
ORDER BY business_key, id LIMIT 10
"""
SILENT = """
SELECT id FROM trajectories t WHERE id >= :from AND NOT EXISTS
  (SELECT FROM seen_messages WHERE message_id = 'klaar:' || t.id) ORDER BY id LIMIT :many
"""
SUBMISSIONS = "SELECT submission_id FROM documents WHERE task_id IS NULL"
ANY = "SELECT id FROM trajectories WHERE id >= :from ORDER BY id LIMIT 1"
ALIVE = "SELECT count(*) FROM process_instances WHERE parent_id IS NULL AND status = 'active'"


@dataclass(frozen=True, slots=True)
class Order:
    """What one commander is to do.

    Attributes:
        var: the folder of its machine; ``database_url`` where the database is elsewhere.
        ports: of the web processes to go through; none to work in this process.
        part, parts: which of the referrals are its own.
        leaves: every fourth task to those who come over HTTP, who are slower.
        mends: whether to act against the drawn course too, until that file exists.
        instances: how many to refer; with ``closing`` they are followed by others as they end,
            until that file exists.
    """

    var: str
    database_url: str | None
    ports: list[int]
    user: str
    email: str
    password: str
    journal: str
    seed: int
    storm: int
    part: int
    parts: int
    leaves: bool
    instances: int
    closing: str | None
    mends: str | None = None


class Commander:
    """One person with a keyboard, as long as the process lives."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._random = random.Random(order.seed)
        self._clock = SystemClock()
        self._database = self._until_answered(
            lambda: open_engine(order.database_url, Path(order.var))
        )
        self._casework = Casework(self._database, self._clock)
        self._actor: Actor = self._until_answered(self._log_in)
        self._visitor = Visitor(order.ports, order.email, order.password, self._random)

    def work(self) -> None:
        """Never ends: first the referrals of this part, between and after them the rest."""
        waiting, following = self._until_answered(self._not_yet_referred)
        while True:
            for _ in range(min(len(waiting), 1 + len(waiting) // 50)):
                self._refer(waiting.pop())
            if not waiting and self._may_follow():
                self._refer(following)
                following += self._order.parts
            self._complete_some()
            self._say_ready(SILENT)
            if self._random.random() < 0.1:
                self._say_ready(ANY)  # a second delivery of the same message
            if self._order.mends is not None and self._random.random() < 0.5:
                mender = Mender(self._database, self._clock, self._random, self._order.mends)
                self._until_answered(mender.once)
            time.sleep(self._random.uniform(0, 0.05))

    def _log_in(self) -> Actor:
        with UnitOfWork(self._database) as session:
            return actor_of(session, UUID(self._order.user), self._clock.now())

    def _not_yet_referred(self) -> tuple[list[int], int]:
        """What is left, with a few that an earlier life sent in already; and what may follow."""
        known = {row[0] for row in self._rows(SUBMISSIONS)}
        order = self._order
        mine = range(order.part, order.instances, order.parts)
        done = [number for number in mine if self._submission(number) in known]
        following = order.part + len(mine) * order.parts
        while self._submission(following) in known:
            following += order.parts
        again = self._random.sample(done, min(3, len(done)))
        left = again + [number for number in mine if self._submission(number) not in known]
        return left, following

    def _may_follow(self) -> bool:
        closing = self._order.closing
        if closing is None or Path(closing).exists() or self._random.random() < 0.9:
            return False
        [(alive,)] = self._until_answered(lambda: self._rows(ALIVE))
        return bool(alive < self._order.instances)

    def _submission(self, number: int) -> UUID:
        return uuid5(NAMESPACE_OID, f"{self._order.storm}:{number}")

    def _refer(self, number: int) -> None:
        submission, answers = self._submission(number), {"gezinsnaam": f"Proefgezin {number}"}

        def work() -> None:
            if self._order.ports:
                self._visitor.refer("stormproef", "aanmelding", answers, submission)
            else:
                self._casework.refer(
                    self._actor, "stormproef", "aanmelding", answers, submission_id=submission
                )

        self._say({"what": "referral", "submission": str(submission)}, work)

    def _complete_some(self) -> None:
        for task_id, element_id in self._until_answered(lambda: self._some(OPEN_TASKS)):
            if element_id == "b" and task_id.int % 3 == 0:
                continue  # left lying until its timer withdraws it
            if self._order.leaves and task_id.int % 4 == 1:
                continue
            submission = uuid4()

            def work(task_id: UUID = task_id, submission: UUID = submission) -> None:
                if self._order.ports:
                    self._visitor.complete(task_id, {"uitslag": 3}, submission)
                else:
                    self._casework.complete_task(
                        self._actor, task_id, {"uitslag": 3}, submission_id=submission
                    )

            line = {"what": "task", "task": str(task_id), "submission": str(submission)}
            self._say(line, work)
            if self._random.random() < 0.1:
                self._say(line, work)  # the same form delivered a second time

    def _say_ready(self, whom: str) -> None:
        query = whom.replace(":many", str(1 + self._order.instances // 100))
        for (trajectory_id,) in self._until_answered(lambda: self._some(query)):
            message_id = f"klaar:{trajectory_id}"

            def work(key: str = str(trajectory_id), message_id: str = message_id) -> None:
                in_transaction(
                    self._database,
                    lambda session: process_workbench(session, self._clock).runtime.publish(
                        "klaar", key, {}, life=KEPT_FOR, message_id=message_id
                    ),
                )

            self._say({"what": "message", "id": message_id}, work)

    def _some(self, query: str) -> list[Any]:
        """The rows from a random trajectory on; from the first one when there are none."""
        somewhere = UUID(int=self._random.getrandbits(128))
        return self._rows(query, somewhere) or self._rows(query, UUID(int=0))

    def _rows(self, query: str, since: UUID | None = None) -> list[Any]:
        given = {} if since is None else {"from": since}
        with self._database.connect() as connection:
            return list(connection.execute(text(query), given).all())

    def _say(self, line: dict[str, str], work: Callable[[], None]) -> None:
        """Do it, and write down what was said of it: done, somebody was first, or a fault."""
        resent, said = self._visitor.resent, dict(line)
        try:
            self._until_answered(work)
        except KetenspoorError as error:
            said |= {"what": "outrun" if error.code in OUTRUN else "problem", "code": error.code}
        except NotDone as error:
            said |= {"what": "outrun" if error.status in OUTRUN_STATUS else "problem"}
            said |= {"code": str(error.status), "text": error.text}
        except Exception as error:  # noqa: BLE001 - whatever a person would have seen as a fault
            where = [f"{Path(f.filename).name}:{f.lineno}" for f in extract_tb(error.__traceback__)]
            said |= {
                "what": "problem",
                "code": type(error).__name__,
                "where": " ".join(where[-30:]),
            }
        if self._visitor.resent > resent:
            said |= {"resent": str(self._visitor.resent - resent)}
        with Path(self._order.journal).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(said) + "\n")

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


if __name__ == "__main__":
    Commander(Order(**json.loads(sys.argv[1]))).work()
