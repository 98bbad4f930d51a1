"""Where every instance must stand by its audit: replayed with the diagram's XML, not the engine."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import psycopg

from tests.chaos.diagram import STRIKES, Pace

EVENTS = """
SELECT e.id, e.instance_id, coalesce(i.process_id, ''), e.at, e.type, e.element_id, e.element_kind,
       e.token_id, e.actor_id, e.data
FROM audit_events e LEFT JOIN process_instances i ON i.id = e.instance_id ORDER BY e.id
"""
AT_ONCE = 20_000
"""Lines of the audit that are fetched together."""


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
    """Where an instance must stand by its audit.

    Attributes:
        opened: its tokens that wait: element, kind and since when.
        closed: its tokens that are done: kind, how, and who did it.
        arriving: how often something is on its way to an element.
        strikes: how often the clock of a room struck.
        passed: how often each element was completed.
        by_hand: rooms in which a person skipped, repeated or moved something.
        moved_in: whether the next room begins where a person says.
        left_early: whether the last task ``b`` that was withdrawn was not late yet.
        aside: whether a person put it aside, with ``review`` as when somebody looks again (at the
            head of a tree), ``reviews`` as the tasks that asks for it and who answered, and
            ``kept`` as how many messages wait until it goes on.
    """

    instance: UUID
    process: str
    opened: dict[UUID, tuple[str, str, datetime]] = field(default_factory=dict)
    closed: dict[UUID, tuple[str, str, UUID | None]] = field(default_factory=dict)
    arriving: Counter[str] = field(default_factory=Counter)
    strikes: dict[UUID, int] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    by_hand: set[UUID] = field(default_factory=set)
    moved_in: bool = False
    left_early: bool = False
    aside: bool = False
    review: datetime | None = None
    reviews: dict[UUID, UUID | None] = field(default_factory=dict)
    kept: int = 0
    started: bool = False
    ended: str | None = None
    wrong: list[str] = field(default_factory=list)

    def complain(self, what: str) -> None:
        """Note what is wrong with this instance."""
        self.wrong.append(f"{self.process} {self.instance}: {what}")


def replayed(connection: psycopg.Connection[Any], pace: Pace) -> tuple[Diagram, dict[UUID, Replay]]:
    """Every instance of the audit, and the diagrams that it was replayed by."""
    diagram = Diagram()
    for (content,) in connection.execute("SELECT content FROM package_versions"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith(".bpmn"):
                    diagram.read(archive.read(name))
    replays: dict[UUID, Replay] = {}
    with connection.transaction(), connection.cursor("audit") as events:
        events.itersize = AT_ONCE
        for event_id, instance, process, *event in events.execute(EVENTS):
            one = replays.setdefault(instance, Replay(instance, process))
            if event[1] == "undone":
                replays[instance] = _back(connection, diagram, pace, one, event_id, event[-1])
                continue
            _take(one, diagram, pace, *event)
    for one in replays.values():
        if not one.started:
            one.complain("never started")
    return diagram, replays


def _back(
    connection: psycopg.Connection[Any],
    diagram: Diagram,
    pace: Pace,
    one: Replay,
    event_id: int,
    data: Mapping[str, Any],
) -> Replay:
    """The instance as it was when a person's mend was undone: replayed up to before that mend."""
    again = Replay(one.instance, one.process)
    undone: set[int] = set()
    query = (
        "SELECT id, at, type, element_id, element_kind, token_id, actor_id, data "
        "FROM audit_events WHERE instance_id = %s AND id <= %s ORDER BY id"
    )
    lines = connection.execute(query, (one.instance, data["back_to"])).fetchall()
    for line_id, _, type_, *_, told in lines:
        if type_ == "undone":
            undone |= {n for n, *_ in lines if told["back_to"] < n <= line_id}
    for line_id, *line in lines:
        if line_id not in undone:
            _take(again, diagram, pace, *line)
    known = {**{t: kind for t, (_, kind, _) in one.opened.items()},
             **{t: kind for t, (kind, _, _) in one.closed.items()}}  # fmt: skip
    for token, kind in known.items():
        if token not in again.opened and token not in again.closed and kind == "userTask":
            again.closed[token] = (kind, "cancelled", None)  # begun by what was undone
    again.wrong = one.wrong + again.wrong[len(one.wrong) :]
    if event_id <= data["back_to"]:
        again.complain("undone before it was done")
    return again


