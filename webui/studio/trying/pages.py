"""What a play asks for: ways to begin, and the form of the next move with its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.definitions.forms import Form
from engine.definitions.model import Kind, Process, Trigger
from engine.definitions.packages import Package
from engine.simulation.errors import PlayRefused
from engine.simulation.plays.given import given_text
from engine.simulation.plays.moves import Move
from engine.simulation.plays.replaying import Replay
from engine.simulation.plays.samples import (
    Sample,
    beside_samples,
    call_samples,
    contact_samples,
    entry_samples,
    task_samples,
)
from engine.simulation.plays.world import PlayedWorld
from webui.errors import NotThere
from webui.studio.trying.board import explained
from webui.studio.trying.drawing import process_of
from webui.studio.trying.forms import example_answers, examples, form_values
from webui.studio.trying.subjects import Subject
from webui.taken.prefill import drawn
from webui.words import in_language, process_name, role_name


@dataclass(frozen=True, slots=True)
class Way:
    """A way to begin a play."""

    kind: str
    what: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that is asked for, before anything is filled in."""

    kind: str
    what: str
    turn: int
    role: str | None
    title: str
    role_name: str
    part: str
    guidance: str
    due: datetime | None
    form: Form | None
    world: PlayedWorld
    variables: Mapping[str, Any] = field(default_factory=dict)
    samples: Sequence[Sample] = ()
    due_drawn: str = ""
    due_values: Sequence[tuple[str, str]] = ()

    def move(self, answers: Mapping[str, Any]) -> Move:
        """The move with what was filled in."""
        return Move(self.kind, self.what, self.turn, self.role, answers)

    def example(self) -> dict[str, Any] | None:
        """Answers that the form takes; ``None`` where none could be found."""
        return example_answers(self.world, self.form, self.variables, self.samples)


def beginnings(subject: Subject) -> list[tuple[str, list[Way]]]:
    """Every way to begin: referrals, what is started beside a trajectory, processes to call."""
    package = subject.package
    groups = [
        (
            gettext("Een gezin wordt aangemeld"),
            [
                Way("ingang", key, in_language(entry.names, key))
                for key, entry in package.entries.items()
            ],
        ),
        (
            gettext("Iemand begint dit naast een traject"),
            [
                Way("alleen", f"{package.key}/{key}", in_language(start.names, key))
                for key, start in package.beside.items()
            ],
        ),
        (
            gettext("Een ander pakket roept dit aan"),
            [
                Way("aanroep", process.id, process.name or process.id)
                for process in package.processes.values()
                if package.shared and _is_called(package, process)
            ],
        ),
    ]
    return [group for group in groups if group[1]]


def _is_called(package: Package, process: Process) -> bool:
    """Whether other packages may call it, and not only its own: its scenarios tell, else nobody."""
    starts = [one for one in process.children(process.id) if one.kind is Kind.START_EVENT]
    plain = not starts or any(
        one.event is None or one.event.trigger is Trigger.NONE for one in starts
    )
    within = {e.called_process for p in package.processes.values() for e in p.elements.values()}
    known = call_samples([package], process.id)
    return process.executable and plain and bool(known or process.id not in within)


def asked_of(subject: Subject, played: Replay, way: str, what: str, turn: int = 0) -> Asked:
    """What is asked for a move.

    Raises:
        NotThere: there is no such thing in the package.
        PlayRefused: the task is not open (any more).
    """
    world, package = played.world, subject.package
    packages = (package, *subject.others)
    match way:
        case "ingang" if what in package.entries:
            entry = package.entries[what]
            return Asked(
                way, what, 0, None, in_language(entry.names, what), "", "", "", None,
                package.forms.get(entry.form_id or what), world,
                samples=entry_samples([package], what),
            )  # fmt: skip
        case "aanroep" if what in package.processes:
            return Asked(
                way, what, 0, None, process_name(package, what), "", "", "", None, None, world,
                samples=call_samples([package], what),
            )  # fmt: skip
        case "alleen" | "naast":
            return _beside(packages, world, way, what)
        case "contact":
            role = _first_worker(package)
            return Asked(
                way, "", 0, role, gettext("Contactnotitie"), role_name(package, role), "", "",
                None, world.contact_note, world, samples=contact_samples([package]),
            )  # fmt: skip
        case "taak":
            return _task(subject, played, what, turn)
        case _:
            raise NotThere


