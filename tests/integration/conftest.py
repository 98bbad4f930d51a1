"""Fixtures for tests on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from engine.access import passwords


@pytest.fixture(scope="module", autouse=True)
def passwords_that_cost_little() -> Iterator[None]:
    """Digests of argon2id with its smallest cost: a dozen people get a password for each test.

    What a password costs in the product is tested in ``tests/unit/access``.
    """
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", cheap)
        yield
