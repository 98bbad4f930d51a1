"""Moving running trajectories to another version as a piece of work: the plan, and each of them.

It holds ids, places in a diagram and states of processes; nothing about a family.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.store.base import Base, UuidKey

ITEM_STATES = (
    "new",  # to be rehearsed
    "can",  # rehearsed: it can move
    "cannot",  # something in it has no place in the new version
    "failed",  # could not be looked at or moved; nothing changed
    "asked",  # to be moved
    "moved",
    "back-asked",  # to be put back
    "back",
    "stays",  # could not be put back: it goes on where it was moved to
    "gone",  # ended, or moved otherwise, before its turn came
)
PENDING = ("new", "asked", "back-asked")
"""States that a worker does something about."""
_PENDING = "state IN ('new', 'asked', 'back-asked')"


class VersionMoveJob(Base):
    """Running trajectories of one version that somebody moves to another one.

    Attributes:
        renamed: old element ids to new ones.
        processes: ids of old processes to those that they are now.
        restart: timers (new ids) that begin anew.
        planned_at: when the plan was settled and the rehearsal began; ``None`` before.
        at_once: what the rehearsal finds able to move is moved without being asked for.
        paused: workers leave it alone.
        closed_at: nothing more is moved; putting back stays possible while the window lasts.
    """

    __tablename__ = "version_moves"
    __table_args__ = (
        Index(
            "uq_version_moves_open",
            "package_key",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
        Index(None, "package_key", "made_at"),
    )

    id: Mapped[UuidKey]
    package_key: Mapped[str] = mapped_column(String(100))
    from_version: Mapped[str] = mapped_column(ForeignKey("package_versions.version"))
    to_version: Mapped[str] = mapped_column(ForeignKey("package_versions.version"))
    reason: Mapped[str] = mapped_column(Text)
    renamed: Mapped[dict[str, Any]]
    processes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    restart: Mapped[list[Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    planned_at: Mapped[datetime | None]
    at_once: Mapped[bool] = mapped_column(default=False)
    paused: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]


class VersionMoveItem(Base):
    """One trajectory of a move, by its business key (or the root of a process of its own).

    Attributes:
        obstacles: why it cannot move (or go back): ``process_id``, ``element_id``, ``reason``.
        foreseen: what the rehearsal saw: how many of what are kept, begin, begin anew or stop.
        stands: where it stands: ``process_id`` and ``element_id`` of its open tasks.
        exact: whether it went back to the very state it had.
        asked_by: who said that it be moved, or put back.
    """

    __tablename__ = "version_move_items"
    __table_args__ = (
        one_of("state", ITEM_STATES, "state"),
        UniqueConstraint("move_id", "key"),
        Index(None, "move_id", "state", "position"),
        Index("ix_version_move_items_pending", "move_id", "position", postgresql_where=_PENDING),
    )

    id: Mapped[UuidKey]
    move_id: Mapped[UUID] = mapped_column(ForeignKey("version_moves.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="new")
    code: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(Text)
    obstacles: Mapped[list[Any]]
    foreseen: Mapped[dict[str, Any]]
    stands: Mapped[list[Any]]
    exact: Mapped[bool | None]
    asked_by: Mapped[UUID | None]
    moved_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]


class VersionMoveKept(Base):
    """A process as it was before it moved, kept until the window for putting it back is over."""

    __tablename__ = "version_move_kept"

    item_id: Mapped[UUID] = mapped_column(
        ForeignKey("version_move_items.id", ondelete="CASCADE"), primary_key=True
    )
    instance_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int]
    version: Mapped[str]
    process_id: Mapped[str | None] = mapped_column(Text)
    row_version: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    renamed: Mapped[dict[str, Any]]
    quiet: Mapped[bool]


class VersionMoveEvent(Base):
    """Who did what with a move, and when. Append only."""

    __tablename__ = "version_move_events"
    __table_args__ = (Index(None, "move_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    move_id: Mapped[UUID] = mapped_column(ForeignKey("version_moves.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]]
