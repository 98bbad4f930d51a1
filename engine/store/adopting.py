"""Objects of rows that a statement of ours read, as if the session had loaded them itself."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict, instance_state, manager_of_class

from engine.store.base import Base
from engine.store.late_session import LateSession

Model = TypeVar("Model", bound=Base)

_KEPT = "ketenspoor-adopted"


def adopt(session: Session, model: type[Model], values: dict[str, Any]) -> Model:
    """The session's object with these columns (all of them, ``id`` the key), made if it has none.

    It stays with the session, which itself only remembers what somebody else holds on to.
    """
    place = model, values["id"]
    handed: dict[Any, Any] = session.info.setdefault(_KEPT, {})
    key = model.__mapper__.identity_key_from_primary_key((values["id"],))
    late = session if isinstance(session, LateSession) and session.asleep else None
    there: Model | None = handed.get(place) if late is not None else session.identity_map.get(key)
    if there is not None:
        return there
    made: Model = manager_of_class(model).new_instance()
    instance_dict(made).update(values)
    instance_state(made).key = key  # as of a row that was read; nothing is unread or changed
    if late is not None:
        late.hand(made)
    else:
        session.add(made)
    handed[place] = made
    return made


def known(session: Session, model: type[Model], key: UUID) -> Model | None:
    """The session's object of a row, read only if nobody has handed it over."""
    handed: Model | None = session.info.get(_KEPT, {}).get((model, key))
    return session.get(model, key) if handed is None else handed
