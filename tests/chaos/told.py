"""What people were told against what is there: nothing that was confirmed is lost or doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import psycopg

from tests.chaos.replay import Replay

FORMS = "SELECT submission_id::text, task_id::text, trajectory_id::text FROM documents"
TAKEN = "SELECT id::text FROM user_tasks WHERE claimed_at IS NOT NULL"
NOT_TAKEN = {"task-not-open", "409"}
"""What says for certain that a form was not taken: somebody else or a timer was first."""


def causes(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """Each step has the one thing that caused it: a form, a message; and each of those one step."""
    forms, referrals = Counter[str | None](), Counter[str | None]()
    for _, task, trajectory in connection.execute(FORMS):
        (referrals if task is None else forms)[trajectory if task is None else task] += 1
    done = Counter(
        str(token)
        for one in replays.values()
        for token, (kind, how, _) in one.closed.items()
        if kind == "userTask" and how == "completed"
    )
    known = Counter(_column(connection, "SELECT id::text FROM trajectories"))
    wrong = differences("form of task", done, forms)
    wrong += differences("referral of trajectory", known, referrals)
    allowed = (
        "SELECT object_id::text FROM access_log WHERE action = 'task.work' AND outcome = 'allowed'"
    )
    taken = Counter(_column(connection, TAKEN))
    wrong += differences("access log of task", done + taken, Counter(_column(connection, allowed)))
    sent = "SELECT substr(message_id, 7) FROM seen_messages WHERE message_id LIKE 'klaar:%'"
    kept = "SELECT key FROM buffered_messages WHERE name = 'klaar'"
    arrived = Counter(_column(connection, kept))
    for id_, key in connection.execute("SELECT id, business_key FROM process_instances"):
        if id_ in replays and (here := replays[id_].passed["wacht"] + replays[id_].kept):
            arrived[key] += here
    return wrong + differences("message to", Counter(_column(connection, sent)), arrived)


def kept_word(connection: psycopg.Connection[Any], journals: Iterable[str]) -> list[str]:
    """What a person was told is done must be done, once; what was refused must not be."""
    taken: dict[str, list[str | None]] = {}
    for submission, task, _ in connection.execute(FORMS):
        taken.setdefault(submission, []).append(task)
    seen = set(_column(connection, "SELECT message_id FROM seen_messages"))
    wrong = []
    for said in {json.dumps(line, sort_keys=True) for line in _lines(journals)}:
        line = json.loads(said)
        what, submission = line["what"], line.get("submission")
        if what in ("referral", "task"):
            if taken.get(submission) != [line.get("task")]:
                wrong.append(f"confirmed {what} {submission} is there as {taken.get(submission)}")
        elif what == "message" and line["id"] not in seen:
            wrong.append(f"confirmed message {line['id']} is not there")
        elif what == "outrun" and _for_certain(line) and submission in taken:
            wrong.append(f"refused task {submission} was taken")
    return sorted(wrong)


def _for_certain(refused: Mapping[str, Any]) -> bool:
    """Whether it says who was first; that *something* was in the way leaves the outcome open."""
    return refused["code"] in NOT_TAKEN and '"title"' not in refused.get("text", "")


def _lines(journals: Iterable[str]) -> Iterable[dict[str, Any]]:
    for text in journals:
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # killed while writing it
                continue


def _column(connection: psycopg.Connection[Any], query: str) -> list[Any]:
    return [row[0] for row in connection.execute(query.encode())]


def differences(what: str, expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[str]:
    """What two accounts of the same say differently, key by key."""
    return [
        f"{what} {key}: {found.get(key, 'absent')}, by the audit {expected.get(key, 'absent')}"
        for key in sorted({*expected, *found}, key=str)
        if expected.get(key) != found.get(key)
    ]
