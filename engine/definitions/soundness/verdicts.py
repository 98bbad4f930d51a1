"""What soundness says about a scope of a process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stuck:
    """A join that waits for a token that cannot come any more.

    Attributes:
        join: the gateway.
        missing: the flows into it that stay empty.
        path: the elements that tokens passed until it was stuck, in order.
    """

    join: str
    missing: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endless:
    """Elements among which a token goes round without a way to any end; entered at ``entry``."""

    entry: str
    elements: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubled:
    """An element that lets several tokens through that were split: what follows runs again."""

    merge: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeVerdict:
    """What a search found in one scope.

    Attributes:
        complete: every state was looked at; ``dead`` and ``endless`` are only sure then.
        states: how many were looked at.
        dead: elements that no token ever reaches although flows lead there.
        completes: whether the scope can come to its end.
    """

    scope: str
    complete: bool
    states: int
    stuck: tuple[Stuck, ...] = ()
    endless: tuple[Endless, ...] = ()
    doubled: tuple[Doubled, ...] = ()
    dead: tuple[str, ...] = ()
    completes: bool = True
