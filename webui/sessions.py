"""The session: Flask's signed cookie, with less work for each request."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import HMACAlgorithm, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode, want_bytes
from itsdangerous.url_safe import URLSafeSerializerMixin


class _Plain(URLSafeTimedSerializer):
    """Writes the session as it is: to press so little costs more than it saves. Reads both."""

    def dump_payload(self, obj: Any) -> bytes:
        """The session in base64, not pressed."""
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))


class _Quick(HMACAlgorithm):
    """SHA-1 HMAC, as Flask signs, in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of a value."""
        return hmac.digest(key, value, "sha1")


class _Signer(TimestampSigner):
    """Derives a key once, and not for every cookie."""

    default_key_derivation = "hmac"

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key that signs, for one secret key or the newest."""
        return _derived(want_bytes(secret_key or self.secret_key), self.salt)


@lru_cache(maxsize=32)
def _derived(secret_key: bytes, salt: bytes) -> bytes:
    return Signer(secret_key, salt, key_derivation=_Signer.default_key_derivation).derive_key()


class _Tagged(TaggedJSONSerializer):
    """Flask's writing of what a session holds; what is plain JSON is seen at once."""

    def tag(self, value: Any) -> Any:
        """A value as it is written."""
        return value if type(value) in _PLAIN else super().tag(value)


_PLAIN = frozenset({str, bool, int, type(None)})


class SignedCookies(SecureCookieSessionInterface):
    """Makes what signs the cookies once per set of keys, not twice per request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie; none without a key."""
        if not app.secret_key:
            return None
        older: list[str | bytes] = app.config["SECRET_KEY_FALLBACKS"] or []
        return _serializer(self, (*older, app.secret_key))


@lru_cache(maxsize=8)
def _serializer(way: SignedCookies, keys: tuple[str | bytes, ...]) -> _Plain:
    return _Plain(
        cast("Iterable[bytes]", keys),
        salt=way.salt,
        serializer=_Tagged(),
        signer=_Signer,
        signer_kwargs={"algorithm": _Quick()},
    )
