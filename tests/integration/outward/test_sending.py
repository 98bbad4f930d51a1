"""Workers send what is deferred, whatever the mail server does, and record each message."""

from __future__ import annotations

import threading
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.families.models import Involvement
from engine.runtime.models import ProcessInstance
from engine.runtime.outward import ATTEMPTS, FIRST_WAIT
from engine.runtime.outward_models import OutwardWork
from engine.store.unit_of_work import UnitOfWork
from integrations.mail import MailFolder
from tests.agreement import assert_no_findings
from tests.notified import FAMILY, LINK, PATIENCE, free_port, mailing_package, notice
from tests.notified import office as make_office


def went_on(office) -> bool:
    return office.practice.open_elements() == ["verder"]


def test_the_worker_in_the_role_gets_one_mail_without_the_family(office, mailbox):
    office.ask_for_mail()
    office.work(mailbox.transport())
    (mail,) = mailbox.received
    (sent,) = office.sent()
    assert mail["To"] == "wilma@brug.example"
    assert mail["Subject"] == "Nieuw gezin"
    assert mail["Message-ID"] == f"<{sent.token_id}.{office.people.users['wilma']}@brug.example>"
    assert abs(parsedate_to_datetime(mail["Date"]) - sent.sent_at) < timedelta(minutes=1)
    body = mail.as_string()
    assert not any(word in body for word in [*FAMILY.split(), str(office.ref.family_id)])
    plain = mail.get_body(("plain",)).get_content()
    assert "Er is een gezin voor u." in plain
    assert LINK in plain
    assert LINK in mail.get_body(("html",)).get_content()
    assert went_on(office)
    assert office.waiting() == []
    assert_no_findings(office.database)


def test_how_many_got_it_comes_back_into_the_process(office, mailbox):
    office.involve("wouter")
    office.ask_for_mail()
    office.work(mailbox.transport())
    assert len(mailbox.received) == 2
    variables = [
        office.practice.runtime(s).store.get(i).execution.variables
        for s, i in _main_instance(office)
    ]
    assert [found["gemaild"] for found in variables] == [2]


def _main_instance(office):
    with Session(office.database) as session:
        yield session, office.practice.rows(ProcessInstance)[0].id


def test_everybody_is_told_in_the_own_language(office, mailbox):
    office.involve("wouter")
    with UnitOfWork(office.database) as session:
        wouter = office.people.users["wouter"]
        session.execute(update(User).where(User.id == wouter).values(language="en"))
    office.ask_for_mail()
    office.work(mailbox.transport())
    subjects = {str(mail["To"]): str(mail["Subject"]) for mail in mailbox.received}
    assert subjects == {
        "wilma@brug.example": "Nieuw gezin",
        "wouter@brug.example": "Something is waiting for you",
    }


@pytest.mark.parametrize(
    ("aan", "who"),
    [
        ("projectleider", {"paula"}),  # nobody is involved in it: who has the function
        ("coordinator", {"cora"}),  # of the whole chain
        ("administrator", {"adam"}),
    ],
)
def test_without_anybody_in_the_role_those_of_the_function_are_told(engine_db, mailbox, aan, who):
    with make_office(engine_db, mailing_package(notice(aan=aan))) as office:
        office.ask_for_mail()
        office.work(mailbox.transport())
        assert {str(mail["To"]).partition("@")[0] for mail in mailbox.received} == who


def test_who_has_left_is_not_told(office, mailbox):
    office.involve("wouter")
    with UnitOfWork(office.database) as session:
        wouter = office.people.users["wouter"]
        session.execute(update(User).where(User.id == wouter).values(active=False))
    office.ask_for_mail()
    office.work(mailbox.transport())
    assert [str(mail["To"]) for mail in mailbox.received] == ["wilma@brug.example"]


# -- what mail servers do ------------------------------------------------------------------------


def test_a_server_that_says_later_gets_it_later(office, mailbox):
    office.at_once()
    mailbox.answers = ["451 busy", "421 going down"]
    office.ask_for_mail()
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1
    assert [sent.attempt for sent in office.sent()] == [3]
    assert went_on(office)


