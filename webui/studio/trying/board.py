"""Makes the page of a play: the clock, tasks, timers and messages, the diagram, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext

from engine.definitions.packages import Package
from engine.execution.standing import Standing
from engine.execution.variables import visible
from engine.runtime.store import Instance
from engine.simulation.plays.keeping import KeptPlay
from engine.simulation.plays.replaying import Replay, replay
from engine.simulation.plays.samples import message_sample, task_samples
from engine.simulation.plays.witness import values_in
from engine.simulation.plays.world import PlayedWorld
from webui.engine_texts import told
from webui.presentation import days_between
from webui.studio.trying.drawing import (
    drawn_at,
    edited_at,
    element_of,
    may_always_come,
    name_of_process,
    overlays,
)
from webui.studio.trying.models import (
    Board,
    MessageLine,
    PartLine,
    Stuck,
    TaskLine,
    TimerLine,
)
from webui.studio.trying.steps import step_lines
from webui.studio.trying.subjects import Subject
from webui.studio.trying.why import in_words, why_lines
from webui.words import in_language, role_name

OF_THIS_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-")
"""An id that another run does not have: a message for it would find nobody there."""


def play_as_far(subject: Subject, kept: KeptPlay, step: int | None) -> Replay:
    """The play after the first ``step`` moves, or all."""
    moves = kept.moves if step is None else kept.moves[: max(0, step)]
    return replay(subject.package, subject.others, kept.begin, moves)


def board(
    subject: Subject,
    kept: KeptPlay,
    *,
    step: int | None,
    part: int | None,
    as_role: str,
    scenario: tuple[str, str] = ("", ""),
) -> Board:
    """The page of a play, looking at one of its steps and one of its parts.

    ``scenario``: the file and name of the scenario whose moves these are.
    """
    total = len(kept.moves)
    whole = play_as_far(subject, kept, None)
    made = len(whole.made)
    shown = made if step is None else min(max(step, 1), made)
    played = whole if shown == made else play_as_far(subject, kept, shown)
    world = played.world
    instances = world.instances
    chosen = _chosen(played, instances, part)
    standing = [(i, w) for i, w in world.waits() if i in instances]
    tasks = _tasks(subject, world)
    now = world.clock.now()
    run = world.file.run if world.key else None
    found = Board(
        subject=subject,
        scenario=scenario[0],
        scenario_name=scenario[1],
        total=total,
        made=made,
        shown=shown,
        begin=kept.begin,
        now=now,
        day=days_between(kept.begin, now) + 1,
        phase=(run.phase or "") if run else "",
        status=run.status if run else "",
        outcome=(run.outcome or "") if run else "",
        tasks=[one for one in tasks if as_role in ("", one.role)],
        roles=_roles(tasks),
        as_role=as_role,
        timers=_timers(world, standing),
        messages=_messages(subject, world, standing),
        parts=_parts(world, instances, chosen),
        steps=step_lines(subject, whole),
        why=why_lines(world, played.made[-1].reasons) if played.made else [],
        variables=_variables(chosen),
        stuck=[
            Stuck(
                w.element_name or w.element_id,
                w.details["message"],
                w.details["remedy"],
                edited_at(subject, world, i),
            )
            for i, w in standing
            if w.kind == "incident"
        ],
        stopped=told(whole.stopped) if whole.stopped else "",
        overlays={},
        diagram=drawn_at(subject, world, chosen),
        part_name=name_of_process(world, chosen) if chosen else "",
        edit=edited_at(subject, world, chosen) if chosen else "",
        has_contact_note=world.contact_note is not None,
        beside=[
            (f"{one.key}/{key}", in_language(start.names, key))
            for one in (subject.package, *subject.others)
            for key, start in one.beside.items()
        ],
    )
    return replace(found, overlays=overlays(found, played, chosen))


def _chosen(played: Replay, instances: Sequence[Instance], part: int | None) -> Instance | None:
    """The part that is looked at: the asked one, one that is stuck, else where something happened
    last and waits.
    """
    if part is not None and 0 < part <= len(instances):
        return instances[part - 1]
    for instance, wait in played.world.waits():
        if wait.kind == "incident" and instance in instances:
            return instance
    active = {one.id: one for one in instances if one.execution.status == "active"}
    last = reversed(played.made[-1].happened) if played.made else ()
    with_tasks = {task.instance.id for task in played.world.tasks()}
    recent = [active[one.instance_id] for one in last if one.instance_id in active]
    for one in recent:
        if one.id in with_tasks:
            return one
    return next(iter(recent), None) or (instances[0] if instances else None)


def _tasks(subject: Subject, world: PlayedWorld) -> list[TaskLine]:
    found = []
    for task in world.tasks():
        package = world.package_of(task.instance)
        samples = task_samples(_sources(subject, package), task.wait.element_id)
        found.append(
            TaskLine(
                element_id=task.wait.element_id,
                turn=task.turn,
                name=task.wait.element_name or task.wait.element_id,
                role=task.role or "",
                role_name=role_name(subject.package, task.role, package) or gettext("Niemand"),
                part=name_of_process(world, task.instance),
                since=task.since,
                due=task.wait.due_at,
                has_form=task.form is not None,
                samples=len(samples),
            )
        )
    return found


def _sources(subject: Subject, package: Package) -> list[Package]:
    """Where samples come from: the package that is tried out, then the one that was called."""
    return [subject.package, *([package] if package is not subject.package else [])]


def _roles(tasks: Sequence[TaskLine]) -> list[tuple[str, str, int]]:
    names = {task.role: task.role_name for task in tasks}
    return [(key, name, sum(t.role == key for t in tasks)) for key, name in names.items()]


def _timers(world: PlayedWorld, standing: Sequence[tuple[Instance, Standing]]) -> list[TimerLine]:
    found = []
    for instance, wait in standing:
        if wait.kind != "timer" or wait.due_at is None:
            continue
        element = element_of(world, instance, wait)
        event = element.event if element else None
        drawn = (event.duration or event.date or event.cycle or "") if event else ""
        name = wait.element_name or wait.element_id
        values = explained(world, instance, wait, drawn)
        found.append(TimerLine(name, name_of_process(world, instance), wait.due_at, drawn, values))
    return sorted(found, key=lambda one: one.due)


def explained(
    world: PlayedWorld, instance: Instance, wait: Standing, drawn: str
) -> list[tuple[str, str]]:
    """What the names in an expression stand for, where somebody waits."""
    seen = visible(instance.execution.tasks[wait.token_id])
    values = values_in(drawn, seen, world.clock.now()) if drawn.strip().startswith("=") else {}
    return [(name, in_words(value)) for name, value in values.items()]


def _messages(
    subject: Subject, world: PlayedWorld, standing: Sequence[tuple[Instance, Standing]]
) -> list[MessageLine]:
    found: dict[tuple[str, str], MessageLine] = {}
    for instance, wait in standing:
        if wait.kind != "message" or not wait.name or OF_THIS_RUN.search(_beyond(world, wait.key)):
            continue
        key = key_in_words(world.key, wait.key)
        always = may_always_come(world, instance, wait)
        known = found.get((wait.name, key))
        if known is not None and (always or not known.always):
            continue
        package = world.package_of(instance)
        carried = message_sample(_sources(subject, package), wait.name)
        found[wait.name, key] = MessageLine(
            name=wait.element_name or wait.name,
            key=key,
            message=wait.name,
            part=name_of_process(world, instance),
            always=always,
            variables=[(name, _typed(value)) for name, value in carried.items()],
        )
    return sorted(found.values(), key=lambda one: one.always)


def _beyond(world: PlayedWorld, key: str | None) -> str:
    """What a message's key says besides the trajectory."""
    return (key or "").removeprefix(world.key)


