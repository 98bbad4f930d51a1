"""Which element of the one diagram is which of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.model import ACTIVITIES, Element


@dataclass(frozen=True, slots=True)
class Pairs:
    """Ids of what stands in both, either way round."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @classmethod
    def of(cls, before: Mapping[str, str]) -> Pairs:
        """Pairs out of the ids before, by the ids after."""
        return cls(before, {old: new for new, old in before.items()})


def paired(old: Mapping[str, Element], new: Mapping[str, Element]) -> Pairs:
    """By id; and what got another id by its name, where that leaves no doubt."""
    found = {key: key for key in new if key in old}
    gone = _by_name(element for key, element in old.items() if key not in new)
    come = _by_name(element for key, element in new.items() if key not in old)
    for name, elements in come.items():
        others = gone.get(name, [])
        if len(elements) == len(others) == 1:
            found[elements[0].id] = others[0].id
    return Pairs.of(found)


def _by_name(elements: Iterator[Element]) -> dict[tuple[bool, str], list[Element]]:
    found: dict[tuple[bool, str], list[Element]] = {}
    for element in elements:
        if element.name.strip():
            name = " ".join(element.name.casefold().split())
            found.setdefault((element.kind in ACTIVITIES, name), []).append(element)
    return found
