"""The independent checker: the whole database against its audit, with SQL and not with the engine.

It says what is wrong, as sentences; an empty list is what everybody hopes for. It may look at any
moment at which nobody writes, also while instances are under way.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from tests.chaos.diagram import MONTHS, STRIKES, Pace
from tests.chaos.mailed import mailed
from tests.chaos.replay import Diagram, Replay, replayed
from tests.chaos.told import causes, differences, kept_word

STATE_FORMAT = 1
INSTANCES = "SELECT id, status, state, parent_id, parent_token_id, ended_at FROM process_instances"


def check(
    connection: psycopg.Connection[Any],
    pace: Pace,
    journals: Iterable[str],
    mails: Iterable[str] | None = None,
) -> list[str]:
    """Everything that is wrong in the database, by its audit and by what was confirmed.

    ``mails``: the ids that the mail server took, if they are known.
    """
    diagram, replays = replayed(connection, pace)
    found = [line for one in replays.values() for line in one.wrong]
    found += _instances(connection, replays, diagram)
    found += _tasks(connection, replays)
    found += _timers(connection, replays, pace)
    found += _waiting(connection, replays)
    found += _trajectories(connection, replays)
    found += causes(connection, replays)
    found += mailed(connection, replays, mails)
    return found + kept_word(connection, journals)


def _instances(
    connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay], diagram: Diagram
) -> list[str]:
    """Status and state of each instance against its audit; parents against children."""
    wrong, known = [], set()
    callers: Counter[UUID] = Counter()
    for id_, status, state, parent, caller, ended_at in connection.execute(INSTANCES):
        known.add(id_)
        one = replays.get(id_)
        if one is None:
            wrong.append(f"{id_} has no audit")
            continue
        if (one.ended or "active") != status or (ended_at is None) != (status == "active"):
            wrong.append(f"{id_} is {status}, by its audit {one.ended}")
        left = {name: n for name, n in one.arriving.items() if n}
        if one.ended == "cancelled":  # what waited at a join went with it, untold
            left = {}
        if one.ended and (one.opened or left):
            wrong.append(f"{id_} ended while {list(one.opened.values())} {left} were left")
        for name, count in left.items():
            if name not in diagram.joins or count >= diagram.incoming[name]:
                wrong.append(f"{id_}: a token on its way to {name} was lost")
        wrong += _state(id_, one, json.loads(zlib.decompress(state)), status, sum(left.values()))
        if parent is not None:
            callers[caller] += 1
            open_caller = parent in replays and caller in replays[parent].opened
            if open_caller != (status == "active"):
                wrong.append(f"{id_} is {status} while its caller's task is open: {open_caller}")
    wrong += [f"{id_} has an audit only" for id_ in set(replays) - known]
    for one in replays.values():
        calls = [t for t, (e, _, _) in one.opened.items() if e == "roep"]
        calls += [t for t, (kind, _, _) in one.closed.items() if kind == "callActivity"]
        wrong += [f"call {t} has {callers[t]} instances" for t in calls if callers[t] != 1]
    return wrong


def _state(
    id_: UUID, one: Replay, document: Mapping[str, Any], status: str, arrived: int
) -> list[str]:
    """The tokens and variables of the stored state, read without the engine."""
    if document["v"] != STATE_FORMAT:
        return [f"{id_}: state format {document['v']} is not known to this checker"]
    wrong = []
    if document["status"] != status:
        wrong.append(f"{id_}: its state says {document['status']}, its row {status}")
    round_ = document["tokens"][0][4].get("ronde", 0)
    if one.process == "storm" and round_ != one.passed["tel"]:
        wrong.append(f"{id_} is in round {round_}, by its audit in {one.passed['tel']}")
    tokens, joined = {}, 0
    for hex_id, element, place, _state, _data, internal in document["tokens"]:
        if place is None or internal.get("sub"):
            continue
        if "arrived" in internal:
            joined += 1
        else:
            tokens[UUID(hex=hex_id)] = element
    expected = {token: element for token, (element, _, _) in one.opened.items()}
    if status == "active" and (tokens != expected or joined != arrived):
        wrong.append(f"{id_} stands at {sorted(tokens.values())}, by its audit at {expected}")
    return wrong


def _tasks(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """The worklist against the audit: nothing lost, nothing twice, nothing invented."""
    expected: dict[UUID, tuple[str, UUID | None]] = {}
    for one in replays.values():
        for token, (_, kind, _) in one.opened.items():
            if kind == "userTask":
                expected[token] = "suspended" if one.aside else "open", None
        for task, by in one.reviews.items():
            left = "cancelled" if one.ended else "open"
            expected[task] = (left, None) if by is None else ("completed", by)
        for token, (kind, how, actor) in one.closed.items():
            if kind == "userTask":
                expected[token] = how, actor if how == "completed" else None
    rows = connection.execute("SELECT id, status, completed_by FROM user_tasks")
    return differences("task", expected, {id_: (status, by) for id_, status, by in rows})


def _timers(
    connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay], pace: Pace
) -> list[str]:
    """The timers that must be running, with the instant at which they are due, against the rows."""
    expected: Counter[tuple[UUID, str, datetime]] = Counter()
    after = {"rust": pace.rest, "pauze": pace.pause}
    for one in replays.values():
        if one.aside and one.review is not None and one.ended is None:
            expected[one.instance, one.process, one.review] += 1
        for token, (element, _, since) in ({} if one.aside else one.opened).items():
            seconds, name = after.get(element), element
            if element == "b":
                seconds, name = pace.late, "te-laat"
            elif element == "a":
                seconds, name = MONTHS.total_seconds(), "herinner"
            elif element == "kamer" and one.strikes[token] < STRIKES:
                seconds, name = pace.strike * (one.strikes[token] + 1), "klok"
            if seconds is not None:
                expected[one.instance, name, since + timedelta(seconds=seconds)] += 1
    rows = connection.execute("SELECT instance_id, element_id, due_at FROM timers").fetchall()
    return differences("timer", expected, Counter(rows))


def _waiting(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """Subscriptions and incidents."""
    waiting = {t for one in replays.values() for t, (e, _, _) in one.opened.items() if e == "wacht"}
    found = [row[0] for row in connection.execute("SELECT token_id FROM subscriptions")]
    wrong = []
    if Counter(found) != Counter(waiting):
        many = len(waiting ^ set(found)) or len(found)
        wrong.append(f"{many} subscriptions differ from who waits for a message")
    incidents = connection.execute("SELECT element_id, code, message FROM incidents").fetchall()
    return wrong + [f"incident {code} at {element}: {text}" for element, code, text in incidents]


def _trajectories(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """Each trajectory has one main instance, and is over when that is."""
    expected: dict[str, str] = {}
    wrong = []
    for id_, key in connection.execute(
        "SELECT id, business_key FROM process_instances WHERE parent_id IS NULL"
    ):
        if key in expected:
            wrong.append(f"trajectory {key} has two main instances")
        over = id_ in replays and replays[id_].ended
        expected[key] = "closed" if over else "running"
    rows = connection.execute("SELECT id::text, status, ended_at IS NOT NULL FROM trajectories")
    found = {
        key: "closed" if status == "closed" and over else "running" for key, status, over in rows
    }
    return wrong + differences("trajectory", expected, found)
