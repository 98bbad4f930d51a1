"""Puts runtime, family file and connectors together for one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Relation
from engine.clock import Clock
from engine.families.file.database import SqlFamilyFile
from engine.families.follow_ups import register_follow_ups
from engine.families.identity import TrajectoryIdentity
from engine.families.meetings.connectors import register_meeting_connectors
from engine.families.meetings.database import SqlMeetings
from engine.families.notices import NOTIFY, played
from engine.families.process_connectors import register_family_connectors
from engine.families.progress import ProgressListener
from engine.families.tasks.late import SqlTasks, register_task_connector
from engine.families.trajectories import Trajectories
from engine.runtime.catalogue import Catalogue
from engine.runtime.commands import Runtime
from engine.runtime.connectors import ConnectorRegistry
from engine.runtime.published import PublishedPackages
from engine.runtime.sql import SqlStore


@dataclass(frozen=True, slots=True)
class Workbench:
    """What one transaction works with. The diagram's own reads and writes have no actor."""

    runtime: Runtime
    store: SqlStore
    catalogue: Catalogue
    trajectories: Trajectories


def workbench(
    session: Session,
    clock: Clock,
    actor: Actor | None = None,
    relation: Relation | None = None,
    *,
    logged: bool = False,
) -> Workbench:
    """A workbench on the caller's transaction; ``actor`` is who acts, ``None`` for the sweep.

    ``logged``: the caller has written the access log's line of what is done.
    """
    by = actor.user_id if actor else None
    file = SqlFamilyFile(session, actor, clock, relation=relation, logged=logged)
    return _assemble(session, clock, file, by)


def process_workbench(
    session: Session,
    clock: Clock,
    *,
    by: UUID | None = None,
    organisation_id: UUID | None = None,
    store: SqlStore | None = None,
) -> Workbench:
    """A workbench without permission checks, for scenarios played on the database.

    ``by`` is noted as who did it. Outward work is played too: nothing leaves. ``store`` lets
    several commands of one transaction share what was read before.
    """
    file = SqlFamilyFile(session, None, clock, organisation_id=organisation_id)
    return _assemble(session, clock, file, by, store, plays=True)


def _assemble(
    session: Session,
    clock: Clock,
    acting_file: SqlFamilyFile,
    by: UUID | None,
    store: SqlStore | None = None,
    *,
    plays: bool = False,
) -> Workbench:
    catalogue = Catalogue(PublishedPackages(session))
    store = store or SqlStore(session, catalogue, clock)
    process_file = SqlFamilyFile(session, None, clock)

    def connect(registry: ConnectorRegistry) -> None:
        register_family_connectors(registry, process_file)
        register_meeting_connectors(registry, SqlMeetings(session, clock, by))
        register_task_connector(registry, SqlTasks(session))
        register_follow_ups(registry, runtime, process_file)
        if plays:
            registry.register(NOTIFY, played(session))

    runtime = Runtime(
        store,
        catalogue,
        ConnectorRegistry(connect),
        clock,
        listener=ProgressListener(process_file),
        actor_id=by,
        identity=TrajectoryIdentity(process_file),
    )
    return Workbench(runtime, store, catalogue, Trajectories(runtime, acting_file, clock, by=by))


def moving_runtime(session: Session, clock: Clock, by: UUID | None) -> Runtime:
    """The runtime by which trajectories go to another version; ``by`` is who says so."""
    file = SqlFamilyFile(session, None, clock)
    return _assemble(session, clock, file, by).runtime


def sweep_runtime(session: Session, clock: Clock) -> Runtime:
    """The runtime of workers: a sweep fires timers with it, outward work goes on with it."""
    return workbench(session, clock).runtime
