"""A consent that the family withdraws in a scenario is gone for who asks after it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.simulation.family_file import MemoryFamilyFile


@pytest.mark.parametrize(
    ("withdrawn", "still"), [("toeleiding", False), (None, False), ("zorgoverleg", True)]
)
def test_a_withdrawn_consent_does_not_count(withdrawn: str | None, still: bool) -> None:
    file = MemoryFamilyFile({})
    file.consents.append({"doel": "toeleiding", "ontvanger": "Schuldhulp", "besluit": "ja"})
    assert file.has_consent(uuid4(), "toeleiding", "Schuldhulp")
    file.withdraw(withdrawn)
    assert file.has_consent(uuid4(), "toeleiding", "Schuldhulp") is still
