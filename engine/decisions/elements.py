"""The parsed decision model: what a DMN file says, as plain immutable data with line numbers.

The reader makes it from XML; the compiler, the checks and the evaluation use it. Names follow the
DMN metamodel. Texts are FEEL as the modeller wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file, so that a message can point at it."""

    element_id: str = ""
    element_name: str = ""
    line: int | None = None


class HitPolicy(StrEnum):
    """Which of the matching rules count."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class Text:
    """A FEEL text with its place."""

    text: str
    place: Place = field(default_factory=Place)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression: one FEEL text."""

    place: Place
    text: str
    type_ref: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed name: a variable, a formal parameter, a column of a relation."""

    name: str
    type_ref: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """One entry of a boxed context; without a variable it is the result."""

    place: Place
    variable: Parameter | None
    expression: Expression | None


@dataclass(frozen=True, slots=True)
class ContextBox:
    """A boxed context."""

    place: Place
    entries: tuple[ContextEntry, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ListBox:
    """A boxed list."""

    place: Place
    items: tuple[Expression | None, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class RelationBox:
    """A boxed relation: a list of contexts with the same keys."""

    place: Place
    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Expression | None, ...], ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FunctionBox:
    """A boxed function; ``kind`` is FEEL, Java or PMML (only FEEL is ever run)."""

    place: Place
    parameters: tuple[Parameter, ...]
    body: Expression | None
    kind: str = "FEEL"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """One argument of a boxed invocation."""

    parameter: Parameter
    expression: Expression | None


@dataclass(frozen=True, slots=True)
class InvocationBox:
    """A boxed invocation: a function by expression, and named arguments."""

    place: Place
    function: Expression | None
    bindings: tuple[Binding, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class ConditionalBox:
    """A boxed if-then-else."""

    place: Place
    condition: Expression | None
    then: Expression | None
    otherwise: Expression | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A boxed filter."""

    place: Place
    source: Expression | None
    match: Expression | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class IteratorBox:
    """A boxed ``for``, ``some`` or ``every`` (``kind``)."""

    place: Place
    kind: str
    variable: Parameter
    source: Expression | None
    body: Expression | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class InputClause:
    """An input column: its expression, type and allowed values."""

    place: Place
    label: str
    expression: Text
    type_ref: str = ""
    allowed: Text | None = None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """An output column: its name, type, allowed values (in order of priority) and default."""

    place: Place
    label: str
    name: str
    type_ref: str = ""
    allowed: Text | None = None
    default: Text | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: one test per input column, one expression per output column."""

    place: Place
    number: int
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableBox:
    """A decision table."""

    place: Place
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type_ref: str = ""


Expression = (
    Literal
    | ContextBox
    | ListBox
    | RelationBox
    | FunctionBox
    | InvocationBox
    | ConditionalBox
    | FilterBox
    | IteratorBox
    | TableBox
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type: a simple one with limits, a structure, a collection or a function."""

    place: Place
    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed: Text | None = None
    type_constraint: Text | None = None
    components: tuple[ItemDefinition, ...] = ()
    function_output: str | None = None
    function_parameters: tuple[Parameter, ...] = ()
    is_function: bool = False


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that comes from outside."""

    place: Place
    name: str
    variable: Parameter


@dataclass(frozen=True, slots=True)
class DecisionElement:
    """A decision and what it needs; references are ``namespace#id`` or ``#id``."""

    place: Place
    name: str
    variable: Parameter
    required_inputs: tuple[str, ...]
    required_decisions: tuple[str, ...]
    required_knowledge: tuple[str, ...]
    expression: Expression | None


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a named function that decisions share."""

    place: Place
    name: str
    variable: Parameter
    required_knowledge: tuple[str, ...]
    function: FunctionBox | None


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A named bundle of decisions that can be called as a function."""

    place: Place
    name: str
    variable: Parameter
    output_decisions: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Another model that this one refers to by ``name``."""

    place: Place
    name: str
    namespace: str
    import_type: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole DMN file."""

    place: Place
    name: str
    namespace: str
    expression_language: str
    item_definitions: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[DecisionElement, ...]
    knowledge: tuple[KnowledgeModel, ...]
    services: tuple[DecisionService, ...]
    imports: tuple[Import, ...]

    @property
    def valued(self) -> tuple[InputData | DecisionElement, ...]:
        """The elements that have a value: input data and decisions."""
        return (*self.inputs, *self.decisions)

    @property
    def callable(self) -> tuple[KnowledgeModel | DecisionService, ...]:
        """The elements that are functions: knowledge models and decision services."""
        return (*self.knowledge, *self.services)
