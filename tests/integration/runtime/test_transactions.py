"""A transaction on the database: every step stored, tasks and timers gone when it is cancelled."""

from __future__ import annotations

from tests.agreement import assert_healthy


def test_cancelled_transaction_is_undone_by_a_person_before_its_border_goes_on(practice):
    practice.start("transactie")
    practice.complete("boeken")
    assert [timer.element_id for timer in practice.timers()] == ["laat"]
    practice.complete("akkoord", keuze="nee")
    assert practice.open_elements() == ["terugdraaien"]
    assert practice.timers() == []
    assert_healthy(practice.database)
    practice.complete("terugdraaien")
    assert practice.open_elements() == ["daarna"]
    assert_healthy(practice.database)
    practice.complete("daarna")
    assert practice.open_elements() == []
    assert_healthy(practice.database)


def test_transaction_that_succeeds_leaves_nothing_behind(practice):
    practice.start("transactie")
    practice.complete("boeken")
    practice.complete("akkoord", keuze="ja")
    assert practice.open_elements() == []
    assert_healthy(practice.database)
