"""Processes that live long settle their memory."""

from __future__ import annotations

import threading

from webui.commands import server


def test_it_is_settled_once_and_gathered_again_and_again_until_the_process_ends(monkeypatch):
    settled, gathered = threading.Semaphore(0), threading.Semaphore(0)
    monkeypatch.setattr(server, "settle", settled.release)
    monkeypatch.setattr(server, "gather", gathered.release)
    monkeypatch.setattr(server, "GATHERED_AGAIN_SECONDS", 0.001)
    with server.settling(after=0.001):
        assert settled.acquire(timeout=20)
        assert gathered.acquire(timeout=20)
        assert gathered.acquire(timeout=20)
    assert not settled.acquire(blocking=False)
    assert not [thread for thread in threading.enumerate() if thread.name == "lasting-memory"]
