"""The first tables of the product."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The access log only grows; a change or deletion is refused by the database itself.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON access_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_not_emptied BEFORE TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # for "one at any instant"
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("trajectory_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=True),
        sa.Column("object_type", sa.String(length=60), nullable=True),
        sa.Column("object_id", sa.String(length=120), nullable=True),
        sa.CheckConstraint("outcome IN ('allowed', 'refused')", name=op.f("ck_access_log_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)
    op.create_index("ix_access_log_family", "access_log", ["family_id", "at"], unique=False)
    op.create_index("ix_access_log_user", "access_log", ["user_id", "at"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("element_kind", sa.String(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(
        "ix_audit_events_business_key_id", "audit_events", ["business_key", "id"], unique=False
    )
    op.create_index(
        op.f("ix_audit_events_instance_id"), "audit_events", ["instance_id"], unique=False
    )
    op.create_table(
        "buffered_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("variables", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buffered_messages")),
    )
    op.create_index(
        op.f("ix_buffered_messages_expires_at"), "buffered_messages", ["expires_at"], unique=False
    )
    op.create_index(
        "ix_buffered_messages_name_key", "buffered_messages", ["name", "key"], unique=False
    )
    op.create_table(
        "chains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chains")),
        sa.UniqueConstraint("name", name=op.f("uq_chains_name")),
    )
    op.create_table(
        "families",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=True),
        sa.Column("interpreter_need", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=80), nullable=True),
        sa.Column("secret_address", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "interpreter_need IN ('onbekend', 'geen', 'professioneel', 'informeel')",
            name=op.f("ck_families_interpreter_need"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_families")),
    )
    op.create_table(
        "login_throttles",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_login_throttles")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("is_runner", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind ~ '^[a-z][a-z0-9-]*$'", name=op.f("ck_organisations_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "package_versions",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_package_versions")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_package_versions_key_number")),
    )
    op.create_table(
        "process_instances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_key", sa.String(), nullable=False),
        sa.Column("package_version", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_token_id", sa.Uuid(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('active', 'completed', 'cancelled')",
            name=op.f("ck_process_instances_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instances")),
    )
    op.create_index(
        op.f("ix_process_instances_business_key"),
        "process_instances",
        ["business_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instances_package_version"),
        "process_instances",
        ["package_version"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instances_root_id"), "process_instances", ["root_id"], unique=False
    )
    op.create_index(
        "ix_process_instances_waiting_parent",
        "process_instances",
        ["parent_id", "parent_token_id"],
        unique=False,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "seen_messages",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_seen_messages")),
    )
    op.create_table(
        "settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
    )
    op.create_index(op.f("ix_settings_key"), "settings", ["key"], unique=False)
    op.create_table(
        "case_directors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("family_id"), "="),
            (sa.text("tstzrange(since, until)"), "&&"),
            using="gist",
            name="ex_case_directors_one_at_any_instant",
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_case_directors_period")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_case_directors_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_case_directors_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_directors")),
    )
    op.create_table(
        "chain_memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_chain_memberships_period")
        ),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["chains.id"], name=op.f("fk_chain_memberships_chain_id_chains")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_chain_memberships_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_memberships")),
    )
    op.create_index(
        op.f("ix_chain_memberships_organisation_id"),
        "chain_memberships",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_chain_memberships_open",
        "chain_memberships",
        ["chain_id", "organisation_id"],
        unique=True,
        postgresql_where="until IS NULL",
    )
    op.create_table(
        "family_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("has_authority", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('moeder', 'vader', 'kind', 'anders')", name=op.f("ck_family_members_role")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_family_members_family_id_families")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_members")),
    )
    op.create_index(
        op.f("ix_family_members_family_id"), "family_members", ["family_id"], unique=False
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("package_key", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("element_name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instances.id"],
            name=op.f("fk_incidents_instance_id_process_instances"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_business_key"), "incidents", ["business_key"], unique=False)
    op.create_index(op.f("ix_incidents_instance_id"), "incidents", ["instance_id"], unique=False)
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["raised_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at is null"),
    )
    op.create_index(op.f("ix_incidents_token_id"), "incidents", ["token_id"], unique=False)
    op.create_table(
        "network_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=80), nullable=True),
        sa.Column("support", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_network_members_family_id_families")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_members")),
    )
    op.create_index(
        op.f("ix_network_members_family_id"), "network_members", ["family_id"], unique=False
    )
    op.create_table(
        "package_start_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["package_versions.version"],
            name=op.f("fk_package_start_events_version_package_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_start_events")),
    )
    op.create_index(
        op.f("ix_package_start_events_trigger_name"),
        "package_start_events",
        ["trigger", "name"],
        unique=False,
    )
    op.create_index(
        op.f("ix_package_start_events_version"), "package_start_events", ["version"], unique=False
    )
    op.create_table(
        "subscriptions",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instances.id"],
            name=op.f("fk_subscriptions_instance_id_process_instances"),
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        op.f("ix_subscriptions_instance_id"), "subscriptions", ["instance_id"], unique=False
    )
    op.create_index(
        "ix_subscriptions_kind_name_key", "subscriptions", ["kind", "name", "key"], unique=False
    )
    op.create_table(
        "timers",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("element_name", sa.String(), nullable=False),
        sa.Column("host_id", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instances.id"],
            name=op.f("fk_timers_instance_id_process_instances"),
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_timers")),
    )
    op.create_index(op.f("ix_timers_business_key"), "timers", ["business_key"], unique=False)
    op.create_index(op.f("ix_timers_instance_id"), "timers", ["instance_id"], unique=False)
    op.create_index("ix_timers_next_try_at", "timers", ["next_try_at"], unique=False)
    op.create_table(
        "trajectories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("package_key", sa.Text(), nullable=False),
        sa.Column("package_version", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("phase_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cadence_per_week", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('referred', 'running', 'aftercare', 'closed')",
            name=op.f("ck_trajectories_status"),
        ),
        sa.CheckConstraint("cadence_per_week >= 0", name=op.f("ck_trajectories_cadence")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_trajectories_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_trajectories_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectories")),
        sa.UniqueConstraint("id", "family_id", name=op.f("uq_trajectories_id_family_id")),
    )
    op.create_index(op.f("ix_trajectories_family_id"), "trajectories", ["family_id"], unique=False)
    op.create_index(
        "ix_trajectories_open",
        "trajectories",
        ["organisation_id"],
        unique=False,
        postgresql_where="status <> 'closed'",
    )
    op.create_index(
        op.f("ix_trajectories_organisation_id"), "trajectories", ["organisation_id"], unique=False
    )
    op.create_table(
        "user_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=True),
        sa.Column("package_key", sa.String(), nullable=False),
        sa.Column("package_version", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("system_role", sa.String(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status in ('open', 'completed', 'cancelled')", name=op.f("ck_user_tasks_status")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instances.id"],
            name=op.f("fk_user_tasks_instance_id_process_instances"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tasks")),
    )
    op.create_index(op.f("ix_user_tasks_assignee_id"), "user_tasks", ["assignee_id"], unique=False)
    op.create_index(
        "ix_user_tasks_business_key_status", "user_tasks", ["business_key", "status"], unique=False
    )
    op.create_index(op.f("ix_user_tasks_instance_id"), "user_tasks", ["instance_id"], unique=False)
    op.create_index(
        "ix_user_tasks_open_system_role",
        "user_tasks",
        ["system_role", "due_at"],
        unique=False,
        postgresql_where=sa.text("status='open'"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_users_language")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_users_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index(op.f("ix_users_organisation_id"), "users", ["organisation_id"], unique=False)
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "chronology_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_chronology_notes_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_chronology_notes_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronology_notes")),
    )
    op.create_index(
        op.f("ix_chronology_notes_family_id"), "chronology_notes", ["family_id"], unique=False
    )
    op.create_index(
        op.f("ix_chronology_notes_trajectory_id_at"),
        "chronology_notes",
        ["trajectory_id", "at"],
        unique=False,
    )
    op.create_table(
        "document_drafts",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_document_drafts_trajectory_id_trajectories"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_document_drafts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("task_id", "user_id", name=op.f("pk_document_drafts")),
    )
    op.create_index(
        op.f("ix_document_drafts_trajectory_id"), "document_drafts", ["trajectory_id"], unique=False
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("life_domain", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "life_domain IN ('huishouding', 'maatschappelijk', 'opvoeding', 'welzijn', 'partnerrelatie')",
            name=op.f("ck_handovers_life_domain"),
        ),
        sa.CheckConstraint(
            "status IN ('besproken', 'akkoord', 'aangemeld', 'wachtlijst', 'indicatie', 'intake', 'overgedragen', 'gestart', 'gestopt')",
            name=op.f("ck_handovers_status"),
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_handovers_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_handovers_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_handovers_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_family_id"), "handovers", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_handovers_organisation_id"), "handovers", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_handovers_trajectory_id"), "handovers", ["trajectory_id"], unique=False
    )
    op.create_table(
        "involvements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("beside", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_involvements_period")),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_involvements_trajectory_id_trajectories"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_involvements_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvements")),
    )
    op.create_index(
        op.f("ix_involvements_trajectory_id"), "involvements", ["trajectory_id"], unique=False
    )
    op.create_index(
        "ix_involvements_user", "involvements", ["user_id", "trajectory_id"], unique=False
    )
    op.create_index(
        "uq_involvements_open",
        "involvements",
        ["trajectory_id", "role"],
        unique=True,
        postgresql_where="until IS NULL AND NOT beside",
    )
    op.create_index(
        "uq_involvements_open_user",
        "involvements",
        ["trajectory_id", "role", "user_id"],
        unique=True,
        postgresql_where="until IS NULL",
    )
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('worker', 'project_leader', 'coordinator', 'process_owner', 'administrator')",
            name=op.f("ck_role_assignments_role"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_role_assignments_period")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_role_assignments_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_role_assignments_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
    )
    op.create_index(
        op.f("ix_role_assignments_organisation_id"),
        "role_assignments",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_role_assignments_open",
        "role_assignments",
        ["user_id", "role", "organisation_id"],
        unique=True,
        postgresql_where="until IS NULL",
    )
    op.create_table(
        "trajectory_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('phase', 'status', 'cadence')", name=op.f("ck_trajectory_changes_kind")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_trajectory_changes_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectory_changes")),
    )
    op.create_index(
        op.f("ix_trajectory_changes_trajectory_id_at"),
        "trajectory_changes",
        ["trajectory_id", "at"],
        unique=False,
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_name", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_documents_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_documents_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_documents_handover_id_handovers")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_documents_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_documents_submission_id")),
    )
    op.create_index(op.f("ix_documents_family_id"), "documents", ["family_id"], unique=False)
    op.create_index(op.f("ix_documents_task_id"), "documents", ["task_id"], unique=False)
    op.create_index(
        op.f("ix_documents_trajectory_id_at"), "documents", ["trajectory_id", "at"], unique=False
    )
    op.create_table(
        "handover_states",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('besproken', 'akkoord', 'aangemeld', 'wachtlijst', 'indicatie', 'intake', 'overgedragen', 'gestart', 'gestopt')",
            name=op.f("ck_handover_states_status"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_handover_states_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_states_handover_id_handovers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_states")),
    )
    op.create_index(
        op.f("ix_handover_states_handover_id_at"),
        "handover_states",
        ["handover_id", "at"],
        unique=False,
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'dropped')", name=op.f("ck_agreements_state")
        ),
        sa.ForeignKeyConstraint(
            ["completed_by"], ["users.id"], name=op.f("fk_agreements_completed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_agreements_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_agreements_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_agreements_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_agreements_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
    )
    op.create_index(op.f("ix_agreements_family_id"), "agreements", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_agreements_trajectory_id"), "agreements", ["trajectory_id"], unique=False
    )
    op.create_table(
        "concern_levels",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("domain", sa.String(length=30), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "domain IN ('huishouding', 'maatschappelijk', 'opvoeding', 'welzijn', 'partnerrelatie')",
            name=op.f("ck_concern_levels_domain"),
        ),
        sa.CheckConstraint(
            "level IN ('ernstig', 'licht', 'geen', 'onbekend')",
            name=op.f("ck_concern_levels_level"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_concern_levels_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_concern_levels_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_concern_levels_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_levels")),
    )
    op.create_index(
        op.f("ix_concern_levels_family_id"), "concern_levels", ["family_id"], unique=False
    )
    op.create_index(
        op.f("ix_concern_levels_trajectory_id_domain_item_at"),
        "concern_levels",
        ["trajectory_id", "domain", "item", "at"],
        unique=False,
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("giver", sa.String(length=200), nullable=False),
        sa.Column("giver_member_id", sa.Uuid(), nullable=True),
        sa.Column("capacity", sa.String(length=100), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("form IN ('mondeling', 'schriftelijk')", name=op.f("ck_consents_form")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR agreed", name=op.f("ck_consents_only_a_yes_is_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_consents_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_consents_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["giver_member_id"],
            ["family_members.id"],
            name=op.f("fk_consents_giver_member_id_family_members"),
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_consents_trajectory_id_trajectories"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["users.id"], name=op.f("fk_consents_withdrawn_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_family_id"), "consents", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_consents_family_id_purpose"), "consents", ["family_id", "purpose"], unique=False
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("no_show", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('huisbezoek', 'telefoon', 'kantoor', 'beeldbellen', 'meegaan')",
            name=op.f("ck_contacts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_contacts_by_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_contacts_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_contacts_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_contacts_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_family_id"), "contacts", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_contacts_trajectory_id_at"), "contacts", ["trajectory_id", "at"], unique=False
    )
    op.create_table(
        "life_domain_phases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("domain", sa.String(length=30), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "domain IN ('huishouding', 'maatschappelijk', 'opvoeding', 'welzijn', 'partnerrelatie')",
            name=op.f("ck_life_domain_phases_domain"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_life_domain_phases_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_life_domain_phases_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_life_domain_phases_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_domain_phases")),
    )
    op.create_index(
        op.f("ix_life_domain_phases_family_id"), "life_domain_phases", ["family_id"], unique=False
    )
    op.create_index(
        op.f("ix_life_domain_phases_trajectory_id_domain_at"),
        "life_domain_phases",
        ["trajectory_id", "domain", "at"],
        unique=False,
    )
    op.create_table(
        "plan_goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(length=30), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "domain IN ('huishouding', 'maatschappelijk', 'opvoeding', 'welzijn', 'partnerrelatie')",
            name=op.f("ck_plan_goals_domain"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'behaald', 'deels', 'niet')", name=op.f("ck_plan_goals_status")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_plan_goals_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_plan_goals_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f("fk_plan_goals_trajectory_id_trajectories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goals")),
    )
    op.create_index(op.f("ix_plan_goals_family_id"), "plan_goals", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_plan_goals_trajectory_id"), "plan_goals", ["trajectory_id"], unique=False
    )
    op.create_table(
        "contact_members",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_members_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["family_members.id"],
            name=op.f("fk_contact_members_member_id_family_members"),
        ),
        sa.PrimaryKeyConstraint("contact_id", "member_id", name=op.f("pk_contact_members")),
    )
    op.create_index(
        op.f("ix_contact_members_member_id"), "contact_members", ["member_id"], unique=False
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_members_member_id"), table_name="contact_members")
    op.drop_table("contact_members")
    op.drop_index(op.f("ix_plan_goals_trajectory_id"), table_name="plan_goals")
    op.drop_index(op.f("ix_plan_goals_family_id"), table_name="plan_goals")
    op.drop_table("plan_goals")
    op.drop_index(
        op.f("ix_life_domain_phases_trajectory_id_domain_at"), table_name="life_domain_phases"
    )
    op.drop_index(op.f("ix_life_domain_phases_family_id"), table_name="life_domain_phases")
    op.drop_table("life_domain_phases")
    op.drop_index(op.f("ix_contacts_trajectory_id_at"), table_name="contacts")
    op.drop_index(op.f("ix_contacts_family_id"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_index(op.f("ix_consents_family_id_purpose"), table_name="consents")
    op.drop_index(op.f("ix_consents_family_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(
        op.f("ix_concern_levels_trajectory_id_domain_item_at"), table_name="concern_levels"
    )
    op.drop_index(op.f("ix_concern_levels_family_id"), table_name="concern_levels")
    op.drop_table("concern_levels")
    op.drop_index(op.f("ix_agreements_trajectory_id"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_family_id"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index(op.f("ix_handover_states_handover_id_at"), table_name="handover_states")
    op.drop_table("handover_states")
    op.drop_index(op.f("ix_documents_trajectory_id_at"), table_name="documents")
    op.drop_index(op.f("ix_documents_task_id"), table_name="documents")
    op.drop_index(op.f("ix_documents_family_id"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_trajectory_changes_trajectory_id_at"), table_name="trajectory_changes")
    op.drop_table("trajectory_changes")
    op.drop_index(
        "uq_role_assignments_open", table_name="role_assignments", postgresql_where="until IS NULL"
    )
    op.drop_index(op.f("ix_role_assignments_organisation_id"), table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_index(
        "uq_involvements_open_user", table_name="involvements", postgresql_where="until IS NULL"
    )
    op.drop_index(
        "uq_involvements_open",
        table_name="involvements",
        postgresql_where="until IS NULL AND NOT beside",
    )
    op.drop_index("ix_involvements_user", table_name="involvements")
    op.drop_index(op.f("ix_involvements_trajectory_id"), table_name="involvements")
    op.drop_table("involvements")
    op.drop_index(op.f("ix_handovers_trajectory_id"), table_name="handovers")
    op.drop_index(op.f("ix_handovers_organisation_id"), table_name="handovers")
    op.drop_index(op.f("ix_handovers_family_id"), table_name="handovers")
    op.drop_table("handovers")
    op.drop_index(op.f("ix_document_drafts_trajectory_id"), table_name="document_drafts")
    op.drop_table("document_drafts")
    op.drop_index(op.f("ix_chronology_notes_trajectory_id_at"), table_name="chronology_notes")
    op.drop_index(op.f("ix_chronology_notes_family_id"), table_name="chronology_notes")
    op.drop_table("chronology_notes")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_index(op.f("ix_users_organisation_id"), table_name="users")
    op.drop_table("users")
    op.drop_index(
        "ix_user_tasks_open_system_role",
        table_name="user_tasks",
        postgresql_where=sa.text("status='open'"),
    )
    op.drop_index(op.f("ix_user_tasks_instance_id"), table_name="user_tasks")
    op.drop_index("ix_user_tasks_business_key_status", table_name="user_tasks")
    op.drop_index(op.f("ix_user_tasks_assignee_id"), table_name="user_tasks")
    op.drop_table("user_tasks")
    op.drop_index(op.f("ix_trajectories_organisation_id"), table_name="trajectories")
    op.drop_index(
        "ix_trajectories_open", table_name="trajectories", postgresql_where="status <> 'closed'"
    )
    op.drop_index(op.f("ix_trajectories_family_id"), table_name="trajectories")
    op.drop_table("trajectories")
    op.drop_index("ix_timers_next_try_at", table_name="timers")
    op.drop_index(op.f("ix_timers_instance_id"), table_name="timers")
    op.drop_index(op.f("ix_timers_business_key"), table_name="timers")
    op.drop_table("timers")
    op.drop_index("ix_subscriptions_kind_name_key", table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_instance_id"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_package_start_events_version"), table_name="package_start_events")
    op.drop_index(op.f("ix_package_start_events_trigger_name"), table_name="package_start_events")
    op.drop_table("package_start_events")
    op.drop_index(op.f("ix_network_members_family_id"), table_name="network_members")
    op.drop_table("network_members")
    op.drop_index(op.f("ix_incidents_token_id"), table_name="incidents")
    op.drop_index(
        "ix_incidents_open", table_name="incidents", postgresql_where=sa.text("resolved_at is null")
    )
    op.drop_index(op.f("ix_incidents_instance_id"), table_name="incidents")
    op.drop_index(op.f("ix_incidents_business_key"), table_name="incidents")
    op.drop_table("incidents")
    op.drop_index(op.f("ix_family_members_family_id"), table_name="family_members")
    op.drop_table("family_members")
    op.drop_index(
        "uq_chain_memberships_open",
        table_name="chain_memberships",
        postgresql_where="until IS NULL",
    )
    op.drop_index(op.f("ix_chain_memberships_organisation_id"), table_name="chain_memberships")
    op.drop_table("chain_memberships")
    op.drop_table("case_directors")
    op.drop_index(op.f("ix_settings_key"), table_name="settings")
    op.drop_table("settings")
    op.drop_table("seen_messages")
    op.drop_index(
        "ix_process_instances_waiting_parent",
        table_name="process_instances",
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_index(op.f("ix_process_instances_root_id"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_package_version"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_business_key"), table_name="process_instances")
    op.drop_table("process_instances")
    op.drop_table("package_versions")
    op.drop_table("organisations")
    op.drop_table("login_throttles")
    op.drop_table("families")
    op.drop_table("chains")
    op.drop_index("ix_buffered_messages_name_key", table_name="buffered_messages")
    op.drop_index(op.f("ix_buffered_messages_expires_at"), table_name="buffered_messages")
    op.drop_table("buffered_messages")
    op.drop_index(op.f("ix_audit_events_instance_id"), table_name="audit_events")
    op.drop_index("ix_audit_events_business_key_id", table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_index("ix_access_log_user", table_name="access_log")
    op.drop_index("ix_access_log_family", table_name="access_log")
    op.drop_index("ix_access_log_at", table_name="access_log")
    op.drop_table("access_log")
    op.execute("DROP FUNCTION refuse_change")
