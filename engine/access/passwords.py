"""Passwords: kept as argon2id digests only."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.access.errors import PasswordTooWeak
from engine.store.settings import Number

MINIMUM_LENGTH = Number(
    "password-minimum-length", 12, "characters", "The shortest password that is accepted."
)
LONGEST = 1024  # characters; longer ones only serve to keep the server busy
_hasher = PasswordHasher()


def hash_password(password: str, minimum_length: float = MINIMUM_LENGTH.default) -> str:
    """The digest to keep of a password.

    Raises:
        PasswordTooWeak: it is shorter than ``minimum_length`` characters, or absurdly long.
    """
    if not minimum_length <= len(password) <= LONGEST:
        raise PasswordTooWeak(
            f"Een wachtwoord heeft minstens {minimum_length:.0f} en hoogstens {LONGEST} tekens.",
            "Gebruik een zin die je kunt onthouden.",
        )
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the digest; takes as long when there is no digest."""
    if len(password) > LONGEST:
        password = ""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the digest was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex())
