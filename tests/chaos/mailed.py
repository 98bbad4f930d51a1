"""Mails against the audit: none without its cause, none missing, and repeats under the same id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import psycopg

from tests.chaos.diagram import MAILS
from tests.chaos.replay import Replay


def mailed(
    connection: psycopg.Connection[Any], replays: Mapping[UUID, Replay], got: Iterable[str] | None
) -> list[str]:
    """What is wrong with what went out. ``got``: the ids that the mail server took, if known."""
    waiting = {t for one in replays.values() for t, (e, _, _) in one.opened.items() if e == MAILS}
    done = {
        token
        for one in replays.values()
        for token, (kind, how, _) in one.closed.items()
        if kind == "serviceTask" and how == "completed"
    }
    rows = connection.execute("SELECT token_id, recipient_id FROM outward_messages").fetchall()
    recorded = Counter(token for token, _ in rows)
    wrong = [f"mail of {t} recorded {n} times" for t, n in recorded.items() if n != 1]
    wrong += [f"mail of {t} recorded without its cause" for t in set(recorded) - done - waiting]
    wrong += [f"{t} went on without its mail" for t in done - set(recorded)]
    queued = {row[0] for row in connection.execute("SELECT token_id FROM outward_work")}
    aside = {t for one in replays.values() if one.aside for t in one.opened}  # sent once taken up
    wrong += [f"{t} waits for a mail that nobody will send" for t in waiting - queued - aside]
    wrong += [f"mail of {t} is still to be sent" for t in queued - waiting]
    if got is None:
        return wrong
    arrived = {line.strip().strip("<>").partition("@")[0] for line in got}
    known = {str(token) for token in done | waiting}
    wrong += [f"mail {i} came without its cause" for i in arrived if i.split(".")[0] not in known]
    missing = {f"{token}.{recipient}" for token, recipient in rows} - arrived
    return wrong + [f"mail {i} is recorded and never came" for i in missing]
