"""The built-in functions of FEEL, and our own under ``ketenspoor``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..kinds import Value
from . import (
    camunda,
    contexts,
    conversions,
    dates,
    intervals,
    lists,
    numbers,
    own,
    statistics,
    strings,
)
from .registry import Library


def _load() -> Mapping[str, Value]:
    functions: dict[str, Value] = {}
    for module in (
        conversions, strings, lists, statistics, numbers, dates, intervals, contexts, camunda,
    ):  # fmt: skip
        library: Library = module.LIBRARY
        functions.update(library.functions())
    functions[own.NAMESPACE] = own.LIBRARY.functions()
    return MappingProxyType(functions)


BUILTINS: Mapping[str, Value] = _load()
"""All built-in functions by name; ``ketenspoor`` is a context of functions."""
