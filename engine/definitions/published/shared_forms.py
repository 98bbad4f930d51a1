"""Forms that every method may use: found in the newest versions in use, in one prepared look.

The look may travel with other reads of the transaction (``LOOK`` and ``note_looked``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.forms import Form
from engine.definitions.neighbours import form_shared_by
from engine.definitions.published.models import PackageVersion
from engine.definitions.published.publication import load_version
from engine.store.late_session import turn_of
from engine.store.round_trips import Statement, read_together

LOOK: Final = Statement(
    select(PackageVersion.key, PackageVersion.version)
    .where(PackageVersion.retired_at.is_(None))
    .distinct(PackageVersion.key)
    .order_by(PackageVersion.key, PackageVersion.number.desc())
)
"""The newest version in use of every package, by key."""

_LOOKED: Final = "ketenspoor-newest-versions"


def note_looked(session: Session, rows: Sequence[Any]) -> None:
    """Remember what ``LOOK`` found for the rest of the transaction."""
    session.info[_LOOKED] = (turn_of(session), rows)


def shared_form(session: Session, form_id: str) -> Form | None:
    """The form of the first shared package, by key, whose newest version in use has it."""
    transaction, rows = session.info.get(_LOOKED, (None, ()))
    if transaction is None or transaction is not turn_of(session):
        [rows] = read_together(session, (LOOK, {}))
    sought = form_id, tuple(row.version for row in rows)
    if sought not in _found:
        found = form_shared_by((load_version(session, row.version) for row in rows), form_id)
        while len(_found) >= _MOST_FOUND:
            _found.pop(next(iter(_found)), None)
        _found[sought] = found
    return _found[sought]


_MOST_FOUND: Final = 64
_found: dict[tuple[str, tuple[str, ...]], Form | None] = {}
"""What was found by form and versions: versions never change."""
