"""What runs on a version, and timers that were put off, are found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_process_instances_package_version"), table_name="process_instances")
    op.create_index(
        "ix_process_instances_running_version",
        "process_instances",
        ["package_version", "root_id"],
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_timers_put_off",
        "timers",
        ["next_try_at"],
        postgresql_where=sa.text("attempts > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_timers_put_off", table_name="timers")
    op.drop_index("ix_process_instances_running_version", table_name="process_instances")
    op.create_index(
        op.f("ix_process_instances_package_version"), "process_instances", ["package_version"]
    )
