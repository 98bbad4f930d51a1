"""Makes a page of the list of families out of the engine's rows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.definitions.published import publication
from engine.families.family_list import families_of
from webui.gezinnen.models import FamilyRow
from webui.listing import PAGE, Listed
from webui.services import Services
from webui.words import method_name


def family_list(
    session: Session, given: Services, actor: Actor, *, closed_too: bool, search: str, number: int
) -> Listed[FamilyRow]:
    """A page of the families that the actor may see, by name."""
    methods = {
        one.key: method_name(publication.load_version(session, one.version), one.key)
        for one in publication.all_latest(session)
    }
    found = families_of(
        session,
        actor,
        given.clock.now(),
        search=search,
        methods=methods,
        closed_too=closed_too,
        size=PAGE,
        number=1 if search else number,
    )
    rows = [
        FamilyRow(
            id=row.family_id,
            name=row.family_name,
            method_name=methods.get(row.package_key) or method_name(None, row.package_key),
            phase=row.phase or "",
            status=row.status,
            last_contact_at=row.last_contact_at,
            asked=row.trajectory_id if row.family_id in found.several else None,
        )
        for row in found.rows
    ]
    return Listed(rows, found.total, found.number, search)
