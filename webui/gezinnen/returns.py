"""A family that is known comes again: another trajectory, with what is known filled in."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import flash, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.permissions import Action
from engine.definitions.forms import Form
from engine.definitions.published import publication
from engine.families.errors import AlreadyRunning
from engine.families.file.choices import datasets
from engine.families.file.overview import FamilyOverview, family_overview
from engine.families.rights.permission import permit
from engine.families.rights.visibility import relation_to
from engine.families.trajectories import FormNotValid, form_of
from webui.form_tables import rows_of_today
from webui.forms import form_problems, given_answers, given_submission_id
from webui.gezinnen.pages import trajectory_of_family
from webui.gezinnen.referrals import choice_of, entry_choices
from webui.gezinnen.views import FAMILY_ROLES, bp
from webui.people import actor, only_for, signed_in
from webui.services import services
from webui.taken.prefill import drawn, known_answers, known_people, lists_used


@bp.get("/gezinnen/<uuid:family_id>/nieuw-traject")
@only_for(*FAMILY_ROLES)
def new_trajectory(family_id: UUID) -> ResponseReturnValue:
    """By which way a known family comes again."""
    with services().reading() as session:
        known = _known(session, family_id)
        return render_template(
            "gezinnen/aanmelding_kiezen.html",
            choices=entry_choices(session, actor()),
            family_id=family_id,
            family_name=known.family.name,
        )


@bp.get("/gezinnen/<uuid:family_id>/nieuw-traject/<package>/<entry>")
@only_for(*FAMILY_ROLES)
def return_form(family_id: UUID, package: str, entry: str) -> ResponseReturnValue:
    """The referral form; nothing that is known is asked again."""
    now = services().clock.now()
    with services().reading() as session:
        choice = choice_of(session, package, entry)
        known = _known(session, family_id)
        newest = publication.latest(session, package)
        if newest is None:
            raise AccessDenied
        opened = publication.load_version(session, newest.version)
        form = form_of(opened, opened.entries[entry].form_id or entry)
        lists = datasets(session, actor(), known.trajectory.id, now=now)
        return render_template(
            "gezinnen/aanmelding.html",
            choice=choice,
            form=drawn(form),
            data={
                **lists_used(form, lists),
                **_answers(form, known),
                **rows_of_today(session, form, now),
            },
            family_id=family_id,
            family_name=known.family.name,
            task_key=f"{signed_in().id}:nieuw-traject:{family_id}:{package}:{entry}",
            submission_id=uuid4(),
            send_address=url_for(
                "gezinnen.begin_again", family_id=family_id, package=package, entry=entry
            ),
        )


@bp.post("/gezinnen/<uuid:family_id>/nieuw-traject/<package>/<entry>")
@only_for(*FAMILY_ROLES)
def begin_again(family_id: UUID, package: str, entry: str) -> ResponseReturnValue:
    """Begin the family's next trajectory."""
    now = services().clock.now()
    with services().reading() as session:
        choice_of(session, package, entry)
        previous = trajectory_of_family(session, actor(), family_id, now)
    try:
        ref = services().casework.refer(
            actor(), package, entry, given_answers(),
            submission_id=given_submission_id(), after=previous,
        )  # fmt: skip
    except FormNotValid as refused:
        return jsonify(errors=form_problems(refused)), 422
    except AlreadyRunning as refused:
        return jsonify(message=f"{refused.message} {refused.remedy}"), 409
    flash(gettext("Het nieuwe traject is begonnen."), "ok")
    with services().reading() as session:
        may_read = relation_to(session, actor(), ref.trajectory_id, services().clock.now())
    shown = ref.trajectory_id if may_read is not None else None
    return jsonify(onward=url_for("gezinnen.family", family_id=family_id, traject=shown))


def _known(session: Session, family_id: UUID) -> FamilyOverview:
    """What is known of the family, for who may begin another trajectory for it.

    Raises:
        AccessDenied: the actor may not.
    """
    now = services().clock.now()
    trajectory_id = trajectory_of_family(session, actor(), family_id, now)
    permit(
        session, actor(), Action.FOLLOW_UP, trajectory_id, now=now, object_type="form",
        log_if_allowed=False,
    )  # fmt: skip
    return family_overview(session, actor(), trajectory_id, now=now)


def _answers(form: Form, known: FamilyOverview) -> dict[str, Any]:
    now = services().clock.now()
    return {**known_answers(form, known, now), **known_people(form, known)}
