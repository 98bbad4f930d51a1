"""People of partner organisations with tasks of their own, care meetings, and their agreements."""

import sqlalchemy as sa
from alembic import op

from engine.store.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROLES = ("worker", "project_leader", "coordinator", "process_owner", "administrator")
_DOMAINS = ("huishouding", "maatschappelijk", "opvoeding", "welzijn", "partnerrelatie")
_SUBJECTS = (*_DOMAINS, "hulp", "veiligheid")
_PURPOSES = ("ruimte-maken", "gezamenlijk-plan", "stagnatie", "veiligheid", "afsluiten")
_STATES = ("voorbereiding", "gepland", "gehouden", "niet-gehouden")
_PARTICIPANTS = (
    "voorgesteld",
    "geen-toestemming",
    "uitgenodigd",
    "komt",
    "komt-niet",
    "ingetrokken",
    "aanwezig",
    "afwezig",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _roles(values: tuple[str, ...]) -> None:
    name = op.f("ck_role_assignments_role")
    op.drop_constraint(name, "role_assignments", type_="check")
    op.create_check_constraint(name, "role_assignments", _one_of("role", values))


def _of_trajectory(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f(f"fk_{table}_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectories.id"],
            name=op.f(f"fk_{table}_trajectory_id_trajectories"),
        ),
    ]


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    _roles((*_ROLES, "partner"))
    op.add_column("user_tasks", sa.Column("assigned_id", sa.Uuid(), nullable=True))
    # a task that nobody claimed and that has an assignee has it from its diagram
    op.execute(
        "UPDATE user_tasks SET assigned_id = assignee_id"
        " WHERE assignee_id IS NOT NULL AND claimed_at IS NULL"
    )
    _meetings()
    _participants()
    _points()
    _offers()
    for column, target in (("owner_user_id", "users"), ("meeting_id", "care_meetings")):
        op.add_column("agreements", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_agreements_{column}_{target}"), "agreements", target, [column], ["id"]
        )
    op.create_index(op.f("ix_agreements_meeting_id"), "agreements", ["meeting_id"])
    op.add_column("agreements", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("case_directors", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_case_directors_user_id_users"), "case_directors", "users", ["user_id"], ["id"]
    )


def _meetings() -> None:
    op.create_table(
        "care_meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("with_family", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("chair", sa.String(200), nullable=True),
        sa.Column("spokesperson", sa.String(200), nullable=True),
        sa.Column("family_view", sa.Text(), nullable=True),
        sa.Column("family_view_at", UtcDateTime(), nullable=True),
        sa.Column("minutes_shared_at", UtcDateTime(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        *_of_trajectory("care_meetings"),
        _to("care_meetings", "created_by", "users"),
        sa.CheckConstraint(_one_of("purpose", _PURPOSES), name=op.f("ck_care_meetings_purpose")),
        sa.CheckConstraint(_one_of("state", _STATES), name=op.f("ck_care_meetings_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_meetings")),
    )
    for column in ("family_id", "trajectory_id"):
        op.create_index(op.f(f"ix_care_meetings_{column}"), "care_meetings", [column])


def _participants() -> None:
    table = "care_meeting_participants"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.String(200), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        _to(table, "meeting_id", "care_meetings"),
        _to(table, "organisation_id", "organisations"),
        _to(table, "user_id", "users"),
        sa.CheckConstraint(_one_of("state", _PARTICIPANTS), name=op.f(f"ck_{table}_state")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("meeting_id", "user_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _points() -> None:
    table = "care_meeting_points"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _to(table, "meeting_id", "care_meetings"),
        sa.CheckConstraint(_one_of("kind", ("agenda", "verslag")), name=op.f(f"ck_{table}_kind")),
        sa.CheckConstraint(_one_of("subject", _SUBJECTS), name=op.f(f"ck_{table}_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_meeting_id_kind"), table, ["meeting_id", "kind"])


def _offers() -> None:
    table = "case_direction_offers"
    states = ("gevraagd", "aangenomen", "geweigerd", "vervallen")
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        *_of_trajectory(table),
        _to(table, "organisation_id", "organisations"),
        _to(table, "user_id", "users"),
        _to(table, "asked_by", "users"),
        sa.CheckConstraint(_one_of("state", states), name=op.f(f"ck_{table}_state")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("family_id", "trajectory_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_constraint(
        op.f("fk_case_directors_user_id_users"), "case_directors", type_="foreignkey"
    )
    op.drop_column("case_directors", "user_id")
    for column in ("reason", "meeting_id", "owner_user_id"):
        op.drop_column("agreements", column)
    for table in (
        "case_direction_offers",
        "care_meeting_points",
        "care_meeting_participants",
        "care_meetings",
    ):
        op.drop_table(table)
    op.drop_column("user_tasks", "assigned_id")
    op.execute("DELETE FROM role_assignments WHERE role = 'partner'")
    _roles(_ROLES)
