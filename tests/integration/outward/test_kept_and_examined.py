"""What waits survives a backup, what is wrong with the queue is found, and the record stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.runtime.doctor import examine, rebuild
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from engine.store.backup import make_backup
from engine.store.database import close_engine, open_engine
from engine.store.restore import restore_backup
from engine.store.schema import differences, upgrade, upgrade_to
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_no_findings


def queue(database) -> dict[str, list[str]]:
    """Every row of the queue's tables, as text."""
    tables = ("procrastinate_jobs", "procrastinate_events", "outward_work", "outward_messages")
    with Session(database) as session:
        return {
            table: sorted(session.execute(text(f"SELECT t::text FROM {table} t")).scalars())
            for table in tables
        }


def rules(database) -> list[str]:
    with Session(database) as session:
        return sorted(found.rule for found in examine(session))


@pytest.fixture
def other(empty_database_url, tmp_path):
    engine = open_engine(empty_database_url, tmp_path)
    yield engine
    close_engine(engine)


def test_what_waits_survives_a_backup_and_is_sent_after_it(office, mailbox, other, tmp_path):
    file = tmp_path / "kopie.zip"
    office.ask_for_mail()
    make_backup(office.database, file, office.practice.clock.now())
    restore_backup(other, file)
    assert queue(other) == queue(office.database)
    assert_no_findings(other)
    office.practice.database = office.database = other
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1
    assert office.practice.open_elements() == ["verder"]


def test_a_job_in_hand_at_the_time_of_the_backup_is_taken_up_after_it(
    office, mailbox, other, tmp_path
):
    from engine.runtime.outward_queue import take_up_again

    file = tmp_path / "kopie.zip"
    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', "
                "worker_id = (SELECT id FROM procrastinate_workers)"
            )
        )
    make_backup(office.database, file, office.practice.clock.now())
    restore_backup(other, file)
    office.practice.database = office.database = other
    with UnitOfWork(other) as session:
        assert take_up_again(session, silent=0, endless=900) == 1
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1
    with UnitOfWork(other) as session:  # the numbers go on after those of the backup
        session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))


def test_work_that_lost_its_job_is_found_and_deferred_again(office, mailbox):
    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    assert rules(office.database) == ["job-missing"]
    with UnitOfWork(office.database) as session:
        assert rebuild(session, office.practice.clock) == 1
    assert_no_findings(office.database)
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1


def test_a_lost_row_is_found_and_made_again(office, mailbox):
    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(text("DELETE FROM outward_work"))
    assert rules(office.database) == ["row-missing"]
    office.work(mailbox.transport())  # the job finds nothing that waits, and sends nothing
    assert mailbox.received == []
    with UnitOfWork(office.database) as session:
        rebuild(session, office.practice.clock)
    assert_no_findings(office.database)
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1


def test_a_message_without_its_cause_is_found(office):
    with UnitOfWork(office.database) as session:
        session.add(
            OutwardMessage(
                token_id=uuid4(), recipient_id=uuid4(), job_type="melding-mailen",
                instance_id=uuid4(), process_id="traject", element_id="meld", attempt=1,
                sent_at=office.practice.clock.now(),
            )
        )  # fmt: skip
    assert rules(office.database) == ["sent-without-cause"]


def test_the_record_of_what_was_sent_cannot_be_changed(office, mailbox):
    office.ask_for_mail()
    office.work(mailbox.transport())
    for change in ("UPDATE outward_messages SET attempt = 9", "DELETE FROM outward_messages",
                   "TRUNCATE outward_messages"):  # fmt: skip
        with pytest.raises(DBAPIError, match="append only"), UnitOfWork(office.database) as session:
            session.execute(text(change))


def test_a_database_of_the_first_release_gets_the_queue(empty_database_url):
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        upgrade_to(connection, "0001")
    upgrade(engine)
    assert differences(engine) == []
    with Session(engine) as session:
        assert session.scalars(select(OutwardWork)).all() == []
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_installed_queue_expects():
    """A newer Procrastinate that brings steps of its own needs a migration that takes them."""
    from procrastinate.schema import SchemaManager

    from engine.store.schema import MIGRATIONS

    steps = sorted(file.name for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    applied = "".join(file.read_text() for file in (MIGRATIONS / "versions").glob("*.py"))
    assert steps[-1] in applied


def test_who_defers_does_not_load_the_queue():
    """The screens defer; only who carries out needs Procrastinate."""
    program = (
        "import sys, engine.families.casework, engine.families.composition, webui.app; "
        "sys.exit('procrastinate' in sys.modules or 'smtpd' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