def test_between_attempts_the_wait_doubles_and_can_be_seen(office, mailbox):
    mailbox.answers = ["451 busy"] * 3
    office.ask_for_mail()
    waits = []
    for number in (1, 2, 3):
        (work,) = office.waiting()
        before = office.practice.clock.now()
        assert office.desk(mailbox.transport()).carry_out(work.instance_id, work.token_id)
        (work,) = office.waiting()
        waits.append((work.next_try_at - before).total_seconds() // FIRST_WAIT.default)
        assert (work.attempts, work.last_error) == (number, "outward-unreachable")
    assert waits == [1, 2, 4]
    assert office.incidents() == []


def test_what_was_put_off_is_not_tried_before_its_time(office, mailbox):
    mailbox.answers = ["451 busy"]
    office.ask_for_mail()
    office.work(mailbox.transport())
    office.work(mailbox.transport())
    assert mailbox.received == []
    assert [work.attempts for work in office.waiting()] == [1]


def test_after_the_last_attempt_it_is_an_incident_and_a_retry_sends(office, mailbox):
    office.at_once(attempts=3)
    mailbox.answers = ["451 busy"] * 3
    office.ask_for_mail()
    office.work(mailbox.transport())
    (incident,) = office.incidents()
    assert (incident.code, incident.element_id) == ("outward-unreachable", "meld")
    assert "451" in incident.message
    assert office.waiting() == []
    assert_no_findings(office.database)
    office.retry()
    assert len(office.waiting()) == 1
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1
    assert went_on(office)
    assert_no_findings(office.database)


def test_a_refusal_for_good_is_an_incident_at_once(office, mailbox):
    mailbox.answers = ["554 not from here"]
    office.ask_for_mail()
    office.work(mailbox.transport())
    (incident,) = office.incidents()
    assert (incident.code, "554" in incident.message) == ("outward-refused", True)
    assert "not from here" not in incident.message  # such a text may quote an address


def test_a_refused_address_does_not_keep_the_others_from_their_mail(office, mailbox):
    office.involve("wouter")
    mailbox.refused = {"wilma@brug.example"}
    office.ask_for_mail()
    office.work(mailbox.transport())
    assert [str(mail["To"]) for mail in mailbox.received] == ["wouter@brug.example"]
    assert [incident.code for incident in office.incidents()] == ["outward-refused"]
    mailbox.refused = set()
    office.retry()
    office.work(mailbox.transport())
    assert [str(mail["To"]) for mail in mailbox.received] == [
        "wouter@brug.example", "wilma@brug.example",
    ]  # fmt: skip
    assert went_on(office)


def test_a_connection_dropped_after_the_mail_repeats_it_under_the_same_id(office, mailbox):
    office.at_once()
    mailbox.answers = ["drop"]
    office.ask_for_mail()
    office.work(mailbox.transport())
    assert len(mailbox.ids()) == 2
    assert len(set(mailbox.ids())) == 1
    assert len(office.sent()) == 1


def test_a_server_that_says_nothing_is_given_up_after_a_while(office, mailbox):
    office.at_once(attempts=1)
    mailbox.answers = ["hold"]
    office.ask_for_mail()
    office.work(mailbox.transport(timeout=0.3))
    assert [incident.code for incident in office.incidents()] == ["outward-unreachable"]


def test_nobody_listens(office):
    from integrations.mail import SmtpServer

    office.at_once(attempts=2)
    office.ask_for_mail()
    office.work(SmtpServer("127.0.0.1", free_port(), "none"))
    assert [incident.code for incident in office.incidents()] == ["outward-unreachable"]


def test_a_server_without_the_asked_security_gets_no_mail(office, mailbox):
    from integrations.mail import SmtpServer

    office.ask_for_mail()
    office.work(SmtpServer("127.0.0.1", mailbox.port, "starttls"))
    assert mailbox.received == []
    assert [incident.code for incident in office.incidents()] == ["outward-refused"]


# -- what is not set up --------------------------------------------------------------------------


def test_mail_that_was_never_set_up_says_so(office, mailbox):
    office.ask_for_mail()
    office.work(None)
    (incident,) = office.incidents()
    assert (incident.code, "niet ingesteld" in incident.message) == (
        "outward-not-configured", True,
    )  # fmt: skip
    office.retry()
    office.work(mailbox.transport())
    assert went_on(office)


def test_nobody_to_tell_says_so(engine_db, mailbox):
    with make_office(engine_db, mailing_package(notice(aan="process_owner"))) as office:
        with UnitOfWork(engine_db) as session:
            session.execute(update(User).values(active=False))
        office.people.session.expire_all()
        (task_id,) = office.practice.open_tasks("kennismaken")
        office.practice.do(lambda r: r.complete_task(task_id, {}))
        office.work(mailbox.transport())
        assert [incident.code for incident in office.incidents()] == ["outward-nobody"]


def test_a_folder_keeps_the_mail_instead(office, tmp_path):
    folder = MailFolder(tmp_path / "post")
    assert folder.latest(5) == []
    office.ask_for_mail()
    office.work(folder)
    (kept,) = folder.latest(5)
    assert (kept.subject, kept.to) == ("Nieuw gezin", "wilma@brug.example")
    assert LINK in kept.text
    assert went_on(office)


# -- several workers, and those that die ----------------------------------------------------------


def test_two_workers_with_the_same_job_send_once(office, mailbox):
    mailbox.answers = ["hold"]
    office.ask_for_mail()
    (work,) = office.waiting()
    first = threading.Thread(
        target=office.desk(mailbox.transport()).carry_out, args=(work.instance_id, work.token_id)
    )
    first.start()
    assert mailbox.holding.wait(PATIENCE)
    later = office.desk(mailbox.transport()).carry_out(work.instance_id, work.token_id)
    assert later is not None
    mailbox.released.set()
    first.join(PATIENCE)
    assert office.desk(mailbox.transport()).carry_out(work.instance_id, work.token_id) is None
    assert len(mailbox.received) == 1
    assert went_on(office)


def test_what_was_sent_and_not_told_goes_on_without_another_mail(office, mailbox):
    class DiesBeforeGoingOn(type(office.desk(None))):
        def _go_on(self, attempt, count):
            raise SystemExit

    office.ask_for_mail()
    (work,) = office.waiting()
    desk = office.desk(mailbox.transport())
    desk.__class__ = DiesBeforeGoingOn
    with pytest.raises(SystemExit):
        desk.carry_out(work.instance_id, work.token_id)
    assert not went_on(office)
    office.work(mailbox.transport())
    assert len(mailbox.received) == 1
    assert went_on(office)


def test_work_that_kills_its_worker_every_time_becomes_an_incident(office, mailbox):
    office.at_once(attempts=2)
    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(update(OutwardWork).values(attempts=2))
    office.work(mailbox.transport())
    assert [incident.code for incident in office.incidents()] == ["outward-broke-off"]
    assert mailbox.received == []


def test_jobs_of_a_worker_that_is_gone_are_taken_up_again(office, mailbox):
    from engine.runtime.outward_queue import take_up_again

    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', "
                "worker_id = (SELECT id FROM procrastinate_workers)"
            )
        )
    with UnitOfWork(office.database) as session:
        assert take_up_again(session, silent=60, endless=900) == 0  # it lives
    with UnitOfWork(office.database) as session:
        session.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 min'")
        )
        assert take_up_again(session, silent=60, endless=900) == 1
    office.work(mailbox.transport())
    assert went_on(office)


