"""Links to what somebody may start beside trajectories, and what runs there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.families.beside.running import running_beside
from engine.families.beside.starting import Offer, offers
from webui.words import in_language


@dataclass(frozen=True, slots=True)
class StartLink:
    """A button: what it starts and where it leads."""

    name: str
    address: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class BesideRow:
    """Something that runs beside the trajectory."""

    name: str
    since: datetime
    open_tasks: int
    urgent: bool
    instance_id: UUID
    aside: bool = False


def start_name(offer: Offer) -> str:
    """What the start is called."""
    return in_language(offer.start.names, offer.start.key)


def links_for_family(session: Session, actor: Actor, trajectory_id: UUID) -> list[StartLink]:
    """What the actor may start beside this trajectory, the urgent first."""
    return [
        StartLink(
            start_name(offer),
            url_for(
                "naast.start",
                package=offer.package.key,
                key=offer.start.key,
                trajectory_id=trajectory_id,
            ),
            offer.start.urgent,
        )
        for offer in offers(session, actor)
    ]


def links_to_choose(session: Session, actor: Actor) -> list[StartLink]:
    """The urgent ones, for a page without a family: choosing it comes first."""
    return [
        StartLink(
            start_name(offer),
            url_for("naast.choose", package=offer.package.key, key=offer.start.key),
            urgent=True,
        )
        for offer in offers(session, actor)
        if offer.start.urgent
    ]


def rows_beside(session: Session, trajectory_id: UUID) -> list[BesideRow]:
    """What runs beside the trajectory; the caller has asked for permission to read."""
    return [
        BesideRow(
            in_language(one.names, ""),
            one.since,
            one.open_tasks,
            one.urgent,
            one.instance_id,
            one.aside,
        )
        for one in running_beside(session, trajectory_id)
    ]
