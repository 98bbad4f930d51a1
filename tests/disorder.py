"""Rows that are read without an order come by chance: ``python -m pytest -p tests.disorder``.

PostgreSQL may give rows that nobody put in an order as it likes. On a database that a test begins
with they come as they were written, until a busy server, a vacuum or another plan gives them
otherwise. With this plugin every ``SELECT`` that SQLAlchemy writes ends its order with chance: who
relies on an order without asking for it is found out.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, literal_column
from sqlalchemy.dialects.postgresql.base import PGCompiler

_CHANCE = literal_column("random()")
_as_written = PGCompiler.visit_select


def _disorderly(self: PGCompiler, select_stmt: Select[Any], *args: Any, **kwargs: Any) -> str:
    """Compile a query with chance as the last thing that it is put in order by."""
    return _as_written(self, _put(select_stmt, self, kwargs), *args, **kwargs)


def _put(select_stmt: Select[Any], compiler: PGCompiler, kwargs: dict[str, Any]) -> Select[Any]:
    inner = bool(compiler.stack) and select_stmt._limit_clause is None
    of_several = kwargs.get("compound_index") is not None or select_stmt._distinct
    with_ties = (select_stmt._fetch_clause_options or {}).get("with_ties", False)
    if inner or of_several or with_ties:
        return select_stmt
    return select_stmt.order_by(_CHANCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Plans are looked at of the queries as the product writes them."""
    as_written = pytest.mark.skip(reason="the query is another one with tests.disorder")
    for item in items:
        if item.path.stem == "test_query_plans":
            item.add_marker(as_written)


PGCompiler.visit_select = _disorderly  # type: ignore[method-assign]
