"""What published packages offer to each other, and which versions they are bound to."""

import io
import zipfile

import sqlalchemy as sa
from alembic import op
from lxml import etree

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def upgrade() -> None:
    parts = op.create_table(
        "package_parts",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("part_id", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"],
            ["package_versions.version"],
            name=op.f("fk_package_parts_version_package_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version", "part", "part_id", name=op.f("pk_package_parts")),
    )
    op.create_index(op.f("ix_package_parts_part_part_id"), "package_parts", ["part", "part_id"])
    op.create_table(
        "package_bindings",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("part_id", sa.Text(), nullable=False),
        sa.Column("bound_version", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["package_versions.version"],
            name=op.f("fk_package_bindings_version_package_versions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["bound_version"],
            ["package_versions.version"],
            name=op.f("fk_package_bindings_bound_version_package_versions"),
        ),
        sa.PrimaryKeyConstraint("version", "part", "part_id", name=op.f("pk_package_bindings")),
    )
    published = op.get_bind().execute(sa.text("SELECT version, content FROM package_versions"))
    rows = [
        {"version": version, "part": "process", "part_id": process_id, "tag": None}
        for version, content in published
        for process_id in sorted(processes_in(content))
    ]
    if rows:
        op.bulk_insert(parts, rows)


def processes_in(package: bytes) -> set[str]:
    """The ids of the executable processes in a package's zip."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            if not name.lower().endswith(".bpmn"):
                continue
            content = archive.read(name).lstrip()  # some editors leave a line before the XML
            processes = list(etree.fromstring(content, parser).iter(f"{BPMN}process"))
            for process in processes:
                said = process.get("isExecutable")
                if said in ("true", "1") or (said is None and len(processes) == 1):
                    found.add(process.get("id", ""))
    return found


def downgrade() -> None:
    op.drop_table("package_bindings")
    op.drop_table("package_parts")
