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
from sqlalchemy.ext.compiler import compiles

_CHANCE = literal_column("random()")


@compiles(Select, "postgresql")
def _disorderly(query: Select[Any], compiler: PGCompiler, **options: Any) -> str:
    """Compile a query with chance as the last thing that it is put in order by."""
    inner = bool(compiler.stack) and query._limit_clause is None
    of_several = options.get("compound_index") is not None or query._distinct
    with_ties = (query._fetch_clause_options or {}).get("with_ties", False)
    if not (inner or of_several or with_ties):
        query = query.order_by(_CHANCE)
    return compiler.visit_select(query, **options)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that look at how a query is carried out: here it is another query."""
    of_plans = [item for item in items if item.path.stem == "test_query_plans"]
    config.hook.pytest_deselected(items=of_plans)
    items[:] = [item for item in items if item not in of_plans]
