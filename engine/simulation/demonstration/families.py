"""The families of the demonstration: which scenario each plays, since when, under which name."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

SEED = 20260105


@dataclass(frozen=True, slots=True)
class FamilyPlan:
    """One family.

    Attributes:
        package: the key of its method.
        age: how long ago it was referred.
        silent: how long nobody acted.
    """

    index: int
    package: str
    scenario: str
    age: timedelta
    silent: timedelta | None
    surname: str
    mother: str
    father: str
    children: tuple[str, ...]
    language: str

    @property
    def submission_id(self) -> UUID:
        """The id under which the family's referral is sent in, the same every time."""
        return uuid5(NAMESPACE_OID, f"demonstratie:{self.index}")

    def rename(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The scenario's referral with this family's names."""
        renamed = dict(answers)
        renamed["gezinsnaam"] = f"Gezin {self.surname}"
        if "taal" in renamed:
            renamed["taal"] = self.language
        names = iter(self.children * 4)
        members = []
        for member in answers.get("gezinsleden") or []:
            first = {"moeder": self.mother, "vader": self.father}.get(member.get("rol"))
            known = f"{first} {self.surname}" if first else next(names)
            members.append({**member, "naam": known})
        if members:
            renamed["gezinsleden"] = members
        return renamed


def plans(region: Mapping[str, Any]) -> Iterator[FamilyPlan]:
    """All families, the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 - demonstration data, not a secret
    names = region["namen"]
    index = 0
    for course in region["verloop"]:
        low, high = course["dagen"]
        count = course["aantal"]
        for number in range(count):
            age = low + (high - low) * (number + chance.random() * 0.8) / count
            silent = None
            if chance.random() < course["stil"]:
                silent = timedelta(days=min(age * 0.6, chance.uniform(6, 34)))
            yield FamilyPlan(
                index=index,
                package=course.get("pakket", region["pakket"]),
                scenario=course["scenario"],
                age=timedelta(days=age),
                silent=silent,
                surname=names["achternamen"][index % len(names["achternamen"])],
                mother=chance.choice(names["moeders"]),
                father=chance.choice(names["vaders"]),
                children=tuple(chance.sample(names["kinderen"], 4)),
                language=chance.choice(names["talen"]),
            )
            index += 1
