"""Plays between two looks: one of each user, gone when nobody touches it for long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from engine.definitions.published.publication import publish
from engine.simulation.errors import PlayRefused
from engine.simulation.plays import keeping
from engine.simulation.plays.keeping import KEPT, Owner, PlayWentOn
from engine.simulation.plays.moves import Move
from tests.region import Region, region
from tests.unit.simulation.plays.test_playing_by_hand import BEGIN, REFERRAL, package, task, wait


@pytest.fixture
def made(db_session: Session) -> Region:
    return region(db_session)


def owner(made: Region, name: str) -> Owner:
    version = publish(made.session, package(), at=made.now).version
    return Owner(UUID(str(made.users[name])), version=version)


def test_a_play_is_found_again_by_its_user_alone_with_all_that_was_typed(made: Region):
    typed = Move("ingang", "aanmelding", answers={"gezinsnaam": "\x00 \ud800 Zó 😀", "n": None})
    keeping.begin_play(made.session, owner(made, "olga"), BEGIN, [typed], at=made.now)
    kept = keeping.kept_play(made.session, owner(made, "olga"))
    assert kept is not None
    assert (kept.begin, kept.moves) == (BEGIN, (typed,))
    assert keeping.kept_play(made.session, owner(made, "adam")) is None


def test_moves_are_added_and_taken_back_only_after_what_was_seen(made: Region):
    mine = owner(made, "olga")
    keeping.begin_play(made.session, mine, BEGIN, [REFERRAL], at=made.now)
    keeping.add_move(made.session, mine, 1, wait(days=1), at=made.now)
    with pytest.raises(PlayWentOn):
        keeping.add_move(made.session, mine, 1, task("bezoek"), at=made.now)
    keeping.take_back(made.session, mine, 2, 1, at=made.now)
    kept = keeping.kept_play(made.session, mine)
    assert kept is not None
    assert kept.moves == (REFERRAL,)


def test_a_play_that_does_not_begin_or_grows_too_long_is_refused(made: Region):
    mine = owner(made, "olga")
    for moves in ([task("bezoek")], [REFERRAL] + [task("bezoek")] * 1000):
        with pytest.raises(PlayRefused):
            keeping.begin_play(made.session, mine, BEGIN, moves, at=made.now)


def test_what_nobody_touched_for_long_goes_when_somebody_begins(made: Region):
    keeping.begin_play(made.session, owner(made, "olga"), BEGIN, [REFERRAL], at=made.now)
    later = made.now + KEPT + timedelta(days=1)
    keeping.begin_play(made.session, owner(made, "adam"), BEGIN, [REFERRAL], at=later)
    assert keeping.kept_play(made.session, owner(made, "olga")) is None
    assert keeping.kept_play(made.session, owner(made, "adam")) is not None


def test_beginning_twice_leaves_the_later_play(made: Region):
    mine = owner(made, "olga")
    first = keeping.begin_play(made.session, mine, BEGIN, [REFERRAL, wait(days=1)], at=made.now)
    second = keeping.begin_play(made.session, mine, BEGIN, [REFERRAL], at=made.now)
    kept = keeping.kept_play(made.session, mine)
    assert kept is not None
    assert (kept.id, len(kept.moves)) == (second.id, 1)
    assert first.id != second.id
