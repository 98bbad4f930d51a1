"""What a form may be bound to and what the family file writes are the same places."""

from __future__ import annotations

from engine.definitions.forms.family_paths import PATHS
from engine.families.file.bindings import KNOWN_PATHS


def test_the_check_admits_exactly_the_places_that_are_written() -> None:
    assert sorted(PATHS) == sorted(KNOWN_PATHS)