def test_a_job_that_nobody_told_the_end_of_is_taken_up_again(office, mailbox):
    from engine.runtime.outward_queue import take_up_again

    office.ask_for_mail()
    with UnitOfWork(office.database) as session:
        session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', "
                "worker_id = (SELECT id FROM procrastinate_workers)"
            )
        )
        session.execute(text("UPDATE procrastinate_events SET at = now() - interval '1 hour'"))
        assert take_up_again(session, silent=60, endless=900) == 1
    office.work(mailbox.transport())
    assert went_on(office)


def test_one_message_in_trouble_does_not_hold_up_another(engine_db, mailbox):
    with make_office(engine_db) as office:
        others = [
            office.casework.refer(
                office.people.actor("paula"), "proef", "aanmelding", {"naam": f"Familie {n}"}
            )
            for n in range(5)
        ]
        assert len(others) == 5
        for task_id in office.practice.open_tasks("kennismaken"):
            office.practice.do(lambda r, t=task_id: r.complete_task(t, {}))
        with UnitOfWork(engine_db) as session:
            session.execute(update(Involvement).values(until=office.practice.clock.now()))
        mailbox.refused = {"wilma@brug.example"}
        office.work(mailbox.transport())
        # nobody is in the role any more: every worker of the organisation is told, but Wilma
        assert len(office.incidents()) == 6
        assert {str(mail["To"]) for mail in mailbox.received} == {"wouter@brug.example"}
        assert len(mailbox.received) == 6


def test_the_numbers_say_how_often_and_how_long():
    assert (FIRST_WAIT.key, ATTEMPTS.key) == ("outward-first-wait-seconds", "outward-attempts")
