"""What lists of a large region are ordered by stands with the trajectory and the family.

When the family was last met, and who works for it, follow from other tables; the database keeps
them by itself, whoever writes those tables (``engine/families/kept_facts.py`` compares them).
"""

import sqlalchemy as sa
from alembic import op

from engine.plain_text import plain

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BATCH = 5_000
WORKER_OF = """
CREATE FUNCTION worker_of(trajectory uuid, organisation uuid) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT i.user_id FROM involvements i
    JOIN role_assignments r ON r.user_id = i.user_id
    WHERE i.trajectory_id = trajectory AND i.until IS NULL
      AND r.role = 'worker' AND r.organisation_id = organisation AND r.until IS NULL
    ORDER BY i.beside, i.since, i.id LIMIT 1
$$
"""
MET = """
CREATE FUNCTION keep_last_contact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE trajectories SET last_contact_at = NEW.at,
            last_contact_day = (NEW.at AT TIME ZONE 'Europe/Amsterdam')::date
        WHERE id = NEW.trajectory_id AND (last_contact_at IS NULL OR last_contact_at < NEW.at);
        RETURN NULL;
    END IF;
    SELECT max(at) INTO latest FROM contacts
    WHERE trajectory_id = OLD.trajectory_id AND NOT no_show;
    UPDATE trajectories SET last_contact_at = latest,
        last_contact_day = (latest AT TIME ZONE 'Europe/Amsterdam')::date
    WHERE id = OLD.trajectory_id AND last_contact_at IS DISTINCT FROM latest;
    RETURN NULL;
END $$
"""
INVOLVED = """
CREATE FUNCTION keep_worker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.trajectory_id ELSE NEW.trajectory_id END;
BEGIN
    UPDATE trajectories SET worker_id = worker_of(id, organisation_id)
    WHERE id = changed AND worker_id IS DISTINCT FROM worker_of(id, organisation_id);
    RETURN NULL;
END $$
"""
HELD = """
CREATE FUNCTION keep_workers_of_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held role_assignments := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    UPDATE trajectories SET worker_id = worker_of(id, organisation_id)
    WHERE organisation_id = held.organisation_id
      AND id IN (SELECT trajectory_id FROM involvements
                 WHERE user_id = held.user_id AND until IS NULL)
      AND worker_id IS DISTINCT FROM worker_of(id, organisation_id);
    RETURN NULL;
END $$
"""
TRIGGERS = (
    ("met", "contacts", "INSERT", "WHEN (NOT NEW.no_show)", "keep_last_contact"),
    ("met_otherwise", "contacts", "UPDATE OR DELETE", "", "keep_last_contact"),
    ("involved", "involvements", "INSERT OR UPDATE OR DELETE", "", "keep_worker"),
    ("role_held", "role_assignments", "INSERT OR UPDATE OR DELETE", "", "keep_workers_of_role"),
)


def upgrade() -> None:
    op.add_column("trajectories", sa.Column("last_contact_at", sa.DateTime(timezone=True)))
    op.add_column("trajectories", sa.Column("last_contact_day", sa.Date()))
    op.add_column("trajectories", sa.Column("worker_id", sa.Uuid()))
    op.add_column(
        "families",
        sa.Column("plain_name", sa.Text(collation="C"), server_default="", nullable=False),
    )
    op.execute(WORKER_OF)
    op.execute("""
        UPDATE trajectories t SET last_contact_at = c.at, worker_id = worker_of(t.id, organisation_id),
            last_contact_day = (c.at AT TIME ZONE 'Europe/Amsterdam')::date
        FROM (SELECT o.id, max(c.at) AS at FROM trajectories o
              LEFT JOIN contacts c ON c.trajectory_id = o.id AND NOT c.no_show GROUP BY o.id) c
        WHERE c.id = t.id
    """)
    _name_plainly()
    for function in (MET, INVOLVED, HELD):
        op.execute(function)
    for name, table, when, condition, function in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW {condition} "
            f"EXECUTE FUNCTION {function}()"
        )
    op.drop_index("ix_trajectories_open", table_name="trajectories")
    op.create_index(
        "ix_trajectories_open",
        "trajectories",
        ["organisation_id", "package_key", "phase"],
        postgresql_where=sa.text("status <> 'closed'"),
        postgresql_include=[
            "id", "started_at", "last_contact_at", "last_contact_day", "cadence_per_week",
            "suspended_since", "worker_id",
        ],
    )  # fmt: skip
    op.create_index("ix_families_plain_name", "families", ["plain_name", "id"])
    op.drop_index("ix_user_tasks_open_system_role", table_name="user_tasks")
    op.create_index(
        "ix_user_tasks_open_system_role",
        "user_tasks",
        ["system_role", "due_at"],
        postgresql_where=sa.text("status='open'"),
        postgresql_include=["business_key"],
    )
    op.drop_index("ix_incidents_open", table_name="incidents")
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["raised_at"],
        postgresql_where=sa.text("resolved_at is null"),
        postgresql_include=["business_key", "code", "package_key", "element_id", "element_name"],
    )
    op.create_index(
        "ix_incidents_left_out",
        "incidents",
        ["raised_at"],
        postgresql_where=sa.text("resolved_at = raised_at"),
    )
    op.create_index(
        "ix_incidents_resolved",
        "incidents",
        ["resolved_at"],
        postgresql_where=sa.text("resolved_at is not null"),
    )


def _name_plainly() -> None:
    connection, last = op.get_bind(), None
    while rows := connection.execute(_SOME, {"last": last, "most": BATCH}).all():
        connection.execute(_NAMED, [{"of": row.id, "plain": plain(row.name)} for row in rows])
        last = rows[-1].id


_SOME = sa.text(
    "SELECT id, name FROM families WHERE CAST(:last AS uuid) IS NULL OR id > :last "
    "ORDER BY id LIMIT :most"
)
_NAMED = sa.text("UPDATE families SET plain_name = :plain WHERE id = :of")


def downgrade() -> None:
    for name, table, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in ("keep_last_contact", "keep_worker", "keep_workers_of_role", "worker_of"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_incidents_resolved", table_name="incidents")
    op.drop_index("ix_incidents_left_out", table_name="incidents")
    op.drop_index("ix_incidents_open", table_name="incidents")
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["raised_at"],
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.drop_index("ix_user_tasks_open_system_role", table_name="user_tasks")
    op.create_index(
        "ix_user_tasks_open_system_role",
        "user_tasks",
        ["system_role", "due_at"],
        postgresql_where=sa.text("status='open'"),
    )
    op.drop_index("ix_families_plain_name", table_name="families")
    op.drop_index("ix_trajectories_open", table_name="trajectories")
    op.create_index(
        "ix_trajectories_open",
        "trajectories",
        ["organisation_id"],
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.drop_column("families", "plain_name")
    for name in ("worker_id", "last_contact_day", "last_contact_at"):
        op.drop_column("trajectories", name)
