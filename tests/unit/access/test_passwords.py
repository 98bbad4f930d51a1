"""Passwords are kept as digests and compared in constant time."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from engine.access.errors import PasswordTooWeak
from engine.access.passwords import hash_password, is_outdated, matches


def test_a_password_belongs_to_its_digest_only():
    digest = hash_password("correct horse battery")
    assert matches(digest, "correct horse battery")
    assert not matches(digest, "correct horse batterz")
    assert "horse" not in digest


@pytest.mark.parametrize("digest", [None, "", "not a digest"])
def test_no_password_belongs_to_a_missing_or_broken_digest(digest):
    assert not matches(digest, "")
    assert not matches(digest, "the password of nobody")


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_short_and_absurdly_long_passwords_are_refused(password):
    with pytest.raises(PasswordTooWeak):
        hash_password(password)


def test_a_digest_with_weaker_parameters_is_outdated():
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse battery")
    assert is_outdated(weak)
    assert not is_outdated(hash_password("correct horse battery"))
