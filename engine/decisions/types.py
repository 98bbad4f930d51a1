"""Types of values: FEEL's own, item definitions, and the coercions of DMN 10.3.2.9.4.

A value conforms to a type or it does not; null conforms to every type. Coercion turns a value
that nearly conforms (a list of one, a bare item for a list, a date for a date and time) into one
that does, and everything else into null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, Protocol

from engine.decisions.feel_binding import is_function, kind_of


class Type(Protocol):
    """What a value may be."""

    @property
    def name(self) -> str:
        """The name as the modeller knows it."""
        ...

    def accepts(self, value: Any) -> bool:
        """Whether the value conforms, limits (allowed values) included."""
        ...


@dataclass(frozen=True, slots=True)
class AnyType:
    """Everything."""

    name: str = "Any"

    def accepts(self, value: Any) -> bool:
        """Always true."""
        return True


@dataclass(frozen=True, slots=True)
class SimpleType:
    """One of FEEL's own types."""

    name: str
    test: Callable[[Any], bool]

    def accepts(self, value: Any) -> bool:
        """Whether the value is null or of the type."""
        return value is None or self.test(value)


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of items of one type."""

    item: Type
    name: str

    def accepts(self, value: Any) -> bool:
        """Whether the value is null or a list of conforming items."""
        return value is None or (isinstance(value, list) and all(map(self.item.accepts, value)))


@dataclass(frozen=True, slots=True)
class ContextType:
    """A structure. Components that are absent count as null."""

    name: str
    components: Mapping[str, Type]

    def accepts(self, value: Any) -> bool:
        """Whether the value is null or a context of which every known component conforms."""
        if value is None:
            return True
        return isinstance(value, Mapping) and all(
            of.accepts(value.get(key)) for key, of in self.components.items()
        )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function. Its parameters and result are not checked on beforehand."""

    name: str

    def accepts(self, value: Any) -> bool:
        """Whether the value is null or a function."""
        return value is None or is_function(value)


@dataclass(frozen=True, slots=True)
class LimitedType:
    """A type of which only some values are allowed."""

    name: str
    base: Type
    allows: Callable[[Any], bool]

    def accepts(self, value: Any) -> bool:
        """Whether the value is null, or conforms to the base and is allowed."""
        return value is None or (self.base.accepts(value) and self.allows(value))


@dataclass(slots=True)
class ReferenceType:
    """A type by name that is looked up when it is needed, so that definitions may be circular."""

    name: str
    lookup: Callable[[str], Type]
    _found: Type | None = field(default=None, repr=False)

    def accepts(self, value: Any) -> bool:
        """What the named type says."""
        if self._found is None:
            self._found = self.lookup(self.name)
        return self._found.accepts(value)

    @property
    def target(self) -> Type:
        """The type that the name stands for."""
        if self._found is None:
            self._found = self.lookup(self.name)
        return self._found


ANY: Final[Type] = AnyType()


def _kind(name: str) -> SimpleType:
    return SimpleType(name, lambda value: kind_of(value) == name)


NUMBER: Final = _kind("number")
STRING: Final = _kind("string")
BOOLEAN: Final = _kind("boolean")
DATE: Final = _kind("date")
TIME: Final = _kind("time")
DATE_TIME: Final = _kind("date and time")
DAYS: Final = _kind("days and time duration")
MONTHS: Final = _kind("years and months duration")
CONTEXT: Final = SimpleType("context", lambda value: isinstance(value, Mapping))
LIST: Final = ListType(ANY, "list")
INTEGER: Final = SimpleType(
    "integer", lambda value: isinstance(value, Decimal) and value == value.to_integral_value()
)

BUILT_IN_TYPES: Final[Mapping[str, Type]] = {
    "Any": ANY,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAYS,
    "dayTimeDuration": DAYS,
    "years and months duration": MONTHS,
    "yearMonthDuration": MONTHS,
    "context": CONTEXT,
    "list": LIST,
    "function": FunctionType("function"),
    # Camunda Modeler's names
    "integer": INTEGER,
    "long": INTEGER,
    "double": NUMBER,
}
"""FEEL's types under the names that DMN 1.3 to 1.5 and Camunda Modeler write."""


def coerce(value: Any, wanted: Type) -> tuple[Any, bool]:
    """The value as the wanted type, and whether that succeeded; null when it did not."""
    if wanted is ANY or wanted.accepts(value):
        return value, True
    if isinstance(value, list) and len(value) == 1 and wanted.accepts(value[0]):
        return value[0], True
    if isinstance(value, date) and not isinstance(value, datetime):
        midnight = datetime.combine(value, time(0), UTC)
        if wanted.accepts(midnight):
            return midnight, True
    if not isinstance(value, list) and wanted.accepts([value]):
        return [value], True
    return None, False
