"""The independent checker: replays the audit with SQL and the diagram's XML, not with the engine.

It says what is wrong, as sentences; an empty list is what everybody hopes for. It may look at any
moment at which nobody writes, also while instances are under way.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import psycopg

from tests.chaos.diagram import STRIKES, Pace

STATE_FORMAT = 1


@dataclass
class Diagram:
    """How many flows lead to each element, and which elements wait for all of them."""

    target: dict[str, str] = field(default_factory=dict)
    incoming: Counter[str] = field(default_factory=Counter)
    joins: set[str] = field(default_factory=set)

    def read(self, xml: bytes) -> None:
        """Take in a BPMN file."""
        for node in ElementTree.fromstring(xml).iter():  # noqa: S314 - our own file
            kind = node.tag.rpartition("}")[2]
            if kind == "sequenceFlow":
                self.target[node.attrib["id"]] = node.attrib["targetRef"]
                self.incoming[node.attrib["targetRef"]] += 1
            elif kind == "parallelGateway":
                self.joins.add(node.attrib["id"])


@dataclass
class Replay:
    """Where an instance must stand by its audit."""

    instance: UUID
    process: str
    opened: dict[UUID, tuple[str, str, datetime]] = field(default_factory=dict)
    closed: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    arriving: Counter[str] = field(default_factory=Counter)
    strikes: dict[UUID, int] = field(default_factory=dict)
    ended: str | None = None
    wrong: list[str] = field(default_factory=list)

    def complain(self, what: str) -> None:
        """Note what is wrong with this instance."""
        self.wrong.append(f"{self.process} {self.instance}: {what}")


def check(connection: psycopg.Connection[Any], pace: Pace, journals: Iterable[str]) -> list[str]:
    """Everything that is wrong in the database, by its audit and by what was confirmed."""
    diagram = Diagram()
    for (content,) in connection.execute("SELECT content FROM package_versions"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith(".bpmn"):
                    diagram.read(archive.read(name))
    replays: dict[UUID, Replay] = {}
    events = connection.execute(
        "SELECT instance_id, process_id, at, type, element_id, element_kind, token_id, data "
        "FROM audit_events ORDER BY id"
    )
    for instance, process, *event in events:
        one = replays.setdefault(instance, Replay(instance, process))
        _take(one, diagram, pace, *event)
    wrong = [_instances(connection, replays, diagram), _tasks(connection, replays)]
    wrong += [_timers(connection, replays), _rest(connection, replays)]
    wrong.append(_confirmed(connection, journals))
    return [line for one in replays.values() for line in one.wrong] + [
        line for lines in wrong for line in lines
    ]


def _take(
    one: Replay,
    diagram: Diagram,
    pace: Pace,
    at: datetime,
    type_: str,
    element: str,
    kind: str,
    token: UUID,
    data: Mapping[str, Any],
) -> None:
    if one.ended is not None:
        one.complain(f"{type_} {element} after its end")
    if type_ == "ended":
        one.ended = data["status"]
    elif type_ == "triggered":
        _triggered(one, pace, element, at)
    elif type_ == "activated":
        if token in one.opened or token in one.closed:
            one.complain(f"{element} entered twice by one token")
        needed = diagram.incoming[element] if element in diagram.joins else 1
        if diagram.incoming[element]:
            one.arriving[element] -= needed
            if one.arriving[element] < 0:
                one.complain(f"{element} entered without a flow that leads there")
        one.opened[token] = (element, kind, at)
        if element == "kamer":
            one.strikes[token] = 0
    elif type_ in ("completed", "cancelled"):
        if token not in one.opened:
            one.complain(f"{element} {type_} twice or without being entered")
            return
        _, _, since = one.opened.pop(token)
        one.closed[token] = (kind, type_)
        one.arriving.update(diagram.target[flow] for flow in data.get("flows", ()))
        shortest = {"rust": pace.rest, "pauze": pace.pause}.get(element)
        if shortest is not None and at - since < timedelta(seconds=shortest):
            one.complain(f"{element} fired too early")
        if element == "kamer" and one.strikes[token] != STRIKES:
            one.complain(f"klok struck {one.strikes[token]} times instead of {STRIKES}")
        if element == "b" and type_ == "cancelled" and at - since < timedelta(seconds=pace.late):
            one.complain("te-laat fired too early")
    elif type_ != "started":
        one.complain(f"{type_} at {element}")


def _triggered(one: Replay, pace: Pace, element: str, at: datetime) -> None:
    if element != "klok":
        return
    rooms = [t for t, (e, _, _) in one.opened.items() if e == "kamer"]
    if len(rooms) != 1:
        one.complain("klok struck outside its room")
        return
    one.strikes[rooms[0]] += 1
    due = one.opened[rooms[0]][2] + timedelta(seconds=pace.strike * one.strikes[rooms[0]])
    if at < due:
        one.complain("klok struck too early")


def _instances(
    connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay], diagram: Diagram
) -> list[str]:
    """Status and state of each instance against its audit; parents against children."""
    wrong = []
    query = "SELECT id, status, state, parent_id, parent_token_id, ended_at FROM process_instances"
    rows = connection.execute(query).fetchall()
    if {row[0] for row in rows} != set(replays):
        wrong.append("instances and audits are not of the same instances")
    callers: Counter[UUID] = Counter()
    for id_, status, state, parent, caller, ended_at in rows:
        one = replays[id_]
        if (one.ended or "active") != status or (ended_at is None) != (status == "active"):
            wrong.append(f"{id_} is {status}, by its audit {one.ended}")
        left = {name: n for name, n in one.arriving.items() if n}
        if one.ended and (one.opened or left):
            wrong.append(f"{id_} ended while {list(one.opened.values())} {left} were left")
        for name, count in left.items():
            if name not in diagram.joins or count >= diagram.incoming[name]:
                wrong.append(f"{id_}: a token on its way to {name} was lost")
        if status == "active":
            wrong += _state(id_, one, zlib.decompress(state), sum(left.values()))
        if parent is not None:
            callers[caller] += 1
            open_caller = caller in replays[parent].opened
            if open_caller != (status == "active"):
                wrong.append(f"{id_} is {status} while its caller's task is open: {open_caller}")
    for one in replays.values():
        calls = [t for t, (e, _, _) in one.opened.items() if e == "roep"]
        calls += [t for t, (kind, _) in one.closed.items() if kind == "callActivity"]
        wrong += [f"call {t} has {callers[t]} instances" for t in calls if callers[t] != 1]
    return wrong


def _state(id_: UUID, one: Replay, raw: bytes, arrived: int) -> list[str]:
    """The tokens of the stored state, read without the engine."""
    document = json.loads(raw)
    if document["v"] != STATE_FORMAT:
        return [f"{id_}: state format {document['v']} is not known to this checker"]
    tokens, joined = {}, 0
    for hex_id, element, place, _state, _data, internal in document["tokens"]:
        if place is None or internal.get("sub"):
            continue
        if "arrived" in internal:
            joined += 1
        else:
            tokens[UUID(hex=hex_id)] = element
    expected = {token: element for token, (element, _, _) in one.opened.items()}
    if tokens != expected or joined != arrived:
        return [f"{id_} stands at {sorted(tokens.values())}, by its audit at {expected}"]
    return []


def _tasks(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """The worklist against the audit: nothing lost, nothing twice, nothing invented."""
    expected: dict[UUID, str] = {}
    for one in replays.values():
        expected |= {t: "open" for t, (_, kind, _) in one.opened.items() if kind == "userTask"}
        expected |= {t: how for t, (kind, how) in one.closed.items() if kind == "userTask"}
    found = dict(connection.execute("SELECT id, status FROM user_tasks").fetchall())
    return _differences("task", expected, found)


def _timers(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """The timers that must be running against those that are."""
    expected: Counter[tuple[UUID, str]] = Counter()
    for one in replays.values():
        for token, (element, _, _) in one.opened.items():
            if element in ("rust", "pauze"):
                expected[one.instance, element] += 1
            elif element == "b":
                expected[one.instance, "te-laat"] += 1
            elif element == "kamer" and one.strikes[token] < STRIKES:
                expected[one.instance, "klok"] += 1
    found = Counter(connection.execute("SELECT instance_id, element_id FROM timers").fetchall())
    return _differences("timer", expected, found)


def _rest(connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay]) -> list[str]:
    """Subscriptions, incidents, forms and trajectories."""
    wrong = []
    waiting = {t for one in replays.values() for t, (e, _, _) in one.opened.items() if e == "wacht"}
    found = {row[0] for row in connection.execute("SELECT token_id FROM subscriptions")}
    if waiting != found:
        wrong.append(f"{len(waiting ^ found)} subscriptions differ from who waits for a message")
    incidents = connection.execute("SELECT element_id, code, message FROM incidents").fetchall()
    wrong += [f"incident {code} at {element}: {text}" for element, code, text in incidents]
    forms = dict(
        connection.execute(
            "SELECT task_id, count(*)::text FROM documents WHERE task_id IS NOT NULL GROUP BY 1"
        ).fetchall()
    )
    done = connection.execute("SELECT id FROM user_tasks WHERE status = 'completed'").fetchall()
    wrong += _differences("form of task", {task: "1" for (task,) in done}, forms)
    mains = Counter(
        connection.execute(
            "SELECT business_key FROM process_instances WHERE parent_id IS NULL"
        ).fetchall()
    )
    referred = Counter(connection.execute("SELECT id::text FROM trajectories").fetchall())
    wrong += _differences("trajectory", referred, mains)
    return wrong


def _confirmed(connection: psycopg.Connection[Any], journals: Iterable[str]) -> list[str]:
    """What a person was told is done must be done."""
    confirmed: dict[str, set[str]] = defaultdict(set)
    for text in journals:
        for line in text.splitlines():
            try:
                said = json.loads(line)
            except ValueError:  # killed while writing it
                continue
            key = said.get("submission") or said.get("trajectory") or said.get("id")
            if key:
                confirmed[said["what"]].add(key)
    wrong = []
    for what, query in (
        ("referral", "SELECT id::text FROM trajectories"),
        ("task", "SELECT submission_id::text FROM documents WHERE submission_id IS NOT NULL"),
        ("message", "SELECT message_id FROM seen_messages"),
    ):
        there = {row[0] for row in connection.execute(query)}
        lost = confirmed[what] - there
        wrong += [f"confirmed {what} {key} is not there" for key in sorted(lost)]
    return wrong


def _differences(what: str, expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[str]:
    return [
        f"{what} {key}: {found.get(key, 'absent')}, by the audit {expected.get(key, 'absent')}"
        for key in sorted({*expected, *found}, key=str)
        if expected.get(key) != found.get(key)
    ]
