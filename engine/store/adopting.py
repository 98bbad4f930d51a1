"""Objects of rows that a statement of ours read, as if the session had loaded them itself."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, manager_of_class
from sqlalchemy.orm.util import identity_key

from engine.store.base import Base

Model = TypeVar("Model", bound=Base)

_KEPT = "ketenspoor-adopted"


def adopt(session: Session, model: type[Model], values: dict[str, Any]) -> Model:
    """The session's object with these columns (all of them, ``id`` the key), made if it has none.

    It stays with the session, which itself only remembers what somebody else holds on to.
    """
    key = identity_key(model, values["id"])
    there = session.identity_map.get(key)
    if there is not None:
        return there
    made: Model = manager_of_class(model).new_instance()
    instance_dict(made).update(values)
    make_transient_to_detached(made)
    session.add(made)
    session.info.setdefault(_KEPT, {})[model, values["id"]] = made
    return made


def known(session: Session, model: type[Model], key: UUID) -> Model | None:
    """The session's object of a row, read only if nobody has handed it over."""
    handed: Model | None = session.info.get(_KEPT, {}).get((model, key))
    return session.get(model, key) if handed is None else handed
