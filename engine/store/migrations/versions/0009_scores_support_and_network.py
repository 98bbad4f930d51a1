"""Scores on instruments, the type of support with its dates, three views of a goal, the network."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measurements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("scorer", sa.String(length=20), nullable=False),
        sa.Column("moment", sa.String(length=20), nullable=True),
        sa.Column("value", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "scorer IN ('gezin', 'werker', 'verwijzer')", name=op.f("ck_measurements_scorer")
        ),
        sa.CheckConstraint(
            "moment IN ('start', 'halverwege', 'tussentijds', 'afsluiting')",
            name=op.f("ck_measurements_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_measurements_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_measurements_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_measurements_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurements")),
    )
    op.create_index(op.f("ix_measurements_family_id"), "measurements", ["family_id"])
    op.create_index(
        op.f("ix_measurements_trajectory_id_instrument_at"),
        "measurements",
        ["trajectory_id", "instrument", "at"],
    )
    op.create_table(
        "support_periods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('basis-op-orde', 'vinger-aan-de-pols', 'stut-en-steun', 'nazorg', "
            "'opschaling')",
            name=op.f("ck_support_periods_kind"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_support_periods_period")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_support_periods_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_support_periods_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_support_periods_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_periods")),
    )
    op.create_index(op.f("ix_support_periods_family_id"), "support_periods", ["family_id"])
    op.create_index(
        op.f("ix_support_periods_trajectory_id_since"),
        "support_periods",
        ["trajectory_id", "since"],
    )
    op.create_index(
        "uq_support_periods_current",
        "support_periods",
        ["trajectory_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.add_column("network_members", sa.Column("support_kinds", sa.String(60), nullable=True))
    op.add_column("network_members", sa.Column("influence", sa.String(20), nullable=True))
    op.add_column("network_members", sa.Column("gives_back", sa.String(20), nullable=True))
    op.create_check_constraint(
        op.f("ck_network_members_influence"),
        "network_members",
        "influence IN ('goed', 'wisselend', 'slecht')",
    )
    op.create_check_constraint(
        op.f("ck_network_members_gives_back"),
        "network_members",
        "gives_back IN ('ja', 'soms', 'nee')",
    )
    op.add_column("plan_goals", sa.Column("view_family", sa.Text(), nullable=True))
    op.add_column("plan_goals", sa.Column("view_worker", sa.Text(), nullable=True))
    op.add_column("plan_goals", sa.Column("view_referrer", sa.Text(), nullable=True))
    op.add_column("plan_goals", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("reopened_at", "view_referrer", "view_worker", "view_family"):
        op.drop_column("plan_goals", column)
    op.drop_constraint(op.f("ck_network_members_gives_back"), "network_members", type_="check")
    op.drop_constraint(op.f("ck_network_members_influence"), "network_members", type_="check")
    for column in ("gives_back", "influence", "support_kinds"):
        op.drop_column("network_members", column)
    op.drop_table("support_periods")
    op.drop_table("measurements")
