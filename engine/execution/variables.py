"""Variables by Camunda 8's rules: a token may hold local ones, the rest is looked up outward."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from engine import feel
from engine.execution.errors import ExpressionFailed
from engine.feel.errors import FeelError
from engine.feel.values import copied

if TYPE_CHECKING:
    from engine.execution.tokens import Token


_REMEMBERED: Final = 4096
"""Texts of diagrams whose FEEL is at hand."""


class Visible(ChainMap[str, Any]):
    """Variables by scope, the innermost first; asked for far more often than changed."""

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default."""
        for scope in self.maps:
            if name in scope:
                return scope[name]
        return default


def visible(token: Token, made: dict[str, Any] | None = None) -> Mapping[str, Any]:
    """Everything the token can see, its own variables first; what is being ``made`` before all."""
    maps = [] if made is None else [made]
    scope: Token | None = token
    while scope is not None:
        if scope.data:
            maps.append(scope.data)
        scope = scope.scope
    return Visible(*maps) if maps else {}


def own(values: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy of variables, exactly as storage would give them back."""
    own_copy: dict[str, Any] = copied(dict(values))
    return own_copy


def stored(value: Any, *, what: str) -> Any:
    """The value of an expression as it can be kept: a copy that shares nothing.

    Raises:
        ExpressionFailed: it cannot be kept (a function), or is nested too deep.
    """
    if value is None or isinstance(value, str | bool):
        return value
    try:
        return copied(value)
    except FeelError as error:
        raise ExpressionFailed(
            f"{what}: deze waarde kan niet bewaard worden. {error.message}",
            "Bewaar een tekst, getal, datum, duur, lijst of context.",
        ) from error


def propagate(token: Token, values: Mapping[str, Any]) -> None:
    """Set values where they are defined, searching outward from ``token``; else at the root."""
    for name, value in values.items():
        scope = token
        while name not in scope.data and scope.scope is not None:
            scope = scope.scope
        scope.data[name] = value


def evaluate(text: str, variables: Mapping[str, Any], now: datetime, *, what: str) -> Any:
    """The value of a text as modellers write it: FEEL after ``=``, else the text itself.

    Raises:
        ExpressionFailed: naming ``what`` was evaluated and the reason.
    """
    try:
        formula = _formula(text)
        return text if formula is None else formula.evaluate(variables, now)
    except FeelError as error:
        raise _failed(error, text.strip()[1:], what) from error


def evaluate_feel(text: str, variables: Mapping[str, Any], now: datetime, *, what: str) -> Any:
    """The value of a FEEL expression, with or without its leading ``=``.

    Raises:
        ExpressionFailed: naming ``what`` was evaluated and the reason.
    """
    try:
        return _feel(text).evaluate(variables, now)
    except FeelError as error:
        raise _failed(error, text, what) from error


@lru_cache(maxsize=_REMEMBERED)
def _formula(text: str) -> feel.Expression | None:
    """The FEEL of a text as modellers write it; none for what is just a text."""
    stripped = text.strip()
    return _feel(stripped[1:]) if stripped.startswith("=") else None


@lru_cache(maxsize=_REMEMBERED)
def _feel(text: str) -> feel.Expression:
    return feel.compile(text.strip().removeprefix("="))


def _failed(error: FeelError, text: str, what: str) -> ExpressionFailed:
    return ExpressionFailed(
        f"{what}: {error.message}", getattr(error, "remedy", "") or "", expression=text.strip()
    )


def _why_null(text: str, variables: Mapping[str, Any], now: datetime) -> str:
    """What in an expression made it null, as sentences; the same one only once."""
    explained = feel.compile(text.strip().removeprefix("=")).explain(variables, now=now)
    return " ".join(dict.fromkeys(reason.message for reason in explained.reasons))


def condition_holds(text: str, variables: Mapping[str, Any], now: datetime, *, what: str) -> bool:
    """Whether a condition is true.

    Raises:
        ExpressionFailed: it cannot be evaluated, or gives something else than true or false.
    """
    value = evaluate_feel(text, variables, now, what=what)
    if isinstance(value, bool):
        return value
    reason = _why_null(text, variables, now) if value is None else ""
    raise ExpressionFailed(
        f"{what}: de voorwaarde geeft geen waar of onwaar maar {_kind(value)}."
        + (f" {reason}" if reason else ""),
        "Zorg dat elke naam in de voorwaarde een waarde heeft, of vergelijk met null.",
        expression=text.strip(),
    )


def _kind(value: object) -> str:
    return "niets (null)" if value is None else type(value).__name__
