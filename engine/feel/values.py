"""The values of FEEL for the rest of the engine: their types, durations, and JSON both ways."""

from __future__ import annotations

from .durations import (
    Duration,
    add_duration,
    duration_text,
    parse_duration,
)
from .far import FarDate, FarDateTime
from .json_form import copied, from_json, read_json, to_json
from .kinds import (
    Function,
    Parameter,
    Range,
    Value,
    YearsMonthsDuration,
    kind_of,
    normalise,
)
from .moments import BUSINESS_ZONE
from .text_form import to_text

__all__ = [
    "BUSINESS_ZONE",
    "Duration",
    "FarDate",
    "FarDateTime",
    "Function",
    "Parameter",
    "Range",
    "Value",
    "YearsMonthsDuration",
    "add_duration",
    "copied",
    "duration_text",
    "from_json",
    "kind_of",
    "normalise",
    "parse_duration",
    "read_json",
    "to_json",
    "to_text",
]
