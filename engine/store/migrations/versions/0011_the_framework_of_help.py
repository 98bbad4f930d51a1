"""In which framework a family is helped, from when, and whether its rights were explained."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rights_explained", sa.Boolean(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('vrijwillig', 'drang', 'gedwongen')", name=op.f("ck_framework_periods_kind")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_framework_periods_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_framework_periods_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_framework_periods_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_periods")),
    )
    op.create_index(op.f("ix_framework_periods_family_id"), "framework_periods", ["family_id"])
    op.create_index(
        op.f("ix_framework_periods_family_id_since"), "framework_periods", ["family_id", "since"]
    )


def downgrade() -> None:
    op.drop_table("framework_periods")
