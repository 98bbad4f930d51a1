"""Rows of the family page, made out of what the engine gives of a family."""

from __future__ import annotations

from datetime import datetime

from engine.families.file.life_domains import PARTS
from engine.families.file.overview import FamilyOverview
from webui.gezinnen.models import (
    AgreementRow,
    ConsentRow,
    DomainCard,
    FrameworkRow,
    GoalRow,
    HandoverRow,
    Person,
    ScoreRow,
    SupportRow,
)
from webui.presentation import day_of, days_between, show_number
from webui.taken.family import age
from webui.words import in_family_order


def members(overview: FamilyOverview, now: datetime) -> list[Person]:
    """The members, parents first."""
    return [
        Person(one.name, one.role, one.birth_date, age(one.birth_date, now), one.has_authority)
        for one in in_family_order(overview.members)
    ]


def network(overview: FamilyOverview) -> list[Person]:
    """The people around the family."""
    return [
        Person(
            one.name,
            one.relation or "",
            phone=one.phone or "",
            support=one.support or "",
            support_kinds=[kind for kind in (one.support_kinds or "").split(", ") if kind],
            influence=one.influence or "",
            gives_back=one.gives_back or "",
        )
        for one in overview.network
    ]


def goals(overview: FamilyOverview) -> list[GoalRow]:
    """The goals of the plan, with how each party looks at them."""
    return [
        GoalRow(
            one.domain or "",
            one.goal,
            one.action or "",
            one.who or "",
            one.status,
            [
                (who, view)
                for who, view in (
                    ("gezin", one.view_family),
                    ("werker", one.view_worker),
                    ("verwijzer", one.view_referrer),
                )
                if view
            ],
            one.reopened_at,
        )
        for one in overview.goals
    ]


def support(overview: FamilyOverview) -> list[SupportRow]:
    """The types of support that the family got."""
    return [
        SupportRow(one.kind, one.reason or "", one.since, one.until) for one in overview.support
    ]


def consents(overview: FamilyOverview) -> list[ConsentRow]:
    """What was agreed to, refused and withdrawn."""
    return [
        ConsentRow(
            one.id,
            one.giver,
            one.purpose,
            one.recipient or "",
            one.what or "",
            one.form,
            one.agreed,
            one.given_at,
            one.withdrawn_at,
            one.holds,
        )
        for one in overview.consents
    ]


def agreements(overview: FamilyOverview, now: datetime) -> list[AgreementRow]:
    """The agreements, and which of them are late."""
    return [
        AgreementRow(
            one.id,
            one.what,
            one.owner or "",
            one.due,
            one.state,
            one.state == "open" and one.due is not None and one.due < day_of(now),
            one.reason or "",
        )
        for one in overview.agreements
    ]


def handovers(overview: FamilyOverview, now: datetime) -> list[HandoverRow]:
    """The guidances to agencies."""
    return [
        HandoverRow(
            one.organisation,
            one.life_domain or "",
            one.status,
            one.status_since,
            days_between(one.status_since, now),
        )
        for one in overview.handovers
    ]


def frameworks(overview: FamilyOverview) -> list[FrameworkRow]:
    """The legal frameworks, dated."""
    return [
        FrameworkRow(one.kind, one.since, one.rights_explained, one.explanation or "")
        for one in overview.frameworks
    ]


def scores(overview: FamilyOverview) -> dict[str, list[ScoreRow]]:
    """The scores by instrument, each scorer's on a line of its own."""
    found: dict[str, list[ScoreRow]] = {}
    for line in overview.scores:
        scores = [(show_number(one.value), one.moment, one.at) for one in line.scores]
        found.setdefault(line.instrument, []).append(ScoreRow(line.scorer, scores))
    return found


def domains(overview: FamilyOverview) -> list[DomainCard]:
    """Each life domain with its phase and levels of concern; none where nothing is known yet."""
    levels: dict[str, list[tuple[str, str]]] = {}
    for one in overview.concerns:
        levels.setdefault(one.domain, []).append((one.item, one.latest))
    if not levels and not overview.phases:
        return []
    return [
        DomainCard(domain, overview.phases.get(domain), levels.get(domain, [])) for domain in PARTS
    ]
