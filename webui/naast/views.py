"""Starting something beside a trajectory: choose the family, fill in the form, done.

Both pages work without JavaScript, on a phone, and by keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.access.permissions import Action, permits
from engine.families.beside.families import SHORTEST_SEARCH, families_to_start
from engine.families.beside.running import first_task_of
from engine.families.beside.starting import Offer, relation_beside, require_offer
from engine.families.file.choices import lists_of
from engine.families.models import Family
from engine.families.rights.permission import permit
from engine.families.rights.visibility import relation_to
from engine.families.trajectories import FormNotValid, form_of
from webui.form_tables import rows_of_today
from webui.forms import form_problems, given_answers, given_submission_id
from webui.listing import asked_search
from webui.naast.pages import start_name
from webui.people import actor, only_for, signed_in, wants_json
from webui.plain_forms import plain_answers, plain_fields
from webui.services import services
from webui.taken.prefill import drawn, lists_used

bp = Blueprint("naast", __name__)

FAMILY_ROLES = ("worker", "project_leader", "coordinator")


@bp.route("/naast/<package>/<key>", methods=["GET", "POST"])
@only_for(*FAMILY_ROLES)
def choose(package: str, key: str) -> ResponseReturnValue:
    """For which family it is: one's own first, then a search among those of colleagues."""
    now, search = services().clock.now(), asked_search()
    with services().reading() as session:
        offer = require_offer(session, actor(), package, key, now)
        found = families_to_start(session, actor(), now, search)
        return render_template(
            "naast/kiezen.html",
            name=start_name(offer),
            package=package,
            key=key,
            search=search,
            shortest=SHORTEST_SEARCH,
            groups=[
                (gettext("Jouw gezinnen"), [one for one in found if one.mine]),
                (gettext("Andere gezinnen"), [one for one in found if not one.mine]),
            ],
        )


@bp.get("/naast/<package>/<key>/<uuid:trajectory_id>")
@only_for(*FAMILY_ROLES)
def start(package: str, key: str, trajectory_id: UUID) -> ResponseReturnValue:
    """The form with which it starts."""
    return _page(package, key, trajectory_id, {}, {}, uuid4())


@bp.post("/naast/<package>/<key>/<uuid:trajectory_id>")
@only_for(*FAMILY_ROLES)
def begin(package: str, key: str, trajectory_id: UUID) -> ResponseReturnValue:
    """Start it, and go to the family; who has no part in the family goes back to the tasks."""
    now, submission_id = services().clock.now(), given_submission_id()
    with services().reading() as session:
        offer = require_offer(session, actor(), package, key, now, trajectory_id)
    form_id = offer.start.form_id
    plain = not request.is_json and form_id is not None
    answers = (
        plain_answers(form_of(offer.package, form_id), request.form)
        if plain and form_id
        else given_answers()
    )
    try:
        started = services().casework.start_beside(
            actor(), trajectory_id, package, key, answers, submission_id=submission_id
        )
    except FormNotValid as refused:
        problems = form_problems(refused)
        if not plain:
            return jsonify(errors=problems), 422
        wrong = {one["path"]: one["message"] for one in problems}
        return _page(package, key, trajectory_id, answers, wrong, submission_id), 422
    flash(gettext("%(name)s is gestart.", name=start_name(offer)), "ok")
    onward = _onward(trajectory_id, started)
    return jsonify(onward=onward) if wants_json() else redirect(onward)


def _onward(trajectory_id: UUID, started: UUID | None) -> str:
    """To the first task that now waits for the actor, else to the family, else to the tasks."""
    now = services().clock.now()
    with services().reading() as session:
        task_id = first_task_of(session, actor(), trajectory_id, started, now)
        if task_id is not None:
            return url_for("taken.task", task_id=task_id)
        relation = relation_to(session, actor(), trajectory_id, now)
        if not permits(relation, Action.READ):
            return url_for("taken.task_list")
        trajectory = permit(
            session, actor(), Action.READ, trajectory_id, now=now, relation=relation
        )
        return url_for("gezinnen.family", family_id=trajectory.family_id, traject=trajectory_id)


def _page(
    package: str,
    key: str,
    trajectory_id: UUID,
    answers: Mapping[str, Any],
    errors: Mapping[str, str],
    submission_id: UUID,
) -> str:
    now = services().clock.now()
    with services().reading() as session:
        offer = require_offer(session, actor(), package, key, now, trajectory_id)
        return _drawn(session, offer, trajectory_id, answers, errors, submission_id)


def _drawn(
    session: Session,
    offer: Offer,
    trajectory_id: UUID,
    answers: Mapping[str, Any],
    errors: Mapping[str, str],
    submission_id: UUID,
) -> str:
    now = services().clock.now()
    relation = relation_beside(session, actor(), trajectory_id, now)
    trajectory = permit(
        session, actor(), Action.START_BESIDE, trajectory_id, now=now, relation=relation,
        object_type="start-form", object_id=offer.start.key,
    )  # fmt: skip
    lists = lists_of(session, trajectory, relation, now)
    form = form_of(offer.package, offer.start.form_id) if offer.start.form_id else None
    rows = rows_of_today(session, form, now) if form is not None else {}
    fields = [] if form is None else plain_fields(form, lists, rows)
    may_read = permits(relation, Action.READ)
    package, key = offer.package.key, offer.start.key
    return render_template(
        "naast/formulier.html",
        name=start_name(offer),
        family_name=session.get_one(Family, trajectory.family_id).name,
        back=(
            url_for("gezinnen.family", family_id=trajectory.family_id, traject=trajectory_id)
            if may_read
            else url_for("naast.choose", package=package, key=key)
        ),
        urgent=offer.start.urgent,
        fields=fields,
        form=drawn(form) if form is not None and fields is None else None,
        data={**lists_used(form, lists), **rows} if form is not None and fields is None else {},
        given=answers,
        errors=errors,
        labels={one.name: one.label for one in fields or ()},
        task_key=f"{signed_in().id}:naast:{offer.start.key}:{trajectory_id}",
        submission_id=submission_id,
        send_address=url_for("naast.begin", package=package, key=key, trajectory_id=trajectory_id),
    )
