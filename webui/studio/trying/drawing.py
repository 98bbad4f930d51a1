"""The diagram of a play's part: its file, what was passed, where it stands, where to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from engine.definitions.model import Element, Kind, Process
from engine.execution.standing import Standing
from engine.runtime.store import Instance
from engine.simulation.plays.replaying import Replay
from engine.simulation.plays.world import PlayedWorld
from webui.presentation import show_short_day
from webui.studio.trying.models import Board
from webui.studio.trying.subjects import Subject

WAITING = frozenset({Kind.CATCH_EVENT, Kind.RECEIVE_TASK})
GONE_BY = frozenset({"completed", "triggered"})


def process_of(world: PlayedWorld, instance: Instance) -> Process | None:
    """The process of a part, as it is drawn."""
    return world.package_of(instance).processes.get(instance.process_id)


def name_of_process(world: PlayedWorld, instance: Instance) -> str:
    """The name of a part's process."""
    process = process_of(world, instance)
    return (process.name if process else "") or instance.process_id


def element_of(world: PlayedWorld, instance: Instance, wait: Standing) -> Element | None:
    """The element that something stands at."""
    process = process_of(world, instance)
    return process.elements.get(wait.element_id) if process else None


def may_always_come(world: PlayedWorld, instance: Instance, wait: Standing) -> bool:
    """Whether it is a message that may come beside other work."""
    element = element_of(world, instance, wait)
    return wait.kind == "message" and (element is None or element.kind not in WAITING)


def drawn_at(subject: Subject, world: PlayedWorld, chosen: Instance | None) -> str:
    """The address of the file that a part is drawn in."""
    if chosen is None:
        return ""
    return url_for(
        "studio.played_diagram", kind=subject.kind, key=subject.key,
        package=world.package_of(chosen).key, process=chosen.process_id,
    )  # fmt: skip


def edited_at(subject: Subject, world: PlayedWorld, instance: Instance) -> str:
    """Where the diagram of a part can be changed; empty where it is not the draft's own."""
    process = process_of(world, instance)
    if not subject.open or process is None or world.package_of(instance) is not subject.package:
        return ""
    return url_for("studio.draft", draft_id=subject.key, bestand=process.file)


def overlays(page: Board, played: Replay, chosen: Instance | None) -> dict[str, Any]:
    """What the page's script marks on the drawing."""
    if chosen is None:
        return {}
    world = played.world
    own = [one.happening for one in world.store.history if one.instance_id == chosen.id]
    latest = played.made[-1].happened if played.made else ()
    return {
        "process": chosen.process_id,
        "passed": [{"id": key} for key in dict.fromkeys(_ids(own))],
        "flows": list(dict.fromkeys(f for one in own for f in one.data.get("flows", ()))),
        "recent": [
            flow
            for one in latest
            if one.instance_id == chosen.id
            for flow in one.happening.data.get("flows", ())
        ],
        "standing": list(_standing(page, world, chosen)),
        "texts": {"failed": gettext("Het diagram kon niet getoond worden.")},
    }


def _ids(happenings: Sequence[Any]) -> Iterator[str]:
    return (one.element_id for one in happenings if one.type in GONE_BY)


def _standing(page: Board, world: PlayedWorld, chosen: Instance) -> Iterator[Mapping[str, Any]]:
    number = {one.parent_token_id: place for place, one in enumerate(world.instances, start=1)}
    turns = {task.wait.token_id: task.turn for task in world.tasks()}
    for instance, wait in world.waits():
        if instance is not chosen:
            continue
        if wait.kind in ("scope", "thrown") or may_always_come(world, instance, wait):
            continue
        text, style, address = "", "waiting", None
        if wait.kind == "incident":
            text, style = gettext("vastgelopen"), "broken"
        elif wait.kind == "user":
            style = "here"
            if page.live:
                text = gettext("doen")
                address = url_for(
                    "studio.played_task", element=wait.element_id,
                    turn=turns[wait.token_id], **page.place,
                )  # fmt: skip
        elif wait.kind == "child":
            style = "here"
            if wait.token_id in number:
                text = gettext("bekijk dit deel")
                address = url_for("studio.play", deel=number[wait.token_id], **page.look)
        elif wait.kind == "timer" and wait.due_at is not None:
            text = gettext("tot %(day)s", day=show_short_day(wait.due_at))
        yield {"id": wait.element_id, "style": style, "text": text, "address": address}
