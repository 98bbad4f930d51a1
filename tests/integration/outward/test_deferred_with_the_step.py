"""What goes out is deferred with the step that asks for it, and the token waits visibly."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from engine.execution.suspension import Review
from engine.runtime.models import AuditEvent, ProcessInstance, Timer
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_no_findings
from tests.notified import FAMILY


def jobs(database) -> list[dict]:
    with Session(database) as session:
        rows = session.execute(text("SELECT args, status::text FROM procrastinate_jobs"))
        return [{**row.args, "status": row.status} for row in rows]


def test_the_job_holds_ids_only_and_comes_with_the_step(office):
    office.ask_for_mail()
    (work,) = office.waiting()
    assert jobs(office.database) == [
        {
            "instance_id": str(work.instance_id),
            "token_id": str(work.token_id),
            "job_type": "melding-mailen",
            "status": "todo",
        }
    ]
    assert (work.element_id, work.attempts) == ("meld", 0)
    assert office.practice.open_elements() == []
    assert_no_findings(office.database)


def test_a_step_that_is_rolled_back_leaves_no_job(office):
    (task_id,) = office.practice.open_tasks("kennismaken")

    with Session(office.database) as session:
        office.practice.runtime(session).complete_task(task_id, {})
        session.rollback()
    assert jobs(office.database) == []
    assert office.waiting() == []


def test_the_audit_tells_the_cause_before_anything_is_sent(office, mailbox):
    office.ask_for_mail()
    office.work(mailbox.transport())
    (sent,) = office.sent()
    causes = [line for line in office.practice.rows(AuditEvent) if line.token_id == sent.token_id]
    assert [line.type for line in causes] == ["activated", "completed"]
    assert causes[0].at <= sent.sent_at


def test_a_boundary_timer_ends_the_wait_and_takes_the_work_away(office, mailbox):
    office.ask_for_mail()
    (timer,) = office.practice.rows(Timer)
    office.practice.do(lambda r: r.fire_timer(timer.instance_id, timer.token_id))
    assert office.waiting() == []
    assert office.practice.open_elements() == ["bellen"]
    office.work(mailbox.transport())
    assert mailbox.received == []
    assert jobs(office.database) == []
    assert_no_findings(office.database)


def test_a_step_without_outward_work_asks_nothing_of_the_queue(office):
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    with UnitOfWork(office.database) as session:
        instance_id = office.practice.runtime(session).start(
            office.practice.version, "traject", {}, start_id="begin"
        )
    event.listen(office.database, "before_cursor_execute", note)
    office.practice.do(lambda r: r.cancel(instance_id))
    told = " ".join(statements)
    assert "process_instances" in told
    assert "outward" not in told
    assert "procrastinate" not in told


def test_nothing_of_the_family_is_in_the_queue(office):
    office.ask_for_mail()
    with Session(office.database) as session:
        for table in ("procrastinate_jobs", "procrastinate_events", "outward_work"):
            rows = session.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not any(word in row for row in rows for word in FAMILY.split())


def test_what_is_put_aside_sends_nothing_until_it_goes_on_and_then_once(office, mailbox):
    office.ask_for_mail()
    (root,) = [one.id for one in office.practice.rows(ProcessInstance) if one.is_main]
    now = office.practice.clock.now()
    review = Review(now + timedelta(days=9), now + timedelta(days=10), "projectleider")
    office.practice.do(lambda r: r.mends.suspend(root, review))
    assert office.waiting() == []
    office.work(mailbox.transport())
    assert office.sent() == []
    assert_no_findings(office.database)
    office.practice.do(lambda r: r.mends.resume(root, later=True))
    assert len(office.waiting()) == 1
    office.work(mailbox.transport())
    assert len(office.sent()) == 1
    assert "meld" not in office.practice.open_elements()
    assert_no_findings(office.database)
