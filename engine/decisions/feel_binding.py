"""The one door from this room to ``engine.feel``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from engine import feel
from engine.decisions.elements import Place
from engine.decisions.errors import ModelInvalid
from engine.decisions.run import Evaluator, Run, Scope
from engine.feel import FeelError, Function, YearsMonthsDuration, syntax
from engine.feel import Parameter as FunctionParameter
from engine.feel import UnaryTests as Tests
from engine.feel.kinds import kind_of, normalise

__all__ = [
    "NO_REFERENCE",
    "FeelError",
    "Function",
    "FunctionParameter",
    "FunctionReference",
    "Tests",
    "TypeTests",
    "YearsMonthsDuration",
    "call_by_name",
    "compile_expression",
    "compile_tests",
    "constant_of",
    "feel_equal",
    "feel_maximum",
    "feel_minimum",
    "feel_sum",
    "filtered_items",
    "free_names",
    "instance_test",
    "is_feel",
    "is_function",
    "iterated_items",
    "kind_of",
    "parse_expression",
    "parse_tests",
    "syntax",
    "to_feel",
    "type_reference",
    "value_text",
]

TypeTests: TypeAlias = Mapping[str, Callable[[Any], bool]]
"""Types of the model by name, for ``instance of``."""

_NO_TYPES: Final[TypeTests] = {}


def compile_expression(
    text: str, names: Iterable[str], place: Place, types: TypeTests = _NO_TYPES
) -> Evaluator:
    """The evaluator of a FEEL text. Raises FeelError if it does not compile."""
    expression = feel.compile(text, names, _if_needed(text, types))

    def evaluate(scope: Scope, run: Run) -> Any:
        run.spend()
        try:
            if run.problems is None:
                return expression.evaluate(scope, run.now)
            explained = expression.explain(scope, run.now)
        except FeelError as error:
            run.null(error.message, place)
            return None
        for reason in explained.reasons:
            run.null(reason.message, place)
        return explained.value

    return evaluate


def compile_tests(text: str, names: Iterable[str] = (), types: TypeTests = _NO_TYPES) -> Tests:
    """The unary tests of a cell. Raises FeelError if they do not compile."""
    return feel.compile_unary(text, names, _if_needed(text, types))


def parse_tests(text: str, names: Iterable[str] = ()) -> syntax.Node:
    """The syntax tree of a cell. Raises FeelError if it does not compile."""
    return feel.compile_unary(text, names).tree


def parse_expression(text: str, names: Iterable[str] = ()) -> syntax.Node:
    """The syntax tree of an expression. Raises FeelError if it does not compile."""
    return feel.compile(text, names).tree


def _if_needed(text: str, types: TypeTests) -> TypeTests | None:
    """Texts with types of their own are not shared in FEEL's cache; most texts need none."""
    return types if types and ("instance" in text or "function" in text) else None


def free_names(text: str, is_tests: bool, names: Iterable[str]) -> frozenset[str]:
    """Variables that a text takes from around it. Raises FeelError if it does not compile."""
    compiled = feel.compile_unary(text, names) if is_tests else feel.compile(text, names)
    if isinstance(compiled.tree, syntax.Name):
        return frozenset({compiled.tree.name})  # alone, even a built-in function's name is a name
    return compiled.names


def miscalls(text: str, is_tests: bool, names: Iterable[str]) -> list[str]:
    """Why functions in a text can't be called so. Raises FeelError if it does not compile."""
    tree = parse_tests(text, names) if is_tests else parse_expression(text, names)
    return list(feel.miscalls(tree))


def constant_of(node: syntax.Node) -> Any:
    """The value of a part of a text that holds constants only; null if FEEL makes it null."""
    match node:
        case syntax.Literal():
            return node.value
        case syntax.Negation():
            return _constant("-part0", [node.operand])
        case syntax.Binary():
            return _constant(f"part0 {node.operator} part1", [node.left, node.right])
        case syntax.Call() if isinstance(node.function, syntax.Name):
            if node.names is None:
                labels = [""] * len(node.arguments)
            else:
                labels = [f"{name}: " for name in node.names]
            parts = (f"{label}part{at}" for at, label in enumerate(labels))
            return _constant(f"{node.function.name}({', '.join(parts)})", node.arguments)
        case _:
            return None


