"""Owners of packages, a second pair of eyes before publishing, versions out of and into use."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisations",
        sa.Column("second_eyes", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_table(
        "package_owners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_package_owners_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_owners")),
    )
    op.create_index(
        "uq_package_owners_open",
        "package_owners",
        ["key"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "publication_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("against", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)",
            name=op.f("ck_publication_requests_decided"),
        ),
        sa.CheckConstraint(
            "decision IN ('approved', 'returned', 'withdrawn')",
            name=op.f("ck_publication_requests_decision"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision = 'withdrawn' "
            "OR (decided_by IS NOT NULL AND decided_by <> asked_by)",
            name=op.f("ck_publication_requests_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["package_drafts.id"],
            name=op.f("fk_publication_requests_draft_id_package_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["against"],
            ["package_versions.version"],
            name=op.f("fk_publication_requests_against_package_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_requests")),
    )
    op.create_index(
        "uq_publication_requests_open",
        "publication_requests",
        ["draft_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(
        op.f("ix_publication_requests_draft_id_asked_at"),
        "publication_requests",
        ["draft_id", "asked_at"],
    )
    op.create_table(
        "package_version_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["package_versions.version"],
            name=op.f("fk_package_version_uses_version_package_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_version_uses")),
    )
    op.create_index(op.f("ix_package_version_uses_version"), "package_version_uses", ["version"])


def downgrade() -> None:
    op.drop_table("package_version_uses")
    op.drop_table("publication_requests")
    op.drop_table("package_owners")
    op.drop_column("organisations", "second_eyes")
