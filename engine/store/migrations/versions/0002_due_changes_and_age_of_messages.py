"""Due times that people changed, and since when a message's id is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "due_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('task', 'timer')", name=op.f("ck_due_changes_kind")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_due_changes_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_due_changes_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_due_changes_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_changes")),
    )
    op.create_index(op.f("ix_due_changes_family_id"), "due_changes", ["family_id"])
    op.create_index(op.f("ix_due_changes_token_id"), "due_changes", ["token_id"])
    op.create_index(op.f("ix_due_changes_trajectory_id_at"), "due_changes", ["trajectory_id", "at"])
    # what was seen before counts from the upgrade on
    op.add_column(
        "seen_messages",
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )
    op.create_index(op.f("ix_seen_messages_seen_at"), "seen_messages", ["seen_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_seen_messages_seen_at"), table_name="seen_messages")
    op.drop_column("seen_messages", "seen_at")
    op.drop_table("due_changes")
