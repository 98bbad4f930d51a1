"""What the tables of a trajectory share."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class OfTrajectory:
    """A row that belongs to a trajectory, and through it to a family.

    ``family_id`` is copied from the trajectory, since reading is often by family.
    """

    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"), index=True)
    trajectory_id: Mapped[UUID] = mapped_column(ForeignKey("trajectories.id"))
