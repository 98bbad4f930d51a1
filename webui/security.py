"""What every response and session owes to security: headers, CSRF, cookies, rate limits."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", default_limits=[])

# No inline scripts anywhere. bpmn.io's viewers carry style attributes in their markup (the
# watermark among them), which is why attributes may style; style elements may not.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

# The modellers of bpmn.io make style elements and carry their fonts in their style sheets.
EDITOR_POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
).replace("font-src 'self'", "font-src 'self' data:")
EDITORS = frozenset({"studio.draft"})
"""The pages that hold a modeller."""

IMMUTABLE = "public, max-age=31536000, immutable"


def secure(app: Flask, *, https: bool) -> None:
    """Give the application its CSRF protection, rate limits, cookies and headers.

    ``https`` says whether people reach it over TLS; then cookies are sent over TLS only.
    """
    app.config.update(
        SESSION_COOKIE_NAME="__Host-ketenspoor" if https else "ketenspoor",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a task may lie open for hours
        WTF_CSRF_SSL_STRICT=https,
        RATELIMIT_HEADERS_ENABLED=True,
    )
    csrf.init_app(app)
    limiter.init_app(app)

    @app.before_request
    def refuse_what_no_text_holds() -> None:
        """A NUL, which PostgreSQL keeps in no text; no browser of a person sends one."""
        given = (text for values in (request.args, request.form) for text in values.values())
        if "\0" in request.path or any("\0" in text for text in given):
            abort(400)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        draws = request.endpoint in EDITORS
        headers["Content-Security-Policy"] = EDITOR_POLICY if draws else CONTENT_SECURITY_POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
        elif response.status_code in (200, 206, 304):
            fingerprinted = "v" in request.args or "/vendor/" in request.path
            headers["Cache-Control"] = IMMUTABLE if fingerprinted else "no-cache"
        return response
