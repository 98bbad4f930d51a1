"""The index of open tasks holds what lists of tasks order and choose by.

Lists of a leader, a coordinator and a team read it and nothing else, until they come to the tasks
that they show.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE = ["business_key"]
SINCE = [*BEFORE, "id", "created_at", "role", "assignee_id"]


def upgrade() -> None:
    _make(SINCE)


def downgrade() -> None:
    _make(BEFORE)


def _make(beside: list[str]) -> None:
    op.drop_index("ix_user_tasks_open_system_role", table_name="user_tasks")
    op.create_index(
        "ix_user_tasks_open_system_role",
        "user_tasks",
        ["system_role", "due_at"],
        postgresql_where=sa.text("status='open'"),
        postgresql_include=beside,
    )
