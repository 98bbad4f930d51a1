"""The memory of a process that lives long, is settled."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from engine import lasting_memory
from engine.lasting_memory import LARGE, gather, settle

THP = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def can_be_gathered() -> bool:
    """Whether this machine knows large pages, and does not forbid them."""
    return THP.exists() and "[never]" not in THP.read_text()


def in_large_pages() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))


def test_what_is_in_memory_stays_as_it_was():
    kept = [str(number) * 20 for number in range(200_000)]
    gathered = gather()
    assert gathered % LARGE == 0
    assert kept == [str(number) * 20 for number in range(200_000)]


@pytest.mark.skipif(not can_be_gathered(), reason="this machine has no large pages")
def test_memory_in_use_comes_into_large_pages_and_takes_up_no_more():
    before = resident()
    kept = bytearray(b"x" * (20 * LARGE))
    grown = resident()
    if gather() == 0:
        pytest.skip("this kernel does not move memory into large pages (before 6.1)")
    assert in_large_pages() >= 10 * LARGE
    assert resident() - grown < 0.25 * (grown - before) + 10 * LARGE
    assert kept.count(b"x") == 20 * LARGE


def resident() -> int:
    return 4096 * int(Path("/proc/self/statm").read_text().split()[1])


def test_a_machine_without_large_pages_goes_on_with_small_ones(monkeypatch):
    monkeypatch.setattr(lasting_memory.sys, "platform", "darwin")
    assert gather() == 0


def test_what_was_read_is_no_longer_searched_for_garbage_and_the_rest_less_often():
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold() == (lasting_memory.NEW_OBJECTS, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
