"""Carrying out a mend that a page asks for, or looking what would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.access.errors import AccessDenied
from engine.definitions.published import publication
from engine.errors import KetenspoorError
from engine.execution.errors import NotWaiting
from engine.families.errors import ReasonMissing, ValueChangedMeanwhile
from engine.families.mending.interventions import MOST_CHARACTERS, intervene, rehearse
from engine.families.mending.look import look
from engine.families.mending.mends import Command
from engine.runtime.errors import MovedOn
from webui.people import actor
from webui.services import services
from webui.traject.outcomes import Preview, preview

WHO = ("project_leader", "process_owner")
REASON, TARGET, STAGE = "reden", "naar", "stap"
NOT_THERE = "weg"
REFUSED = "kan-niet"


def carry_out(trajectory_id: UUID, command: Command, reason: str, errors: dict[str, str]) -> bool:
    """Do it; whether it was done. What is wrong goes into ``errors``."""
    given = services()
    try:
        intervene(given.database, given.clock, actor(), trajectory_id, command, reason)
    except AccessDenied:
        raise
    except KetenspoorError as error:
        _note(error, errors)
        return False
    return True


def what_comes(trajectory_id: UUID, command: Command, errors: dict[str, str]) -> Preview | None:
    """What would come of it; what is wrong goes into ``errors``."""
    given = services()
    try:
        outcome = rehearse(given.database, given.clock, actor(), trajectory_id, command)
    except AccessDenied:
        raise
    except KetenspoorError as error:
        _note(error, errors)
        return None
    with given.reading() as session:
        found = look(session, actor(), trajectory_id, given.clock.now())
        method = publication.load_version(session, found.trajectory.package_version)
        return preview(session, outcome, method, given.clock.now())


def _note(error: KetenspoorError, errors: dict[str, str]) -> None:
    if isinstance(error, NotWaiting | MovedOn):
        errors[NOT_THERE] = error.message
    elif isinstance(error, ReasonMissing):
        errors[REASON] = gettext("Deze reden is te lang. Schrijf hem korter.")
    elif isinstance(error, ValueChangedMeanwhile):
        errors[f"v-{error.where.get('name', '')}"] = gettext(
            "Deze waarde is net veranderd. Kijk naar de waarde van nu; klopt jouw keuze dan nog?"
        )
    else:
        errors[REFUSED] = f"{error.message} {error.remedy}".strip()


def require_reason(given: Mapping[str, str], errors: dict[str, str]) -> None:
    """A reason there must be, and not a very long one."""
    reason = given.get(REASON, "").strip()
    if not reason:
        errors[REASON] = gettext("Schrijf kort waarom; dit komt in het verloop te staan.")
    elif len(reason) > MOST_CHARACTERS:
        errors[REASON] = gettext("Deze reden is te lang. Schrijf hem korter.")


def labels() -> dict[str, str]:
    """The names of fields for the summary of what is wrong."""
    return {REASON: gettext("Waarom?"), TARGET: gettext("Waar gaat het verder?")}


def gone(trajectory_id: UUID) -> ResponseReturnValue:
    """To where it stands now: somebody or something was first."""
    flash(gettext("Het traject is intussen verder gegaan, of ligt stil. "
                  "Dit is hoe het er nu bij staat."), "info")  # fmt: skip
    return redirect(url_for("traject.mend", trajectory_id=trajectory_id))
