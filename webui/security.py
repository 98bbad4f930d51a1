"""What every response and session owes to security: headers, CSRF, cookies."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

from webui.sessions import SignedCookies

csrf = CSRFProtect()

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

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""What every answer carries, beside its content policy; no view sets one of these itself."""

IMMUTABLE = "public, max-age=31536000, immutable"


def secure(app: Flask, *, https: bool) -> None:
    """Give the application its CSRF protection, cookies and headers.

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
    )
    app.session_interface = SignedCookies()
    csrf.init_app(app)

    @app.before_request
    def refuse_what_no_text_holds() -> None:
        """A NUL, which PostgreSQL keeps in no text; no browser of a person sends one."""
        fields = (field for values in (request.args, request.form) for field in values.lists())
        given = (text for name, texts in fields for text in (name, *texts))
        if "\0" in request.path or any("\0" in text for text in given):
            abort(400)

    transport = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    always = (*HEADERS, transport) if https else HEADERS

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers, endpoint = response.headers, request.endpoint
        policy = EDITOR_POLICY if endpoint in EDITORS else CONTENT_SECURITY_POLICY
        headers.extend((("Content-Security-Policy", policy), *always))
        if endpoint != "static":
            headers["Cache-Control"] = "no-store"
        elif response.status_code in (200, 206, 304):
            fingerprinted = "v" in request.args or "/vendor/" in request.path
            headers["Cache-Control"] = IMMUTABLE if fingerprinted else "no-cache"
        return response
