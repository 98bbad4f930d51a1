"""Drafts of packages: their files as they are now, and every save of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("base_version", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("published_version", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_package_drafts_closed")
        ),
        sa.CheckConstraint(
            "outcome IN ('published', 'discarded')", name=op.f("ck_package_drafts_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["base_version"],
            ["package_versions.version"],
            name=op.f("fk_package_drafts_base_version_package_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["published_version"],
            ["package_versions.version"],
            name=op.f("fk_package_drafts_published_version_package_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_drafts")),
    )
    op.create_index(
        op.f("ix_package_drafts_key"),
        "package_drafts",
        ["key"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "package_draft_files",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["package_drafts.id"],
            name=op.f("fk_package_draft_files_draft_id_package_drafts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_package_draft_files")),
    )
    op.create_table(
        "package_draft_saves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["package_drafts.id"],
            name=op.f("fk_package_draft_saves_draft_id_package_drafts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_draft_saves")),
    )
    op.create_index(
        op.f("ix_package_draft_saves_draft_id_path_revision"),
        "package_draft_saves",
        ["draft_id", "path", "revision"],
    )


def downgrade() -> None:
    op.drop_table("package_draft_saves")
    op.drop_table("package_draft_files")
    op.drop_table("package_drafts")
