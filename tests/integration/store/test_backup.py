"""A backup holds everything, comes back equal or not at all, and never looks whole by mistake."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from engine.store import schema
from engine.store.backup import make_backup
from engine.store.errors import BackupFailed, BackupUnusable, RestoreFailed, RestoreRefused
from engine.store.restore import restore_backup
from engine.store.schema import differences, is_current, upgrade
from tests.region import region
from webui.cli import cli

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ODD = "Familie \\N \t tab\nregel \\. “é” \U0001f46a ' \" ;"
AUDIT = """
INSERT INTO audit_events (instance_id, at, type, element_id, element_kind, token_id,
                          data)
SELECT gen_random_uuid(), now() - n * interval '1.000001 s', 'activated', md5(n::text),
       'userTask', gen_random_uuid(), jsonb_build_object('n', n / 7.0, 'tekst', CAST(:odd AS text))
FROM generate_series(1, :count) AS n
"""


@pytest.fixture
def source(fresh_database_url):
    """A database with people, a family and an audit."""
    engine = create_engine(fresh_database_url)
    try:
        with Session(engine) as session:
            place = region(session)
            place.open(ODD)
            session.commit()
        with engine.begin() as connection:
            connection.execute(text(AUDIT), {"odd": ODD, "count": 2000})
            connection.execute(text("DELETE FROM audit_events WHERE id > 1990"))
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def target(empty_database_url):
    engine = create_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def kept(source, tmp_path) -> Path:
    file = tmp_path / "kopie.zip"
    make_backup(source, file, NOW)
    source.dispose()
    return file


def content(engine) -> dict[str, str]:
    """What each table holds, told by the database itself: the number of rows and their hash."""
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        return {
            table: connection.execute(
                text(
                    "SELECT count(*) || ':' || coalesce(md5(string_agg(md5(t::text), '' "
                    f"ORDER BY t::text)), '') FROM \"{table}\" t"
                )
            ).scalar_one()
            for table in tables
        }


def test_every_row_of_every_table_comes_back_equal(source, kept, target):
    restored = restore_backup(target, kept)
    assert content(target) == content(source)
    assert restored.manifest.rows > 2000
    assert not restored.upgraded


def test_the_tables_are_those_of_the_migrations(kept, target):
    restore_backup(target, kept)
    assert is_current(target)
    assert differences(target) == []


def test_the_same_rows_give_the_same_hashes_again(kept, target, tmp_path):
    restored = restore_backup(target, kept)
    again = make_backup(target, tmp_path / "again.zip", NOW)
    assert again.tables == restored.manifest.tables


def test_numbers_go_on_after_the_last_one_given_out(kept, target):
    restore_backup(target, kept)
    with target.begin() as connection:
        connection.execute(text(AUDIT), {"odd": "", "count": 1})
        highest = connection.execute(text("SELECT max(id) FROM audit_events")).scalar_one()
    assert highest == 2001


def test_references_are_guarded_again_after_a_restore(source, kept, target):
    restore_backup(target, kept)
    query = text("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
    with source.connect() as first, target.connect() as second:
        assert first.execute(query).all() == second.execute(query).all()


def test_the_access_log_still_refuses_changes(kept, target):
    restore_backup(target, kept)
    with target.connect() as connection, pytest.raises(Exception, match="append only"):
        connection.execute(text("TRUNCATE access_log"))


def test_a_backup_is_of_one_instant_while_work_goes_on(source, tmp_path, monkeypatch):
    from engine.store import backup

    before = content(source)
    real, calls = backup.copy_out, []

    def disturbed(*arguments):
        if not calls:
            with source.begin() as connection:
                connection.execute(text(AUDIT), {"odd": "later", "count": 5})
        calls.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(backup, "copy_out", disturbed)
    made = make_backup(source, tmp_path / "kopie.zip", NOW)
    rows = {table.name: table.rows for table in made.tables}
    assert rows["audit_events"] == int(before["audit_events"].split(":")[0])


def test_only_the_owner_can_read_the_file(kept):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_an_existing_file_is_never_overwritten(source, kept):
    before = kept.read_bytes()
    with pytest.raises(BackupFailed, match="bestaat al"):
        make_backup(source, kept, NOW)
    assert kept.read_bytes() == before


def test_a_database_without_tables_is_not_kept(target, tmp_path):
    with pytest.raises(BackupFailed, match="nog geen gegevens"):
        make_backup(target, tmp_path / "kopie.zip", NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(source, tmp_path):
    with pytest.raises(BackupFailed, match="kon niet worden geschreven"):
        make_backup(source, tmp_path / "nowhere" / "kopie.zip", NOW)


# --- files that cannot be trusted --------------------------------------------------------------


def test_a_flipped_byte_anywhere_in_the_rows_is_found(kept, target):
    raw = bytearray(kept.read_bytes())
    with zipfile.ZipFile(kept) as archive:
        member = max(archive.infolist(), key=lambda info: info.compress_size)
    raw[member.header_offset + member.compress_size // 2] ^= 0x10
    kept.write_bytes(raw)
    with pytest.raises(BackupUnusable, match="niet bruikbaar"):
        restore_backup(target, kept)
    assert content(target) == {}


def test_rows_that_were_changed_and_packed_again_are_found(kept, target):
    changed = kept.with_name("veranderd.zip")
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, data.replace(b"De Brug", b"De Boog"))
    with pytest.raises(BackupUnusable, match="organisations is beschadigd"):
        restore_backup(target, changed)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(kept, target, part):
    raw = kept.read_bytes()
    kept.write_bytes(raw[: int(len(raw) * part)])
    with pytest.raises(BackupUnusable, match="onvolledig"):
        restore_backup(target, kept)


def test_something_else_is_no_backup(target, tmp_path):
    other = tmp_path / "anders.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": "anders", "format_version": 1}))
    with pytest.raises(BackupUnusable, match="vorm die deze versie niet kent"):
        restore_backup(target, other)
    with pytest.raises(BackupUnusable, match="kan niet worden gelezen"):
        restore_backup(target, tmp_path / "nergens.zip")


def test_a_backup_that_was_killed_halfway_leaves_nothing_that_looks_like_one(
    source, target, tmp_path
):
    with source.begin() as connection:
        connection.execute(text(AUDIT), {"odd": os.urandom(200).hex(), "count": 60_000})
    file = tmp_path / "kopie.zip"
    process = subprocess.Popen(
        [sys.executable, "-m", "webui.cli", "backup", str(file)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": source.url.render_as_string(hide_password=False)},
    )
    deadline = time.monotonic() + 200
    while not (begun := [p for p in tmp_path.iterdir() if p.stat().st_size > 100_000]):
        assert process.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not file.exists()
    with pytest.raises(BackupUnusable, match="onvolledig"):
        restore_backup(target, begun[0])


# --- where to ------------------------------------------------------------------------------------


def test_a_database_with_content_is_refused_and_left_alone(kept, target):
    upgrade(target)
    with Session(target) as session:
        region(session)
        session.commit()
    before = content(target)
    target.dispose()
    with pytest.raises(RestoreRefused, match="staan al gegevens"):
        restore_backup(target, kept)
    assert content(target) == before


def test_tables_without_rows_are_an_empty_database(source, kept, target):
    upgrade(target)
    target.dispose()
    restore_backup(target, kept)
    assert content(target) == content(source)


def test_a_database_in_which_somebody_works_is_refused(kept, target):
    with target.connect() as other:
        other.execute(text("SELECT 1"))
        with pytest.raises(RestoreRefused, match="nog in deze database gewerkt"):
            restore_backup(target, kept)


def test_a_restore_that_fails_leaves_the_database_as_it_was(kept, source, monkeypatch):
    from engine.store import restore

    before = content(source)
    source.dispose()
    monkeypatch.setattr(restore, "_count_on", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore_backup(source, kept, replace=True)
    assert content(source) == before


def test_an_older_backup_is_brought_to_this_version(kept, target, tmp_path, monkeypatch):
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    with zipfile.ZipFile(kept) as archive:
        older = json.loads(archive.read("manifest.json"))["schema"]
    (migrations / "versions" / "later.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision = 'later', {older!r}\n"
        "branch_labels = depends_on = None\n"
        "def upgrade():\n"
        "    op.add_column('families', sa.Column('later', sa.Text, server_default='nieuw'))\n"
    )
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    restored = restore_backup(target, kept)
    assert (restored.manifest.schema, restored.schema) == (older, "later")
    with target.connect() as connection:
        found = connection.execute(text("SELECT name, later FROM families")).one()
    assert found == (ODD, "nieuw")


def test_a_newer_backup_is_refused(kept, target, tmp_path):
    _rewrite(kept, lambda manifest: manifest.update(schema="9999"))
    with pytest.raises(RestoreRefused, match="schema 9999"):
        restore_backup(target, kept)


def test_columns_that_the_schema_does_not_have_are_told(kept, target):
    _rewrite(kept, lambda manifest: manifest["tables"][0]["columns"].append("extra"))
    with pytest.raises(BackupUnusable, match="andere kolommen"):
        restore_backup(target, kept)
    assert content(target) == {}


def test_rows_that_break_a_reference_are_told_without_their_content(kept, source, target):
    with source.begin() as connection:
        connection.execute(text("UPDATE users SET name = 'Geheim'"))
        connection.execute(
            text("ALTER TABLE users DROP CONSTRAINT fk_users_organisation_id_organisations")
        )
        connection.execute(text("UPDATE users SET organisation_id = gen_random_uuid()"))
    broken = kept.with_name("gebroken.zip")
    make_backup(source, broken, NOW)
    with pytest.raises(RestoreFailed) as caught:
        restore_backup(target, broken)
    assert caught.value.where == {"sqlstate": "23503"}
    assert "Geheim" not in str(caught.value.as_dict())


def _rewrite(file: Path, change) -> None:
    with zipfile.ZipFile(file) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)


# --- the commands --------------------------------------------------------------------------------


def run(engine, *arguments: str):
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    return CliRunner().invoke(cli, list(arguments), env={"DATABASE_URL": url})


def test_the_commands_go_there_and_back(source, target, tmp_path):
    file = str(tmp_path / "kopie.zip")
    made = run(source, "backup", file, "--json")
    told = json.loads(made.stdout)
    assert told["tables"]["audit_events"] == 1990
    put = run(target, "restore", file)
    assert "alle gelijk bevonden" in put.stdout
    assert "De dokter vond" in put.stdout
    assert content(target) == content(source)
    assert "Ahmadi" not in made.output + put.output


def test_force_wants_the_name_of_the_database(source, kept):
    refused = run(source, "restore", str(kept), "--force")
    assert isinstance(refused.exception, RestoreRefused)
    assert "--confirm" in refused.exception.remedy
    name = make_url(str(source.url)).database
    done = run(source, "restore", str(kept), "--force", "--confirm", name, "--json")
    told = json.loads(done.stdout)
    assert told["upgraded"] is False
    # the family of the source has a trajectory that nothing runs: kept as it was, and told
    assert {found["rule"] for found in told["findings"]} <= {"trajectory-without-instance"}
    assert done.exit_code == (0 if told["healthy"] else 1)


def test_the_backup_of_a_database_on_which_the_product_runs(source, kept, target):
    restore_backup(target, kept)
    upgrade(target)
    assert content(target) == content(source)
