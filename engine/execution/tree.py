"""The tree of live tokens of one instance: placing, removing and cancelling them, and the audit."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.workflow import Workflow

from engine.definitions.model import Kind
from engine.execution.definition import Definition
from engine.execution.effects import Effect, Happening, PropertyReached
from engine.execution.tokens import READY, ElementSpec, Token

_OWN_PROPERTIES = frozenset({"fase", "status", "uitkomst"})


class TokenTree(Workflow):
    """SpiffWorkflow's workflow, as a tree of live tokens by scope with a queue of work.

    The queue holds ``(token id, phase)``; a phase is ``run`` (enter the element), ``complete``
    or ``advance`` (the next rounds of a loop). What is put off until nothing is ready, such as a
    signal that is thrown, is in ``later`` and comes in the queue as ``late``.
    """

    tasks: dict[UUID, Token]

    def __init__(self, definition: Definition, now: datetime) -> None:
        super().__init__(definition.workflow_spec, deserializing=True)
        self.definition = definition
        self.now = now
        self.status = "active"
        self.effects: list[Effect] = []
        self.variables: dict[str, Any] = {}
        self.queue: deque[tuple[UUID, str]] = deque()
        self.later: deque[UUID] = deque()
        self.pauses = False
        self.paused = False
        self._at_joins: dict[UUID, Token] | None = None

    @property
    def root(self) -> Token:
        """The token of the process itself."""
        root: Token = self.task_tree
        return root

    @property
    def suspended(self) -> bool:
        """Whether a person put the instance aside."""
        return "suspended" in self.root.internal_data

    def walk(self) -> list[Token]:
        """All tokens, the process first, in the order they were placed."""
        return list(self.tasks.values())

    def place(self, spec: ElementSpec, scope: Token, state: int = READY) -> Token:
        """Put a token on an element inside a scope."""
        token = Token(self, spec, parent=scope, state=state)
        if state == READY:
            self.queue.append((token.id, "run"))
        return token

    def remove(self, token: Token) -> None:
        """Take a token, and all inside it, out of the tree."""
        for child in token.children:
            self.remove(child)
        if token.scope is not None:
            del token.scope.inside[token]
        del self.tasks[token.id]
        if self._at_joins is not None:
            self._at_joins.pop(token.id, None)

    def waits_at_inclusive_join(self, token: Token) -> None:
        """Remember a token that waits at an inclusive join."""
        if self._at_joins is not None:
            self._at_joins[token.id] = token

    def at_inclusive_joins(self) -> list[Token]:
        """The tokens that wait at inclusive joins, in the order they came there."""
        if self._at_joins is None:  # made anew from a stored state
            self._at_joins = {
                token.id: token
                for token in self.walk()
                if (
                    "arrived" in token.internal_data
                    and token.element.kind is Kind.INCLUSIVE_GATEWAY
                )
                or "awaits" in token.internal_data
            }
        return list(self._at_joins.values())

    def forget_subscriptions(self, token: Token) -> None:
        """Stop listening for what belongs to the token."""
        for child in token.subscriptions:
            self.remove(child)

    def clear(self, scope: Token) -> None:
        """Cancel everything inside a scope, its subscriptions included."""
        for child in scope.children:
            self.terminate(child)

    def terminate(self, token: Token) -> None:
        """Cancel a token and everything inside it.

        An event that is cancelled by what it threw itself has done its work: it is completed.
        """
        self.clear(token)
        if not token.is_subscription:
            token.spec.stop(token)
            if token.internal_data.get("entered"):
                thrown = token.internal_data.get("thrown")
                self.report(token, "completed" if thrown else "cancelled")
        token.cancel()
        self.remove(token)

    def report(self, token: Token, type_: str, **data: Any) -> None:
        """Add a line to the audit; entering an element with properties of ours is an effect."""
        spec = token.spec
        element = spec.element
        if type_ == "activated":
            if token.internal_data.get("entered"):
                return
            token.internal_data["entered"] = True
            if element.properties.keys() & _OWN_PROPERTIES and "inner" not in token.internal_data:
                self.effects.append(PropertyReached(element.id, element.properties))
        kind = "process" if token is self.task_tree else spec.kind_name
        self.effects.append(Happening(self.now, type_, element.id, kind, token.id, data))

    def throw_out(self, effect: Effect) -> None:
        """Something is thrown to the world around: it is heard before the next step is taken."""
        self.effects.append(effect)
        self.paused = self.pauses

    def end(self, status: str) -> None:
        """The instance is over, ``completed`` or ``cancelled``."""
        self.status = status
        self.completed = True
        self.paused = False
        self.variables = self.root.data
        self.queue.clear()
        self.later.clear()
        self.report(self.root, "ended", status=status)

    def finish_if_empty(self, scope: Token) -> None:
        """Complete a scope in which nothing lives any more."""
        if scope.id not in self.tasks or scope.has_live_children:
            return
        self.forget_subscriptions(scope)
        if scope is self.task_tree:
            self.end("completed")
        else:
            self.queue.append((scope.id, "complete"))
