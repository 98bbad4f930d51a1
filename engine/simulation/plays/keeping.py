"""Keeps plays between two looks: a user has one of each draft and of each published version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.keys import new_key
from engine.simulation.errors import PlayRefused
from engine.simulation.plays.models import PlayRow
from engine.simulation.plays.moves import BEGINNINGS, Move, move_from, require_bounded

KEPT: Final = timedelta(days=90)
"""How long a play stays that nobody goes on with: what was typed is not kept for nothing."""


class PlayWentOn(PlayRefused):
    """The play has other moves by now than whoever goes on with it saw."""

    code = "play-went-on"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose play of what: of a draft, or else of a version."""

    user_id: UUID
    draft_id: UUID | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class KeptPlay:
    """A play as it was kept; ``begin`` in UTC."""

    id: UUID
    begin: datetime
    moves: tuple[Move, ...]


def kept_play(session: Session, owner: Owner) -> KeptPlay | None:
    """The play, if the user has one."""
    row = _row(session, owner)
    if row is None:
        return None
    moves = tuple(move_from(kept) for kept in json.loads(row.moves))
    return KeptPlay(row.id, row.begin_at, moves)


def begin_play(
    session: Session, owner: Owner, begin: datetime, moves: Sequence[Move], *, at: datetime
) -> KeptPlay:
    """Begin anew; what was played before is gone, and so is what nobody touched for ``KEPT``.

    Raises:
        PlayRefused: it does not begin with a beginning, or is too long.
    """
    if moves and moves[0].kind not in BEGINNINGS:
        raise PlayRefused("Een proef begint met een ingang.", "Kies hoe het traject begint.")
    require_bounded(moves)
    session.execute(delete(PlayRow).where(PlayRow.changed_at < at - KEPT))
    play_id = new_key()
    fresh = {"id": play_id, "begin_at": begin, "changed_at": at, "moves": _text(moves)}
    whose = {"user_id": owner.user_id, "draft_id": owner.draft_id, "version": owner.version}
    of = "version" if owner.draft_id is None else "draft_id"
    # two tabs may begin at one moment: the later one counts
    session.execute(
        insert(PlayRow)
        .values(**whose, **fresh)
        .on_conflict_do_update(index_elements=["user_id", of], set_=fresh)
    )
    session.expire_all()
    return KeptPlay(play_id, begin, tuple(moves))


def add_move(session: Session, owner: Owner, seen: int, move: Move, *, at: datetime) -> None:
    """Add a move after the ``seen`` moves that there were.

    Raises:
        PlayWentOn: there are other moves by now, or the play is gone.
        PlayRefused: it grew too long.
    """
    row, kept = _going_on(session, owner, seen)
    moves = [*kept, move]
    require_bounded(moves)
    row.moves, row.changed_at = _text(moves), at
    session.flush()


def take_back(session: Session, owner: Owner, seen: int, to: int, *, at: datetime) -> None:
    """Take moves back, so that the first ``to`` are left.

    Raises:
        PlayWentOn: there are other moves by now, or the play is gone.
    """
    row, kept = _going_on(session, owner, seen)
    row.moves, row.changed_at = _text(kept[: max(0, to)]), at
    session.flush()


def forget_play(session: Session, owner: Owner) -> None:
    """Throw the play away."""
    row = _row(session, owner, lock=True)
    if row is not None:
        session.delete(row)
        session.flush()


def _going_on(session: Session, owner: Owner, seen: int) -> tuple[PlayRow, list[Move]]:
    row = _row(session, owner, lock=True)
    moves = [] if row is None else [move_from(kept) for kept in json.loads(row.moves)]
    if row is None or len(moves) != seen:
        raise PlayWentOn(
            "Deze proef is intussen verder gegaan, misschien in een ander tabblad.",
            "Kijk hoe hij er nu voor staat en kies opnieuw.",
        )
    return row, moves


def _row(session: Session, owner: Owner, *, lock: bool = False) -> PlayRow | None:
    query = select(PlayRow).where(
        PlayRow.user_id == owner.user_id,
        PlayRow.draft_id == owner.draft_id
        if owner.draft_id is not None
        else PlayRow.version == owner.version,
    )
    return session.scalar(query.with_for_update() if lock else query)


def _text(moves: Sequence[Move]) -> str:
    return json.dumps([move.as_dict() for move in moves], default=_plain)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
