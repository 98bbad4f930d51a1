"""How a built-in function is declared: one decorator with its FEEL signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..kinds import Value
from ..signatures import Builtin, Overload, signature

Body = TypeVar("Body", bound=Callable[..., Value])


class Library:
    """The functions of one module. A name declared again is another way to call it, tried in the
    order of declaration.
    """

    def __init__(self) -> None:
        self._ways: dict[str, list[Overload]] = {}
        self._costs: dict[str, int] = {}

    def define(self, text: str, *, run: bool = False, cost: int = 4) -> Callable[[Body], Body]:
        """Declare a function by its signature (see `engine.feel.signatures.signature`).

        With ``run`` the body also receives the evaluation, for its clock or its budget. ``cost``
        is what a call takes in steps, apart from walking through its arguments.
        """
        name, parameters = signature(text)
        self._costs[name] = cost

        def register(body: Body) -> Body:
            self._ways.setdefault(name, []).append(Overload(parameters, body, run))
            return body

        return register

    def functions(self) -> dict[str, Value]:
        """All declared functions as FEEL values."""
        return {name: self._function(name) for name in self._ways}

    def _function(self, name: str) -> Builtin:
        ways = tuple(self._ways[name])
        return Builtin(name, ways[0].parameters, _not_called, ways=ways, cost=self._costs[name])


def _not_called(arguments: list[Value]) -> Value:
    raise AssertionError("built-in functions are called through call_builtin")
