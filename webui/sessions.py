"""The session: Flask's signed cookie, with less work for each request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin


class _Plain(URLSafeTimedSerializer):
    """Writes the session as it is: to press so little costs more than it saves. Reads both."""

    def dump_payload(self, obj: Any) -> bytes:
        """The session in base64, not pressed."""
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))


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
    signing = {"key_derivation": way.key_derivation, "digest_method": way.digest_method}
    return _Plain(
        cast("Iterable[bytes]", keys),
        salt=way.salt,
        serializer=way.serializer,
        signer_kwargs=signing,
    )
