"""The process model: what a BPMN file says, as plain immutable data with line numbers.

The reader makes it from XML, the checks judge it, the execution runs it. Nothing here knows
XML, SpiffWorkflow or a database. Expressions are texts as the modeller wrote them: a text that
starts with ``=`` is FEEL, any other is a literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """What an element is. The value is the local name of its BPMN tag."""

    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SUB_PROCESS = "subProcess"
    CALL_ACTIVITY = "callActivity"
    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    TRANSACTION = "transaction"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    COMPLEX_GATEWAY = "complexGateway"


ACTIVITIES = frozenset(
    {
        Kind.TASK,
        Kind.USER_TASK,
        Kind.MANUAL_TASK,
        Kind.SERVICE_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SEND_TASK,
        Kind.RECEIVE_TASK,
        Kind.SUB_PROCESS,
        Kind.CALL_ACTIVITY,
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
    }
)


class Trigger(StrEnum):
    """What an event waits for or throws."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    TERMINATE = "terminate"
    LINK = "link"
    COMPENSATION = "compensation"
    CANCEL = "cancel"
    MULTIPLE = "multiple"
    PARALLEL = "parallel-multiple"


@dataclass(frozen=True, slots=True)
class Event:
    """The event definition of an event or of a receive or send task.

    ``name`` is the message's, signal's or link's name, or the error's or escalation's code; it
    may be an expression. An error or escalation catch without a code catches all (``None``).
    For a timer exactly one of ``duration``, ``date`` and ``cycle`` is set. An event with several
    triggers holds them as ``parts``: any one of them makes it happen (``MULTIPLE``), or all
    together (``PARALLEL``).
    """

    trigger: Trigger
    name: str | None = None
    correlation_key: str | None = None
    duration: str | None = None
    date: str | None = None
    cycle: str | None = None
    condition: str | None = None
    activity_ref: str | None = None
    line: int = 0
    parts: tuple[Event, ...] = ()

    @property
    def each(self) -> tuple[Event, ...]:
        """Its triggers one by one; itself where it has one."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One input or output mapping: FEEL ``source`` (or a literal) into variable ``target``."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance (with a collection or a cardinality) or a standard loop.

    ``counts_begun``: the number of instances is how many have begun, as Camunda 8 counts them, and
    not how many there will be; one by one that is not the same.
    """

    standard: bool = False
    sequential: bool = False
    input_collection: str | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion_condition: str | None = None
    cardinality: str | None = None
    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None
    counts_begun: bool = False


@dataclass(frozen=True, slots=True)
class AdHoc:
    """What an ad-hoc sub-process begins with and when it has done enough, in FEEL.

    ``active`` gives the ids of the elements inside with which it begins. ``condition`` is looked at
    when a path inside is over, or ``after_each`` activity: what holds ends it, and with
    ``cancel_remaining`` what still goes on inside. ``sequential``: one path at a time.
    """

    active: str | None = None
    condition: str | None = None
    sequential: bool = False
    cancel_remaining: bool = True
    after_each: bool = False


@dataclass(frozen=True, slots=True)
class UserWork:
    """What a user task asks: form, role, dates, priority. All may be expressions."""

    form_id: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    assignee: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. ``condition`` is the expression as written; ``None`` when there is none."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. Fields that don't apply to its kind stay at their defaults.

    ``parent`` is the id of the enclosing sub-process, or of the process. ``attached_to`` is a
    boundary event's host. ``interrupting`` is ``cancelActivity`` of a boundary event or
    ``isInterrupting`` of an event sub-process's start event. ``brings_all``: what its work gives
    goes out beside its output mappings, as in engines that grew from Activiti; of the start of an
    event sub-process: what came with the event goes to what is around it, as in Camunda's engines.
    ``result_variable`` keeps what a script or decision gives, or the code of a caught error or
    escalation. ``compensation_handler`` undoes a completed activity: an activity, or an event
    sub-process inside it. ``activation`` is the condition on which a complex gateway joins;
    an activity begins with ``start_quantity`` tokens and puts ``completion_quantity`` on every
    flow that it takes. ``template_id`` and its version name the element template that it was
    drawn with; they change nothing about how it runs.
    """

    id: str
    kind: Kind
    parent: str
    name: str = ""
    line: int = 0
    documentation: str = ""
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    event: Event | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    loop: Loop | None = None
    ad_hoc: AdHoc | None = None
    user: UserWork | None = None
    job_type: str | None = None
    job_retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    script: str | None = None
    result_variable: str | None = None
    decision_id: str | None = None
    called_process: str | None = None
    binding: str = "latest"
    version_tag: str | None = None
    propagate_all_child: bool = True
    propagate_all_parent: bool = True
    brings_all: bool = False
    activation: str | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    is_compensation: bool = False
    compensation_handler: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    template_id: str | None = None
    template_version: int | None = None

    @property
    def by_trigger(self) -> tuple[Element, ...]:
        """The element once for each trigger of its event; itself where it has one or none."""
        if self.event is None or not self.event.parts:
            return (self,)
        return tuple(replace(self, event=part) for part in self.event.parts)

    @property
    def is_activity(self) -> bool:
        """Whether it is a task, a sub-process or a call activity."""
        return self.kind in ACTIVITIES


@dataclass(frozen=True, slots=True)
class Process:
    """An executable process: its elements and flows, those of sub-processes included.

    ``elements`` and ``flows`` are keyed by id, in document order.
    """

    id: str
    name: str
    file: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    line: int = 0
    documentation: str = ""
    executable: bool = True
    data_objects: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    version_tag: str | None = None

    def children(self, scope_id: str) -> tuple[Element, ...]:
        """The elements directly inside the process or the sub-process ``scope_id``."""
        return tuple(e for e in self.elements.values() if e.parent == scope_id)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: which element, what is wrong, how to mend it.

    ``level`` is ``"error"`` (publishing is refused) or ``"warning"``. ``rule`` is a stable code.
    ``line`` is 1-based; 0 when unknown. Message and remedy are Dutch: process owners read them.
    ``path`` holds the ids of the elements that a token passed on its way into trouble, in order.
    """

    file: str
    level: str
    rule: str
    element_id: str
    element_name: str
    line: int
    message: str
    remedy: str
    path: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The finding in the shape that the command line prints."""
        return {name: getattr(self, name) for name in self.__slots__}
