"""The row of a process instance: read and locked, packed and unpacked, written."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    any_,
    bindparam,
    func,
    select,
    update,
)

from engine.execution import state
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.store import Instance
from engine.store.base import table_of
from engine.store.round_trips import Rows, Statement, or_refuse

COMPRESSION = 1


def unpack(row: Any, catalogue: Catalogue, now: datetime) -> Instance:
    """The instance of a row of ``process_instances``.

    Raises:
        UnreadableState: the state is damaged or does not fit its definition.
        CalledProcessMissing, engine.definitions.errors.UnknownVersion: the definition is gone.
    """
    definition = catalogue.definition(row.package_version, row.process_id)
    try:
        raw = zlib.decompress(row.state)
    except zlib.error:
        raw = b""
    has_parent = row.parent_id is not None
    return Instance(
        id=row.id,
        package_key=row.package_key,
        package_version=row.package_version,
        process_id=row.process_id,
        business_key=row.business_key,
        root_id=row.root_id,
        parent_id=row.parent_id,
        parent_token_id=row.parent_token_id,
        is_main=row.is_main,
        execution=state.load(definition, raw, now, has_parent=has_parent),
        created_at=row.created_at,
        row_version=row.row_version,
        reported_end=row.status != "active",
    )


def pack(instance: Instance) -> bytes:
    """The state as it is kept."""
    return zlib.compress(state.dump(instance.execution), COMPRESSION)


_INSTANCE = table_of(ProcessInstance)


def locked_rows(instance_id: ColumnElement[Any]) -> Select[Any]:
    """The query of one instance that locks the root of its tree first."""
    own, above = _INSTANCE.alias("own"), _INSTANCE.alias("above")
    root_id = select(own.c.root_id).where(own.c.id == instance_id).scalar_subquery()
    root = select(above.c.id).where(above.c.id == root_id).with_for_update().cte("root")
    joined = _INSTANCE.join(root, root.c.id == _INSTANCE.c.root_id)
    wanted = select(_INSTANCE).select_from(joined).where(_INSTANCE.c.id == instance_id)
    return wanted.with_for_update(of=_INSTANCE)


def locked_all(instance_ids: Select[Any]) -> Select[Any]:
    """The query of several instances that locks the roots of their trees first, in one order."""
    own, above = _INSTANCE.alias("own"), _INSTANCE.alias("above")
    ids = _array(select(instance_ids.cte("asked")))  # looked for once: the query needs them twice
    root_ids = _array(select(own.c.root_id).where(own.c.id == any_(ids)))
    roots = (
        select(above.c.id).where(above.c.id == any_(root_ids)).order_by(above.c.id)
    ).with_for_update()
    locked = roots.cte("roots")
    joined = _INSTANCE.join(locked, locked.c.id == _INSTANCE.c.root_id)
    wanted = select(_INSTANCE).select_from(joined).where(_INSTANCE.c.id == any_(ids))
    return wanted.with_for_update(of=_INSTANCE)


def _array(ids: Select[Any]) -> ColumnElement[Any]:
    return func.array(ids.scalar_subquery(), type_=ARRAY(_INSTANCE.c.id.type))


LOCKED = Statement(locked_rows(bindparam("instance_id", type_=_INSTANCE.c.id.type)))
"""One instance by ``instance_id``, locked after its root."""


def locked_of_task(tasks: FromClause, let_in: ColumnElement[bool]) -> Statement:
    """Makes the statement of the instance of user task ``task_id``, locked after its root.

    ``tasks`` are the user tasks, with what the condition ``let_in`` needs joined to them. Where it
    does not hold nothing is found: whoever has nothing to do with the task waits for nobody, and
    makes nobody wait.
    """
    wanted = select(UserTask.instance_id).select_from(tasks)
    of_task = wanted.where(UserTask.id == bindparam("task_id", type_=_INSTANCE.c.id.type), let_in)
    asked = of_task.cte("asked")  # looked for once: the query needs it twice
    return Statement(locked_rows(select(asked.c.instance_id).scalar_subquery()))


SAVE = Statement(
    or_refuse(
        update(_INSTANCE)
        .where(
            _INSTANCE.c.id == bindparam("instance_id", type_=_INSTANCE.c.id.type),
            _INSTANCE.c.row_version
            == bindparam("known_version", type_=_INSTANCE.c.row_version.type),
        )
        .values({name: bindparam(name) for name in ("status", "state", "row_version", "ended_at")})
    )
)
"""Writes what changes of an instance, if its version is still ``known_version``."""

MOVED = Statement(
    update(_INSTANCE)
    .where(_INSTANCE.c.id == bindparam("instance_id", type_=_INSTANCE.c.id.type))
    .values(package_version=bindparam("version"), process_id=bindparam("process"))
)
"""Notes the version of its package that an instance runs on from now on, and which process it is.

A process that another version renames is the one thing of ``OF_INSTANCE`` that changes.
"""

ACTIVE_IN_TREE = Statement(
    select(_INSTANCE.c.id)
    .where(
        _INSTANCE.c.root_id == bindparam("root_id", type_=_INSTANCE.c.id.type),
        _INSTANCE.c.status == "active",
    )
    .order_by(_INSTANCE.c.parent_id.is_not(None), _INSTANCE.c.created_at, _INSTANCE.c.id)
)
"""The active instances of the tree ``root_id``, the root first."""

INSTANCES = Rows(ProcessInstance)
OF_INSTANCE = (
    "id",
    "package_key",
    "package_version",
    "process_id",
    "business_key",
    "root_id",
    "parent_id",
    "parent_token_id",
    "is_main",
    "created_at",
)
"""What a step never changes of an instance."""
