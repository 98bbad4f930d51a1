"""What follows where a family agrees to less than before: who is told, and what ends.

However it came about, by the page of the family, by a no in a form, by a yes that ran out: the
effect is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.families.file.consent_words import Pair
from engine.families.file.consents import agreed_to, hold_to_change, withdraw_consent
from engine.families.file.going_on import open_ones
from engine.families.file.guidance_consent import GUIDANCE_UNCONSENTED, told_guidances
from engine.families.meetings.consent import end_without_consent
from engine.families.meetings.port import PARTICIPATION_ENDED
from engine.families.models import Consent
from engine.runtime.commands import Announcement

CONSENT_WITHDRAWN = "toestemming-ingetrokken"
"""The message that a trajectory gets when a consent of its family holds no longer."""

Publish = Callable[[str, str | None, Mapping[str, Any]], bool]
"""Publishes a message (name, key, variables); whether it reached somebody."""

PURPOSE_GONE = "toestemming-weg"
"""The message that ends what rests on a purpose: its key is the trajectory's id and the purpose."""

_SPOKEN_IN = ("toestemming.besluit", "overleg.besluit", "regie.toestemming")


@dataclass(frozen=True, slots=True)
class Stopped:
    """What is told to processes of a consent that holds no longer.

    Attributes:
        purpose: what it was for; the first, where it was for several things.
        trajectories: those that hear of it, so that somebody talks with the family.
        guidances: the keys of guidances to agencies that rested on it.
        parts: ids of what people were asked and may no longer know of.
        gone: the purposes to which the family agrees towards nobody any more.
    """

    purpose: str
    trajectories: Sequence[UUID]
    guidances: Sequence[str] = ()
    parts: Sequence[UUID] = ()
    gone: Sequence[str] = ()

    def news(self) -> list[Announcement]:
        """What ends at once."""
        return [
            *(Announcement(GUIDANCE_UNCONSENTED, key, {}) for key in self.guidances),
            *(Announcement(PARTICIPATION_ENDED, str(key), {}) for key in self.parts),
            *(
                Announcement(PURPOSE_GONE, f"{one}:{purpose}", {})
                for one in self.trajectories
                for purpose in self.gone
            ),
        ]

    def talk(self, reached: Iterable[Announcement]) -> list[Announcement]:
        """What brings a person to talk with the family, given which of the news reached somebody.

        A guidance that heard of it asks the family itself.
        """
        told = {"doel": self.purpose, "toeleidingVraagt": _asks(reached)}
        return [Announcement(CONSENT_WITHDRAWN, str(one), told) for one in self.trajectories]

    def tell(self, publish: Publish) -> None:
        """Tell all of it, outside any other step of a process."""
        for one in self.talk(self._published(publish)):
            publish(one.name, one.key, one.variables)

    def tell_who_rests_on_it(self, publish: Publish) -> bool:
        """End what ends at once; whether a guidance asks the family."""
        return _asks(self._published(publish))

    def _published(self, publish: Publish) -> list[Announcement]:
        return [one for one in self.news() if publish(one.name, one.key, one.variables)]


def _asks(reached: Iterable[Announcement]) -> bool:
    return any(one.name == GUIDANCE_UNCONSENTED for one in reached)


def speaks_of_consent(bindings: Mapping[str, object]) -> bool:
    """Whether a form says something of what the family agrees to."""
    return any(path in bindings for path in _SPOKEN_IN)


def withdraw(session: Session, actor: Actor, consent_id: UUID, now: datetime) -> Stopped | None:
    """Withdraw a consent; what follows from it. ``None``: it was withdrawn before, or was a no.

    Raises:
        AccessDenied: not permitted, or no such consent.
    """
    found = session.get(Consent, consent_id)
    if found is not None:
        hold_to_change(session, found.family_id)
        session.refresh(found)  # somebody may have taken it back a moment ago
    held = found is not None and found.agreed and found.withdrawn_at is None
    before = agreed_to(session, found.family_id, now) if found is not None and held else ()
    one = withdraw_consent(session, actor, consent_id, now=now)
    said = (one.purpose, one.recipient)
    return stop(session, one.family_id, one.trajectory_id, before, now, said=said) if held else None


def stop(
    session: Session,
    family_id: UUID,
    trajectory_id: UUID,
    before: Collection[Pair],
    at: datetime,
    *,
    said: Pair | None = None,
) -> Stopped | None:
    """Take out who may know nothing any more, and find who is told; ``None``: nothing stopped.

    ``before``: what the family agreed to before. ``said``: what somebody took back by name, which
    is told also where it did not hold. ``trajectory_id`` hears of it where none of the family runs.
    """
    after = agreed_to(session, family_id, at)
    gone = (set(before) - after) | ({said} if said else set())
    pairs = sorted(gone, key=lambda pair: (pair != said, str(pair)))
    if not pairs:
        return None
    return Stopped(
        purpose=pairs[0][0],
        trajectories=open_ones(session, family_id) or [trajectory_id],
        guidances=told_guidances(session, family_id, pairs),
        parts=end_without_consent(session, family_id, at),
        gone=no_longer(pairs, after),
    )


def no_longer(gone: Iterable[Pair], after: Iterable[Pair]) -> list[str]:
    """The purposes of what is gone to which nothing is agreed any more."""
    left = {purpose for purpose, _ in after}
    return [one for one in dict.fromkeys(purpose for purpose, _ in gone) if one not in left]
