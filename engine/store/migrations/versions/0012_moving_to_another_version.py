"""Moving running trajectories to another version as a piece of work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_key", sa.String(length=100), nullable=False),
        sa.Column("from_version", sa.String(length=64), nullable=False),
        sa.Column("to_version", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("renamed", postgresql.JSONB(), nullable=False),
        sa.Column("restart", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_version"],
            ["package_versions.version"],
            name=op.f("fk_version_moves_from_version_package_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version"],
            ["package_versions.version"],
            name=op.f("fk_version_moves_to_version_package_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_moves")),
    )
    op.create_index(
        op.f("ix_version_moves_package_key_made_at"),
        "version_moves",
        ["package_key", "made_at"],
        unique=False,
    )
    op.create_index(
        "uq_version_moves_open",
        "version_moves",
        ["package_key"],
        unique=True,
        postgresql_where="closed_at IS NULL",
    )
    op.create_table(
        "version_move_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["move_id"],
            ["version_moves.id"],
            name=op.f("fk_version_move_events_move_id_version_moves"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_move_events")),
    )
    op.create_index(
        op.f("ix_version_move_events_move_id_at"),
        "version_move_events",
        ["move_id", "at"],
        unique=False,
    )
    op.create_table(
        "version_move_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("obstacles", postgresql.JSONB(), nullable=False),
        sa.Column("foreseen", postgresql.JSONB(), nullable=False),
        sa.Column("stands", postgresql.JSONB(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'can', 'cannot', 'failed', 'asked', 'moved', 'back-asked', 'back', 'stays', 'gone')",
            name=op.f("ck_version_move_items_state"),
        ),
        sa.ForeignKeyConstraint(
            ["move_id"],
            ["version_moves.id"],
            name=op.f("fk_version_move_items_move_id_version_moves"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_move_items")),
        sa.UniqueConstraint("move_id", "key", name=op.f("uq_version_move_items_move_id_key")),
    )
    op.create_index(
        op.f("ix_version_move_items_move_id_state_position"),
        "version_move_items",
        ["move_id", "state", "position"],
        unique=False,
    )
    op.create_index(
        "ix_version_move_items_pending",
        "version_move_items",
        ["move_id", "position"],
        unique=False,
        postgresql_where="state IN ('new', 'asked', 'back-asked')",
    )
    op.create_table(
        "version_move_kept",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("renamed", postgresql.JSONB(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["version_move_items.id"],
            name=op.f("fk_version_move_kept_item_id_version_move_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "instance_id", name=op.f("pk_version_move_kept")),
    )


def downgrade() -> None:
    for table in ("kept", "items", "events"):
        op.drop_table(f"version_move_{table}")
    op.drop_table("version_moves")
