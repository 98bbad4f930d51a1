"""Instances as they were before they moved to another version, and back to that very state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution import state
from engine.execution.effects import Happening
from engine.runtime.catalogue import Catalogue
from engine.runtime.errors import MovedOn
from engine.runtime.store import Instance


@dataclass(frozen=True, slots=True)
class Kept:
    """One instance before its move.

    Attributes:
        state: its tokens, as ``engine.execution.state`` writes them.
        row_version: of the instance then; the move itself counts one.
        renamed: old element ids to new ones, those of its process.
        quiet: whether the move did nothing but move: nothing began, ended or was sent by it.
        process_id: the process that it was; ``None``: the one that it is.
    """

    instance_id: UUID
    version: str
    row_version: int
    state: bytes = field(repr=False)
    renamed: Mapping[str, str]
    quiet: bool = True
    process_id: str | None = None

    def of_move(self, move: Kept) -> Kept:
        """What was kept before something else was changed, with what its move says."""
        return replace(self, renamed=move.renamed, quiet=move.quiet, process_id=move.process_id)

    def settled(self, *, quiet: bool) -> Kept:
        """The same, with whether what followed the move was nothing too."""
        return replace(self, quiet=self.quiet and quiet)


def as_it_is(instance: Instance) -> Kept:
    """An instance that is about to change."""
    known = state.dump(instance.execution)
    return Kept(instance.id, instance.package_version, instance.row_version, known, {})


def only_moved(instance: Instance) -> bool:
    """Whether an instance that has just moved asks nothing of the world."""
    return all(
        isinstance(effect, Happening) and effect.type == "migrated"
        for effect in instance.execution.effects
    )


def put_back(
    instances: Mapping[UUID, Instance],
    kept: Sequence[Kept],
    catalogue: Catalogue,
    now: datetime,
    note: Mapping[str, Any] | None = None,
) -> None:
    """Give instances the state, and the version, of before their move. ``note`` is for the audit.

    Raises:
        MovedOn: something happened since, in one of them at least; nothing is changed.
    """
    for one in kept:
        instance = instances[one.instance_id]
        if (
            not one.quiet
            or instance.execution.status != "active"
            or instance.row_version != one.row_version + 1
        ):
            raise MovedOn(
                "In dit traject is sinds het overzetten iets gebeurd.",
                "Zet het terug met behoud van wat er gebeurde.",
                instance_id=one.instance_id,
            )
    for one in kept:
        instance = instances[one.instance_id]
        told = {
            **(note or {}),
            "from": instance.package_version,
            "to": one.version,
            "renamed": {new: old for old, new in one.renamed.items()},
            "back": True,
        }
        was = one.process_id or instance.process_id
        if was != instance.process_id:
            told["process"] = instance.process_id
        definition = catalogue.definition(one.version, was)
        before = state.load(definition, one.state, now, has_parent=instance.parent_id is not None)
        happened = "migrated" if one.version != instance.package_version else "reread"
        before.report(before.root, happened, **told)
        instance.execution, instance.package_version = before, one.version
        instance.process_id = was
