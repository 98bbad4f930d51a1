"""A consent that the family withdraws in a scenario is gone for who asks after it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from engine.families.file.consent_words import Word
from engine.simulation.family_file import MemoryFamilyFile

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("withdrawn", "still"), [("toeleiding", False), (None, False), ("zorgoverleg", True)]
)
def test_a_withdrawn_consent_does_not_count(withdrawn: str | None, still: bool) -> None:
    file = MemoryFamilyFile({})
    file.begin("proef", NOW)
    file.words.append(Word("", "toeleiding", "Schuldhulp", agreed=True))
    assert file.has_consent(uuid4(), "toeleiding", "Schuldhulp")
    file.withdraw(withdrawn, NOW)
    assert file.has_consent(uuid4(), "toeleiding", "Schuldhulp") is still
