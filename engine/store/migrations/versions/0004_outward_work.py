"""Outward work: the queue of Procrastinate, what waits for it, and what has left.

Procrastinate's tables are those that its numbered steps lead to, up to the one named here. The steps
themselves cannot run in one transaction before PostgreSQL 17 (they use new values of an enum), so its
whole schema is kept beside this file. A version of it with further steps needs a next migration.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LAST_OF_QUEUE = "03.04.00_50_post_add_retry_failed_job_procedure.sql"

APPEND_ONLY = """
CREATE TRIGGER outward_messages_append_only BEFORE UPDATE OR DELETE ON outward_messages
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER outward_messages_not_emptied BEFORE TRUNCATE ON outward_messages
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    queue = Path(__file__).with_name("0004_procrastinate_3_10.sql").read_text("utf-8")
    op.execute(sa.text(queue.replace(":", r"\:")))
    op.create_table(
        "outward_work",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("package_key", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("element_name", sa.String(), nullable=False),
        sa.Column("job_type", sa.String(), nullable=False),
        sa.Column("deferred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instances.id"],
            name=op.f("fk_outward_work_instance_id_process_instances"),
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_outward_work")),
    )
    op.create_index(op.f("ix_outward_work_instance_id"), "outward_work", ["instance_id"])
    op.create_index(op.f("ix_outward_work_deferred_at"), "outward_work", ["deferred_at"])
    op.create_table(
        "outward_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("job_type", sa.String(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outward_messages")),
        sa.UniqueConstraint(
            "token_id", "recipient_id", name=op.f("uq_outward_messages_token_id_recipient_id")
        ),
    )
    op.create_index(op.f("ix_outward_messages_business_key"), "outward_messages", ["business_key"])
    op.create_index(op.f("ix_outward_messages_sent_at"), "outward_messages", ["sent_at"])
    op.execute(APPEND_ONLY)
