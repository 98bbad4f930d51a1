"""What can go wrong with the database, in words for an operator."""

from __future__ import annotations

from engine.errors import KetenspoorError


class StoreError(KetenspoorError):
    """The base of the errors of this room."""

    code = "store-error"


class DatabaseUrlUnsupported(StoreError):
    """``DATABASE_URL`` does not name a PostgreSQL database."""

    code = "database-url-unsupported"


class DatabaseUnreachable(StoreError):
    """No connection to the database could be made."""

    code = "database-unreachable"


class DatabaseTooOld(StoreError):
    """The PostgreSQL server is older than the product supports."""

    code = "database-too-old"


class EmbeddedServerFailed(StoreError):
    """The embedded PostgreSQL could not be made, started or stopped."""

    code = "embedded-server-failed"


class MigrationFailed(StoreError):
    """The tables could not be brought to this version of the product."""

    code = "migration-failed"


class TryAgain(StoreError):
    """Others changed the same data all the time; the work was not done."""

    code = "try-again"


class BackupFailed(StoreError):
    """The backup could not be written; no file was left that looks like one."""

    code = "backup-failed"


class BackupUnusable(StoreError):
    """The file is no backup, is incomplete, or was damaged."""

    code = "backup-unusable"


class RestoreRefused(StoreError):
    """The database is not one that may be restored into."""

    code = "restore-refused"


class RestoreFailed(StoreError):
    """The backup could not be put back; the database is as it was."""

    code = "restore-failed"