def _typed(value: Any) -> str:
    """A value as somebody would type it: a text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def key_in_words(trajectory: str, key: str | None) -> str:
    """Whom a message is for, as a scenario writes it: empty for the trajectory itself."""
    if key is None or key == trajectory:
        return ""
    if trajectory and key.startswith(trajectory):
        rest = key.removeprefix(trajectory).replace('"', '\\"')
        return f'=trajectId + "{rest}"'
    return f"={_quoted(key)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _parts(
    world: PlayedWorld, instances: Sequence[Instance], chosen: Instance | None
) -> list[PartLine]:
    number = {one.id: place for place, one in enumerate(instances, start=1)}
    ended = {
        one.instance_id: one.happening.at
        for one in world.store.history
        if one.happening.type == "ended"
    }
    found: list[PartLine] = []

    def visit(parent: Instance | None, depth: int) -> None:
        for one in instances:
            above = one.parent_id if one.parent_id in number else None
            if above != (parent.id if parent else None):
                continue
            found.append(
                PartLine(
                    number=number[one.id],
                    name=name_of_process(world, one),
                    status=one.execution.status,
                    depth=depth,
                    current=one is chosen,
                    started=one.created_at,
                    ended=ended.get(one.id),
                )
            )
            visit(one, depth + 1)

    visit(None, 0)
    return found


def _variables(chosen: Instance | None) -> list[tuple[str, str]]:
    if chosen is None:
        return []
    return [(name, in_words(value)) for name, value in sorted(chosen.execution.variables.items())]
