"""What the commands find around them: the database, the data folder, the secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from engine.store.database import close_engine, open_engine
from engine.store.errors import DatabaseUnreachable
from engine.store.schema import upgrade


def var_folder() -> Path:
    """Where data is kept: ``KETENSPOOR_VAR``, else ``./var``."""
    folder = Path(os.environ.get("KETENSPOOR_VAR", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def open_database(*, upgraded: bool = True) -> Engine:
    """The database of ``DATABASE_URL``, else the embedded one; its tables brought up to date."""
    engine = open_engine(os.environ.get("DATABASE_URL") or None, var_folder())
    if not upgraded:
        return engine
    try:
        upgrade(engine)
    except (OperationalError, InterfaceError):
        close_engine(engine)
        raise DatabaseUnreachable(
            "De database viel weg tijdens het starten.", "Start opnieuw als zij weer draait."
        ) from None
    return engine


def secret_key() -> str:
    """The key that signs sessions: ``KETENSPOOR_SECRET_KEY``, else one kept in the data folder."""
    given = os.environ.get("KETENSPOOR_SECRET_KEY")
    if given:
        return given
    file = var_folder() / "secret-key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text("utf-8")


def proxy_options() -> dict[str, Any]:
    """For waitress: whose word it takes for a visitor's address, scheme and host.

    ``KETENSPOOR_TRUSTED_PROXY`` is the address of the reverse proxy as it connects here, or ``*``
    for any (only where nobody else can connect). Without it such headers are removed, so that
    nobody can pretend to come from elsewhere.
    """
    trusted = os.environ.get("KETENSPOOR_TRUSTED_PROXY", "").strip()
    if not trusted:
        return {}
    return {
        "trusted_proxy": trusted,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        "clear_untrusted_proxy_headers": True,
    }
