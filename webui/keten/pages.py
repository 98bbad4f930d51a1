"""Makes the chain page: who is at risk of being lost, and why, in words.

The engine orders and counts; here the counts become words. Nothing is decided by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.definitions.published import publication
from engine.families import chain, chain_order
from engine.families.chain_order import Bounds
from engine.store.settings import Number
from engine.store.settings import number as number_of
from webui.keten.models import ChainFilter, ChainPage, ChainRow
from webui.listing import PAGE, Listed
from webui.presentation import days_between, show_days, show_short_day
from webui.services import Services
from webui.words import method_name

LATE = Number(
    "chain-late-from", 1.0, "planned intervals", "No contact for longer than this asks attention."
)
FAR_TOO_LATE = Number(
    "chain-far-too-late-from",
    2.0,
    "planned intervals",
    "No contact for this long or longer is a great risk of losing the family.",
)


def chain_page(
    session: Session,
    given: Services,
    actor: Actor,
    wish: ChainFilter,
    *,
    search: str = "",
    number: int = 1,
) -> ChainPage:
    """A page of the open trajectories that the actor watches, narrowed to what was asked."""
    now = given.clock.now()
    bounds = Bounds(number_of(session, LATE, now), number_of(session, FAR_TOO_LATE, now))
    found = chain.chain_overview(
        session,
        actor,
        now,
        bounds,
        _asked(wish),
        search=search,
        methods=_methods(session) if search else {},
        size=PAGE,
        number=1 if search else number,
    )
    methods = {key: _method(session, key) for key in {group.package_key for group in found.groups}}
    shown = [
        _row(
            row,
            degree,
            methods[row.package_key],
            days_between(row.started_at, now),
            bounds,
            several=row.family_id in found.several,
        )
        for degree, row in found.rows
    ]
    fitting = replace(_asked(wish), risk=None)
    degrees = Counter[str]()
    for group in found.groups:
        if fitting.holds(group):
            degrees[group.risk] += group.number
    return ChainPage(
        listed=Listed(shown, found.total, found.number, search),
        total=degrees.total(),
        high=degrees["high"],
        raised=degrees["raised"],
        calm=degrees["calm"],
        filter=wish,
        now=now,
        organisations=_options((str(key), name) for key, name in found.organisations.items()),
        methods=_options(methods.items()),
        phases=_options((group.phase, group.phase) for group in found.groups if group.phase),
    )


def _asked(wish: ChainFilter) -> chain_order.ChainFilter:
    return chain_order.ChainFilter(
        package_key=wish.method or None,
        organisation_id=_id(wish.organisation) if wish.organisation else None,
        phase=wish.phase or None,
        risk=wish.risk or None,
    )


def _id(text: str) -> UUID:
    """The id that an address names; one that nothing has, where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _methods(session: Session) -> dict[str, str]:
    return {one.key: _method(session, one.key) for one in publication.all_latest(session)}


def _method(session: Session, key: str) -> str:
    newest = publication.latest(session, key)
    package = publication.load_version(session, newest.version) if newest else None
    return method_name(package, key)


def _row(
    row: chain.ChainRow, degree: str, method: str, age: int, bounds: Bounds, *, several: bool
) -> ChainRow:
    return ChainRow(
        trajectory_id=row.trajectory_id,
        family_id=row.family_id,
        family_name=row.family_name,
        method=row.package_key,
        method_name=method,
        organisation=str(row.organisation_id),
        organisation_name=row.organisation,
        workers=[row.worker] if row.worker else [],
        status=row.status,
        phase=row.phase or "",
        phase_days=row.days_in_phase if row.days_in_phase is not None else age,
        last_contact_at=row.last_contact_at,
        overdue_tasks=row.overdue_tasks,
        risk=degree,
        reasons=list(_reasons(row, bounds)),
        asked=row.trajectory_id if several else None,
    )


def _reasons(row: chain.ChainRow, bounds: Bounds) -> Iterable[str]:
    if row.open_incidents:
        yield gettext("Het traject is technisch vastgelopen; de beheerder ziet het ook.")
    if row.review_at is not None:
        day = show_short_day(row.review_at)
        yield gettext("Ligt stil; op %(day)s wordt er opnieuw naar gekeken.", day=day)
    if row.safety_mended_at is not None:
        day = show_short_day(row.safety_mended_at)
        yield gettext("Ingegrepen in een melding over veiligheid, op %(day)s.", day=day)
    if row.contact_ratio > bounds.late and row.cadence_per_week:
        amount = show_days(row.days_since_contact)
        planned = _cadence(row.cadence_per_week)
        yield gettext(
            "Al %(amount)s geen contact; gepland is %(planned)s.", amount=amount, planned=planned
        )
    if row.overdue_tasks:
        yield ngettext("%(num)d taak te laat.", "%(num)d taken te laat.", row.overdue_tasks)
    if not row.worker:
        yield gettext("Nog geen gezinswerker gekoppeld.")


def _cadence(per_week: float) -> str:
    if per_week >= 1:
        number = f"{per_week:g}"
        return gettext("%(number)s per week", number=number)
    weeks = round(1 / per_week)
    return ngettext("eens per %(num)d week", "eens per %(num)d weken", weeks)


def _options(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted(dict(pairs).items(), key=lambda pair: pair[1].casefold()))
