"""Rows of a table in the order in which they were written: keys rise (``engine.keys``)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, inspect, select


def rows_of(model: type[Any]) -> Select[Any]:
    """The query of all rows of a table, the first written first."""
    return select(model).order_by(*inspect(model).primary_key)
