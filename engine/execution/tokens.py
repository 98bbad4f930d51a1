"""Tokens and element specifications: SpiffWorkflow's tasks, arranged by scope.

A token's parent in SpiffWorkflow's tree is the *scope* it lives in (process, sub-process,
multi-instance body), or the activity whose subscription it is. Finished tokens leave the tree,
so the tree never grows with history and its depth is the nesting of the diagram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import Element, Flow, Kind, Loop
from engine.execution import variables
from engine.execution.errors import NoFlowTaken
from engine.keys import new_key

if TYPE_CHECKING:
    from engine.execution.machine import Execution

READY = TaskState.READY
STARTED = TaskState.STARTED
WAITING = TaskState.WAITING
COMPLETED = TaskState.COMPLETED


class Token(Task):
    """One place where an instance stands. ``data`` are its local variables.

    ``internal_data`` keeps what must survive storage: ``sub`` (it is a subscription of its
    parent), ``wait`` (what it waits for), ``work`` (a user task), ``job``, ``child``,
    ``incident``, ``arrived`` (at a join, by which flow), ``awaits`` (by which flows the rest of a
    round that went on may come to a complex gateway), ``inner`` (instance of a loop), ``loop``
    (progress of a loop), ``result`` (variables that came in), ``triggered``, ``start`` (start event
    of an event sub-process), ``into`` (where inside a person lets a sub-process begin),
    ``compensates``, ``undoable``, ``entered`` and ``mapped`` (told, mapped: not again after a
    retry), ``armed`` (its boundary events listen), ``thrown`` (an error or escalation left it),
    ``interrupted`` (by an event sub-process of this scope),
    ``queued`` (parked beside a broken loop), ``part`` (which trigger of several a subscription is
    for; how many a throwing event has thrown) and ``heard`` (what a trigger brought that has come
    while others have not; at a start that has to wait for the others with the ``part`` it was) and
    ``again`` (what it waited for until then).
    """

    workflow: Execution
    data: dict[str, Any]
    internal_data: dict[str, Any]
    id: UUID

    def __init__(
        self,
        tree: Execution,
        spec: ElementSpec,
        parent: Token | None = None,
        state: int = READY,
        id: UUID | None = None,
    ) -> None:
        """Without the library's own: it reads the clock and looks up what is at hand."""
        self.id = id or new_key()
        self.workflow = tree
        self.spec = self.task_spec = spec
        self.element: Element = spec.element
        """The element it stands at."""
        self.scope = parent
        """The enclosing token; ``None`` for the process itself."""
        self.inside: dict[Token, None] = {}
        """The tokens in it, what it listens for included, in the order they came."""
        self.data, self.internal_data = {}, {}
        self._state, self.triggered = state, False
        tree.tasks[self.id] = self
        if parent is not None:
            parent.inside[self] = None

    @property
    def parent(self) -> Token | None:
        """What the library calls the scope; it never changes."""
        return self.scope

    @property
    def children(self) -> list[Token]:
        """What the library calls the tokens inside."""
        return list(self.inside)

    def _set_state(self, value: int) -> None:
        """Set the state without SpiffWorkflow's log line and wall-clock reading."""
        self._state = value

    @property
    def is_subscription(self) -> bool:
        """Whether it only listens for its parent and doesn't keep a scope alive."""
        return bool(self.internal_data.get("sub"))

    @property
    def live_children(self) -> list[Token]:
        """Tokens inside this scope, subscriptions left out."""
        return [c for c in self.inside if not c.is_subscription]

    @property
    def has_live_children(self) -> bool:
        """Whether anything lives inside this scope."""
        for child in self.inside:  # noqa: SIM110  (asked at every step: a generator costs more)
            if not child.internal_data.get("sub"):
                return True
        return False

    @property
    def subscriptions(self) -> list[Token]:
        """What this token listens for besides its own work."""
        return [c for c in self.inside if c.is_subscription]


class ElementSpec(TaskSpec):
    """Base of all elements: SpiffWorkflow's hooks, without prediction."""

    def __init__(self, wf_spec: Any, element: Element) -> None:
        super().__init__(wf_spec, element.id, manual=element.kind is Kind.USER_TASK)
        self.element = element
        self.kind_name = element.kind.value

    def test(self) -> None:
        """Nothing to test: the definition was checked before it was published."""

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: the diagram shows what may come."""

    def _update(self, my_task: Token) -> None:
        """Tokens become ready by the execution, never by an update round."""

    def _run_hook(self, my_task: Token) -> bool | None:
        return self.enter(my_task)

    def _on_complete(self, my_task: Token) -> None:
        my_task.workflow.leave(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        """Nobody listens: ``stop`` undoes what the outside knows."""

    @property
    def loop(self) -> Loop:
        """How the element repeats. Only asked of elements that do."""
        assert self.element.loop is not None
        return self.element.loop

    # -- what elements override ---------------------------------------------------------------

    def arrive(self, execution: Execution, scope: Token, flow: Flow | None) -> None:
        """A sequence flow reaches the element: by default a token becomes ready there."""
        execution.place(self, scope)

    def enter(self, token: Token) -> bool | None:
        """Begin. ``True``: done at once; ``None``: it waits."""
        token.workflow.report(token, "activated")
        return True

    def outgoing(self, token: Token) -> list[Flow]:
        """The flows to take on completion, in the order drawn.

        Raises:
            NoFlowTaken: there are outgoing flows and none may be taken.
        """
        flows = token.workflow.definition.flows_out(self.element)
        if not any(flow.condition for flow in flows) and not self.element.default_flow:
            return flows
        return self.choose(token, flows, exclusive=False)

    def choose(self, token: Token, flows: list[Flow], *, exclusive: bool) -> list[Flow]:
        """The flows whose conditions hold; the default flow if none does.

        Conditions see what a gateway at this place would see: not the token's local variables.
        """
        assert token.scope is not None  # flows are only taken inside a scope
        seen = variables.visible(token.scope)
        now = token.workflow.now
        taken: list[Flow] = []
        default: Flow | None = None
        for flow in flows:
            if flow.id == self.element.default_flow:
                default = flow
                continue
            what = f"Voorwaarde van stroom {flow.name or flow.id}"
            if flow.condition is None or variables.condition_holds(
                flow.condition, seen, now, what=what
            ):
                taken.append(flow)
                if exclusive:
                    break
        if not taken and default is not None:
            taken = [default]
        if not taken and flows:
            raise NoFlowTaken(
                "Geen enkele uitgaande stroom heeft een ware voorwaarde.",
                "Geef een van de stromen als standaardstroom op, of vul de voorwaarden aan.",
                element_id=self.element.id,
            )
        if (watch := token.workflow.definition.watch) is not None:
            watch(token, flows, taken)
        return taken

    def after(self, execution: Execution, scope: Token) -> None:
        """What follows when the token has left, before its flows are taken."""

    def stop(self, token: Token) -> None:
        """The token is being cancelled; undo what the outside knows of it."""


class RootSpec(ElementSpec):
    """The process itself, as the outermost scope."""
