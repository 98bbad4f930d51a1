"""Built-in functions on numbers."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

from ..errors import NullReason
from ..kinds import DECIMAL128, Value, YearsMonthsDuration
from .registry import Library

LIBRARY = Library()
_MIN_SCALE, _MAX_SCALE = -6111, 6176


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """The number with so many digits behind the point; negative scales round before it."""
    digits = int(scale)
    if not _MIN_SCALE <= digits <= _MAX_SCALE:
        raise NullReason(f"Het aantal decimalen {digits} kan niet.", "feel.null.argument")
    if number.is_zero() or -int(str(number.as_tuple().exponent)) <= digits:
        return number
    exact = decimal.Context(prec=100, rounding=rounding, Emin=-7000, Emax=7000)
    try:
        result = number.quantize(Decimal(1).scaleb(-digits), context=exact)
    except decimal.InvalidOperation:
        raise NullReason("Het getal kan zo niet worden afgerond.", "feel.null.number") from None
    return DECIMAL128.plus(result)


def _rounding(name: str, rounding: str) -> Callable[[Decimal, Decimal], Value]:
    @LIBRARY.define(f"{name}(n: number, scale: number)")
    def body(number: Decimal, digits: Decimal) -> Decimal:
        return _rounded(number, digits, rounding)

    return body


_rounding("decimal", decimal.ROUND_HALF_EVEN)
_rounding("floor", decimal.ROUND_FLOOR)
_rounding("ceiling", decimal.ROUND_CEILING)
_rounding("round up", decimal.ROUND_UP)
_rounding("round down", decimal.ROUND_DOWN)
_rounding("round half up", decimal.ROUND_HALF_UP)
_rounding("round half down", decimal.ROUND_HALF_DOWN)


@LIBRARY.define("floor(n: number)")
def _floor(number: Decimal) -> Decimal:
    return _rounded(number, Decimal(0), decimal.ROUND_FLOOR)


@LIBRARY.define("ceiling(n: number)")
def _ceiling(number: Decimal) -> Decimal:
    return _rounded(number, Decimal(0), decimal.ROUND_CEILING)


@LIBRARY.define("abs(n: number|days and time duration|years and months duration)")
def _abs(value: Value) -> Value:
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    return abs(value)


@LIBRARY.define("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if divisor.is_zero():
        raise NullReason("Delen door nul heeft geen rest.", "feel.null.division")
    try:
        rest = DECIMAL128.remainder(dividend, divisor)
    except decimal.InvalidOperation:
        raise NullReason("De getallen liggen te ver uiteen.", "feel.null.number") from None
    if rest and (rest < 0) != (divisor < 0):
        rest = DECIMAL128.add(rest, divisor)
    return rest


@LIBRARY.define("sqrt(number: number)", cost=20)
def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise NullReason("Een negatief getal heeft geen wortel.", "feel.null.number")
    return DECIMAL128.sqrt(number)


@LIBRARY.define("log(number: number)", cost=40)
def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise NullReason("Alleen een positief getal heeft een logaritme.", "feel.null.number")
    return DECIMAL128.ln(number)


@LIBRARY.define("exp(number: number)", cost=40)
def _exp(number: Decimal) -> Decimal:
    if abs(number) > 14_000:
        raise NullReason("De macht is te groot of te klein.", "feel.null.number")
    return DECIMAL128.exp(number)


@LIBRARY.define("odd(number: number)")
def _odd(number: Decimal) -> bool:
    return abs(_modulo(number, Decimal(2))) == 1


@LIBRARY.define("even(number: number)")
def _even(number: Decimal) -> bool:
    return _modulo(number, Decimal(2)) == 0
