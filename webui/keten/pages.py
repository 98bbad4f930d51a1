"""Makes the chain page: who is at risk of being lost, and why, in words.

The engine orders and counts; here the counts become words. Nothing is decided by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.definitions.published import publication
from engine.families import chain
from engine.store.settings import Number
from engine.store.settings import number as number_of
from webui.keten.models import RISKS, ChainFilter, ChainPage, ChainRow
from webui.listing import Listed, found, listed
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many planned intervals without contact a row is late, and far too late."""

    late: float
    far_too_late: float


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
    all_rows = chain.chain_overview(session, actor, now)
    methods = {key: _method(session, key) for key in {row.package_key for row in all_rows}}
    bounds = Bounds(number_of(session, LATE, now), number_of(session, FAR_TOO_LATE, now))
    fitting = [(risk(row, bounds), row) for row in all_rows if _fits(row, wish)]
    asked = [one for one in fitting if wish.risk in ("", one[0])]
    asked.sort(key=lambda one: RISKS.index(one[0]))
    if search:
        asked = found(asked, search, lambda one: _text(one[1], methods))
    page = listed(asked, search=search, number=number)
    several = Counter(row.family_id for row in all_rows)
    shown = [
        _row(
            row,
            degree,
            methods[row.package_key],
            days_between(row.started_at, now),
            bounds,
            several=several[row.family_id] > 1,
        )
        for degree, row in page.rows
    ]
    degrees = Counter(degree for degree, _ in fitting)
    return ChainPage(
        listed=Listed(shown, page.total, page.number, page.pages, page.search),
        total=len(fitting),
        high=degrees["high"],
        raised=degrees["raised"],
        calm=degrees["calm"],
        filter=wish,
        now=now,
        organisations=_options((str(row.organisation_id), row.organisation) for row in all_rows),
        methods=_options(methods.items()),
        phases=_options((row.phase, row.phase) for row in all_rows if row.phase),
    )


def _text(row: chain.ChainRow, methods: Mapping[str, str]) -> str:
    """What a search looks in."""
    worker = row.worker or ""
    return f"{row.family_name} {worker} {row.organisation} {methods[row.package_key]}"


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


def risk(row: chain.ChainRow, bounds: Bounds) -> str:
    """How great the risk is that the family is lost: ``high``, ``raised`` or ``calm``."""
    late = row.contact_ratio > bounds.late
    far_too_late = row.contact_ratio >= bounds.far_too_late
    if row.open_incidents or far_too_late or (late and row.overdue_tasks):
        return "high"
    return "raised" if late or row.overdue_tasks or not row.worker else "calm"


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


def _fits(row: chain.ChainRow, wish: ChainFilter) -> bool:
    return (
        wish.organisation in ("", str(row.organisation_id))
        and wish.method in ("", row.package_key)
        and wish.phase in ("", row.phase)
    )


def _options(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted(dict(pairs).items(), key=lambda pair: pair[1].casefold()))
