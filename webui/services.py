"""What the screens are given to work with: one object, made where the product is put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from engine.clock import Clock
from engine.families.casework import Casework
from engine.families.mending.incidents import Mending
from engine.store.unit_of_work import UnitOfWork
from integrations.mail import MailFolder


@dataclass(frozen=True, slots=True)
class WebConfig:
    """How the web side is set up.

    Attributes:
        secret_key: signs session cookies; the same for all web processes.
        https: whether people reach it over TLS (cookies are then sent over TLS only).
        demonstration_password: the shared password of a demonstration, shown on the login page
            with its users; ``None`` outside demonstrations.
        mails: whether mail is set up, as far as this process knows: all have the same settings.
        mail_folder: where mail goes that is not really sent, for administrators to look into.
    """

    secret_key: str
    https: bool = False
    demonstration_password: str | None = None
    mails: bool = True
    mail_folder: MailFolder | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """The engine as the screens use it.

    Attributes:
        database: for reading, each request in a transaction of its own.
        clock: the one source of "now".
        casework: what people do; each command is a transaction of its own.
    """

    database: Engine
    clock: Clock
    casework: Casework

    @property
    def mending(self) -> Mending:
        """What administrators do with places that stand still."""
        return Mending(self.database, self.clock)

    def reading(self) -> UnitOfWork:
        """A transaction for what a page shows (reading writes the access log)."""
        return UnitOfWork(self.database)


EXTENSION = "ketenspoor"


def services() -> Services:
    """The services of the running application."""
    return cast(Services, current_app.extensions[EXTENSION])


def web_config() -> WebConfig:
    """The set-up of the running application."""
    return cast(WebConfig, current_app.extensions[f"{EXTENSION}-config"])
