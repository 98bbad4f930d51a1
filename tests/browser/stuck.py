"""Lets open tasks of the demonstration stand still with an incident, as a broken step would."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.clock import SystemClock
from engine.execution.errors import ConnectorFailed
from engine.families.composition import process_workbench
from engine.families.mending.incidents import Mending
from engine.runtime.incident_list import Choice, open_incidents
from engine.runtime.models import Incident, UserTask
from engine.store.unit_of_work import UnitOfWork


def let_all_go_on(database: Engine) -> None:
    """Solve what an earlier test left standing still."""
    with Session(database) as session:
        ids = [one.id for one in open_incidents(session, Choice())]
    Mending(database, SystemClock()).retry(None, ids)


def let_stand_still(database: Engine, many: int, element_id: str = "contactmoment") -> list[UUID]:
    """Stop so many open tasks of an element; the ids of their incidents."""
    with UnitOfWork(database) as session:
        tasks = session.execute(
            select(UserTask.id, UserTask.instance_id)
            .where(UserTask.status == "open", UserTask.element_id == element_id)
            .order_by(UserTask.id)
            .limit(many)
        ).all()
        assert len(tasks) == many, f"the demonstration has too few open tasks at {element_id}"
        runtime = process_workbench(session, SystemClock()).runtime
        for token_id, instance_id in tasks:
            failed = ConnectorFailed(
                "De koppeling 'gezin-contacten' liep vast (KeyError).",
                "Verbeter de waarde waar de koppeling om vraagt en probeer het opnieuw.",
            )
            runtime.stop_with_incident(instance_id, token_id, failed)
        stopped = [token_id for token_id, _ in tasks]
        query = select(Incident.id).where(
            Incident.token_id.in_(stopped), Incident.resolved_at.is_(None)
        )
        return list(session.scalars(query))
