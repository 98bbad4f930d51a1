"""A trajectory knows the one of the same family that it follows on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trajectories", sa.Column("previous_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_trajectories_previous_id_family_id_trajectories"),
        "trajectories",
        "trajectories",
        ["previous_id", "family_id"],
        ["id", "family_id"],
    )
    op.create_check_constraint(
        op.f("ck_trajectories_previous"), "trajectories", "previous_id <> id"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_trajectories_previous"), "trajectories", type_="check")
    op.drop_constraint(
        op.f("fk_trajectories_previous_id_family_id_trajectories"),
        "trajectories",
        type_="foreignkey",
    )
    op.drop_column("trajectories", "previous_id")
