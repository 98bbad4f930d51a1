"""The audit says of which instance a line is; what follows from that it no longer repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_audit_events_business_key_id", table_name="audit_events")
    op.drop_column("audit_events", "business_key")
    op.drop_column("audit_events", "process_id")


def downgrade() -> None:
    op.add_column("audit_events", sa.Column("business_key", sa.String(), nullable=True))
    op.add_column("audit_events", sa.Column("process_id", sa.String(), nullable=True))
    op.execute(
        "UPDATE audit_events e SET business_key = i.business_key, process_id = i.process_id "
        "FROM process_instances i WHERE i.id = e.instance_id"
    )
    op.alter_column("audit_events", "process_id", nullable=False)
    op.create_index("ix_audit_events_business_key_id", "audit_events", ["business_key", "id"])
