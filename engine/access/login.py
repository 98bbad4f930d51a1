"""Logging in: who it is, without telling strangers who has an account."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.access.actors import Actor, actor_of
from engine.access.errors import LoginRefused, TooManyAttempts
from engine.access.log import LogLine, log_allowed, log_refused
from engine.access.models import LoginThrottle, User
from engine.access.passwords import hash_password, is_outdated, matches
from engine.clock import Clock
from engine.store.settings import Number, number

MAX_ATTEMPTS = Number(
    "login-max-attempts", 5, "attempts", "Failed attempts on one account before it is closed."
)
WINDOW_MINUTES = Number(
    "login-window-minutes", 15, "minutes", "How long, from the first failure, an account stays so."
)


def authenticate(session: Session, email: str, password: str, clock: Clock) -> Actor:
    """The user with this e-mail address and password, as an actor.

    An attempt is counted before the password is looked at, in a transaction of its own, so that
    many at once do not get more than their share. An unknown address takes as long as a wrong
    password and is counted alike. The limit per network address is for the web server.

    Raises:
        LoginRefused: unknown address, wrong password or closed account; one answer for all.
        TooManyAttempts: this account was tried too often in the last minutes.
    """
    now = clock.now()
    address = email.strip().lower()[:320]
    account = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()
    _count_attempt(session, account, now)
    user = session.scalar(select(User).where(func.lower(User.email) == address))
    right = matches(user.password_hash if user else None, password)
    if user is None or not right or not user.active:
        line = LogLine("login", now, object_type="user", object_id=user.id if user else None)
        log_refused(session, None, line)
        raise LoginRefused
    if user.password_hash and is_outdated(user.password_hash):
        user.password_hash = hash_password(password, minimum_length=0)
    user.last_login_at = now
    session.execute(delete(LoginThrottle).where(LoginThrottle.account == account))
    actor = actor_of(session, user.id, now)
    log_allowed(session, actor, LogLine("login", now, object_type="user", object_id=user.id))
    return actor


def _count_attempt(session: Session, account: str, now: datetime) -> None:
    window = timedelta(minutes=number(session, WINDOW_MINUTES, now))
    most = number(session, MAX_ATTEMPTS, now)
    expired = LoginThrottle.first_at <= now - window
    with Session(session.get_bind().engine) as own:
        attempts, first_at = own.execute(
            insert(LoginThrottle)
            .values(account=account, attempts=1, first_at=now)
            .on_conflict_do_update(
                index_elements=[LoginThrottle.account],
                set_={
                    "attempts": case((expired, 1), else_=LoginThrottle.attempts + 1),
                    "first_at": case((expired, now), else_=LoginThrottle.first_at),
                },
            )
            .returning(LoginThrottle.attempts, LoginThrottle.first_at)
        ).one()
        own.execute(
            delete(LoginThrottle).where(LoginThrottle.first_at < now - window - timedelta(days=1))
        )
        own.commit()
    if attempts > most:
        raise TooManyAttempts(max(1, math.ceil((first_at + window - now) / timedelta(minutes=1))))
