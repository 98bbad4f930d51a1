"""What the commands find around them: the database, the data folder, the secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import Engine

from engine.store.database import open_engine
from engine.store.schema import upgrade


def var_folder() -> Path:
    """Where data is kept: ``KETENSPOOR_VAR``, else ``./var``."""
    folder = Path(os.environ.get("KETENSPOOR_VAR", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def open_database(*, upgraded: bool = True) -> Engine:
    """The database of ``DATABASE_URL``, else the embedded one; its tables brought up to date."""
    engine = open_engine(os.environ.get("DATABASE_URL") or None, var_folder())
    if upgraded:
        upgrade(engine)
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
