"""FEEL values to the JSON that others write: numbers are numbers, dates and durations texts.

Not every value comes back from it as it was; `json_form` is for what is kept.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from .json_form import to_json
from .kinds import Value


def to_plain_json(value: Value) -> Any:
    """A FEEL value as what `json.dumps` takes; what JSON has no form for is as it is kept."""
    if isinstance(value, dict):
        return {key: to_plain_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain_json(item) for item in value]
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Decimal) and math.isfinite(near := float(value)):
        return int(value) if value == value.to_integral_value() else near
    form = to_json(value)
    if not isinstance(form, dict):
        return form
    (inside,) = form.values()
    return inside if isinstance(inside, str) and not isinstance(value, Decimal) else form