def _beside(packages: Sequence[Package], world: PlayedWorld, way: str, what: str) -> Asked:
    owner, _, key = what.partition("/")
    found = next((one for one in packages if one.key == owner and key in one.beside), None)
    if found is None:
        raise NotThere
    start = found.beside[key]
    form = found.forms.get(start.form_id) if start.form_id else None
    return Asked(
        way, what, 0, None, in_language(start.names, key), "", in_language(found.names, owner), "",
        None, form, world, samples=beside_samples([packages[0], found], key),
    )  # fmt: skip


def _task(subject: Subject, played: Replay, element_id: str, turn: int) -> Asked:
    world = played.world
    alike = [one for one in world.tasks() if one.wait.element_id == element_id]
    task = next((one for one in alike if one.turn == turn), None)
    if task is None:
        raise PlayRefused(
            gettext("Deze taak staat nu niet open."), gettext("Kies een taak die nu open staat.")
        )
    package = world.package_of(task.instance)
    process = process_of(world, task.instance)
    element = process.elements.get(element_id) if process else None
    due_drawn = (element.user.due_date or "") if element and element.user else ""
    return Asked(
        kind="taak",
        what=element_id,
        turn=turn,
        role=task.role,
        title=task.wait.element_name or element_id,
        role_name=role_name(subject.package, task.role, package),
        part=process_name(package, task.instance.process_id),
        guidance=element.documentation if element else "",
        due=task.wait.due_at,
        form=task.form,
        world=world,
        variables=world.seen_by(task),
        samples=task_samples([subject.package, package], element_id),
        due_drawn=due_drawn,
        due_values=explained(world, task.instance, task.wait, due_drawn),
    )


def _first_worker(package: Package) -> str | None:
    workers = (key for key, role in package.roles.items() if role.function == "worker")
    return next(workers, None)


def form_page(
    subject: Subject,
    asked: Asked,
    args: Mapping[str, str],
    *,
    seen: int,
    begin: datetime | None = None,
    typed: str | None = None,
) -> ResponseReturnValue:
    """The page with the form of a move, filled in with an example if one was chosen."""
    number = int(args.get("voorbeeld", "0")) if args.get("voorbeeld", "0").isdigit() else 0
    sample = asked.samples[number - 1] if 0 < number <= len(asked.samples) else None
    given: Mapping[str, Any] | None = sample.answers if sample else None
    if args.get("voorbeeld") == "zelf":
        given = asked.example()
    if typed is None and asked.kind == "aanroep":
        typed = given_text(given or (asked.samples[0].answers if asked.samples else {}))
    data = form_values(asked.world, asked.form, asked.variables, given) if asked.form else {}
    here: dict[str, Any] = {**(request.view_args or {})}
    place = (str(seen), asked.what, str(asked.turn), args.get("voorbeeld", ""))
    extra: dict[str, Any] = {"begin": args.get("begin", "")} if begin is not None else {}

    def address(example: int | str) -> str:
        return url_for(str(request.endpoint), voorbeeld=example, **here, **extra)

    return render_template(
        "studio/proberen_formulier.html",
        subject=subject,
        asked=asked,
        now=begin or asked.world.clock.now(),
        form=drawn(asked.form) if asked.form else None,
        data=data,
        typed=typed,
        examples=examples(asked.samples, number, address),
        invented_address=address("zelf"),
        invented=args.get("voorbeeld") == "zelf",
        submission_id=uuid4(),
        task_key=":".join((str(subject.owner.user_id), "proef", subject.key, *place)),
        send_address=url_for(str(request.endpoint), **here, gezien=seen, **extra),
    )
