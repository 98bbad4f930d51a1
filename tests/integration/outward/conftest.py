"""A family whose method mails, and a real mail server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests import notified


@pytest.fixture
def office(engine_db: Engine) -> Iterator[notified.Office]:
    with notified.office(engine_db) as made:
        yield made


@pytest.fixture
def mailbox() -> Iterator[notified.Mailbox]:
    with notified.mail_server() as box:
        yield box
