"""What process owners play in the Studio: the moves of each play."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.String(length=64), nullable=True),
        sa.Column("begin_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moves", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(draft_id IS NULL) <> (version IS NULL)", name=op.f("ck_plays_of_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_plays_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["package_drafts.id"],
            name=op.f("fk_plays_draft_id_package_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["package_versions.version"],
            name=op.f("fk_plays_version_package_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plays")),
        sa.UniqueConstraint("user_id", "draft_id", name=op.f("uq_plays_user_id_draft_id")),
        sa.UniqueConstraint("user_id", "version", name=op.f("uq_plays_user_id_version")),
    )


def downgrade() -> None:
    op.drop_table("plays")
