"""FEEL, the expression language of DMN 1.5: compile once, evaluate often.

Pure: no input or output, no access to attributes of Python objects, bounded time and memory.

    >>> from engine import feel
    >>> feel.evaluate('if gezin.kinderen > 2 then "groot" else "klein"', {"gezin": {"kinderen": 3}})
    'groot'
    >>> feel.compile_unary("[12..18)").test(15)
    True
"""

from __future__ import annotations

from .errors import FeelError, FeelLimitError, FeelSyntaxError, FeelValueError
from .expression import (
    Explanation,
    Expression,
    UnaryTests,
    compile,
    compile_unary,
    evaluate,
)
from .kinds import Function, Parameter, Range, YearsMonthsDuration
from .limits import Reason
from .miscalls import miscalls

__all__ = [
    "Explanation",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelValueError",
    "Function",
    "Parameter",
    "Range",
    "Reason",
    "UnaryTests",
    "YearsMonthsDuration",
    "compile",
    "compile_unary",
    "evaluate",
    "miscalls",
]
