"""Built-in functions on numbers."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

from ..errors import NullReason
from ..kinds import DECIMAL128, Value, YearsMonthsDuration
from .registry import Library

LIBRARY = Library()
_MAX_SCALE = 6000


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    """The number with so many digits behind the point; negative scales round before it."""
    digits = 0 if scale is None else int(scale)
    if abs(digits) > _MAX_SCALE:
        raise NullReason(f"The scale {digits} is out of bounds.", "feel.null.argument")
    if number.is_zero() or -int(str(number.as_tuple().exponent)) <= digits:
        return number
    exact = decimal.Context(prec=100, rounding=rounding, Emin=-7000, Emax=7000)
    try:
        result = number.quantize(Decimal(1).scaleb(-digits), context=exact)
    except decimal.InvalidOperation:
        raise NullReason("The number cannot be rounded so.", "feel.null.number") from None
    return DECIMAL128.plus(result)


def _rounding(name: str, rounding: str, *, scale: str) -> Callable[..., Value]:
    @LIBRARY.define(f"{name}(n: number, {scale}: number)")
    def body(number: Decimal, digits: Decimal | None) -> Decimal:
        return _rounded(number, digits, rounding)

    return body


_rounding("decimal", decimal.ROUND_HALF_EVEN, scale="scale")
_rounding("floor", decimal.ROUND_FLOOR, scale="scale?")
_rounding("ceiling", decimal.ROUND_CEILING, scale="scale?")
_rounding("round up", decimal.ROUND_UP, scale="scale")
_rounding("round down", decimal.ROUND_DOWN, scale="scale")
_rounding("round half up", decimal.ROUND_HALF_UP, scale="scale")
_rounding("round half down", decimal.ROUND_HALF_DOWN, scale="scale")


@LIBRARY.define("abs(n: number|days and time duration|years and months duration)")
def _abs(value: Value) -> Value:
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    return abs(value)


@LIBRARY.define("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if divisor.is_zero():
        raise NullReason("A division by zero has no remainder.", "feel.null.division")
    try:
        rest = DECIMAL128.remainder(dividend, divisor)
    except decimal.InvalidOperation:
        raise NullReason("The numbers are too far apart.", "feel.null.number") from None
    if rest and (rest < 0) != (divisor < 0):
        rest = DECIMAL128.add(rest, divisor)
    return rest


@LIBRARY.define("sqrt(number: number)")
def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise NullReason("A negative number has no square root.", "feel.null.number")
    return DECIMAL128.sqrt(number)


@LIBRARY.define("log(number: number)")
def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise NullReason("Only positive numbers have a logarithm.", "feel.null.number")
    return DECIMAL128.ln(number)


@LIBRARY.define("exp(number: number)")
def _exp(number: Decimal) -> Decimal:
    if abs(number) > 14_000:
        raise NullReason("The power is out of bounds.", "feel.null.number")
    return DECIMAL128.exp(number)


@LIBRARY.define("odd(number: number)")
def _odd(number: Decimal) -> bool:
    return abs(_modulo(number, Decimal(2))) == 1


@LIBRARY.define("even(number: number)")
def _even(number: Decimal) -> bool:
    return _modulo(number, Decimal(2)) == 0


