"""An ad-hoc sub-process on the database: what waits for its turn, and for its condition."""

from __future__ import annotations

from datetime import timedelta

from tests.agreement import assert_healthy


def test_one_by_one_until_it_has_been_enough(practice):
    practice.start("naar-keuze", kies=["luisteren", "lezen", "luisteren"])
    assert practice.open_elements() == ["luisteren"]
    practice.complete("luisteren", keuze="meer")
    assert practice.open_elements() == ["lezen"]
    assert_healthy(practice.database)
    practice.complete("lezen", keuze="genoeg")
    assert practice.open_elements() == ["naderhand"]
    assert practice.timers() == []
    assert_healthy(practice.database)


def test_it_waits_for_its_condition_until_its_border_ends_it(practice):
    practice.start("naar-keuze", kies=["lezen"])
    practice.complete("lezen", keuze="meer")
    assert practice.open_elements() == []
    assert [timer.element_id for timer in practice.timers()] == ["tijdop"]
    assert_healthy(practice.database)
    practice.clock.advance_to(practice.clock.now() + timedelta(days=7))
    practice.sweep().run_once()
    assert practice.timers() == []
    assert_healthy(practice.database)
