"""Soundness: whether every token that a process can hold comes to an end, searched exactly.

The control flow of each scope becomes a net (:mod:`.net`), is made smaller without changing what
can go wrong (:mod:`.reduction`), and is searched state by state (:mod:`.search`).
"""

from engine.definitions.soundness.onward import Onward, onward
from engine.definitions.soundness.scopes import counts, judge
from engine.definitions.soundness.verdicts import Doubled, Endless, ScopeVerdict, Stuck

__all__ = ["Doubled", "Endless", "Onward", "ScopeVerdict", "Stuck", "counts", "judge", "onward"]
