"""Open the database: any PostgreSQL from 15 on by its address, or the embedded one."""

from __future__ import annotations

import atexit
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError

from engine.store import idle_connections, traffic
from engine.store.embedded import EmbeddedServer
from engine.store.errors import DatabaseTooOld, DatabaseUnreachable, DatabaseUrlUnsupported

OLDEST_MAJOR = 15
_servers: WeakKeyDictionary[Engine, EmbeddedServer] = WeakKeyDictionary()


def open_engine(url: str | None, var_dir: Path, *, application: str = "ketenspoor") -> Engine:
    """An engine on the database at ``url``, or on the embedded server in ``var_dir`` without one.

    The embedded server is started when it does not run; ``close_engine`` (or the end of the
    process) leaves it, and the last process to leave stops it.

    Raises:
        DatabaseUrlUnsupported: the address is not one of a PostgreSQL database.
        DatabaseUnreachable: nobody answers there, or the login is refused.
        DatabaseTooOld: the server is older than PostgreSQL 15.
        EmbeddedServerFailed: the embedded server cannot be made or started.
    """
    if url:
        return _connected(_parsed(url), application)
    server = EmbeddedServer(var_dir)
    server.attach()
    try:
        engine = _connected(make_url(server.url()), application)
    except BaseException:
        server.release()
        raise
    _servers[engine] = server
    atexit.register(server.release)
    return engine


def close_engine(engine: Engine) -> None:
    """Close the engine's connections and leave the embedded server, if it is on that."""
    engine.dispose()
    server = _servers.pop(engine, None)
    if server is not None:
        server.release()
        atexit.unregister(server.release)


def _parsed(url: str) -> URL:
    remedy = "Gebruik DATABASE_URL=postgresql://gebruiker:wachtwoord@host:5432/database."
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlUnsupported(
            "DATABASE_URL is geen adres van een database.", remedy
        ) from None
    if parsed.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise DatabaseUrlUnsupported(
            f"DATABASE_URL noemt {parsed.drivername!r}; alleen PostgreSQL kan.", remedy
        )
    return parsed.set(drivername="postgresql+psycopg")


def _connected(url: URL, application: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=idle_connections.PoolAtHand,
        pool_size=10,
        pool_use_lifo=True,  # the one used last has what it needs at hand, in the server too
        pool_reset_on_return=None,  # idle_connections does it, where there is something to reset
        max_overflow=20,
        hide_parameters=True,
        connect_args={
            "application_name": application,
            "options": "-c timezone=UTC",
            "prepare_threshold": None,  # a rollback would make psycopg forget; see exchange.py
        },
    )
    event.listen(engine, "handle_error", _keep_content_out_of_errors)
    traffic.listen(engine)
    idle_connections.watch(engine)
    try:
        with engine.connect() as connection:
            number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    except OperationalError as error:
        engine.dispose()
        reason = str(error.orig).strip().splitlines()[-1:] or ["geen antwoord"]
        raise DatabaseUnreachable(
            f"De database neemt geen verbinding aan: {reason[0]}",
            "Start de database en controleer host, poort, naam en wachtwoord in DATABASE_URL.",
            host=url.host or "",
            database=url.database or "",
        ) from None
    if number < OLDEST_MAJOR * 10_000:
        engine.dispose()
        raise DatabaseTooOld(
            f"De databaseserver is PostgreSQL {number // 10_000}; "
            f"minstens {OLDEST_MAJOR} is nodig.",
            "Werk de server bij, of laat DATABASE_URL weg voor de meegeleverde.",
        )
    return engine


def _keep_content_out_of_errors(context: ExceptionContext) -> BaseException | None:
    """Cut the values of rows ("Failing row contains …") from the database's messages.

    What is a fault of the data becomes an error of that kind.
    """
    original = context.original_exception
    diagnosis = getattr(original, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary is None:
        return None
    original.args = (primary,)
    if isinstance(context.sqlalchemy_exception, DBAPIError):
        context.sqlalchemy_exception.args = (f"({type(original).__name__}) {primary}",)
    if traffic.is_too_much(original):
        return DataError(None, None, original, hide_parameters=True)
    return None
