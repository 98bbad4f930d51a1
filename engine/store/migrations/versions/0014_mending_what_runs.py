"""What people do against the drawn course, and trajectories that they put aside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATUS = "ck_user_tasks_status"


def upgrade() -> None:
    op.create_table(
        "mends",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('skipped', 'repeated', 'moved', 'corrected', 'suspended', 'postponed', "
            "'resumed', 'ended')",
            name=op.f("ck_mends_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_mends_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_mends_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"], ["trajectories.id"], name=op.f("fk_mends_trajectory_id_trajectories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mends")),
    )
    op.create_index(op.f("ix_mends_family_id"), "mends", ["family_id"])
    op.create_index(op.f("ix_mends_trajectory_id_at"), "mends", ["trajectory_id", "at"])
    for name in ("suspended_since", "review_at"):
        op.add_column("trajectories", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f(STATUS), "user_tasks", type_="check")
    op.create_check_constraint(
        op.f(STATUS), "user_tasks", "status in ('open', 'suspended', 'completed', 'cancelled')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f(STATUS), "user_tasks", type_="check")
    op.create_check_constraint(
        op.f(STATUS), "user_tasks", "status in ('open', 'completed', 'cancelled')"
    )
    for name in ("review_at", "suspended_since"):
        op.drop_column("trajectories", name)
    op.drop_table("mends")