def _take(
    one: Replay,
    diagram: Diagram,
    pace: Pace,
    at: datetime,
    type_: str,
    element: str,
    kind: str,
    token: UUID,
    actor: UUID | None,
    data: Mapping[str, Any],
) -> None:
    if one.ended is not None:
        one.complain(f"{type_} {element} after its end")
    if type_ == "started":
        if one.started:
            one.complain("started twice")
        one.started = True
    elif type_ == "ended":
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
            if one.moved_in:
                one.by_hand.add(token)
                one.moved_in = False
    elif type_ in ("completed", "cancelled"):
        if one.aside and type_ == "completed":
            one.complain(f"{element} completed while it was aside")
        _closed(one, diagram, pace, at, type_, element, kind, token, actor, data)
    elif type_ in ("suspended", "reviewed", "review-due", "resumed", "kept"):
        _put_aside(one, at, type_, actor, data)
    elif type_ == "corrected":
        pass  # of variables the checker knows only what scripts make
    else:
        one.complain(f"{type_} at {element}")


def _closed(
    one: Replay,
    diagram: Diagram,
    pace: Pace,
    at: datetime,
    type_: str,
    element: str,
    kind: str,
    token: UUID,
    actor: UUID | None,
    data: Mapping[str, Any],
) -> None:
    mended = data.get("mend")
    if mended and actor is None:
        one.complain(f"{element} {mended} by nobody")
    if "to" in data:
        one.arriving[data["to"]] += 1
    one.arriving.update(inner for inner in data.get("into", ()) if diagram.incoming[inner])
    if data.get("unentered"):
        one.arriving[element] -= 1
        return
    if token not in one.opened:
        one.complain(f"{element} {type_} twice or without being entered")
        return
    entered, _, since = one.opened.pop(token)
    if entered != element:
        one.complain(f"{element} {type_} by the token of {entered}")
    one.closed[token] = (kind, type_, actor)
    one.passed[element] += type_ == "completed"
    one.arriving.update(diagram.target[flow] for flow in data.get("flows", ()))
    if mended:
        one.by_hand.update(t for t, (e, _, _) in one.opened.items() if e == "kamer")
        one.moved_in = data.get("to") == "kamer"
        return
    shortest = {"rust": pace.rest, "pauze": pace.pause}.get(element)
    early = shortest is not None and at - since < timedelta(seconds=shortest)
    if early and type_ == "completed":
        one.complain(f"{element} fired too early")
    struck = one.strikes.get(token, STRIKES)
    if type_ == "completed" and struck != STRIKES and token not in one.by_hand:
        one.complain(f"klok struck {struck} times instead of {STRIKES}")
    if element == "b" and type_ == "cancelled":
        one.left_early = at - since < timedelta(seconds=pace.late)
    if kind == "userTask" and type_ == "completed" and actor is None:
        one.complain(f"{element} completed by nobody")


def _put_aside(
    one: Replay, at: datetime, type_: str, actor: UUID | None, data: Mapping[str, Any]
) -> None:
    """What a person put aside, and what became of it."""
    if (type_ == "suspended") is one.aside:
        one.complain(f"{type_} while it was aside: {one.aside}")
    open_review = next((task for task, by in one.reviews.items() if by is None), None)
    if type_ in ("reviewed", "resumed") and open_review is not None:
        one.reviews[open_review] = actor
    if type_ in ("suspended", "reviewed") and "review" in data:
        one.review = datetime.fromisoformat(data["review"])
    elif type_ == "review-due":
        if one.review is None or at < one.review:
            one.complain("looked at again before it was due")
        one.reviews[UUID(data["task"])] = None
        one.review = None
    elif type_ == "resumed":
        one.review, one.kept = None, 0
        shifts = {
            datetime.fromisoformat(after) - datetime.fromisoformat(before)
            for _, before, after in data["deadlines"]
        }
        if len(shifts) > 1:
            one.complain(f"deadlines shifted by {shifts}")
        for shift in shifts:
            one.opened = {t: (e, k, since + shift) for t, (e, k, since) in one.opened.items()}
    one.aside = type_ != "resumed"
    one.kept += type_ == "kept"


def _triggered(one: Replay, pace: Pace, element: str, at: datetime) -> None:
    if element == "herinner":
        one.complain("herinner fired months too early")
    if element == "te-laat" and one.left_early:
        one.complain("te-laat fired too early")
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
