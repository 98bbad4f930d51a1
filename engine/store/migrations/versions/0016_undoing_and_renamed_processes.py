"""What people did against the course can be undone; processes that another version renames."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KIND = "ck_mends_kind"
KINDS = (
    "kind IN ('skipped', 'repeated', 'moved', 'corrected', 'suspended', 'postponed', 'resumed', "
    "'ended'{})"
)


def upgrade() -> None:
    op.drop_constraint(op.f(KIND), "mends", type_="check")
    op.create_check_constraint(op.f(KIND), "mends", KINDS.format(", 'undone'"))
    op.add_column("mends", sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("mends", sa.Column("undo_not", sa.String(length=20), nullable=True))
    op.add_column("mends", sa.Column("facts_before", JSONB(), nullable=True))
    op.add_column("mends", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "mend_kept",
        sa.Column("mend_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mend_id"], ["mends.id"], name=op.f("fk_mend_kept_mend_id_mends"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mend_id", "instance_id", name=op.f("pk_mend_kept")),
    )
    op.add_column(
        "version_moves", sa.Column("processes", JSONB(), server_default="{}", nullable=False)
    )
    op.add_column("version_move_kept", sa.Column("process_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("version_move_kept", "process_id")
    op.drop_column("version_moves", "processes")
    op.drop_table("mend_kept")
    for name in ("undone_at", "facts_before", "undo_not", "undo_until"):
        op.drop_column("mends", name)
    op.execute("DELETE FROM mends WHERE kind = 'undone'")
    op.drop_constraint(op.f(KIND), "mends", type_="check")
    op.create_check_constraint(op.f(KIND), "mends", KINDS.format(""))
