"""A move to another version on both drawings: where trajectories stand, and which cannot go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from engine.definitions.model import Process
from engine.definitions.packages import Package
from engine.definitions.published import publication
from webui.studio.comparing.sides import of_version
from webui.studio.moving.pages import MovePage
from webui.studio.moving.plan import PlanPage, process_name


@dataclass(frozen=True, slots=True)
class Picture:
    """A process of the old version with what it is in the new one, ready for the page's script.

    Attributes:
        after: where the drawing of the new version is; empty where it has none.
        marks: the elements to tell of: ``id``, ``name``, ``standing``, ``stuck``, ``reasons``, the
            ``place`` by which a plan names it and the ``choices`` for it, and where its list is.
    """

    process_id: str
    name: str
    before: str
    after: str
    after_process: str
    marks: Sequence[Mapping[str, Any]]

    @property
    def stuck(self) -> int:
        """How many are kept from moving by something in it, counted by place."""
        return sum(mark["stuck"] for mark in self.marks)

    @property
    def standing(self) -> int:
        """How many stand in it, counted by place."""
        return sum(mark["standing"] for mark in self.marks)


def pictures(session: Session, page: MovePage, plan: PlanPage) -> list[Picture]:
    """The processes where something stands or is to be decided; those in trouble first."""
    before = publication.load_version(session, page.move.from_version)
    after = publication.load_version(session, page.move.to_version)
    chosen = {row.id: c.id for row in plan.processes for c in row.choices if c.chosen}
    made = (
        _picture(page, plan, chosen, process, before, after)
        for process in before.processes.values()
    )
    return sorted((one for one in made if one.marks), key=lambda one: (-one.stuck, -one.standing))


def _picture(
    page: MovePage,
    plan: PlanPage,
    chosen: Mapping[str, str],
    process: Process,
    before: Package,
    after: Package,
) -> Picture:
    now = after.processes.get(chosen.get(process.id, process.id))
    gone = {row.id: row for row in plan.gone if row.place.startswith(f"{process.id}/")}
    reasons = [one for one in page.reasons if one.process_id == process.id]
    marks = []
    for element in process.elements.values():
        own = [one for one in reasons if one.element_id == element.id]
        here = plan.standing.get((process.id, element.id), 0)
        row = gone.get(element.id)
        if not (own or here or row):
            continue
        place = f"{process.id}/{element.id}"
        marks.append(
            {
                "id": element.id,
                "name": element.name or element.id,
                "standing": here,
                "stuck": max((one.number for one in own), default=0),
                "reasons": [one.reason for one in own],
                "place": row.place if row is not None else "",
                "choices": [choice.id for choice in row.choices] if row is not None else [],
                "list": url_for("studio.move", move_id=page.move.id, bij=place, _anchor="trajecten")
                if page.move.planned_at
                else "",
            }
        )
    return Picture(
        process.id,
        process_name(before, process.id),
        _file(page.move.from_version, process),
        _file(page.move.to_version, now) if now is not None else "",
        now.id if now is not None else "",
        marks,
    )


def _file(version: str, process: Process) -> str:
    return url_for("studio.compared_file", bron=of_version(version), pad=process.file)
