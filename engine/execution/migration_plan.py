"""How an instance moves to another definition: what is called what there, what begins anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """How to move. ``renamed`` maps old element ids to new ones; the others keep their id.

    ``restart`` names timers (new ids) that begin anew; all others keep their due time.
    ``processes`` maps ids of old processes to those that they are now.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    restart: frozenset[str] = frozenset()
    processes: Mapping[str, str] = field(default_factory=dict)

    def new_id(self, old_id: str) -> str:
        """The id of an element of the old version in the new one."""
        return self.renamed.get(old_id, old_id)

    def new_process(self, old_id: str) -> str:
        """The id of a process of the old version in the new one."""
        return self.processes.get(old_id, old_id)
