"""Numbers that an organisation may change: dated rows with their source, over documented defaults.

A room declares its numbers as ``Number`` constants. The table holds only what differs from the
default, from which instant on, and why (a law, a decision, a contract).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Numeric, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.store.base import Base, UuidKey


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a default: its key, the default, its unit and what it is for."""

    key: str
    default: float
    unit: str
    meaning: str


class Setting(Base):
    """A number that holds from an instant on, with where it comes from."""

    __tablename__ = "settings"

    id: Mapped[UuidKey]
    key: Mapped[str] = mapped_column(Text, index=True)
    value: Mapped[Decimal] = mapped_column(Numeric)
    since: Mapped[datetime]
    source: Mapped[str] = mapped_column(Text, default="")


def number(session: Session, wanted: Number, at: datetime) -> float:
    """The value of a number at an instant: the latest row that holds by then, else the default."""
    found = session.scalar(
        select(Setting.value)
        .where(Setting.key == wanted.key, Setting.since <= at)
        .order_by(Setting.since.desc(), Setting.id.desc())
        .limit(1)
    )
    return wanted.default if found is None else float(found)


def set_number(
    session: Session, wanted: Number, value: float, *, since: datetime, source: str
) -> None:
    """Let a number hold from an instant on; earlier rows stay, as history."""
    session.add(Setting(key=wanted.key, value=Decimal(str(value)), since=since, source=source))
