"""The one base of every error that a user or an operator can cause."""

from __future__ import annotations


class KetenspoorError(Exception):
    """What went wrong, where, and how to mend it.

    Attributes:
        code: stable, kebab-case; never translated, never changed.
        message: what is wrong, in words that a person understands.
        remedy: how to mend it; empty when nobody can.
        where: places such as ``element_id``, ``field``, ``line``, ``file`` (identifiers only,
            never personal content, because errors reach logs).
    """

    code = "error"

    def __init__(self, message: str, remedy: str = "", **where: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.where = where

    def as_dict(self) -> dict[str, object]:
        """The error as JSON-ready data for the command line, the API and incidents."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            **{key: str(value) for key, value in self.where.items()},
        }
