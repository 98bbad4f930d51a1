"""Messages and signals on the database: delivered exactly once, kept for who comes late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from engine.runtime.models import BufferedMessage, ProcessInstance
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy

HOUR = timedelta(hours=1)


def test_a_message_reaches_the_one_with_its_key(practice):
    practice.start("wachter", sleutel="een")
    practice.start("wachter", sleutel="twee")
    assert practice.do(lambda r: r.publish("antwoord", "een", {"ja": True}))
    assert len(practice.open_tasks("verder")) == 1
    assert not practice.do(lambda r: r.publish("antwoord", "drie", {}))
    assert_healthy(practice.database)


def test_a_message_that_comes_first_waits_for_its_receiver_and_is_used_up(practice):
    practice.do(lambda r: r.publish("antwoord", "een", {"keuze": "ja"}, life=HOUR))
    practice.start("wachter", sleutel="een")
    assert len(practice.open_tasks("verder")) == 1
    practice.start("wachter", sleutel="een")
    assert len(practice.open_tasks("verder")) == 1
    assert practice.rows(BufferedMessage) == []


def test_a_message_expires(practice):
    practice.do(lambda r: r.publish("antwoord", "een", {}, life=HOUR))
    practice.clock.advance_to(practice.clock.now() + HOUR)
    practice.start("wachter", sleutel="een")
    assert practice.open_tasks() == []
    practice.sweep().tidy()
    assert practice.rows(BufferedMessage) == []


def test_a_message_without_a_life_is_not_kept(practice):
    practice.do(lambda r: r.publish("antwoord", "een", {}))
    assert practice.rows(BufferedMessage) == []


def test_of_two_who_wait_one_gets_it(practice):
    practice.start("wachter", sleutel="een")
    practice.start("wachter", sleutel="een")
    practice.do(lambda r: r.publish("antwoord", "een", {}))
    assert len(practice.open_tasks("verder")) == 1
    practice.do(lambda r: r.publish("antwoord", "een", {}))
    assert len(practice.open_tasks("verder")) == 2


def test_a_repeated_message_is_published_once(practice):
    practice.start("wachter", sleutel="een")
    practice.start("wachter", sleutel="een")
    for _ in range(3):
        practice.do(lambda r: r.publish("antwoord", "een", {}, message_id="bericht-1"))
    assert len(practice.open_tasks("verder")) == 1


def test_a_message_repeated_by_several_at_once_is_published_once(practice):
    for _ in range(4):
        practice.start("wachter", sleutel="een")
    barrier = Barrier(4)

    def publish(_):
        barrier.wait()
        return practice.do(lambda r: r.publish("antwoord", "een", {}, message_id="bericht-1"))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == [False, False, False, True]
    assert len(practice.open_tasks("verder")) == 1


@pytest.mark.parametrize("_round", range(10))
def test_a_message_and_its_receiver_that_come_at_once_do_not_miss_each_other(practice, _round):
    barrier = Barrier(2)

    def publish():
        barrier.wait()
        practice.do(lambda r: r.publish("antwoord", "een", {}, life=HOUR))

    def start():
        barrier.wait()
        practice.start("wachter", sleutel="een")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(publish), pool.submit(start)]:
            done.result()
    assert len(practice.open_tasks("verder")) == 1
    assert practice.rows(BufferedMessage) == []


def test_a_receiver_waits_for_a_message_that_is_being_kept(practice):
    with UnitOfWork(practice.database) as session, ThreadPoolExecutor(1) as pool:
        practice.runtime(session).publish("antwoord", "een", {}, life=HOUR)
        started = pool.submit(practice.start, "wachter", sleutel="een")
        session.commit()
        started.result()
    assert len(practice.open_tasks("verder")) == 1


def test_a_signal_reaches_everyone(practice):
    for _ in range(5):
        practice.start("luisteraar")
    assert practice.do(lambda r: r.signal("alarm", {"kleur": "rood"})) == 5
    assert len(practice.open_tasks("verder")) == 5
    assert practice.do(lambda r: r.signal("alarm", {})) == 0
    assert_healthy(practice.database)


def test_a_signal_thrown_by_a_diagram_reaches_everyone_once(practice):
    for _ in range(3):
        practice.start("luisteraar")
    practice.start("roeper")
    practice.complete("roep")
    assert len(practice.open_tasks("verder")) == 3
    assert_healthy(practice.database)


def test_two_signals_at_once_do_not_lock_each_other_out(practice):
    for _ in range(12):
        practice.start("luisteraar")
    barrier = Barrier(2)

    def call(_):
        barrier.wait()
        return practice.do(lambda r: r.signal("alarm", {}))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(call, range(2))) == 12
    assert len(practice.open_tasks("verder")) == 12


def test_a_message_start_begins_a_process_beside_a_trajectory(practice):
    practice.start("alleen", key="gezin")
    assert practice.do(lambda r: r.publish("meldcode", "gezin", {}))
    beside = {row.process_id: row.is_main for row in practice.rows(ProcessInstance)}
    assert beside == {"alleen": True, "meldcode": False}


def test_a_message_of_a_transaction_that_fails_is_not_sent(practice):
    practice.start("wachter", sleutel="een")
    with Session(practice.database) as session:
        practice.runtime(session).publish("antwoord", "een", {}, message_id="b")
        session.rollback()
    assert practice.open_tasks() == []
    assert practice.do(lambda r: r.publish("antwoord", "een", {}, message_id="b"))


def test_subscriptions_disappear_with_what_waited(practice):
    practice.start("wachter", sleutel="een")
    (instance,) = practice.rows(ProcessInstance)
    practice.do(lambda r: r.cancel(instance.id))
    with Session(practice.database) as session:
        assert practice.runtime(session).store.subscribers("message", "antwoord", "een") == []


def test_what_goes_on_listening_gets_every_message_that_was_kept(practice):
    timer = (
        'cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration>P7D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    message = 'cancelActivity="false"><bpmn:messageEventDefinition messageRef="M_antwoord" />'
    practice.version = practice.publish_changed((timer, message))
    for _ in range(3):
        practice.do(lambda r: r.publish("antwoord", "een", {}, life=HOUR))
    practice.start("alleen", sleutel="een")
    assert len(practice.open_tasks("herinnering")) == 3
    assert practice.rows(BufferedMessage) == []
    assert_healthy(practice.database)
