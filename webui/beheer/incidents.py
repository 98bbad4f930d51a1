"""The administrator's pages about what stands still: choose, try again, correct. No family data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.errors import KetenspoorError
from engine.families.mending.incidents import KEPT, Ended, Retried
from engine.runtime.errors import IncidentGone
from engine.runtime.incident_list import (
    Choice,
    Kinds,
    OpenIncident,
    PutOff,
    count,
    kinds,
    open_incident,
    open_incidents,
    put_off,
)
from engine.runtime.models import Incident
from webui.beheer.values import NotAValue, kind_in_words, typed, written
from webui.beheer.views import bp
from webui.people import actor, only_for
from webui.services import services

ON_A_PAGE = 50
MOST_AT_ONCE = 200
RESOLVED_SHOWN = 20
NAMED = 5
NEW_NAME, NEW_VALUE, REASON, FIELD = "naam", "waarde", "reden", "v-"


@dataclass(frozen=True, slots=True)
class Page:
    """The list of incidents with what to choose from."""

    choice: Choice
    kinds: Kinds
    total: int
    shown: Sequence[OpenIncident]
    number: int
    put_off: Sequence[PutOff]
    solved: Sequence[Incident]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // ON_A_PAGE))

    @property
    def active(self) -> bool:
        """Whether a filter is on."""
        return self.choice != Choice()

    def address(self, number: int = 1) -> str:
        """The address of a page with the same filter."""
        return url_for("beheer.incidents", **asked_by(self.choice), pagina=_unless_first(number))


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that may be corrected. ``value`` as it could be typed again."""

    name: str
    kind: str
    value: str
    held_at: str | None
    kept: bool


def asked_by(choice: Choice) -> dict[str, Any]:
    """The choice as parameters of an address."""
    return {
        "oorzaak": choice.code,
        "element": choice.element_id,
        "pakket": choice.package_key,
    }


def _chosen(given: Mapping[str, str]) -> Choice:
    return Choice(
        given.get("oorzaak") or None, given.get("element") or None, given.get("pakket") or None
    )


def _unless_first(number: int) -> int | None:
    return number if number > 1 else None


@bp.get("/beheer/incidenten")
@only_for("administrator")
def incidents() -> ResponseReturnValue:
    """Where trajectories are stuck for a technical reason: open ones, then the latest solved."""
    choice = _chosen(request.args)
    with services().reading() as session:
        page = _page(session, choice, request.args.get("pagina", 1, type=int))
    return render_template("beheer/incidenten.html", page=page, most=MOST_AT_ONCE)


