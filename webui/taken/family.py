"""The family in short, for beside a task, and the words that its other pages share."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.definitions.contact_note import CONTACT_FORM
from engine.definitions.published import publication
from engine.families.file.overview import FamilyOverview, TrajectoryFacts
from engine.families.models import Contact, Document, Handover
from webui.presentation import day_of, days_between
from webui.taken.models import FamilyMemberFact, FamilySummary, ShownForm
from webui.words import in_family_order, people_with_roles, with_agency

FORMS_SHOWN = 3
"""How many of the latest forms stand beside a task, of those with one name the last."""
FORMS_LOOKED_AT = 20


def summary(session: Session, overview: FamilyOverview, now: datetime) -> FamilySummary:
    """The family in short, for beside a task."""
    family, trajectory = overview.family, overview.trajectory
    package = publication.load_version(session, trajectory.package_version)
    last = session.scalar(
        select(Contact)
        .where(Contact.trajectory_id == trajectory.id, ~Contact.no_show, Contact.at <= now)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(1)
    )
    referral = _referral(session, trajectory)
    forms = {one.name: one for one in reversed(_forms(session, trajectory.id))}
    latest = sorted(forms.values(), key=lambda one: one.at, reverse=True)
    return FamilySummary(
        id=family.id,
        name=family.name,
        language=family.language or "",
        interpreter=interpreter_need(family.interpreter_need),
        address=family.address or (gettext("geheim") if family.secret_address else ""),
        phone=family.phone or "",
        members=[
            FamilyMemberFact(one.name, one.role, age(one.birth_date, now))
            for one in in_family_order(overview.members)
        ],
        workers=people_with_roles(package, ((one.name, one.role) for one in overview.involvements)),
        phase=trajectory.phase or "",
        phase_days=days_between(trajectory.phase_since, now) if trajectory.phase_since else 0,
        last_contact_at=last.at if last else None,
        last_contact_kind=last.kind if last else "",
        last_contact_text=(last.summary or "") if last else "",
        open_agreements=[
            (one.what, one.owner or "") for one in overview.agreements if one.state == "open"
        ],
        referral=referral,
        goals=[one.goal for one in overview.goals if one.status == "open"],
        forms=[one for one in latest if one != referral][:FORMS_SHOWN],
    )


def _referral(session: Session, trajectory: TrajectoryFacts) -> ShownForm | None:
    """The form with which the trajectory began: why the family is here."""
    first = Document.task_id.is_(None), Document.at <= trajectory.started_at
    return next(iter(_forms(session, trajectory.id, *first)), None)


def _forms(session: Session, trajectory_id: UUID, *wanted: ColumnElement[bool]) -> list[ShownForm]:
    """The last forms but contact notes, newest first; more than are shown."""
    found = session.execute(
        select(Document.id, Document.form_name, Document.at, Handover.organisation)
        .outerjoin(Handover, Handover.id == Document.handover_id)
        .where(Document.trajectory_id == trajectory_id, Document.form_id != CONTACT_FORM, *wanted)
        .order_by(Document.at.desc(), Document.id.desc())
        .limit(FORMS_LOOKED_AT)
    )
    return [
        ShownForm(row.id, with_agency(row.form_name, row.organisation), row.at) for row in found
    ]


def interpreter_need(need: str) -> str:
    """The need of an interpreter in words; empty while unknown."""
    words = {
        "geen": gettext("geen tolk nodig"),
        "professioneel": gettext("professionele tolk"),
        "informeel": gettext("tolk uit de omgeving"),
    }
    return words.get(need, "")


def age(birth_date: date | None, now: datetime) -> int | None:
    """Whole years at the business day of ``now``."""
    if birth_date is None:
        return None
    today = day_of(now)
    before = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before
