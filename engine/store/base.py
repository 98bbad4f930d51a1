"""The common base of all tables: naming of constraints, and the types that every room shares.

Instants are stored as ``timestamptz`` and are always aware UTC in Python; a naive one is refused.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from sqlalchemy import DateTime, Dialect, MetaData, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from engine.keys import new_key

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: ``timestamptz`` in the database, aware UTC in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a time zone; store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC, whatever zone the connection speaks."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table of the product derives from.

    A model's ``repr`` names its class and key only, so that family data never reaches a log.
    """

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UtcDateTime(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }

    def __repr__(self) -> str:
        key = getattr(self, "id", None)
        return f"<{type(self).__name__} {key}>"


def table_of(model: type[Base]) -> Table:
    """The table of a model: a statement that is given to the driver as it is names no classes."""
    return cast(Table, model.__table__)  # every model has a table of its own, never a join


UuidKey = Annotated[UUID, mapped_column(Uuid(), primary_key=True, default=new_key)]
"""The usual primary key, made by the application: greater than those of rows written before."""

__all__ = ["NAMING_CONVENTION", "Base", "UtcDateTime", "UuidKey", "table_of"]
