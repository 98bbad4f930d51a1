"""Function calls as closures."""

from __future__ import annotations

from . import syntax as s
from .comparison import weight
from .compiler import Compiler, rule
from .errors import NullReason
from .kinds import Function, Value
from .limits import Run
from .scope import Code, Scope
from .signatures import Builtin, call_builtin, call_function

_FOLDED = frozenset({"date", "time", "date and time", "duration", "years and months duration"})


@rule(s.Call)
def _call(node: s.Call, compiler: Compiler) -> Code:
    arguments = [compiler.compile(argument) for argument in node.arguments]
    builtin = compiler.builtin(node.function)
    if isinstance(builtin, Builtin):
        return _constant(node, builtin) or _builtin_call(node, builtin, arguments)
    function = compiler.compile(node.function)
    names, at = node.names, node.at

    def call(scope: Scope) -> Value:
        target = function(scope)
        if not isinstance(target, Function) and isinstance(node.function, s.Name):
            # A variable named like a built-in function does not hide the function.
            target = compiler.builtins.get(node.function.name)
        if not isinstance(target, Function):
            what = _called(node.function)
            scope.run.null(f"{what} is geen functie.", at, "feel.null.function")
            return None
        scope.run.spend(3)
        values = [argument(scope) for argument in arguments]
        try:
            return invoke(target, values, names, scope.run)
        except NullReason as why:
            scope.run.null(why.message, at, why.code)
            return None

    return call


def _builtin_call(node: s.Call, builtin: Builtin, arguments: list[Code]) -> Code:
    names, at = node.names, node.function.at

    def call(scope: Scope) -> Value:
        values = [argument(scope) for argument in arguments]
        run = scope.run
        try:
            return run_builtin(builtin, values, names, run)
        except NullReason as why:
            run.null(f"{builtin.name}: {why.message}", at, why.code)
            return None

    return call


def _constant(node: s.Call, builtin: Builtin) -> Code | None:
    """``date("2026-01-01")`` and the like are read once, when they are compiled."""
    if builtin.name not in _FOLDED or not all(
        isinstance(argument, s.Literal) for argument in node.arguments
    ):
        return None
    values = [argument.value for argument in node.arguments if isinstance(argument, s.Literal)]
    try:
        value = call_builtin(builtin, values, node.names, Run())
    except NullReason:
        return None
    return None if value is None else lambda scope: value


def run_builtin(
    function: Builtin, arguments: list[Value], names: tuple[str, ...] | None, run: Run
) -> Value:
    """Call a built-in function and pay for what it reads and builds."""
    run.spend(function.cost)
    for value in arguments:
        if isinstance(value, (list, dict, str)):
            run.spend(weight(value))
    result = call_builtin(function, arguments, names, run)
    if isinstance(result, (str, list)):
        run.spend(len(result) // 50)
    return result


def invoke(
    function: Function, arguments: list[Value], names: tuple[str, ...] | None, run: Run
) -> Value:
    """Call any function value. Raises `NullReason` if the arguments do not match."""
    if isinstance(function, Builtin):
        return run_builtin(function, arguments, names, run)
    return call_function(function, arguments, names)


def _called(node: s.Node) -> str:
    return repr(node.name) if isinstance(node, (s.Name, s.Path)) else "Dit"