def _page(session: Session, choice: Choice, wanted: int) -> Page:
    total = count(session, choice)
    number = min(max(wanted, 1), max(1, -(-total // ON_A_PAGE)))
    return Page(
        choice,
        kinds(session),
        total,
        open_incidents(session, choice, limit=ON_A_PAGE, skip=(number - 1) * ON_A_PAGE),
        number,
        put_off(session),
        session.scalars(
            select(Incident)
            .where(Incident.resolved_at.is_not(None))
            .order_by(Incident.resolved_at.desc(), Incident.id.desc())
            .limit(RESOLVED_SHOWN)
        ).all(),
    )


@bp.post("/beheer/incidenten/opnieuw")
@only_for("administrator")
def retry_incidents() -> ResponseReturnValue:
    """Let the chosen ones try again, or all that the filter leaves."""
    choice = _chosen(request.form)
    if request.form.get("welke") == "alle":
        with services().reading() as session:
            ids = [one.id for one in open_incidents(session, choice, limit=MOST_AT_ONCE)]
    else:
        ids = request.form.getlist("incident", type=UUID)[:MOST_AT_ONCE]
        if not ids:
            flash(gettext("Kies eerst een of meer incidenten."), "warning")
    _tell(services().mending.retry(actor(), ids))
    return redirect(url_for("beheer.incidents", **asked_by(choice)))


@bp.post("/beheer/incidenten/<uuid:incident_id>/opnieuw")
@only_for("administrator")
def retry_incident(incident_id: UUID) -> ResponseReturnValue:
    """Let one stuck step try again."""
    _tell(services().mending.retry(actor(), [incident_id]))
    return redirect(url_for("beheer.incidents", **asked_by(_chosen(request.form))))


def _tell(done: Sequence[Retried]) -> None:
    """Say how many go on, and which do not and why."""
    counts = Counter(one.ended for one in done)
    if counts[Ended.WENT_ON]:
        text = ngettext("%(num)d gaat weer verder.", "%(num)d gaan weer verder.",
                        counts[Ended.WENT_ON])  # fmt: skip
        flash(text, "ok")
    if counts[Ended.GONE]:
        text = ngettext("%(num)d was intussen al opgelost.", "%(num)d waren intussen al opgelost.",
                        counts[Ended.GONE])  # fmt: skip
        flash(text, "info")
    still = [one for one in done if one.ended in (Ended.STOPPED_AGAIN, Ended.FAILED)]
    if not still:
        return
    text = ngettext("%(num)d staat nog stil: %(which)s", "%(num)d staan nog stil: %(which)s",
                    len(still), which=_named(still))  # fmt: skip
    flash(text, "warning")


def _named(still: Sequence[Retried]) -> str:
    """Each place and cause once, with how often."""
    places = Counter(f"{one.element_name or one.element_id} ({one.code})" for one in still)
    told = [f"{number}× {place}" if number > 1 else place for place, number in places.most_common()]
    rest = len(told) - NAMED
    more = [ngettext("en nog %(num)d", "en nog %(num)d", rest)] if rest > 0 else []
    return "; ".join(told[:NAMED] + more) + "."


@bp.get("/beheer/incidenten/<uuid:incident_id>")
@only_for("administrator")
def incident(incident_id: UUID) -> ResponseReturnValue:
    """One incident, with the variables of its process."""
    return _one(incident_id, {}, {})


@bp.post("/beheer/incidenten/<uuid:incident_id>/verbeteren")
@only_for("administrator")
def correct_incident(incident_id: UUID) -> ResponseReturnValue:
    """Correct variables and try again."""
    given, errors = request.form, dict[str, str]()
    values: dict[str, Any] = {}
    now = services().clock.now()
    pairs = [(key.removeprefix(FIELD), key) for key in given if key.startswith(FIELD)]
    if given.get(NEW_NAME, "").strip():
        pairs.append((given[NEW_NAME].strip(), NEW_VALUE))
        if not given.get(NEW_VALUE, "").strip():
            errors[NEW_VALUE] = gettext("Vul de waarde in; schrijf null voor leeg.")
    for name, key in pairs:
        if given.get(key, "").strip():
            try:
                values[name] = typed(given[key], now)
            except NotAValue as error:
                errors[key] = str(error)
    if not values and not errors:
        errors[NEW_NAME] = gettext("Er is niets veranderd. Verbeter een waarde, of kies “Opnieuw "
                                   "proberen”.")  # fmt: skip
    if not given.get(REASON, "").strip():
        errors[REASON] = gettext("Schrijf kort waarom; dit komt in het logboek van het proces.")
    if errors:
        return _one(incident_id, given, errors)
    try:
        done = services().mending.correct_and_retry(actor(), incident_id, values, given[REASON])
    except IncidentGone:
        return _gone()
    except AccessDenied:
        raise
    except KetenspoorError as error:  # a value of the product's own, or too much of it
        return _one(incident_id, given, {NEW_NAME: f"{error.message} {error.remedy}"})
    _tell([done])
    return redirect(url_for("beheer.incidents"))


def _one(
    incident_id: UUID, given: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    with services().reading() as session:
        found = open_incident(session, incident_id)
    if found is None:
        return _gone()
    unreadable = ""
    seen: list[Variable] = []
    try:
        seen = [
            Variable(
                one.name,
                kind_in_words(one.value),
                written(one.value),
                one.held_at,
                one.name in KEPT,
            )
            for one in services().mending.look(actor(), incident_id)
        ]
    except IncidentGone:
        return _gone()
    except KetenspoorError as error:
        unreadable = f"{error.message} {error.remedy}"
    page = render_template(
        "beheer/incident.html",
        incident=found,
        variables=seen,
        unreadable=unreadable,
        given=given,
        errors=errors,
        labels=_labels(errors),
    )
    return page, 422 if errors else 200


def _labels(errors: Mapping[str, str]) -> dict[str, str]:
    words = {
        NEW_NAME: gettext("Naam"),
        NEW_VALUE: gettext("Waarde"),
        REASON: gettext("Waarom verbeter je dit?"),
    }
    return {key: words.get(key, key.removeprefix(FIELD)) for key in errors}


def _gone() -> ResponseReturnValue:
    flash(gettext("Dit incident is intussen opgelost, of dezelfde plek liep opnieuw vast. "
                  "Kijk in de lijst."), "info")  # fmt: skip
    return redirect(url_for("beheer.incidents"))