def _constant(text: str, parts: Iterable[syntax.Node]) -> Any:
    values = {f"part{at}": constant_of(part) for at, part in enumerate(parts)}
    try:
        return feel.compile(text).evaluate(values)
    except FeelError:
        return None


def is_feel(language: str) -> bool:
    """Whether an expression language is FEEL; none given means FEEL."""
    return not language or "feel" in language.lower()


def is_function(value: Any) -> bool:
    """Whether a value is a function."""
    return isinstance(value, Function)


def to_feel(value: Any) -> Any:
    """A value from outside as FEEL value. Raises FeelError for a type that FEEL does not know."""
    return normalise(value)


def instance_test(type_text: str) -> Callable[[Any], bool]:
    """The test ``? instance of`` a type in FEEL's notation."""
    asked = feel.compile(f"value instance of {type_text}")

    def test(value: Any) -> bool:
        try:
            return asked.evaluate({"value": value}) is True
        except FeelError:
            return False

    return test


@dataclass(frozen=True, slots=True)
class FunctionReference:
    """The types of a function's parameters and result in FEEL's syntax tree; None is anything."""

    parameters: tuple[syntax.TypeRef | None, ...] = ()
    result: syntax.TypeRef | None = None


NO_REFERENCE: Final = FunctionReference()
"""A function of which nothing is known."""


def type_reference(type_text: str) -> syntax.TypeRef | None:
    """A type in FEEL's notation as syntax tree; None if it says nothing."""
    if type_text == "Any":
        return None
    tree = parse_expression(f"value instance of {type_text}")
    return tree.type if isinstance(tree, syntax.InstanceOf) else None


def call_by_name(function: Function, arguments: Mapping[str, Any], run: Run, place: Place) -> Any:
    """The answer of a function for arguments by parameter name."""
    labels = (f'"{_escaped(name)}": argument{at}' for at, name in enumerate(arguments))
    call = compile_expression(f"called({', '.join(labels)})", (), place)
    scope = {f"argument{at}": value for at, value in enumerate(arguments.values())}
    return call({"called": function, **scope}, run)


def _escaped(name: str) -> str:
    if "\x00" in name:
        raise ModelInvalid("Een parameternaam bevat een onzichtbaar teken.")
    return name.replace("\\", "\\\\").replace('"', '\\"')


_EQUAL: Final = feel.compile("first = second")
_SUM: Final = feel.compile("sum(values)")
_MINIMUM: Final = feel.compile("min(values)")
_MAXIMUM: Final = feel.compile("max(values)")
_ITERATED: Final = feel.compile("for item in value return item")
_FILTERED: Final = feel.compile("value[true]")
_TEXT: Final = feel.compile("string(value)")


def feel_equal(first: Any, second: Any) -> bool:
    """Whether FEEL's ``=`` holds; values of different types are not equal."""
    return _EQUAL.evaluate({"first": first, "second": second}) is True


def feel_sum(values: Any) -> Any:
    """FEEL's ``sum``; null for values that are no numbers."""
    return _SUM.evaluate({"values": list(values)})


def feel_minimum(values: Any) -> Any:
    """FEEL's ``min``; null for values that cannot be compared."""
    return _MINIMUM.evaluate({"values": list(values)})


def feel_maximum(values: Any) -> Any:
    """FEEL's ``max``; null for values that cannot be compared."""
    return _MAXIMUM.evaluate({"values": list(values)})


def iterated_items(value: Any) -> list[Any] | None:
    """What FEEL's ``for`` goes through: a list, a range, one value; None if it cannot."""
    found = value if isinstance(value, list) else _ITERATED.evaluate({"value": value})
    return found if isinstance(found, list) else None


def filtered_items(value: Any) -> list[Any] | None:
    """What FEEL's filter goes through: a list, or one value as a list; None if it cannot."""
    found = value if isinstance(value, list) else _FILTERED.evaluate({"value": value})
    return found if isinstance(found, list) else None


def value_text(value: Any) -> str:
    """A value as FEEL's ``string`` writes it."""
    return str(_TEXT.evaluate({"value": value}))
